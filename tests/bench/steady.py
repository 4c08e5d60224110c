"""A mirror as it is after months of running, written straight into its tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from bot.mirror.reader import PAGE_SIZE
from bot.mirror.stretches import DAY, Stretch
from bot.sandbox.world import World
from bot.storage.database import Database
from bot.storage.tables import (
    practice_person,
    practice_scenario,
    practice_session,
    practice_stretch,
)
from tests.bench.company import Life

CHUNK = 20_000
# How often what is older than a day was read again in a company of that size.
ROUND = 13 * DAY
Rows = Iterable[dict[str, Any]]


async def hold(
    database: Database, world: World, sessions: Rows, stretches: Iterable[Stretch]
) -> None:
    """Store these rows of `practice_session`, and these stretches."""
    await _insert(database, practice_session, sessions)
    people = (
        {"id": p.id, "email": p.email, "first_name": p.first_name, "last_name": p.last_name}
        for p in world.people.values()
    )
    await _insert(database, practice_person, people)
    scenarios = ({"id": s.id, "name": s.name, "slug": s.slug} for s in world.scenarios.values())
    await _insert(database, practice_scenario, scenarios)
    known = ({"start_at": s.start, "end_at": s.end, "as_of": s.as_of} for s in stretches)
    await _insert(database, practice_stretch, known)


def rolled(created: Sequence[int], now: int) -> list[Stretch]:
    """The stretches that pages of sessions created then (oldest first) have got: looked at for
    grades until a day old, and once more in each round of re-reading since."""
    stretches, start = [], 0
    for place in range(PAGE_SIZE - 1, len(created) + PAGE_SIZE - 1, PAGE_SIZE - 1):
        end = created[place] if place < len(created) else now - 1
        if start < end:
            looked = end + DAY
            looked += max(0, now - looked) // ROUND * ROUND
            stretches.append(Stretch(start, end, min(looked, now)))
            start = end
    return stretches


def row_of(world: World, life: Life, now: int) -> dict[str, Any]:
    """A session as it is stored, by what it is at `now`."""
    content = life.at(now)
    if content is None:
        raise ValueError("only what Exec holds can be held")
    score, rank, seconds, is_valid = content
    return {
        "id": life.id,
        "created_at": life.created,
        "user_id": life.user_id,
        "scenario_id": life.scenario_id,
        "is_system": world.people[life.user_id].is_system,
        "score": score,
        "rank": rank,
        "duration_seconds": seconds,
        "is_valid_attempt": is_valid,
    }


async def _insert(database: Database, table: sa.Table, rows: Rows) -> None:
    """In chunks, so that a million rows are never held at once."""
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            await _write(database, table, chunk)
            chunk = []
    if chunk:
        await _write(database, table, chunk)


async def _write(database: Database, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    async with database.transaction() as connection:
        await connection.execute(sa.insert(table), rows)
