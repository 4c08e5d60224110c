"""Coaches as admins set them, whom they nudged, and with whom they were done."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.people.coaches import Coach, Coaches
from bot.storage.database import Database
from bot.storage.keeping import forget_old
from bot.storage.tables import nudge
from tests.conftest import START, FakeClock

WEST, EAST = frozenset({"west"}), frozenset({"east"})


@pytest.fixture
def coaches(database: Database, clock: FakeClock) -> Coaches:
    return Coaches(database, clock)


async def test_a_group_and_a_person_may_have_the_same_id(coaches: Coaches) -> None:
    await coaches.add(Coach("ana", frozenset({"x"}), frozenset({"x"})), by="U1")
    assert await coaches.remove(Coach("ana", frozenset({"x"}))) == Coach("ana", frozenset({"x"}))
    assert await coaches.of("ana") == Coach("ana", people=frozenset({"x"}))


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


async def test_of_two_nudges_at_once_one_goes(coaches: Coaches) -> None:
    found = await asyncio.gather(*(coaches.nudge("ana", "jane") for _ in range(3)))
    assert sorted(found, key=str) == [START, START, None]


async def test_a_nudge_that_was_not_sent_does_not_count(coaches: Coaches) -> None:
    await coaches.nudge("ana", "jane")
    await coaches.not_nudged("ana", "jane")
    assert await coaches.nudge("ana", "jane") is None


async def test_the_last_nudge_is_remembered_four_weeks(
    coaches: Coaches, database: Database, clock: FakeClock
) -> None:
    await coaches.nudge("ana", "jane")
    await coaches.nudge("ana", "bob")
    clock.tick(7 * 86_400)
    await coaches.nudge("ana", "jane")
    assert await coaches.nudges("ana") == {"bob": START, "jane": START + timedelta(days=7)}
    assert await coaches.nudges("ole") == {}
    clock.tick(21 * 86_400 + 1)
    assert await coaches.nudges("ana") == {"jane": START + timedelta(days=7)}
    await forget_old(database, clock(), timedelta(days=400))
    assert await database.count(nudge) == 1
