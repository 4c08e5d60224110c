"""Who hasn't practiced: which week it is about, and what is counted."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.workspace import Workspace, table

MONDAY = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)  # 9:00 in Berlin


@pytest.mark.parametrize(
    ("at", "week"),
    [
        (MONDAY, "last week"),
        (MONDAY + timedelta(days=1, hours=8), "last week"),  # Tuesday, 17:00
        (MONDAY + timedelta(days=1, hours=9), "this week"),
    ],
)
async def test_until_tuesday_evening_this_week_is_last_week(
    workspace: Workspace, at: datetime, week: str
) -> None:
    workspace.clock.now = at
    answer = await workspace.tell("ana", "who hasn't practiced this week")
    assert week in answer.text.splitlines()[0]
    assert ("this week has just begun" in answer.text) == (week == "last week")


async def test_counts_do_not_depend_on_top(workspace: Workspace) -> None:
    every = await workspace.ask("ana", "inactive last 3d")
    first = await workspace.ask("ana", "inactive last 3d top 1")
    counted = re.compile(r"(\d+) of 36 people haven't practiced")
    found = [counted.match(each.text) for each in (every, first)]
    assert found[0] is not None
    assert found[1] is not None
    assert found[0][1] == found[1][1] != "1"
    assert len(table(first)) == 2  # with the titles


async def test_a_rolling_period_says_the_same_from_minute_to_minute(workspace: Workspace) -> None:
    said = set()
    for seconds in (0, 20, 20, 19):
        workspace.clock.tick(seconds)
        answer = await workspace.ask("ana", 'team "West Coast" last 7d')
        said |= set(re.findall(r"Not yet|No practice:", answer.text))
        said.add(answer.text.splitlines()[0])
    assert len(said) == 2
