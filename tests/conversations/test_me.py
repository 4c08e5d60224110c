"""A person's own week: when they ask for it, and on Mondays if they want it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.maintenance import forget
from tests.workspace import NOW, Workspace, button, footer, whose

pytestmark = pytest.mark.acquainted

ON, OFF = "Send me this every Monday", "Stop the Monday message"
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 3, 23, 7, 30, tzinfo=UTC)  # 8:30 in Berlin


async def subscribed(workspace: Workspace, who: str = "jane") -> bool:
    team_id, user_id = workspace.slack.team.id, workspace.user(who)
    return await workspace.bot.subscriptions.own(team_id, user_id, "me") is not None


async def test_who_is_ahead_in_a_group_of_ten_or_more_hears_it(workspace: Workspace) -> None:
    start, end = (datetime(2026, 3, day, 23, tzinfo=UTC) for day in (12, 19))
    counts: dict[str, int] = {}
    for person in workspace.world.roster("West Coast"):
        graded = [
            row.created_at.astimezone(BERLIN).date()
            for row in workspace.world.sessions
            if row.user_id == person.id
            and row.is_valid_attempt
            and row.score is not None
            and start <= row.created_at < end
        ]
        counts[person.email] = sum(min(graded.count(day), 5) for day in set(graded))
    assert len(counts) == 11
    await workspace.ask("ana", 'team "West Coast"')
    parts = {}
    for who in ("jane", "priya", "sam", "noah.williams", "raj.patel"):
        email = f"{workspace.slack.team.user_called(workspace.user(who)).email}"
        ahead = sum(count > counts[email] for count in counts.values())
        told = (await workspace.ask(who, "me")).text
        parts[who] = re.findall(r"the (upper \w+) of the 11 people in West Coast", told)
        if not counts[email] or 2 * (ahead + 1) > 11:
            assert parts[who] == []
        else:
            assert parts[who] == ["upper quarter" if 4 * (ahead + 1) <= 11 else "upper half"]
    assert [] in parts.values()
    assert any(parts.values())


def practise_weekly(workspace: Workspace, weeks: int) -> None:
    """All that Jane ever did: a session in each of so many weeks, two points more each time."""
    jane = workspace.world.person("jane@acme.com")
    for each in [each for each in workspace.world.sessions if each.user_id == jane.id]:
        workspace.world.delete(each.id)
    scenario = next(iter(workspace.world.scenarios.values()))
    for week in range(weeks):
        at = NOW - timedelta(weeks=week, hours=2)
        workspace.world.add_session(jane, scenario, at, score=90 - 2 * week)


async def test_no_session_is_none_on_record(workspace: Workspace) -> None:
    practise_weekly(workspace, 0)
    answer = await workspace.ask("jane", "me")
    assert "No practice on record. A role-play takes" in answer.text
    addresses = {each.url for each in workspace.world.scenarios.values()}
    assert button(answer, "Start one")["url"] in addresses
    assert "Lift" not in footer(answer)


async def test_other_words_after_me_are_a_question(workspace: Workspace) -> None:
    assert whose(await workspace.ask("jane", "me last 30d")) == {"Jane Smith"}


async def test_who_is_forgotten_gets_no_monday_message_nor_a_word_about_it(
    workspace: Workspace,
) -> None:
    core = workspace.bot
    await workspace.press("jane", await workspace.ask("jane", "me"), ON)
    await workspace.ask("ana", "sessions jane@acme.com last 7d")
    said = await forget(core, "jane@acme.com", agreed=lambda _: True)
    assert "Nothing is sent for them regularly any more." in said
    assert not await subscribed(workspace)
    before = len(workspace.slack.history)
    workspace.clock.now = MONDAY + timedelta(minutes=1)
    await workspace.deliver()
    assert len(workspace.slack.history) == before
    again = await forget(core, "jane@acme.com", agreed=lambda _: True)
    assert "regularly" not in again
