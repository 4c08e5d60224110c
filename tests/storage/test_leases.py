"""One process at a time, and none for ever."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.storage.database import Database
from bot.storage.leases import Leases
from tests.conftest import FakeClock

MINUTE = timedelta(minutes=1)


@pytest.fixture
def one(database: Database, clock: FakeClock) -> Leases:
    return Leases(database, clock, "one")


@pytest.fixture
def two(database: Database, clock: FakeClock) -> Leases:
    return Leases(database, clock, "two")


async def test_only_one_holds_it(one: Leases, two: Leases) -> None:
    assert not await one.is_taken("sync")
    assert await one.take("sync", MINUTE)
    assert not await two.take("sync", MINUTE)
    assert await two.is_taken("sync")
    assert await two.take("read", MINUTE)


async def test_of_many_who_want_it_at_once_one_gets_it(
    database: Database, clock: FakeClock
) -> None:
    many = [Leases(database, clock, f"process {number}") for number in range(20)]
    taken = await asyncio.gather(*(each.take("sync", MINUTE) for each in many))
    assert sum(taken) == 1
