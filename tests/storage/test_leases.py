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
            got = await asyncio.gather(*(getattr(leases, get)(get, MINUTE) for leases in many))
            assert sum(got) == 1


async def test_a_lease_expires_and_is_deleted(database: Database, clock: FakeClock) -> None:
    first, second = (Leases(database, clock, name) for name in ("one", "two"))
    assert await first.claim("x", MINUTE)
    assert await second.claim("forever")
    assert await second.held_until("x") == clock() + MINUTE
    clock.tick(30)
    assert not await first.claim("x", MINUTE)
    assert await first.renew("x", MINUTE)
    clock.tick(59)
    assert not await second.renew("x", MINUTE)
    clock.tick(2)
    assert await second.held_until("x") is None
    await tidy(database, clock(), history=YEAR, audit=YEAR)
    assert await database.scalars(sa.select(lease.c.name)) == ["forever"]
    assert await second.claim("x", MINUTE)
    await first.release("x")
    assert not await first.renew("x", MINUTE)
    await second.release("x")
    assert await first.renew("x", MINUTE)
    await second.shorten("x", MINUTE / 2)
    assert await second.held_until("x") == clock() + MINUTE / 2


async def test_a_turn_that_was_taken_over_stores_nothing(
    database: Database, clock: FakeClock
) -> None:
    first, second = (Leases(database, clock, name) for name in ("one", "two"))
    async with first.turn("sync") as first_holds:
        assert first_holds
        async with first.turn("sync") as again, second.turn("sync") as second_holds:
            assert not again
            assert not second_holds
        clock.tick(TURN.total_seconds())
        async with second.turn("sync") as second_holds, database.transaction() as connection:
            assert second_holds
            await second.extend(connection, "sync")
            await first.extend(connection, "sync")
            raise AssertionError
