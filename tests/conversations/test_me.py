"""A person's own week: when they ask for it, and on Mondays if they want it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.maintenance import forget
from bot.outbox.plans import ME
from bot.sandbox.exec_server import Fault
from tests.workspace import NOW, Workspace, button, footer, labels, table, whose

pytestmark = pytest.mark.acquainted

ON, OFF = "Send me this every Monday", "Stop the Monday message"
UNNAMED, NAMED = "Hide my name in channel digests", "Show my name in channel digests"
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 3, 23, 7, 30, tzinfo=UTC)  # 8:30 in Berlin


async def subscribed(workspace: Workspace, who: str = "jane") -> bool:
    own = await workspace.bot.core.subscriptions.listed(
        workspace.slack.team.id, owner_id=workspace.user(who)
    )
    return any(one.plan.ask == ME for one in own)


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


async def test_without_exec_tasks_are_said_to_be_missing(workspace: Workspace) -> None:
    await workspace.ask("jane", "me")
    workspace.exec.faults.append(Fault("status", times=None, path="/scenarios/assignments"))
    answer = await workspace.ask("jane", "me")
    assert "assignments could not be read" in footer(answer)


async def test_while_exec_is_away_it_is_drawn_from_what_is_held(workspace: Workspace) -> None:
    """As `sessions me` is; whatever Exec would have to list now is said to be missing."""
    told = await workspace.ask("jane", "me")
    workspace.clock.tick(300)
    workspace.exec.faults.append(Fault("wrong_key", None))
    answer = await workspace.ask("jane", "me")
    assert table(answer) == table(told)
    key = "As of 10:00: Exec does not accept my key; the admins have been told."
    assert key in answer.text
    assert f"*{key}*" in str(answer.blocks)
    assert "assignments could not be read" in footer(answer)


@pytest.mark.new_here
async def test_with_nothing_held_it_waits_for_exec(workspace: Workspace) -> None:
    workspace.exec.faults.append(Fault("wrong_key", None, path="/sessions"))
    problem = await workspace.ask("jane", "me")
    assert problem.text.startswith("Exec doesn't accept my key any more.")
    assert labels(problem) == ["Try again"]


def practise_weekly(workspace: Workspace, weeks: int) -> None:
    """All that Jane ever did: a session in each of so many weeks, two points more each time."""
    jane = workspace.world.person("jane@acme.com")
    for each in [each for each in workspace.world.sessions if each.user_id == jane.id]:
        workspace.world.delete(each.id)
    scenario = next(iter(workspace.world.scenarios.values()))
    for week in range(weeks):
        at = NOW - timedelta(weeks=week, hours=2)
        workspace.world.add_session(jane, scenario, at, score=90 - 2 * week)


@pytest.mark.new_here
async def test_what_lies_before_the_known_weeks_is_not_said_not_to_be(workspace: Workspace) -> None:
    practise_weekly(workspace, 25)
    answer = await workspace.ask("jane", "me")
    assert "8 or more weeks in a row with practice." in answer.text
    assert ", 90.0, 90.0, +14.0, 8\n" in answer.text
    assert "attempts so far" not in str(answer.blocks)
    assert "first, best, lift and attempts since 24 January" in footer(answer)
    assert "first, best, lift and attempts since 24 January" in answer.text


@pytest.mark.new_here
async def test_all_that_is_held_of_a_person_counts_and_costs_nothing(workspace: Workspace) -> None:
    practise_weekly(workspace, 25)
    await workspace.ask("jane", "sessions last 160d")
    workspace.forget()
    answer = await workspace.ask("jane", "me")
    assert "23 or more weeks in a row" in answer.text
    assert ", +44.0, 23\n" in answer.text
    assert "first, best, lift and attempts since 12 October 2025" in answer.text
    assert "/sessions" not in workspace.paths()


@pytest.mark.new_here
async def test_who_asked_for_all_of_it_is_told_of_all_of_it(workspace: Workspace) -> None:
    practise_weekly(workspace, 25)
    await workspace.ask("jane", "sessions me")
    answer = await workspace.ask("jane", "me")
    assert "25 weeks in a row with practice." in answer.text
    assert ", +48.0, 25\n" in answer.text
    assert "since" not in footer(answer)


@pytest.mark.new_here
async def test_who_never_practised_is_told_so_and_who_may_have_is_not(workspace: Workspace) -> None:
    practise_weekly(workspace, 0)
    await workspace.ask("jane", "sessions me scenario:renewal-save")  # the scenarios are listed
    answer = await workspace.ask("jane", "me")
    assert "No practice yet. A role-play takes about ten minutes." in answer.text
    addresses = {each.url for each in workspace.world.scenarios.values()}
    assert button(answer, "Start one")["url"] in addresses
    assert "Lift" not in footer(answer)
    assert "since" not in answer.text.split("As of")[0]
    jane = workspace.world.person("jane@acme.com")
    scenario = next(iter(workspace.world.scenarios.values()))
    workspace.world.add_session(jane, scenario, NOW - timedelta(days=300), score=70)
    workspace.clock.tick(4000)
    answer = await workspace.ask("jane", "me")
    assert "No practice yet" not in answer.text
    assert "Start one" not in labels(answer)
    assert f"{scenario.name}, 0, 70.0, 70.0, 70.0, " in answer.text


async def test_other_words_after_me_are_a_question(workspace: Workspace) -> None:
    assert whose(await workspace.ask("jane", "me last 30d")) == {"Jane Smith"}
    problem = await workspace.ask("jane", "me blah blah blah blah")
    assert problem.text.startswith("/exec me shows your own week")
    assert labels(problem) == ["Show my week", "Ask about sessions"]


async def test_who_is_forgotten_gets_no_monday_message_nor_a_word_about_it(
    workspace: Workspace,
) -> None:
    core = workspace.bot.core
    await workspace.press("jane", await workspace.ask("jane", "me"), ON)
    await workspace.ask("ana", "sessions jane@acme.com last 7d")
    said = await forget(core, "jane@acme.com", agreed=lambda _: True)
    assert "Nothing is sent for them regularly any more." in said
    assert not await subscribed(workspace)
    before = len(workspace.slack.history)
    workspace.clock.now = MONDAY + timedelta(minutes=1)
    await workspace.bot.core.delivering.run_due()
    assert len(workspace.slack.history) == before
    again = await forget(core, "jane@acme.com", agreed=lambda _: True)
    assert "regularly" not in again
