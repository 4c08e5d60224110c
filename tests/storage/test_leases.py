"""A lease has one holder at a time, and expires."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.storage.database import Database
from bot.storage.leases import TURN, Leases
from tests.conftest import FakeClock

MINUTE = timedelta(minutes=1)


async def test_one_of_many_processes_gets_a_lease(database: Database, clock: FakeClock) -> None:
    many = [Leases(database, clock, f"process {number}") for number in range(20)]
    acquired = await asyncio.gather(*(each.acquire("sync", MINUTE) for each in many))
    assert sum(acquired) == 1


async def test_a_holder_that_stopped_is_replaced(database: Database, clock: FakeClock) -> None:
    one, two = (Leases(database, clock, name) for name in ("one", "two"))
    assert await one.acquire_once("sync", MINUTE) is None
    assert await one.acquire_once("sync", MINUTE) == await two.acquire_once("sync", MINUTE)
    clock.tick(30)
    assert await one.acquire("sync", MINUTE)
    clock.tick(59)
    assert not await two.acquire("sync", MINUTE)
    clock.tick(1)
    assert await two.acquire_once("sync", MINUTE) is None
    await one.release("sync")
    assert not await one.acquire("sync", MINUTE)
    await two.release("sync")
    assert await one.acquire("sync", MINUTE)


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
