"""Alerts: set, listed and removed; told once as it happens, by day, to people who may read it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.slack_workspace import Message
from bot.demo.world_things import Assignment
from bot.mirror.query import read_window
from bot.storage.tables import delivery
from tests.workspace import NOW, Workspace, labels

pytestmark = pytest.mark.acquainted


def told(workspace: Workspace, who: str) -> list[Message]:
    """What came to somebody in their conversation with the bot."""
    return workspace.seen(who, workspace.dm(who))


async def look(workspace: Workspace, seconds: float = 0) -> None:
    """Some time later, let the bot look for news in what it has read, and send it."""
    workspace.clock.tick(seconds)
    await workspace.bot.jobs["alerts"].run()
    await workspace.bot.outbox.run()


async def read_and_look(workspace: Workspace, seconds: float = 0) -> None:
    """The same after the bot has read what is new."""
    workspace.clock.tick(seconds)
    await workspace.ask("ana", "sessions today")  # a question makes the bot read new sessions
    await look(workspace)
    workspace.clock.tick(2)


def practice(workspace: Workspace, who: str, scenario: str = "Renewal Save") -> None:
    """A session with a gold, a minute ago."""
    at = workspace.clock() - timedelta(minutes=1)
    workspace.world.add_session(f"{who}@acme.com", scenario, at, score=95.0, rank="gold")


def without_gold(workspace: Workspace, who: str) -> list[str]:
    """The scenarios in which somebody has no gold yet."""
    person = workspace.world.person(f"{who}@acme.com")
    rows = workspace.world.sessions.all
    won = {row.scenario_id for row in rows if row.user_id == person.id and row.rank == "gold"}
    return [each.name for id_, each in workspace.world.scenarios.items() if id_ not in won]


def assign(workspace: Workspace, who: str) -> None:
    """A gold in Renewal Save, due today."""
    workspace.world.assignments.append(
        Assignment(
            id=f"task of {who}",
            user_id=workspace.world.person(f"{who}@acme.com").id,
            scenario_id=workspace.world.scenario("Renewal Save").id,
            due_date=datetime(2026, 3, 20, tzinfo=UTC),
            attempt_min=1,
            attempt_max=None,
            rank_min="gold",
            program_id=None,
            created_at=NOW - timedelta(days=1),
        )
    )


# Setting one


async def test_one_alert_is_about_people_or_about_groups_of_ones_own(workspace: Workspace) -> None:
    await workspace.ask("ana", 'coach add @jane "East Coast"')
    mixed = await workspace.ask("ana", 'alert @jane group:"West Coast" gold')
    assert "Set one for each" in mixed.text
    other = await workspace.ask("jane", 'alert group:"West Coast" gold')
    assert "You have no alerts" in (await workspace.ask("jane", "alert list")).text
    assert "for its coaches" in other.text


async def test_the_same_alert_is_set_once_and_at_most_twenty(workspace: Workspace) -> None:
    await workspace.ask("ana", "alert @jane below 50")
    workspace.clock.tick(61)
    again = await workspace.ask("ana", "alert jane@acme.com below 50")
    assert "You already have this alert: Jane Smith averages below 50" in again.text
    for limit in range(51, 71):
        workspace.clock.tick(61)
        last = await workspace.ask("ana", f"alert @jane below {limit}")
    assert "You have 20 alerts" in last.text
    listed = await workspace.ask("ana", "alert list")
    assert labels(listed).count("Remove") == 20


async def test_a_coach_of_a_group_gets_alerts_about_their_people_alone(
    workspace: Workspace,
) -> None:
    jane = workspace.world.person("jane@acme.com")
    for each in [each for each in workspace.world.sessions if each.user_id == jane.id]:
        workspace.world.delete(each.id)
    assert "Jane Smith" in (await workspace.ask("ana", 'inactive "West Coast"')).text
    await workspace.ask("ana", 'coach add @jane "West Coast"')
    done = await workspace.ask("jane", 'alert "West Coast" inactive 7d')
    assert "Sam Lee" in done.text
    assert "Jane Smith" not in done.text


# News


async def test_news_comes_though_nobody_asks(workspace: Workspace) -> None:
    core = workspace.bot

    async def live_on(minutes: int) -> None:
        for _ in range(minutes):
            workspace.clock.tick(60)
            await core.mirror_jobs.run()
            await look(workspace)

    await workspace.ask("ana", "alert @jane gold")
    first, second, *_ = without_gold(workspace, "jane")
    await live_on(3)
    before = len(told(workspace, "ana"))
    practice(workspace, "jane", first)
    await live_on(17)
    assert f"gold in {first}" in told(workspace, "ana")[-1].text

    late = workspace.world.add_session("jane@acme.com", second, workspace.clock())
    await live_on(20)
    workspace.clock.tick(3600)
    await live_on(1)
    assert len(told(workspace, "ana")) == before + 1
    # A look again at what is stored finds it, which brings no newer sessions.
    workspace.world.grade(late.id, 95.0, "gold")
    known = await read_window(core.db)
    await core.mirror.sync_again()
    assert await read_window(core.db) == known
    await look(workspace)
    assert f"gold in {second}" in told(workspace, "ana")[-1].text


async def test_several_processes_tell_an_event_of_two_alerts_once(workspace: Workspace) -> None:
    """And who was named in it is in the access log."""
    for said in ("alert @jane gold", "alert @jane @priya gold"):
        await workspace.ask("ana", said)
        workspace.clock.tick(61)
    scenario = without_gold(workspace, "jane")[0]
    practice(workspace, "jane", scenario)
    await workspace.ask("ana", "sessions today")
    core = workspace.bot
    for _ in range(2):
        await asyncio.gather(*(core.jobs["alerts"].run() for _ in range(3)))
        assert await core.db.count(delivery, delivery.c.kind == "alert") == 1
        await asyncio.gather(*(core.outbox.run() for _ in range(3)))
        workspace.clock.tick(3601)
    (news,) = told(workspace, "ana")
    assert news.text.count(f"gold in {scenario}") == 1
    workspace.clock.tick(61)
    assert "alert" in (await workspace.ask("jane", "audit me")).text


@pytest.mark.parametrize("fault", ["msg_too_long", "drop", "reset"])
async def test_news_that_slack_did_not_take_comes_again(workspace: Workspace, fault: str) -> None:
    """Once: a message that may have arrived is looked up."""
    await workspace.ask("ana", "alert @jane gold")
    workspace.clock.tick(61)
    practice(workspace, "jane", without_gold(workspace, "jane")[0])
    workspace.slack.fault("chat.postMessage", fault)
    await read_and_look(workspace)
    for _ in range(3):
        await look(workspace, 3601)
    assert len(told(workspace, "ana")) == 1


async def test_silence_that_ended_is_told_when_it_comes_back(workspace: Workspace) -> None:
    practice(workspace, "jane")
    await workspace.ask("ana", "alert @jane inactive 2d")
    counts = []
    for _ in range(2):
        await read_and_look(workspace, 3600)
        practice(workspace, "jane")
        await read_and_look(workspace, 3600)
        for _ in range(3):
            await read_and_look(workspace, 24 * 3600)
        counts.append(len(told(workspace, "ana")))
        workspace.clock.tick(22 * 3600)
    assert counts == [1, 2]


async def test_what_is_overdue_is_told_unless_it_was_done_meanwhile(workspace: Workspace) -> None:
    """The list that is stored may be a day old."""
    workspace.world.assignments.clear()
    for who in ("jane", "priya"):
        assign(workspace, who)
    await workspace.ask("ana", "assignments")
    await workspace.ask("ana", "alert @jane @priya overdue")
    practice(workspace, "priya")
    workspace.clock.now = NOW + timedelta(hours=24)
    await workspace.ask("ana", "sessions today")
    workspace.forget()
    await look(workspace)
    assert "/sessions" not in workspace.paths()
    assert len(workspace.paths()) <= 4
    (news,) = told(workspace, "ana")
    assert "Jane Smith" in news.text
    assert "Priya" not in news.text
    assert "Nudge Jane" in labels(news)


async def test_news_waits_while_slack_does_not_answer_and_others_get_theirs(
    workspace: Workspace,
) -> None:
    await workspace.ask("ana", "coach add @bob @jane")
    for who in ("ana", "bob"):
        await workspace.ask(who, "alert @jane gold")
        workspace.clock.tick(61)
    before = {who: len(told(workspace, who)) for who in ("ana", "bob")}
    workspace.clock.tick(7200)
    practice(workspace, "jane", without_gold(workspace, "jane")[0])
    await workspace.bot.mirror_jobs.run()
    workspace.slack.fault("users.info", "internal_error")
    for seconds, counts in ((0, (0, 1)), (60, (0, 1)), (300, (1, 1))):
        await look(workspace, seconds)
        assert tuple(len(told(workspace, who)) - before[who] for who in before) == counts


# Rights


async def test_a_right_that_ends_before_a_message_is_sent_counts(workspace: Workspace) -> None:
    await workspace.ask("ana", "coach add @bob @jane @sam")
    await workspace.ask("bob", "alert @jane @sam gold")
    workspace.clock.tick(61)
    for who in ("jane", "sam"):
        practice(workspace, who, without_gold(workspace, who)[0])
    await workspace.ask("ana", "sessions today")
    await workspace.bot.jobs["alerts"].run()
    await workspace.confirm("ana", "coach remove @bob @jane")
    before = len(told(workspace, "bob"))
    await workspace.bot.outbox.run()
    (news,) = told(workspace, "bob")[before:]
    assert "Sam Lee" in news.text
    assert "Jane" not in news.text


async def test_alerts_of_people_who_may_not_see_practice_are_paused(workspace: Workspace) -> None:
    """An account that Slack doesn't show, a guest, and somebody who left Exec. Only they are told,
    once and without a name."""
    owners = ("priya", "bob", "sam")
    for who in owners:
        await workspace.ask("ana", f"coach add @{who} @jane")
        await workspace.ask(who, "alert @jane gold")
        workspace.clock.tick(61)
    before = {who: len(told(workspace, who)) for who in owners}
    bob = workspace.slack.team.users[workspace.user("bob")]
    bob.is_restricted = True
    workspace.world.remove_member("sam@acme.com")
    workspace.clock.now = NOW + timedelta(hours=7)
    practice(workspace, "jane", without_gold(workspace, "jane")[0])
    await workspace.bot.mirror_jobs.run()
    workspace.slack.fault("users.info", "user_not_found")
    for _ in range(3):
        await look(workspace, 60)
    assert {who: len(told(workspace, who)) for who in owners} == before | {"sam": before["sam"] + 1}
    paused = told(workspace, "sam")[-1]
    assert "I paused an alert because you can no longer see" in paused.text
    assert "Jane" not in paused.text

    bob.is_restricted = False
    workspace.clock.tick(7200)
    assert "Paused" in (await workspace.ask("bob", "alert list")).text
    assert "This alert is on again." in (await workspace.ask("bob", "alert @jane gold")).text
    await look(workspace, 60)
    assert len(told(workspace, "bob")) == before["bob"]
    assert "Paused" not in (await workspace.ask("bob", "alert list")).text


async def test_news_that_may_have_arrived_is_not_told_again(workspace: Workspace) -> None:
    """Slack never shows the bot its conversation, so nobody can look it up."""
    await workspace.ask("ana", "alert @jane gold")
    workspace.clock.tick(61)
    practice(workspace, "jane", without_gold(workspace, "jane")[0])
    workspace.slack.fault("chat.postMessage", "drop")
    workspace.slack.fault("conversations.history", "missing_scope", times=9)
    await read_and_look(workspace)
    for _ in range(3):
        await look(workspace, 3601)
    assert len(told(workspace, "ana")) == 1
