"""Alerts: set, listed and removed; told once as it happens, by day, to who may hear of it."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa

from bot.features.alerts import MOST, Alerts, AlertStore
from bot.language.alert_words import Rule, What
from bot.mirror.rows import to_ms
from bot.sandbox.slack_records import Message
from tests.deliveries import Killed
from tests.office import NOW, Office, button, labels

pytestmark = pytest.mark.acquainted
DAY = timedelta(days=1)


def told(office: Office, who: str) -> list[Message]:
    """What came to somebody in their conversation with the bot."""
    return office.seen(who, office.dm(who))


async def look(office: Office, at: datetime | None = None) -> None:
    """Let the bot look at what is new, and send what it has to tell."""
    if at is not None:
        office.clock.now = at
    await office.ask("ana", "sessions today")  # whoever asks makes the bot look at new sessions
    office.forget()
    await office.bot.core.alerts.look()
    # Lists that are older than a day are read again; no session is asked for.
    assert "/sessions" not in office.paths()
    assert len(office.paths()) <= 4
    for _ in range(2):
        await office.bot.core.delivering.run_due()
        office.clock.tick(2)


def gold(office: Office, who: str, scenario: str) -> None:
    at = office.clock() - timedelta(minutes=1)
    office.world.add_session(f"{who}@acme.com", scenario, at, score=95.0, rank="gold")


def without_gold(office: Office, who: str) -> list[str]:
    """The scenarios in which somebody has no gold yet."""
    person = office.world.person(f"{who}@acme.com")
    rows = office.world.sessions.all
    won = {row.scenario_id for row in rows if row.user_id == person.id and row.rank == "gold"}
    return [each.name for id_, each in office.world.scenarios.items() if id_ not in won]


async def test_an_alert_is_set_listed_and_removed(office: Office) -> None:
    refused = await office.ask("jane", "alert @priya gold")
    assert "Alerts are for coaches and admins" in refused.text
    assert (await office.ask("ana", "alert")).text.startswith("You have no alerts")
    done = await office.ask("ana", "alert @jane gold")
    assert "I will tell you once when it happens" in done.text
    assert "Jane Smith: first gold in a scenario" in done.text
    again = await office.ask("ana", "alert @jane first gold")
    assert "You have this alert already: Jane Smith, first gold in a scenario." in again.text
    for text in (
        'alert "West Coast" inactive 2 weeks',
        "alert group:west average below 70",
        "alert @jane @priya overdue",
    ):
        office.clock.tick(1)
        await office.ask("ana", text)
    listed = await office.press("ana", again, "My alerts")
    for line in (
        "West Coast: no practice for 14 days",
        "West Coast: average below 70",
        "Jane Smith, Priya Nair: an assignment passes its due date",
    ):
        assert line in listed.text
    assert labels(listed) == ["Remove"] * 4
    removed = await office.press("ana", listed, "Remove")
    assert "Removed: Jane Smith: first gold in a scenario" in removed.text
    assert labels(removed) == ["Undo", *["Remove"] * 3]
    back = await office.press("ana", removed, "Undo")
    assert "It is back: Jane Smith" in back.text
    assert labels(back) == ["Remove"] * 4
    assert labels(await office.ask("ana", "alert remove")) == ["Remove"] * 4
    # Nobody removes another's, and a removal is undone for a while only.
    await office.ask("ana", "coach add @bob @jane")
    value = button(back, "Remove")["value"]
    own = await office.ask("bob", "alert list")
    ack = await office.act(office.press_of("bob", own, "alert.remove", value))
    assert "not there any more" in (await office.heard("bob", after=ack)).text
    removed = await office.press("ana", back, "Remove")
    office.clock.tick(601)
    assert "can't be undone any more" in (await office.press("ana", removed, "Undo")).text


async def test_what_is_not_understood_has_a_way_on(office: Office) -> None:
    for text, sentence, way in (
        ("alert @jane glod", "Write whom it is about", "Gold"),
        ("alert @jane inactive", "Write whom it is about", "Inactive 14d"),
        ("alert @jane inactive 9999d", "takes days from 1 to 365", "Inactive 14d"),
        ("alert @jane last 7d gold", "can't be narrowed", "Leave it out"),
    ):
        answer = await office.ask("ana", text)
        assert sentence in answer.text, text
        done = await office.press("ana", answer, way)
        assert "Jane Smith" in done.text, text
    for text in ("alert @jane group:west gold", "alert my people @jane gold"):
        assert "Set one for each" in (await office.ask("ana", text)).text, text
    unknown = await office.ask("ana", 'alert group:"West Coats" gold')
    done = await office.press("ana", unknown, labels(unknown)[0])
    assert "West Coast: first gold" in done.text
    assert "Everyone: an assignment passes" in (await office.ask("ana", "alert overdue")).text
    core, owner = office.bot.core, (office.slack.team.id, office.user("ana"))
    for score in range(1, MOST):
        rule = Rule(What.BELOW, score)
        alerts = core.alerts.store
        await alerts.keep(*owner, "my people", rule, looked_at=NOW, known=())
    assert "Remove one first" in (await office.ask("ana", "alert @priya gold")).text
    listed = await office.ask("ana", "alert list")
    assert len(labels(listed)) > MOST


async def test_news_comes_once_by_day_and_at_most_once_an_hour(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    first, second, third, *_ = without_gold(office, "jane")
    await office.ask("bob", "alert my people gold")
    await office.ask("bob", "alert @jane gold")
    before = len(told(office, "bob"))
    await look(office, NOW + timedelta(minutes=30))
    assert len(told(office, "bob")) == before
    gold(office, "jane", first)
    await look(office, NOW + timedelta(minutes=60))
    (news,) = told(office, "bob")[before:]
    # Both alerts are about it, and it is said once.
    assert news.text.count(f"Jane Smith got their first gold in {first}") == 1
    assert (await office.press("bob", news, "My alerts")).text.startswith("2 alerts")

    gold(office, "jane", first)
    gold(office, "jane", second)
    await look(office, NOW + timedelta(minutes=90))
    assert len(told(office, "bob")) == before + 1
    gold(office, "jane", third)
    await look(office, NOW + timedelta(minutes=130))
    last = told(office, "bob")[-1]
    assert len(told(office, "bob")) == before + 2
    assert "2 things happened" in last.text
    assert f"gold in {second}" in last.text
    assert f"gold in {third}" in last.text
    assert f"gold in {first}" not in last.text


async def test_what_happens_at_night_comes_in_the_morning(office: Office) -> None:
    await office.ask("ana", "alert @jane gold")
    before, (scenario, *_) = len(told(office, "ana")), without_gold(office, "jane")
    evening = datetime(2026, 3, 20, 19, 30, tzinfo=UTC)  # 20:30 in Berlin
    office.clock.now = evening
    gold(office, "jane", scenario)
    await look(office)
    morning = datetime(2026, 3, 21, 6, 0, tzinfo=UTC)
    await look(office, morning - timedelta(minutes=1))
    assert len(told(office, "ana")) == before
    await look(office, morning)
    assert len(told(office, "ana")) == before + 1


async def test_who_is_no_longer_theirs_is_not_told_of(office: Office) -> None:
    await office.ask("ana", "coach add @bob @jane @priya")
    await office.ask("bob", "alert @jane @priya gold")
    before = len(told(office, "bob"))
    await office.ask("ana", "coach remove @bob @jane")
    office.clock.tick(600)
    for who in ("jane", "priya"):
        gold(office, who, without_gold(office, who)[0])
    await look(office, NOW + timedelta(minutes=30))
    (news,) = told(office, "bob")[before:]
    assert "Priya Nair got" in news.text
    assert "Jane" not in news.text
    assert "Priya Nair, others: first gold" in (await office.ask("bob", "alert list")).text

    await office.ask("ana", "coach remove @bob")
    gold(office, "priya", without_gold(office, "priya")[0])
    await look(office, NOW + timedelta(minutes=120))
    paused = told(office, "bob")[-1]
    assert len(told(office, "bob")) == before + 2
    assert "I paused 1 alert" in paused.text
    assert "got their" not in paused.text
    # Nor do their names stand anywhere any more.
    listed = await office.ask("bob", "alert list")
    removed = await office.press("bob", listed, "Remove")
    back = await office.press("bob", removed, "Undo")
    for message in (paused, listed, removed, back):
        assert "Someone who is not yours to see: first gold" in message.text
        assert not re.search("Jane|Priya", f"{message.text} {message.blocks}")
    await look(office, NOW + timedelta(minutes=240))
    assert len(told(office, "bob")) == before + 2
    assert "Paused" in (await office.ask("bob", "alert list")).text
    assert "Alerts are for coaches" in (await office.ask("bob", "alert @jane gold")).text

    await office.ask("ana", 'coach add @bob @jane @priya "West Coast"')
    again = await office.ask("bob", "alert @jane @priya gold")
    assert "is on again" in again.text
    # Without its group an alert is not about its owner instead.
    await office.ask("bob", "alert group:west below 99")
    await office.ask("ana", 'coach remove @bob "West Coast"')
    await look(office, NOW + timedelta(minutes=360))
    assert "Someone who is not yours to see: average below 99" in told(office, "bob")[-1].text
    assert "I paused 1 alert" in told(office, "bob")[-1].text
    refused = await office.ask("bob", "alert group:west gold")
    assert "group" in refused.text
    assert "Done" not in refused.text


async def test_an_account_that_is_none_any_more_is_told_nothing(office: Office) -> None:
    await office.ask("ana", "coach add @bob @jane")
    await office.ask("bob", "alert @jane gold")
    before = len(told(office, "bob"))
    office.slack.team.users[office.user("bob")].is_restricted = True
    office.clock.tick(5400)
    gold(office, "jane", without_gold(office, "jane")[0])
    await look(office)
    assert len(told(office, "bob")) == before
    assert await office.bot.core.alerts.store.on() == {}


async def test_silence_averages_and_dates_are_told(office: Office) -> None:
    rows = office.world.sessions.all
    priya = office.world.person("priya@acme.com")
    last = max(row.created_at for row in rows if row.user_id == priya.id)
    days = (NOW - last).days + 1
    await office.ask("ana", f"alert @priya inactive {days}d")
    done = await office.ask("ana", "alert @jane below 100")
    assert "It is so already: Jane Smith" in done.text
    await office.ask("ana", "alert @jane below 30")
    office.forget()
    await office.ask("ana", 'alert "West Coast" overdue')
    assert office.paths().count("/scenarios/assignments") == 1
    before = len(told(office, "ana"))
    for number in range(40):
        at = office.clock() - timedelta(minutes=number)
        office.world.add_session("jane@acme.com", "Cold Call Opener", at, score=1.0)
    await look(office, NOW + timedelta(hours=26))
    (news,) = told(office, "ana")[before:]
    assert (
        "Jane Smith, average below 30.0: 1.0 over the last three graded attempts (1.0, "
        in news.text
    )
    assert "below 100" not in news.text
    assert f"Priya Nair has not practised for {days} day" in news.text
    await look(office, NOW + timedelta(hours=29))
    assert len(told(office, "ana")) == before + 1


def as_another_process(office: Office) -> Alerts:
    """What a second process on the same database looks with; it does not know of the first."""
    alerts = office.bot.core.alerts
    return replace(alerts, _not_before={}, _seen_change={}, _zones={})


async def test_two_processes_tell_it_once(office: Office) -> None:
    await office.ask("ana", "alert @jane gold")
    await office.ask("ana", 'alert "West Coast" gold')
    before, (scenario, *_) = len(told(office, "ana")), without_gold(office, "jane")
    office.clock.tick(1800)
    gold(office, "jane", scenario)
    await office.ask("ana", "sessions today")
    first, second = office.bot.core.alerts, as_another_process(office)
    await asyncio.gather(first.look(), second.look())
    await office.bot.core.delivering.run_due()
    assert len(told(office, "ana")) == before + 1


async def test_whoever_stops_in_between_it_arrives_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.ask("ana", "alert @jane gold")
    core, before = office.bot.core, len(told(office, "ana"))
    execute, note = sa.engine.Connection.execute, AlertStore.note
    for step in itertools.count():
        office.clock.now = NOW + (step + 1) * DAY
        scenario = without_gold(office, "jane")[0]
        gold(office, "jane", scenario)
        await office.ask("ana", "sessions today")
        left = itertools.count(step, -1)

        def dies(*args: Any, left: Iterator[int] = left, **more: Any) -> Any:
            if next(left) == 0:
                raise Killed
            return execute(*args, **more)

        async def note_and_die(*args: Any, dies: Any = dies) -> bool:
            with monkeypatch.context() as patch:
                patch.setattr(sa.engine.Connection, "execute", dies)
                return await note(*args)

        ended = False
        with monkeypatch.context() as patch:
            patch.setattr(AlertStore, "note", note_and_die)
            try:
                await core.alerts.look()
                ended = True
            except Killed:
                pass
        await as_another_process(office).look()
        await office.bot.core.delivering.run_due()
        news = told(office, "ana")[before:]
        assert len(news) == step + 1
        assert sum(f"first gold in {scenario}" in unescape(each.text) for each in news) == 1
        if ended:
            break
    assert step > 4


async def test_what_did_not_arrive_is_judged_and_told_anew(office: Office) -> None:
    await office.ask("ana", "coach add @bob @jane @priya")
    await office.ask("bob", "alert my people gold")
    before = len(told(office, "bob"))
    office.clock.tick(600)
    for who in ("jane", "priya"):
        gold(office, who, without_gold(office, who)[0])
    await office.ask("ana", "sessions today")
    await office.bot.core.alerts.look()
    # Nothing is sent for a while.
    await office.ask("ana", "coach remove @bob @jane")
    office.clock.tick(1200)
    await office.bot.core.delivering.run_due()
    assert len(told(office, "bob")) == before
    await look(office)
    (news,) = told(office, "bob")[before:]
    assert "Priya Nair got" in news.text
    assert "Jane" not in news.text


async def lives_on(office: Office, minutes: int) -> None:
    """Let so many minutes pass in which nobody asks."""
    core = office.bot.core
    for _ in range(minutes):
        office.clock.tick(60)
        for job in (core.sync.run, core.alerts.look, office.bot.core.delivering.run_due):
            await job()


async def test_news_come_though_nobody_asks(office: Office) -> None:
    await office.ask("ana", "alert @jane gold")
    first, second, *_ = without_gold(office, "jane")
    await lives_on(office, 3)
    before = len(told(office, "ana"))
    gold(office, "jane", first)
    await lives_on(office, 17)
    assert f"gold in {first}" in told(office, "ana")[-1].text

    late = office.world.add_session("jane@acme.com", second, office.clock())
    await lives_on(office, 20)
    office.clock.tick(3600)
    await lives_on(office, 1)
    assert len(told(office, "ana")) == before + 1
    # A look again at what is held finds it, which brings no newer sessions.
    office.world.grade(late.id, 95.0, "gold")
    core, begin = office.bot.core, to_ms(late.created_at)
    known_to = await core.alerts.sources.sessions.looked_at()
    await core.reader.read(begin, begin + 1, purpose="recent", pages=1)
    assert await core.alerts.sources.sessions.looked_at() == known_to
    await core.alerts.look()
    await office.bot.core.delivering.run_due()
    assert f"gold in {second}" in told(office, "ana")[-1].text


@pytest.mark.new_here
async def test_a_first_gold_is_one_since_sessions_are_known(office: Office) -> None:
    await office.ask("ana", "sessions last 10d")
    await office.ask("ana", "alert @jane gold")
    before, (scenario, *_) = len(told(office, "ana")), without_gold(office, "jane")
    office.world.add_session(
        "jane@acme.com", scenario, NOW - timedelta(days=200), score=95, rank="gold"
    )
    office.clock.tick(600)
    gold(office, "jane", scenario)
    await look(office, NOW + timedelta(minutes=30))
    (news,) = told(office, "ana")[before:]
    assert re.search(rf"got their first gold in {scenario} since 1\d March", news.text)


@pytest.mark.new_here
async def test_who_coaches_a_group_is_told_of_their_people_alone(office: Office) -> None:
    jane = office.world.person("jane@acme.com")
    for each in [each for each in office.world.sessions if each.user_id == jane.id]:
        office.world.delete(each.id)
    assert "Jane Smith" in (await office.ask("ana", 'inactive "West Coast"')).text
    await office.ask("ana", 'coach add @jane "West Coast"')
    done = await office.ask("jane", 'alert "West Coast" inactive 7d')
    assert "Sam Lee" in done.text
    assert "Jane Smith" not in done.text
    for report in ("inactive", "leaderboard", "progress"):
        answer = await office.ask("ana", f'{report} "West Coast"')
        assert "Sam Lee" in answer.text or report != "inactive"
        assert "Jane Smith" not in answer.text + str(answer.blocks)
    # She is counted all the same.
    assert "of 11 people practised" in (await office.ask("ana", 'team "West Coast"')).text
