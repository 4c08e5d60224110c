"""Who gets plain blocks: what one process hears of Slack, the others know soon."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.slack.plain_teams import LOOK_EVERY, REMEMBER, PlainTeams
from bot.storage.database import Database
from bot.storage.learned import Learned
from tests.conftest import FakeClock

pytestmark = pytest.mark.one_database


async def test_what_slack_refused_is_known_for_a_day_and_to_others_in_minutes(
    database: Database, clock: FakeClock
) -> None:
    one, other = (PlainTeams(Learned(database, clock), clock) for _ in range(2))
    assert [await each.includes("T1") for each in (one, other)] == [False, False]
    await one.add("T1")
    assert [await each.includes("T1") for each in (one, other)] == [True, False]
    assert not await one.includes("T2")
    clock.now += LOOK_EVERY
    assert [await each.includes("T1") for each in (one, other)] == [True, True]
    clock.now += REMEMBER - LOOK_EVERY - timedelta(seconds=1)
    assert [await each.includes("T1") for each in (one, other)] == [True, True]
    clock.now += LOOK_EVERY
    assert [await each.includes("T1") for each in (one, other)] == [False, False]
