"""Alerts: set once, sent once, and only to people who can see the practice."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.world_things import WorldAssignment
from tests.office import NOW, Office
from tests.shown import labels

HOUR = 3600


async def run_alerts(office: Office, seconds: float = 0) -> None:
    """Let some time pass, then check the stored sessions and send what is new."""
    office.clock.tick(seconds)
    await office.bot.jobs["alerts"].run()
    await office.bot.scheduled.outbox.run()


async def read_and_run_alerts(office: Office, seconds: float = 0) -> None:
    office.clock.tick(seconds)
    await office.ask("ana", "sessions today")  # a question reads new sessions
    await run_alerts(office)
    office.clock.tick(2)


def practice(office: Office, who: str, scenario: str = "Renewal Save") -> None:
    """Add a session with a gold, a minute ago."""
    office.practice(who, at=office.clock() - timedelta(minutes=1), scenario=scenario, score=95.0)


def scenarios_without_gold(office: Office, who: str) -> list[str]:
    person = office.person(who)
    rows = office.world.sessions.by_user[person.id]
    won = {row.scenario_id for row in rows if row.rank == "gold"}
    return [scenario.name for id_, scenario in office.world.scenarios.items() if id_ not in won]


def first_gold(office: Office, who: str) -> str:
    """Add a session with the first gold in a scenario, a minute ago. Returns the scenario."""
    scenario = scenarios_without_gold(office, who)[0]
    practice(office, who, scenario)
    return scenario


# Setting one


async def test_an_alert_is_about_people_or_about_ones_own_group(office: Office) -> None:
    mixed = await office.ask("ana", 'alert @sam group:"West Coast" gold')
    assert "Set one for each" in mixed.text
    await office.ask("ana", 'coach add @jane "East Coast"')
    refused = await office.ask("jane", 'alert group:"West Coast" gold')
    assert "for its coaches" in refused.text
    assert "You have no alerts" in (await office.ask("jane", "alert list")).text
    await office.ask("ana", 'coach add @jane "West Coast"')
    office.without_sessions("jane")
    done = await office.ask("jane", 'alert "West Coast" inactive 7d')
    assert "Sam Lee" in done.text
    assert "Jane Smith" not in done.text  # she coaches the group


async def test_the_same_alert_is_set_once_and_only_so_many(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.features.alerts.MOST", 2)
    await office.ask("ana", "alert @jane below 50")
    again = await office.ask("ana", "alert jane@acme.com below 50")
    assert "You already have this alert: Jane Smith averages below 50" in again.text
    await office.ask("ana", "alert @jane below 51")
    assert "You have 2 alerts" in (await office.ask("ana", "alert @jane below 52")).text
    assert labels(await office.ask("ana", "alert list")).count("Remove") == 2


# News


async def test_news_arrives_without_a_question_and_a_late_grade_counts(
    office: Office,
) -> None:
    await office.ask("ana", "alert @jane gold")
    scenario = first_gold(office, "jane")
    office.clock.tick(20 * 60)
    await office.bot.exec.jobs.run()
    await run_alerts(office)
    (news,) = office.dms("ana")
    assert f"gold in {scenario}" in news.text

    scenario = scenarios_without_gold(office, "jane")[0]
    ungraded = office.practice("jane", at=office.clock(), scenario=scenario, score=None)
    await read_and_run_alerts(office, 61)
    office.world.grade(ungraded.id, 95.0)
    office.clock.tick(HOUR + 61)
    await office.bot.exec.jobs.run()
    await run_alerts(office)
    assert f"gold in {scenario}" in office.dms("ana")[-1].text


async def test_several_processes_send_an_event_of_two_alerts_once(office: Office) -> None:
    for said in ("alert @jane gold", "alert @jane @priya gold"):
        await office.ask("ana", said)
    scenario = first_gold(office, "jane")
    await office.ask("ana", "sessions today")
    for _ in range(2):
        await asyncio.gather(*(office.bot.jobs["alerts"].run() for _ in range(3)))
        await asyncio.gather(*(office.bot.scheduled.outbox.run() for _ in range(3)))
        office.clock.tick(HOUR + 1)
    (news,) = office.dms("ana")
    assert news.text.count(f"gold in {scenario}") == 1


async def test_silence_is_reported_again_after_practice(office: Office) -> None:
    practice(office, "jane")
    await office.ask("ana", "alert @jane inactive 2d")
    for count in (1, 2):
        for _ in range(2):
            await read_and_run_alerts(office, 36 * HOUR)
        assert len(office.dms("ana")) == count
        practice(office, "jane")
        await read_and_run_alerts(office, HOUR + 1)


async def test_an_assignment_that_was_done_meanwhile_is_not_overdue(office: Office) -> None:
    """The stored list of assignments may be a day old."""
    office.world.assignments[:] = [
        WorldAssignment(
            id=f"task of {who}",
            user_id=office.person(who).id,
            scenario_id=office.world.scenario("Renewal Save").id,
            due_date=datetime(2026, 3, 20, tzinfo=UTC),
            attempt_min=1,
            attempt_max=None,
            rank_min="gold",
            program_id=None,
            created_at=NOW - timedelta(days=1),
        )
        for who in ("jane", "priya")
    ]
    await office.ask("ana", "assignments")
    await office.ask("ana", "alert @jane @priya overdue")
    practice(office, "priya")
    await read_and_run_alerts(office, 24 * HOUR)
    (news,) = office.dms("ana")
    assert "Jane Smith" in news.text
    assert "Priya" not in news.text


# Rights


async def test_alerts_of_guests_and_of_people_who_left_are_silent(office: Office) -> None:
    for who in ("bob", "sam"):
        await office.ask("ana", f"coach add @{who} @jane")
        await office.ask(who, "alert @jane gold")
    before = {who: len(office.dms(who)) for who in ("bob", "sam")}
    bob = office.slack.team.users[office.user("bob")]
    bob.is_restricted = True
    office.world.remove_member("sam@acme.com")
    office.clock.tick(7 * HOUR)
    first_gold(office, "jane")
    await office.bot.exec.jobs.run()
    for _ in range(2):
        await run_alerts(office, 60)
    assert {who: len(office.dms(who)) for who in before} == before

    await office.remove("coach remove @bob")
    bob.is_restricted = False
    office.clock.tick(2 * HOUR)
    listed = await office.ask("bob", "alert list")
    assert "Someone you can't see earns a first gold" in listed.text
