"""Who practices week after week: for whom it is, and each streak counted again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.conversations.test_team import members
from tests.workspace import NOW, Workspace, offered, table

pytestmark = pytest.mark.acquainted
BERLIN = ZoneInfo("Europe/Berlin")
WEEK = timedelta(weeks=1)


def monday(moment: datetime) -> date:
    day = moment.astimezone(BERLIN).date()
    return day - timedelta(days=day.weekday())


def streaks(workspace: Workspace, people: set[str], up_to: datetime) -> dict[str, int]:
    """By name, in how many weeks in a row somebody completed a session; the week that runs breaks
    none."""
    found = {}
    for id_ in people:
        rows = [row for row in workspace.world.sessions if row.user_id == id_]
        rows = [row for row in rows if row.is_valid_attempt and row.created_at < up_to]
        weeks, week, count = {monday(row.created_at) for row in rows}, monday(up_to), 0
        if week not in weeks:
            week -= WEEK
        while week in weeks:
            week, count = week - WEEK, count + 1
        if count:
            found[workspace.world.people[id_].name] = count
    return found


async def test_each_streak_is_counted_again(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", 'streaks "West Coast"')
    head, *rows = table(answer)
    assert head == ["Who", "Weeks", "Last practiced"]
    people = members(workspace, "West Coast")
    expected = streaks(workspace, people, NOW)
    assert {row[0]: int(row[1]) for row in rows} == expected
    assert len(set(expected.values())) > 1
    assert [int(row[1]) for row in rows] == sorted(expected.values(), reverse=True)
    assert answer.text.startswith(f"{len(expected)} of {len(people)} people have a streak: ")
    # It is nothing for a channel, whoever asks.
    assert sorted(offered(answer)) == [
        *("Edit filters", "Export CSV", "How was this counted?", "Refresh")
    ]
    said = await workspace.ask("ana", "digest streaks every monday 9:00", "west-coast")
    assert "channel" in said.text

    # A time that is over ends with its last week.
    before = await workspace.ask("ana", 'streaks "West Coast" 2026-02-01..2026-03-08')
    over = streaks(workspace, people, datetime(2026, 3, 8, 23, 59, tzinfo=BERLIN))
    assert {row[0]: int(row[1]) for row in table(before)[1:]} == over
