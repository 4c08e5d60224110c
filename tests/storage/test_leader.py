"""One process leads, until it ends or resigns; then another one does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.serve import LEAD_EVERY
from bot.storage.database import Database
from bot.storage.leases import Leader, Leases
from tests.conftest import START, FakeClock

LOOK_EVERY = timedelta(seconds=LEAD_EVERY)


@pytest.fixture
def one(database: Database, clock: FakeClock) -> Leader:
    return Leader(Leases(database, clock, "one"), clock)


@pytest.fixture
def two(database: Database, clock: FakeClock) -> Leader:
    return Leader(Leases(database, clock, "two"), clock)


async def until_leads(leader: Leader, clock: FakeClock) -> timedelta:
    """How long it takes, looking as often as a process does."""
    while not await leader.leads():
        clock.now += LOOK_EVERY
    return clock.now - START


async def test_after_its_end_another_leads_within_half_a_minute(
    one: Leader, two: Leader, clock: FakeClock
) -> None:
    assert await one.leads()
    assert timedelta() < await until_leads(two, clock) <= timedelta(seconds=30) - LOOK_EVERY
    # It was stopped, and is not dead.
    assert not await one.leads()
    assert not await one.confirm()


async def test_after_an_orderly_stop_another_leads_within_seconds(
    one: Leader, two: Leader, clock: FakeClock
) -> None:
    assert await one.leads()
    assert not await two.leads()
    await one.resign()
    assert await until_leads(two, clock) <= timedelta(seconds=5) - LOOK_EVERY


async def test_what_it_knew_a_moment_ago_is_not_confirmed(
    database: Database, one: Leader, clock: FakeClock
) -> None:
    """It may begin something by that, and not post."""
    assert await one.leads()
    ahead = FakeClock(START + timedelta(minutes=10))
    assert await Leader(Leases(database, ahead, "ahead"), ahead).leads()
    assert await one.leads()
    assert not await one.confirm()
    assert not await one.leads()
