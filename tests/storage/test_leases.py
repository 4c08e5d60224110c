"""A lease has one holder at a time, and expires."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.storage.database import Database
from bot.storage.leases import Leases
from tests.conftest import FakeClock

MINUTE = timedelta(minutes=1)


async def test_one_of_many_processes_gets_a_lease(database: Database, clock: FakeClock) -> None:
    many = [Leases(database, clock, f"process {number}") for number in range(20)]
    acquired = await asyncio.gather(*(each.acquire("sync", MINUTE) for each in many))
    assert sum(acquired) == 1
    assert await many[0].is_held("sync")
    assert not await many[0].is_held("another")


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
    async with database.transaction() as connection:
        assert not await one.renew(connection, "sync", MINUTE)
        assert await two.renew(connection, "sync", MINUTE)
    await one.release("sync")
    assert await two.is_mine("sync")
    await two.release("sync")
    assert await one.acquire("sync", MINUTE)
