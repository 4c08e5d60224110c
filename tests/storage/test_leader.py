"""One process leads, until it ends or resigns; then another one does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.storage.database import Database
from bot.storage.leases import Leader, Leases
from tests.conftest import START, FakeClock

LOOK_EVERY = timedelta(seconds=2)  # the job "lead" in bot/serve.py


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
