"""A lease has one holder at a time, and expires."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import sqlalchemy as sa

from bot.storage.database import Database
from bot.storage.forget import tidy
from bot.storage.leases import TURN, Leases
from bot.storage.tables import lease
from tests.conftest import FakeClock

MINUTE, YEAR = timedelta(minutes=1), timedelta(days=365)


async def test_one_of_many_gets_a_lease(database_url: str, clock: FakeClock) -> None:
    async with Database(database_url) as first, Database(database_url) as second:
        many = [Leases((first, second)[n % 2], clock, f"process {n}") for n in range(20)]
        for get in ("claim", "renew"):
            got = await asyncio.gather(*(getattr(each, get)(get, MINUTE) for each in many))
            assert sum(got) == 1


async def test_a_lease_expires_and_is_deleted(database: Database, clock: FakeClock) -> None:
    one, two = (Leases(database, clock, name) for name in ("one", "two"))
    assert await one.claim("x", MINUTE)
    assert await two.claim("forever")
    assert await two.held_until("x") == clock() + MINUTE
    clock.tick(30)
    assert not await one.claim("x", MINUTE)
    assert await one.renew("x", MINUTE)
    clock.tick(59)
    assert not await two.renew("x", MINUTE)
    clock.tick(2)
    assert await two.held_until("x") is None
    await tidy(database, clock(), history=YEAR, audit=YEAR)
    assert await database.scalars(sa.select(lease.c.name)) == ["forever"]
    assert await two.claim("x", MINUTE)
    await one.release("x")
    assert not await one.renew("x", MINUTE)
    await two.release("x")
    assert await one.renew("x", MINUTE)
    await two.shorten("x", MINUTE / 2)
    assert await two.held_until("x") == clock() + MINUTE / 2


async def test_a_turn_that_was_taken_over_stores_nothing(
    database: Database, clock: FakeClock
) -> None:
    one, two = (Leases(database, clock, name) for name in ("one", "two"))
    async with one.turn("sync") as is_ones:
        assert is_ones
        async with one.turn("sync") as again, two.turn("sync") as is_twos:
            assert not again
            assert not is_twos
        clock.tick(TURN.total_seconds())
        async with two.turn("sync") as is_twos, database.transaction() as connection:
            assert is_twos
            await two.extend(connection, "sync")
            await one.extend(connection, "sync")
            raise AssertionError
