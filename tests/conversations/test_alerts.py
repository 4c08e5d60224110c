"""Alerts: set, listed and removed; told once as it happens, by day, to who may hear of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.mirror.query import read_window
from bot.sandbox.slack_workspace import Message
from tests.conversations.test_who_is_counted import task
from tests.workspace import NOW, Workspace

pytestmark = pytest.mark.acquainted


def told(workspace: Workspace, who: str) -> list[Message]:
    """What came to somebody in their conversation with the bot."""
    return workspace.seen(who, workspace.dm(who))


async def look(workspace: Workspace, at: datetime | None = None) -> None:
    """Let the bot look at what is new, and send what it has to tell."""
    if at is not None:
        workspace.clock.now = at
    await workspace.ask("ana", "sessions today")  # whoever asks makes the bot look at new sessions
    workspace.forget()
    await workspace.bot.jobs["alerts"].run()
    # Lists that are older than a day are read again; no session is asked for.
    assert "/sessions" not in workspace.paths()
    assert len(workspace.paths()) <= 4
    for _ in range(2):
        await workspace.bot.delivering.run_due()
        workspace.clock.tick(2)


def gold(workspace: Workspace, who: str, scenario: str) -> None:
    at = workspace.clock() - timedelta(minutes=1)
    workspace.world.add_session(f"{who}@acme.com", scenario, at, score=95.0, rank="gold")


def without_gold(workspace: Workspace, who: str) -> list[str]:
    """The scenarios in which somebody has no gold yet."""
    person = workspace.world.person(f"{who}@acme.com")
    rows = workspace.world.sessions.all
    won = {row.scenario_id for row in rows if row.user_id == person.id and row.rank == "gold"}
    return [each.name for id_, each in workspace.world.scenarios.items() if id_ not in won]


async def test_who_may_not_hear_of_practice_any_more_is_told_nothing(workspace: Workspace) -> None:
    """An account that Slack does not show, a guest, and who left Exec."""
    owners = ("priya", "bob", "sam")
    for who in owners:
        await workspace.ask("ana", f"coach add @{who} @jane")
        await workspace.ask(who, "alert @jane gold")
        workspace.clock.tick(61)
    before = {who: len(told(workspace, who)) for who in owners}
    workspace.slack.team.users[workspace.user("bob")].is_restricted = True
    workspace.world.remove_member("sam@acme.com")
    workspace.clock.now = NOW + timedelta(hours=7)
    gold(workspace, "jane", without_gold(workspace, "jane")[0])
    await workspace.bot.mirror_jobs.run()
    workspace.slack.fault("users.info", "user_not_found")
    await workspace.bot.jobs["alerts"].run()
    await workspace.bot.delivering.run_due()
    assert {who: len(told(workspace, who)) for who in owners} == before | {"sam": before["sam"] + 1}
    assert "I paused 1 alert" in told(workspace, "sam")[-1].text
    assert "got their" not in told(workspace, "sam")[-1].text
    workspace.slack.team.users[workspace.user("bob")].is_restricted = False
    workspace.clock.tick(7200)
    assert "Paused" in (await workspace.ask("bob", "alert list")).text


async def test_news_wait_while_slack_or_exec_does_not_answer(workspace: Workspace) -> None:
    await workspace.ask("ana", "alert @jane gold")
    before, core = len(told(workspace, "ana")), workspace.bot
    workspace.clock.tick(7200)
    gold(workspace, "jane", without_gold(workspace, "jane")[0])
    await core.mirror_jobs.run()
    for seconds, count in ((0, 0), (60, 0), (300, 1)):
        workspace.clock.tick(seconds)
        if not seconds:
            workspace.slack.fault("users.info", "internal_error")
        await core.jobs["alerts"].run()
        await core.delivering.run_due()
        assert len(told(workspace, "ana")) == before + count


async def test_what_is_overdue_is_told_unless_it_was_done_meanwhile(workspace: Workspace) -> None:
    """The list that is stored may be a day old."""
    workspace.world.assignments.clear()
    jane, priya = (workspace.world.person(f"{who}@acme.com") for who in ("jane", "priya"))
    for person in (jane, priya):
        task(workspace, person, "Renewal Save")
    await workspace.ask("ana", "assignments")
    await workspace.ask("ana", "alert @jane @priya overdue")
    before = len(told(workspace, "ana"))
    gold(workspace, "priya", "Renewal Save")
    await look(workspace, NOW + timedelta(hours=24))
    (news,) = told(workspace, "ana")[before:]
    assert "Jane Smith" in news.text
    assert "Priya" not in news.text


async def lives_on(workspace: Workspace, minutes: int) -> None:
    """Let so many minutes pass in which nobody asks."""
    core = workspace.bot
    for _ in range(minutes):
        workspace.clock.tick(60)
        await core.mirror_jobs.run()
        await core.jobs["alerts"].run()
        await core.delivering.run_due()


async def test_news_come_though_nobody_asks(workspace: Workspace) -> None:
    await workspace.ask("ana", "alert @jane gold")
    first, second, *_ = without_gold(workspace, "jane")
    await lives_on(workspace, 3)
    before = len(told(workspace, "ana"))
    gold(workspace, "jane", first)
    await lives_on(workspace, 17)
    assert f"gold in {first}" in told(workspace, "ana")[-1].text

    late = workspace.world.add_session("jane@acme.com", second, workspace.clock())
    await lives_on(workspace, 20)
    workspace.clock.tick(3600)
    await lives_on(workspace, 1)
    assert len(told(workspace, "ana")) == before + 1
    # A look again at what is stored finds it, which brings no newer sessions.
    workspace.world.grade(late.id, 95.0, "gold")
    core = workspace.bot
    known = await read_window(core.db)
    await core.mirror.sync_again()
    assert await read_window(core.db) == known
    await core.jobs["alerts"].run()
    await workspace.bot.delivering.run_due()
    assert f"gold in {second}" in told(workspace, "ana")[-1].text


async def test_who_coaches_a_group_is_told_of_their_people_alone(workspace: Workspace) -> None:
    jane = workspace.world.person("jane@acme.com")
    for each in [each for each in workspace.world.sessions if each.user_id == jane.id]:
        workspace.world.delete(each.id)
    assert "Jane Smith" in (await workspace.ask("ana", 'inactive "West Coast"')).text
    await workspace.ask("ana", 'coach add @jane "West Coast"')
    done = await workspace.ask("jane", 'alert "West Coast" inactive 7d')
    assert "Sam Lee" in done.text
    assert "Jane Smith" not in done.text
    for report in ("inactive", "leaderboard", "progress"):
        answer = await workspace.ask("ana", f'{report} "West Coast"')
        assert "Sam Lee" in answer.text or report != "inactive"
        assert "Jane Smith" not in answer.text + str(answer.blocks)
    # She is counted all the same.
    assert "of 11 practiced" in (await workspace.ask("ana", 'team "West Coast"')).text
