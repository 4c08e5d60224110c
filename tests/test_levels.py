"""How plain blocks must be: what one process hears of Slack, the others know soon."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.slack.levels import LOOK_EVERY, REMEMBER, Levels
from bot.storage.database import Database
from bot.storage.learned import Learned
from tests.conftest import FakeClock

pytestmark = pytest.mark.one_database


async def test_what_slack_refused_is_known_for_a_day_and_to_others_in_minutes(
    database: Database, clock: FakeClock
) -> None:
    one, other = (Levels(Learned(database, clock), clock) for _ in range(2))
    assert [await each.first("T1") for each in (one, other)] == [0, 0]
    await one.remember("T1", 2)
    assert [await each.first("T1") for each in (one, other)] == [2, 0]
    assert await one.first("T2") == 0
    clock.now += LOOK_EVERY
    assert [await each.first("T1") for each in (one, other)] == [2, 2]
    clock.now += REMEMBER - LOOK_EVERY - timedelta(seconds=1)
    assert [await each.first("T1") for each in (one, other)] == [2, 2]
    clock.now += LOOK_EVERY
    assert [await each.first("T1") for each in (one, other)] == [0, 0]
