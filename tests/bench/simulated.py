"""A bot's core whose Exec, Slack and time are simulated, and a mirror that has run for months.

Exec is the stand-in's endpoints, limits and lists, behind a transport in this process.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import httpx
import sqlalchemy as sa

from bot.access import AccountType
from bot.app import Core, build_core
from bot.config import load
from bot.errors import NotFound
from bot.mirror.reader import PAGE_SIZE
from bot.mirror.stretches import DAY, Stretch
from bot.sandbox.exec_lists import Lists
from bot.sandbox.exec_server import BASE, DEMO_KEY, Limits
from bot.sandbox.world import World
from bot.slack.web import SlackUser
from bot.storage.database import Database
from bot.storage.tables import (
    practice_person,
    practice_scenario,
    practice_session,
    practice_stretch,
)
from tests.bench.company import SECOND, ZONE, Company, Life, moment_of

PER_MINUTE, PER_DAY = 60, 1_000
# How long a request takes in simulated time.
LATENCY = 120  # ms
TEAM = "T0WEEK"


@dataclass(slots=True)
class Clock:
    """Simulated time, in milliseconds since 1970; sleeping advances it."""

    now: int

    def __call__(self) -> datetime:
        return moment_of(self.now)

    async def sleep(self, seconds: float) -> None:
        self.now += max(1, round(seconds * SECOND))

    def until(self, instant: int) -> None:
        self.now = max(self.now, instant)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that Exec got. `newest`: for the newest page of everybody's sessions; `remote`:
    for sessions that only Exec can tell from others."""

    at: int
    newest: bool
    remote: bool
    granted: bool


@dataclass(slots=True)
class InsideExec:
    """Answers for `company`, whose time it lets pass."""

    company: Company
    clock: Clock
    asked: list[Asked] = field(default_factory=list)
    _limits: Limits = field(default_factory=lambda: Limits(PER_MINUTE, PER_DAY))
    _lists: Lists = field(init=False)

    def __post_init__(self) -> None:
        self._lists = Lists(self.company.world)

    async def answer(self, request: httpx.Request) -> httpx.Response:
        """What Exec says to a request that arrives now."""
        self.company.advance(self.clock.now)
        path = request.url.path.removeprefix(BASE)
        pairs = request.url.params.multi_items()
        names = {name for name, _ in pairs}
        newest = path == "/sessions" and names == {"page", "page_size"}
        wait = self._limits.refuse(self.clock())
        remote = path == "/sessions" and "skill_ids" in names
        self.asked.append(Asked(self.clock.now, newest, remote, wait is None))
        if wait is not None:
            body: Any = {"error": {"type": "rate_limited", "code": "rate_limited"}}
            body["retry_after"] = wait
            answer = httpx.Response(429, json=body)
        else:
            page = self._lists.page(path, pairs, self.clock())
            answer = httpx.Response(200, content=json.dumps(page).encode())
        self.clock.now += LATENCY
        return answer


class Accounts:
    """Slack as far as a question needs it: everybody in Exec has an account there."""

    def __init__(self, world: World) -> None:
        self._people = {slack_id(person.number): person for person in world.members.values()}

    async def user(self, user_id: str) -> SlackUser:
        person = self._people.get(user_id)
        if person is None:
            raise NotFound("There is no such account.")
        handle = person.email.partition("@")[0]
        return SlackUser(
            TEAM, user_id, person.email, person.name, handle, ZONE.key, AccountType.FULL
        )

    async def usergroup_members(self, _usergroup_id: str) -> tuple[str, ...]:
        return ()

    async def usergroup_by_handle(self, _handle: str) -> str | None:
        return None


def slack_id(number: int) -> str:
    """The Slack account of the person with that number."""
    return f"U{number:07}"


@asynccontextmanager
async def core_of(
    inside: InsideExec, database_url: str, *, in_place: bool = True
) -> AsyncIterator[Core]:
    """The bot's core, whose Exec, Slack, time and sleep are simulated.

    `in_place`: the database works in this thread. Handing each statement to another one and
    waiting for it would be most of a week that nobody waits for.
    """
    transport = httpx.MockTransport(inside.answer)
    settings = load(
        {
            "DATABASE_URL": database_url,
            "EXEC_API_KEY": DEMO_KEY,
            "EXEC_API_URL": f"http://exec.invalid{BASE}",
        },
        exec_api=True,
    )
    here = patch.multiple("aiosqlite.Connection", _execute=_in_place, _connect=_connected)
    steady = patch.multiple("bot.app", random=SimpleNamespace(random=lambda: 0.5))
    with steady, here if in_place else nullcontext():
        world = inside.company.world
        clock = inside.clock
        async with build_core(
            settings,
            slack=Accounts(world),
            clock=clock,
            sleep=clock.sleep,
            exec_transport=transport,
        ) as core:
            yield core


async def _in_place(_connection: Any, function: Any, *values: Any, **named: Any) -> Any:
    return function(*values, **named)


async def _connected(connection: Any) -> Any:
    if connection._connection is None:
        connection._connection = connection._connector()
    return connection


# A mirror as it is after months of running, written straight into its tables.

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
