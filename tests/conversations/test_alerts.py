"""Alerts: set once, sent once as it happens, and only to people who may see the practice."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.world_things import Assignment
from tests.conversations.acts import dms
from tests.workspace import NOW, Workspace, labels

HOUR = 3600


async def run_alerts(workspace: Workspace, seconds: float = 0) -> None:
    """Some time later, check the stored sessions and send what is new."""
    workspace.clock.tick(seconds)
    await workspace.bot.jobs["alerts"].run()
    await workspace.bot.outbox.run()


async def read_and_run_alerts(workspace: Workspace, seconds: float = 0) -> None:
    workspace.clock.tick(seconds)
    await workspace.ask("ana", "sessions today")  # a question reads new sessions
    await run_alerts(workspace)
    workspace.clock.tick(2)


def practice(workspace: Workspace, who: str, scenario: str = "Renewal Save") -> None:
    """A session with a gold, a minute ago."""
    at = workspace.clock() - timedelta(minutes=1)
    workspace.world.add_session(f"{who}@acme.com", scenario, at, score=95.0)


def scenarios_without_gold(workspace: Workspace, who: str) -> list[str]:
    person = workspace.world.person(f"{who}@acme.com")
    rows = workspace.world.sessions.by_user[person.id]
    won = {row.scenario_id for row in rows if row.rank == "gold"}
    return [each.name for id_, each in workspace.world.scenarios.items() if id_ not in won]


def first_gold(workspace: Workspace, who: str) -> str:
    """A session with the first gold in a scenario, a minute ago; the scenario."""
    scenario = scenarios_without_gold(workspace, who)[0]
    practice(workspace, who, scenario)
    return scenario


# Setting one


async def test_an_alert_is_about_people_or_about_ones_own_group(workspace: Workspace) -> None:
    mixed = await workspace.ask("ana", 'alert @sam group:"West Coast" gold')
    assert "Set one for each" in mixed.text
    await workspace.ask("ana", 'coach add @jane "East Coast"')
    refused = await workspace.ask("jane", 'alert group:"West Coast" gold')
    assert "for its coaches" in refused.text
    assert "You have no alerts" in (await workspace.ask("jane", "alert list")).text
    await workspace.ask("ana", 'coach add @jane "West Coast"')
    for each in [*workspace.world.sessions.by_user[workspace.world.person("jane@acme.com").id]]:
        workspace.world.delete(each.id)
    done = await workspace.ask("jane", 'alert "West Coast" inactive 7d')
    assert "Sam Lee" in done.text
    assert "Jane Smith" not in done.text  # she coaches the group


async def test_the_same_alert_is_set_once_and_only_so_many(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.features.alerts.MOST", 2)
    await workspace.ask("ana", "alert @jane below 50")
    again = await workspace.ask("ana", "alert jane@acme.com below 50")
    assert "You already have this alert: Jane Smith averages below 50" in again.text
    await workspace.ask("ana", "alert @jane below 51")
    assert "You have 2 alerts" in (await workspace.ask("ana", "alert @jane below 52")).text
    assert labels(await workspace.ask("ana", "alert list")).count("Remove") == 2


# News


async def test_news_arrives_without_a_question_and_a_late_grade_counts(
    workspace: Workspace,
) -> None:
    await workspace.ask("ana", "alert @jane gold")
    scenario = first_gold(workspace, "jane")
    workspace.clock.tick(20 * 60)
    await workspace.bot.mirror_jobs.run()
    await run_alerts(workspace)
    (news,) = dms(workspace, "ana")
    assert f"gold in {scenario}" in news.text

    scenario = scenarios_without_gold(workspace, "jane")[0]
    ungraded = workspace.world.add_session("jane@acme.com", scenario, workspace.clock())
    await read_and_run_alerts(workspace, 61)
    workspace.world.grade(ungraded.id, 95.0)
    workspace.clock.tick(HOUR + 61)
    await workspace.bot.mirror_jobs.run()
    await run_alerts(workspace)
    assert f"gold in {scenario}" in dms(workspace, "ana")[-1].text


async def test_several_processes_send_an_event_of_two_alerts_once(workspace: Workspace) -> None:
    for said in ("alert @jane gold", "alert @jane @priya gold"):
        await workspace.ask("ana", said)
    scenario = first_gold(workspace, "jane")
    await workspace.ask("ana", "sessions today")
    for _ in range(2):
        await asyncio.gather(*(workspace.bot.jobs["alerts"].run() for _ in range(3)))
        await asyncio.gather(*(workspace.bot.outbox.run() for _ in range(3)))
        workspace.clock.tick(HOUR + 1)
    (news,) = dms(workspace, "ana")
    assert news.text.count(f"gold in {scenario}") == 1
    assert "alert" in (await workspace.ask("jane", "audit me")).text


async def test_silence_is_reported_again_after_practice(workspace: Workspace) -> None:
    practice(workspace, "jane")
    await workspace.ask("ana", "alert @jane inactive 2d")
    for count in (1, 2):
        for _ in range(2):
            await read_and_run_alerts(workspace, 36 * HOUR)
        assert len(dms(workspace, "ana")) == count
        practice(workspace, "jane")
        await read_and_run_alerts(workspace, HOUR + 1)


async def test_an_assignment_that_was_done_meanwhile_is_not_overdue(workspace: Workspace) -> None:
    """The stored list of assignments may be a day old."""
    workspace.world.assignments[:] = [
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
        for who in ("jane", "priya")
    ]
    await workspace.ask("ana", "assignments")
    await workspace.ask("ana", "alert @jane @priya overdue")
    practice(workspace, "priya")
    await read_and_run_alerts(workspace, 24 * HOUR)
    (news,) = dms(workspace, "ana")
    assert "Jane Smith" in news.text
    assert "Priya" not in news.text


# Rights


async def test_a_right_that_ends_before_the_message_is_sent_counts(workspace: Workspace) -> None:
    await workspace.ask("ana", "coach add @bob @jane @sam")
    await workspace.ask("bob", "alert @jane @sam gold")
    for who in ("jane", "sam"):
        first_gold(workspace, who)
    await workspace.ask("ana", "sessions today")
    await workspace.bot.jobs["alerts"].run()
    await workspace.confirm("ana", "coach remove @bob @jane")
    before = len(dms(workspace, "bob"))
    await workspace.bot.outbox.run()
    (news,) = dms(workspace, "bob")[before:]
    assert "Sam Lee" in news.text
    assert "Jane" not in news.text


async def test_alerts_of_guests_and_of_people_who_left_are_silent(workspace: Workspace) -> None:
    for who in ("bob", "sam"):
        await workspace.ask("ana", f"coach add @{who} @jane")
        await workspace.ask(who, "alert @jane gold")
    before = {who: len(dms(workspace, who)) for who in ("bob", "sam")}
    bob = workspace.slack.team.users[workspace.user("bob")]
    bob.is_restricted = True
    workspace.world.remove_member("sam@acme.com")
    workspace.clock.tick(7 * HOUR)
    first_gold(workspace, "jane")
    await workspace.bot.mirror_jobs.run()
    for _ in range(2):
        await run_alerts(workspace, 60)
    assert {who: len(dms(workspace, who)) for who in before} == before

    await workspace.confirm("ana", "coach remove @bob")
    bob.is_restricted = False
    workspace.clock.tick(2 * HOUR)
    listed = await workspace.ask("bob", "alert list")
    assert "Someone you can't see earns a first gold" in listed.text
