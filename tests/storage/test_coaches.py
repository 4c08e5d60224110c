"""Coaches as admins set them, whom they nudged, and with whom they were done."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.people.coaches import Coaches
from bot.storage.database import Database
from tests.conftest import START, FakeClock


@pytest.fixture
def coaches(database: Database, clock: FakeClock) -> Coaches:
    return Coaches(database, clock)


async def test_someone_is_nudged_once_in_an_hour_by_a_coach(
    coaches: Coaches, clock: FakeClock
) -> None:
    assert await coaches.nudge("ana", "jane") is None
    clock.tick(60)
    both = [coaches.nudge("ana", "jane"), coaches.nudge("ole", "jane"), coaches.nudge("ana", "bob")]
    assert await asyncio.gather(*both) == [START, None, None]
    clock.tick(3540)
    assert await coaches.nudge("ana", "jane") is None
    assert await coaches.nudge("ole", "jane") == START + timedelta(minutes=1)


async def test_a_nudge_that_was_not_sent_does_not_count(coaches: Coaches) -> None:
    await coaches.nudge("ana", "jane")
    await coaches.not_nudged("ana", "jane")
    assert await coaches.nudge("ana", "jane") is None
