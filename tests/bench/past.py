"""A bot that has read a company's past: it is written straight into its tables."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.clock import utc_now
from bot.mirror.reader import PAGE_SIZE
from bot.mirror.rows import to_ms
from bot.mirror.stretches import DAY
from bot.mirror.sync import RECENT_DAYS
from bot.sandbox.demo import SEED
from bot.sandbox.world import World
from bot.sandbox.world_things import Session
from bot.storage.database import Database
from bot.storage.tables import (
    practice_person,
    practice_scenario,
    practice_session,
    practice_stretch,
)
from tests.processes import BotProcess, bot_process
from tests.workspace import Workspace, workspace_apart

# The last two weeks are read again every day, what is older in rounds of so long.
ROUND = 13 * DAY
CHUNK = 20_000
NO_LIMITS = {"EXEC_REQUESTS_PER_MINUTE": "10000", "EXEC_REQUESTS_PER_DAY": "1000000"}


@asynccontextmanager
async def acquainted(
    people: int, sessions: int, days: int = 90
) -> AsyncIterator[tuple[Workspace, BotProcess]]:
    """A bot in a process of its own, in a company of so many people, who had so many sessions in
    these days; Exec lets it ask as often as it likes."""
    world = World.build(utc_now(), seed=SEED, people=people, days=days, sessions=sessions)
    with tempfile.TemporaryDirectory(prefix="execbot-bench-") as name:
        folder = Path(name)
        async with workspace_apart(folder, world=world, per_minute=10_000, per_day=10**6) as place:
            async with Database(place.variables["DATABASE_URL"]) as database:
                await database.upgrade()
                await store_past(database, world, utc_now())
            variables = {**place.variables, **NO_LIMITS}
            async with bot_process(variables, folder, forked=False) as bot:
                place.slack.request_url = f"{bot.url}/slack/events"
                yield place, bot


async def store_past(database: Database, world: World, now: datetime) -> None:
    """Store all that Exec holds at `now`, in the stretches that months of reading leave."""
    people, scenarios = world.people.values(), world.scenarios.values()
    known = stretches([to_ms(each.created_at) for each in reversed(world.sessions.all)], to_ms(now))
    for table, rows in (
        (practice_session, (_row(world, each) for each in world.sessions)),
        (practice_person, (_columns(each, practice_person) for each in people)),
        (practice_scenario, (_columns(each, practice_scenario) for each in scenarios)),
        (practice_stretch, known),
    ):
        await _insert(database, table, rows)


def stretches(created: Sequence[int], now: int) -> Iterator[dict[str, int]]:
    """The stretches of pages of sessions that were created then (ms, oldest first)."""
    for start, end in pairwise((0, *created[PAGE_SIZE - 1 :: PAGE_SIZE - 1], now - 1)):
        if start < end:
            ago = (now - end) % (DAY if now - end < RECENT_DAYS else ROUND)
            yield {"start_at": start, "end_at": end, "as_of": now - ago}


def _row(world: World, session: Session) -> dict[str, Any]:
    return {
        **_columns(session, practice_session, but=("created_at", "is_system")),
        "created_at": to_ms(session.created_at),
        "is_system": world.people[session.user_id].is_system,
    }


def _columns(thing: object, table: sa.Table, but: Sequence[str] = ()) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in table.c.keys() if name not in but}  # noqa: SIM118


async def _insert(database: Database, table: sa.Table, rows: Iterable[dict[str, Any]]) -> None:
    """In chunks, so that a million rows are never held at once."""
    left = iter(rows)
    while chunk := list(islice(left, CHUNK)):
        async with database.transaction() as connection:
            await connection.execute(sa.insert(table), chunk)
