"""Alerts: set, listed and removed; told once as it happens, by day, to who may hear of it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.features.alerts import Alerts
from bot.mirror.rows import to_ms
from bot.sandbox.slack_workspace import Message
from tests.conversations.test_who_is_counted import task
from tests.workspace import NOW, Workspace, button, labels

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
    await workspace.bot.core.alerts.look()
    # Lists that are older than a day are read again; no session is asked for.
    assert "/sessions" not in workspace.paths()
    assert len(workspace.paths()) <= 4
    for _ in range(2):
        await workspace.bot.core.delivering.run_due()
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


async def test_an_alert_is_set_listed_and_removed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = await workspace.ask("jane", "alert @priya gold")
    assert "Alerts are for coaches and admins" in refused.text
    assert (await workspace.ask("ana", "alert")).text.startswith("You have no alerts")
    done = await workspace.ask("ana", "alert @jane gold")
    assert "I will tell you once when it happens" in done.text
    assert "Jane Smith: first gold in a scenario" in done.text
    again = await workspace.ask("ana", "alert @jane first gold")
    assert "You have this alert already: Jane Smith, first gold in a scenario." in again.text
    for text in (
        'alert "West Coast" inactive 2 weeks',
        "alert group:west average below 70",
        "alert @jane @priya overdue",
    ):
        workspace.clock.tick(1)
        await workspace.ask("ana", text)
    listed = await workspace.press("ana", again, "My alerts")
    for line in (
        "West Coast: no practice for 14 days",
        "West Coast: average below 70",
        "Jane Smith, Priya Nair: an assignment passes its due date",
    ):
        assert line in listed.text
    assert labels(listed) == ["Remove"] * 4
    removed = await workspace.press("ana", listed, "Remove")
    assert "Removed: Jane Smith: first gold in a scenario" in removed.text
    assert labels(removed) == ["Remove"] * 3
    assert labels(await workspace.ask("ana", "alert remove")) == ["Remove"] * 3
    # Nobody removes another's.
    await workspace.ask("ana", "coach add @bob @jane")
    value = button(removed, "Remove")["value"]
    own = await workspace.ask("bob", "alert list")
    ack = await workspace.act(workspace.press_of("bob", own, "alert.remove", value))
    assert "not there any more" in (await workspace.heard("bob", after=ack)).text

    mixed = await workspace.ask("ana", "alert @jane group:west gold")
    assert mixed.text.startswith("One alert is about people, about groups, or about your people.")
    # What she knows as a member of it is not hers to watch.
    await workspace.ask("ana", "coach add @jane @priya")
    refused = await workspace.ask("jane", 'alert "West Coast" gold')
    assert refused.text.startswith("Alerts about a group are for those who coach all of it")
    closers = await workspace.ask("ana", "alert @closers gold")
    assert "@closers: first gold in a scenario" in closers.text
    monkeypatch.setattr("bot.features.alerts.MOST", 4)
    last = await workspace.ask("ana", "alert @bob gold")
    assert last.text.startswith("You have 4 alerts, and more are too many to look over.")


async def test_news_comes_once_by_day_and_at_most_once_an_hour(workspace: Workspace) -> None:
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    first, second, third, *_ = without_gold(workspace, "jane")
    await workspace.ask("bob", "alert my people gold")
    await workspace.ask("bob", "alert @jane gold")
    before = len(told(workspace, "bob"))
    await look(workspace, NOW + timedelta(minutes=30))
    assert len(told(workspace, "bob")) == before
    gold(workspace, "jane", first)
    await look(workspace, NOW + timedelta(minutes=60))
    (news,) = told(workspace, "bob")[before:]
    # Both alerts are about it, and it is said once.
    assert news.text.count(f"Jane Smith got their first gold in {first}") == 1
    assert (await workspace.press("bob", news, "My alerts")).text.startswith("2 alerts")

    gold(workspace, "jane", first)
    gold(workspace, "jane", second)
    await look(workspace, NOW + timedelta(minutes=90))
    assert len(told(workspace, "bob")) == before + 1
    gold(workspace, "jane", third)
    await look(workspace, NOW + timedelta(minutes=130))
    last = told(workspace, "bob")[-1]
    assert len(told(workspace, "bob")) == before + 2
    assert "2 things happened" in last.text
    assert f"gold in {second}" in last.text
    assert f"gold in {third}" in last.text
    assert f"gold in {first}" not in last.text


async def test_what_happens_at_night_comes_in_the_morning(workspace: Workspace) -> None:
    await workspace.ask("ana", "alert @jane gold")
    before, (scenario, *_) = len(told(workspace, "ana")), without_gold(workspace, "jane")
    evening = datetime(2026, 3, 20, 19, 30, tzinfo=UTC)  # 20:30 in Berlin
    workspace.clock.now = evening
    gold(workspace, "jane", scenario)
    await look(workspace)
    morning = datetime(2026, 3, 21, 6, 0, tzinfo=UTC)
    await look(workspace, morning - timedelta(minutes=1))
    assert len(told(workspace, "ana")) == before
    await look(workspace, morning)
    assert len(told(workspace, "ana")) == before + 1


async def test_who_is_no_longer_theirs_is_not_told_of(workspace: Workspace) -> None:
    await workspace.ask("ana", "coach add @bob @jane @priya")
    await workspace.ask("bob", "alert @jane @priya gold")
    before = len(told(workspace, "bob"))
    await workspace.confirm("ana", "coach remove @bob @jane")
    workspace.clock.tick(600)
    for who in ("jane", "priya"):
        gold(workspace, who, without_gold(workspace, who)[0])
    await look(workspace, NOW + timedelta(minutes=30))
    (news,) = told(workspace, "bob")[before:]
    assert "Priya Nair got" in news.text
    assert "Jane" not in news.text
    assert "Priya Nair, others: first gold" in (await workspace.ask("bob", "alert list")).text

    await workspace.confirm("ana", "coach remove @bob")
    gold(workspace, "priya", without_gold(workspace, "priya")[0])
    await look(workspace, NOW + timedelta(minutes=120))
    paused = told(workspace, "bob")[-1]
    assert len(told(workspace, "bob")) == before + 2
    assert "I paused 1 alert" in paused.text
    assert "got their" not in paused.text
    # Nor do their names stand anywhere any more.
    listed = await workspace.ask("bob", "alert list")
    for message in (paused, listed):
        assert "Someone who is not yours to see: first gold" in message.text
        assert not re.search("Jane|Priya", f"{message.text} {message.blocks}")
    await look(workspace, NOW + timedelta(minutes=240))
    assert len(told(workspace, "bob")) == before + 2
    assert "Paused" in (await workspace.ask("bob", "alert list")).text
    assert "Alerts are for coaches" in (await workspace.ask("bob", "alert @jane gold")).text

    await workspace.ask("ana", 'coach add @bob @jane @priya "West Coast"')
    again = await workspace.ask("bob", "alert @jane @priya gold")
    assert "is on again" in again.text
    # Without its group an alert is not about its owner instead.
    await workspace.ask("bob", "alert group:west below 99")
    await workspace.confirm("ana", 'coach remove @bob "West Coast"')
    await look(workspace, NOW + timedelta(minutes=360))
    assert "Someone who is not yours to see: average below 99" in told(workspace, "bob")[-1].text
    assert "I paused 1 alert" in told(workspace, "bob")[-1].text
    refused = await workspace.ask("bob", "alert group:west gold")
    assert "group" in refused.text
    assert "Done" not in refused.text


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
    await workspace.ask("ana", "sessions today")
    workspace.slack.fault("users.info", "user_not_found")
    await workspace.bot.core.alerts.look()
    await workspace.bot.core.delivering.run_due()
    assert {who: len(told(workspace, who)) for who in owners} == before | {"sam": before["sam"] + 1}
    assert "I paused 1 alert" in told(workspace, "sam")[-1].text
    assert "got their" not in told(workspace, "sam")[-1].text
    workspace.slack.team.users[workspace.user("bob")].is_restricted = False
    workspace.clock.tick(7200)
    assert "Paused" in (await workspace.ask("bob", "alert list")).text


async def test_news_wait_while_slack_or_exec_does_not_answer(workspace: Workspace) -> None:
    await workspace.ask("ana", "alert @jane gold")
    before, core = len(told(workspace, "ana")), workspace.bot.core
    workspace.clock.tick(7200)
    gold(workspace, "jane", without_gold(workspace, "jane")[0])
    await core.sync.run()
    for seconds, count in ((0, 0), (60, 0), (300, 1)):
        workspace.clock.tick(seconds)
        if not seconds:
            workspace.slack.fault("users.info", "internal_error")
        await core.alerts.look()
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


async def test_silence_averages_and_dates_are_told(workspace: Workspace) -> None:
    rows = workspace.world.sessions.all
    priya = workspace.world.person("priya@acme.com")
    last = max(row.created_at for row in rows if row.user_id == priya.id)
    days = (NOW - last).days + 1
    await workspace.ask("ana", f"alert @priya inactive {days}d")
    done = await workspace.ask("ana", "alert @jane below 100")
    assert "It is so already: Jane Smith" in done.text
    await workspace.ask("ana", "alert @jane below 30")
    workspace.forget()
    await workspace.ask("ana", 'alert "West Coast" overdue')
    assert workspace.paths().count("/scenarios/assignments") == 1
    before = len(told(workspace, "ana"))
    for number in range(40):
        at = workspace.clock() - timedelta(minutes=number)
        workspace.world.add_session("jane@acme.com", "Cold Call Opener", at, score=1.0)
    await look(workspace, NOW + timedelta(hours=26))
    (news,) = told(workspace, "ana")[before:]
    assert (
        "Jane Smith, average below 30.0: 1.0 over the last three graded attempts (1.0, "
        in news.text
    )
    assert "below 100" not in news.text
    assert f"Priya Nair has not practiced for {days} day" in news.text
    assert labels(news) == ["Nudge Priya", "My alerts"]
    await look(workspace, NOW + timedelta(hours=29))
    assert len(told(workspace, "ana")) == before + 1
    preview = await workspace.press("ana", news, "Nudge Priya")
    assert preview.text.startswith("Priya Nair will get this:\nHi Priya, a note from Ana Costa:\n")


def as_another_process(workspace: Workspace) -> Alerts:
    """What a second process on the same database looks with; it does not know of the first."""
    alerts = workspace.bot.core.alerts
    return replace(alerts, _not_before={}, _seen_change={}, _zones={})


async def test_two_processes_tell_it_once(workspace: Workspace) -> None:
    await workspace.ask("ana", "alert @jane gold")
    await workspace.ask("ana", 'alert "West Coast" gold')
    before, (scenario, *_) = len(told(workspace, "ana")), without_gold(workspace, "jane")
    workspace.clock.tick(1800)
    gold(workspace, "jane", scenario)
    await workspace.ask("ana", "sessions today")
    first, second = workspace.bot.core.alerts, as_another_process(workspace)
    await asyncio.gather(first.look(), second.look())
    await workspace.bot.core.delivering.run_due()
    assert len(told(workspace, "ana")) == before + 1


async def test_what_did_not_arrive_is_judged_and_told_anew(workspace: Workspace) -> None:
    await workspace.ask("ana", "coach add @bob @jane @priya")
    await workspace.ask("bob", "alert my people gold")
    before = len(told(workspace, "bob"))
    workspace.clock.tick(600)
    for who in ("jane", "priya"):
        gold(workspace, who, without_gold(workspace, who)[0])
    await workspace.ask("ana", "sessions today")
    await workspace.bot.core.alerts.look()
    # Nothing is sent for a while.
    await workspace.confirm("ana", "coach remove @bob @jane")
    workspace.clock.tick(1200)
    await workspace.bot.core.delivering.run_due()
    assert len(told(workspace, "bob")) == before
    await look(workspace)
    (news,) = told(workspace, "bob")[before:]
    assert "Priya Nair got" in news.text
    assert "Jane" not in news.text


async def lives_on(workspace: Workspace, minutes: int) -> None:
    """Let so many minutes pass in which nobody asks."""
    core = workspace.bot.core
    for _ in range(minutes):
        workspace.clock.tick(60)
        for job in (core.sync.run, core.alerts.look, workspace.bot.core.delivering.run_due):
            await job()


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
    core, begin = workspace.bot.core, to_ms(late.created_at)
    known_to = await core.alerts.sources.sessions.looked_at()
    await core.reader.read(begin, begin + 1, purpose="recent", pages=1)
    assert await core.alerts.sources.sessions.looked_at() == known_to
    await core.alerts.look()
    await workspace.bot.core.delivering.run_due()
    assert f"gold in {second}" in told(workspace, "ana")[-1].text


@pytest.mark.new_here
async def test_a_first_gold_is_one_since_sessions_are_known(workspace: Workspace) -> None:
    await workspace.ask("ana", "sessions last 10d")
    await workspace.ask("ana", "alert @jane gold")
    before, (scenario, *_) = len(told(workspace, "ana")), without_gold(workspace, "jane")
    workspace.world.add_session(
        "jane@acme.com", scenario, NOW - timedelta(days=200), score=95, rank="gold"
    )
    workspace.clock.tick(600)
    gold(workspace, "jane", scenario)
    await look(workspace, NOW + timedelta(minutes=30))
    (news,) = told(workspace, "ana")[before:]
    assert re.search(rf"got their first gold in {scenario} since 1\d March", news.text)


@pytest.mark.new_here
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
