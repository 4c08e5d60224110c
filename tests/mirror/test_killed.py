"""Killed at any point, the mirror is never wrong afterwards, only older.

A process that syncs and asks is killed with SIGKILL several times, after a random time. Between
two lives Exec changes: sessions are added, graded and deleted. After each death every stretch must
be exactly what Exec had at its moment.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest

from bot.mirror.reader import LEASE
from bot.mirror.rows import to_ms
from bot.mirror.store import SessionStore
from bot.mirror.stretches import gaps
from bot.mirror.sync import QUIET
from bot.sandbox.exec_server import ExecServer, Fault
from bot.sandbox.world import World
from bot.storage.database import Database
from bot.storage.tables import lease
from tests.fork_server import fork_server
from tests.mirror import killed
from tests.mirror.killed import Orders
from tests.mirror.room import Past, assert_stored

pytestmark = pytest.mark.one_database

KILLS = 4
DAYS = 60
SESSIONS = 1500


class Ahead:
    """This machine's clock, put forward: a lease that was left behind is over in no time."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.seconds)


def goes_on(world: World, past: Past, chance: random.Random, now: datetime) -> None:
    """A few things happen in Exec, among the newest sessions and the oldest."""
    people, scenarios = list(world.people), list(world.scenarios)
    for _ in range(5):
        world.add_session(chance.choice(people), chance.choice(scenarios), now)
    sessions = [*world.sessions]
    for session in (*sessions[:4], *chance.sample(sessions, 6)):
        world.grade(session.id, float(chance.randrange(101)))
    world.delete(chance.choice(sessions).id)
    past.note()


async def assert_no_lease_outlasts(database: Database, now: datetime) -> None:
    async with database.transaction(reads=True) as connection:
        for row in await connection.execute(lease.select()):
            assert row.until <= now + LEASE, row.name


async def test_killed_again_and_again(database: Database, database_url: str) -> None:
    seed = secrets.randbelow(1 << 32)
    print("seed", seed)
    chance, clock = random.Random(seed), Ahead()
    world = World.build(clock(), people=20, days=DAYS, sessions=SESSIONS)
    past = Past(world, clock)
    seen: list[int] = []
    async with (
        fork_server(killed.__name__) as place,
        ExecServer(world, clock=clock, per_minute=100_000, per_day=100_000) as server,
    ):
        server.faults.append(Fault("slow", times=None, seconds=0.005))

        def orders(number: int, *, fills: bool = False) -> Orders:
            return Orders(
                database=database_url,
                exec_url=server.url,
                people=tuple(sorted(world.people)[:4]),
                skills=tuple(sorted(world.skills)[:2]),
                holder=f"{seed}-{number}",
                ahead=clock.seconds,
                days=DAYS,
                per_minute=100_000,
                fills=fills,
                fresh=True,
            )

        async def die(number: int) -> None:
            before, asked = len(server.requests), asyncio.Event()
            server.before_page = lambda _request: asked.set()
            pid = await place.start(asdict(orders(number)))
            await asyncio.wait_for(asked.wait(), 100)
            await asyncio.sleep(chance.random() ** 2 * 0.4)
            assert await place.kill(pid)
            seen.append(len(server.requests) - before)

        await _lives(die, database, past, clock, lambda: goes_on(world, past, chance, clock()))
        pid = await place.start(asdict(orders(KILLS, fills=True)))
        assert await asyncio.wait_for(place.wait(pid), 100) == 0
    print("requests in each life", seen)
    await assert_stored(database, past)
    start = to_ms(clock() - timedelta(days=DAYS))
    known = await SessionStore(database, clock).stretches(start)
    assert gaps(known, start, to_ms(clock() - QUIET)) == []
    assert not any(r.status == 429 for r in server.requests)


async def _lives(
    die: Callable[[int], Awaitable[None]],
    database: Database,
    past: Past,
    clock: Ahead,
    goes_on: Callable[[], None],
) -> None:
    for number in range(KILLS):
        await die(number)
        await assert_stored(database, past)
        await assert_no_lease_outlasts(database, clock())
        goes_on()
        clock.seconds += LEASE.total_seconds() + 1
