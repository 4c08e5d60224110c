"""Answers from what is stored of Exec: what they cost, how new they are, and that they are true."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from bot.exec_api.client import ExecClient
from bot.mirror.rows import to_ms
from bot.sandbox.demo import MANAGER
from bot.sandbox.exec_server import Fault
from bot.sandbox.slack_records import Message
from bot.sandbox.world_things import Session
from bot.storage.tables import practice_session
from tests.conversations.truth import STAFF_OUT, assert_tells, explained, truth
from tests.office import NOW, MakeOffice, Office, button, column, footer, labels, table, whose

JANE = {"user_emails": "jane@acme.com", **STAFF_OUT}
LAST_30D = "2026-02-18T09:00:00Z"


def newest(answer: Message) -> list[str]:
    """The first row's scenario, score and rank."""
    return [column(answer, name)[0] for name in ("Scenario", "Score", "Rank")]


# What is held costs nothing


HELD = [
    "sessions @jane last 7d",
    "sessions @jane last 3d gold",
    "sessions @jane last 7d worst top 3",
    "sessions @bob last 3d",
    "sessions last 3d score>=80",
    "sessions yesterday",
]


async def test_what_is_held_costs_nothing(office: Office) -> None:
    await office.ask("ana", "sessions @jane last 7d")
    assert len(office.asked()) == 2  # the newest page, and Jane's sessions before it
    for said in HELD:
        filters = await explained(office, "ana", said)
        office.forget()
        answer = await office.ask("ana", said)
        assert office.paths() == [], said
        keep = (lambda row: (row.score or 0) >= 80) if "score" in said else (lambda _: True)
        top = 3 if "top" in said else None
        assert_tells(office, answer, truth(office, filters, keep), top=top)


async def test_all_who_ask_at_once_share_one_look(office: Office) -> None:
    people = [
        u.id for u in office.slack.team.users.values() if (u.email or "").endswith("acme.com")
    ]
    assert len(people) > 20
    await asyncio.gather(*(office.say(who, "sessions last 2d") for who in people))
    await office.until(lambda: len(answers(office)) == len(people), seconds=20)
    assert sorted(office.paths()) == ["/sessions", "/workspace/members"]


def answers(office: Office) -> list[Message]:
    return [message for message in office.slack.messages if "Refresh" in labels(message)]


# How new it is


async def test_a_look_is_good_for_a_minute(office: Office) -> None:
    await office.ask("jane", "sessions last 1d")
    office.forget()
    office.clock.tick(59)
    answer = await office.ask("jane", "sessions last 1d")
    assert office.paths() == []
    assert footer(answer).count("As of Fri 20 Mar 10:00  ·")
    office.clock.tick(1)
    answer = await office.ask("jane", "sessions last 1d")
    assert office.paths() == ["/sessions"]
    assert footer(answer).count("As of Fri 20 Mar 10:01  ·")


async def test_a_session_is_seen_a_minute_after_it_was_made(office: Office) -> None:
    """Whenever it is made after a look, and however often people ask meanwhile."""
    for score, seconds in enumerate((0, 1, 30, 59, 61), start=90):
        office.clock.tick(61)
        await office.ask("jane", "sessions last 1d")
        office.clock.tick(seconds)
        made = office.world.add_session(
            "jane@acme.com", "Renewal Save", office.clock(), score=score
        )
        for _ in range(3):
            office.clock.tick(20)
            answer = await office.ask("jane", "sessions last 1d")
        assert office.clock() - made.created_at == timedelta(minutes=1)
        assert newest(answer) == ["Renewal Save", f"{score}.0", "Gold"], seconds


async def test_a_late_grade_is_there_after_refresh(office: Office) -> None:
    at = NOW - timedelta(minutes=5)
    late = office.world.add_session("jane@acme.com", "Renewal Save", at)
    answer = await office.ask("jane", "sessions last 7d")
    assert newest(answer) == ["Renewal Save", "–", "Incomplete"]
    office.world.grade(late.id, 84.0)
    office.clock.tick(5)
    office.forget()
    fresh = await office.press("jane", answer, "Refresh")
    assert newest(fresh) == ["Renewal Save", "84.0", "Silver"]
    assert 1 <= len(office.asked()) <= 2
    assert_tells(office, fresh, truth(office, {**JANE, "start_date": "2026-03-13T09:00:05Z"}))


@pytest.mark.parametrize("days", [1, 6])
async def test_a_deleted_session_is_gone_after_refresh_and_for_everybody(
    office: Office, days: int
) -> None:
    at = NOW - timedelta(days=days)
    gone = office.world.add_session("jane@acme.com", "Renewal Save", at, score=12.5)
    answer = await office.ask("jane", "sessions last 7d")
    assert "12.5" in column(answer, "Score")
    office.world.delete(gone.id)
    office.clock.tick(5)
    fresh = await office.press("jane", answer, "Refresh")
    left = truth(office, {**JANE, "start_date": "2026-03-13T09:00:05Z"})
    assert_tells(office, fresh, left)
    office.forget()
    assert_tells(office, await office.ask("ana", "sessions @jane last 7d"), left)
    assert office.paths() == []


# Groups


def last_30d_in_the_west(office: Office, start: str) -> dict[str, str]:
    return {"group_ids": office.world.group("West Coast").id, "start_date": start, **STAFF_OUT}


async def test_a_group_is_the_people_in_its_roster(office: Office) -> None:
    answer = await office.ask("ana", 'sessions group:"West Coast" last 30d')
    assert "group members updated at 10:00" in footer(answer)
    assert_tells(office, answer, truth(office, last_30d_in_the_west(office, LAST_30D)))
    office.forget()
    answer = await office.ask("ana", 'sessions group:"West Coast" last 3d')
    start = "2026-03-17T09:00:00Z"
    assert_tells(office, answer, truth(office, last_30d_in_the_west(office, start)))
    assert office.paths() == []


async def test_who_came_to_a_group_is_counted_after_refresh(office: Office) -> None:
    west = office.world.group("West Coast").id
    answer = await office.ask("ana", 'sessions group:"West Coast" last 30d')
    came = max(
        (p for p in office.world.roster("East Coast") if p.id not in office.world.rosters[west]),
        key=lambda person: len(office.world.sessions.by_user.get(person.id, ())),
    )
    office.world.rosters[west].add(came.id)
    office.clock.tick(120)
    office.forget()
    fresh = await office.press("ana", answer, "Refresh")
    assert office.paths().count("/workspace/members") == 1
    assert "group members updated at 10:02" in footer(fresh)
    assert came.name in whose(fresh)
    start = "2026-02-18T09:02:00Z"
    assert_tells(office, fresh, truth(office, last_30d_in_the_west(office, start)))


async def test_rows_of_a_group_do_not_outlive_its_roster(office: Office) -> None:
    """Cold, so that the group's rows came by Exec's own filter; then somebody leaves."""
    question = 'sessions group:"West Coast" last 30d'
    await office.ask("ana", question)
    office.world.remove_member(office.world.roster("West Coast")[0])
    office.clock.tick(27 * 3600)
    answer = await office.ask("ana", question)
    start = "2026-02-19T12:00:00Z"
    assert_tells(office, answer, truth(office, last_30d_in_the_west(office, start)))


async def test_who_was_removed_counts_under_their_own_name_only(office: Office) -> None:
    gone = max(
        office.world.roster("West Coast"),
        key=lambda person: len(office.world.sessions.by_user.get(person.id, ())),
    )
    question = 'sessions group:"West Coast" last 30d'
    await office.press("ana", await office.ask("ana", "sessions +system"), "Read further back")
    before = await office.ask("ana", question)
    assert gone.name in whose(before)
    office.world.remove_member(gone)
    office.clock.tick(27 * 3600)  # by then the roster is read again
    after = await office.ask("ana", question)
    start = "2026-02-19T12:00:00Z"
    assert_tells(office, after, truth(office, last_30d_in_the_west(office, start)))
    assert gone.name not in whose(after)
    theirs = await office.ask("ana", f"sessions {gone.email} last 30d")
    assert table(theirs)[1:]
    asked = {"user_emails": gone.email, "start_date": start, **STAFF_OUT}
    assert_tells(office, theirs, truth(office, asked))


# What costs many requests


def cost_said(message: Message) -> int:
    """What is asked before it is read."""
    asked = button(message, "Read further back")["confirm"]["text"]["text"]
    found = re.fullmatch(r"This takes about (\d+) of the 6\d requests left today\.", asked)
    assert found, asked
    return int(found[1])


async def test_the_plainest_question_costs_what_was_said(office: Office) -> None:
    await office.leave_for_questions(65)
    answer = await office.ask("ana", "sessions")
    office.forget()
    await office.press("ana", answer, "Read further back")
    assert abs(len(office.asked()) - cost_said(answer)) <= 2


@pytest.mark.parametrize("order", ["newest", "best"])
async def test_what_takes_many_requests_is_answered_from_what_there_is_and_read_at_a_press(
    office: Office, order: str
) -> None:
    question = f"sessions +system {order}"
    await office.leave_for_questions(65)
    answer = await office.ask("ana", question)
    assert len(office.asked()) == 1
    first = "99 sessions, counted since 16 Mar 17:45: older sessions are not read yet: Everyone"
    assert answer.text.startswith(first)
    assert labels(answer)[0] == "Read further back"
    cost = cost_said(answer)
    assert cost > 5
    office.forget()
    whole = await office.press("ana", answer, "Read further back")
    assert abs(len(office.asked()) - cost) <= 2
    sorting = {"best": "-score"}
    everything = truth(office, {"sorting": sorting.get(order, "-created_at")})
    assert_tells(office, whole, everything)
    office.forget()
    assert_tells(office, await office.ask("ana", question), everything)
    assert_tells(office, await office.ask("ana", "sessions last 30d best"), last_30d_best(office))
    assert office.paths() == []


def last_30d_best(office: Office) -> list[Session]:
    return truth(office, {"start_date": LAST_30D, "sorting": "-score", **STAFF_OUT})


async def test_a_tenth_of_what_is_left_is_not_worth_a_question(office: Office) -> None:
    answer = await office.ask("ana", "sessions +system")
    assert "confirm" not in button(answer, "Read further back")


async def test_it_can_be_narrowed_instead(office: Office) -> None:
    answer = await office.ask("ana", "sessions best")
    assert "older sessions are not read yet: Everyone, best first." in answer.text
    view = await office.open_form("ana", answer, "Edit filters")
    mark = office.slack.revision
    assert (await office.slack.submit(office.user("ana"), view.id, {"period": "last 3d"})).ok
    narrowed = await office.slack.wait_for_message(
        office.user("ana"), office.channel("sales-practice"), after=mark, timeout=30
    )
    asked = {"start_date": "2026-03-17T09:00:00Z", "sorting": "-score", **STAFF_OUT}
    assert_tells(office, narrowed, truth(office, asked))


# Exec away


@pytest.fixture
async def hasty(open_office: MakeOffice, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    """An office whose bot does not wait long for an Exec that is silent."""
    monkeypatch.setattr("bot.app.ExecClient", partial(ExecClient, deadline=1.5))
    async with open_office() as office:
        yield office


KEY = "As of 10:00: Exec does not accept my key; the admins have been told."
AWAY = [
    pytest.param(Fault("status", None), "As of 10:00, Exec can't be reached.", id="503"),
    pytest.param(Fault("hang", None), "As of 10:00, Exec can't be reached.", id="hang"),
    pytest.param(Fault("reset", None), "As of 10:00, Exec can't be reached.", id="reset"),
    pytest.param(
        Fault("limited", None, seconds=3600),
        "As of 10:00: Exec's limit is used up until 11:05.",
        id="limited for an hour",
    ),
    pytest.param(Fault("wrong_key", None), KEY, id="wrong key"),
]


async def jane_asked(office: Office) -> None:
    await office.ask("ana", "sessions last 7d")  # what only one person is asked about is not stored
    await office.ask("jane", "sessions last 7d")


@pytest.mark.begins(after=jane_asked)
@pytest.mark.parametrize(("fault", "heard"), AWAY)
async def test_while_exec_is_away_what_is_held_is_told(
    hasty: Office, fault: Fault, heard: str
) -> None:
    held = truth(hasty, {**JANE, "start_date": "2026-03-13T09:05:00Z"})
    hasty.clock.tick(300)
    at = hasty.clock() - timedelta(minutes=2)
    hasty.world.add_session("jane@acme.com", "Renewal Save", at, score=91.0)
    hasty.exec.faults.append(fault)

    hasty.forget()
    answer = await hasty.ask("jane", "sessions last 7d")
    assert heard in answer.text
    assert f"*{heard}*" in str(answer.blocks)
    assert_tells(hasty, answer, held)
    tries = len(hasty.paths())
    assert 1 <= tries <= 3

    refusal = await hasty.ask("jane", "sessions last 60d")  # of which not all is held
    assert refusal.text.startswith("Exec ")
    assert labels(refusal) == ["Try again"]
    hasty.clock.tick(14)
    again = await hasty.ask("jane", "sessions last 6d")
    # A limit for an hour is the day's: then looks are a quarter of an hour apart anyway.
    assert heard in again.text or (fault.kind == "limited" and "every 15 minutes" in again.text)
    assert len(hasty.paths()) == tries  # it is left alone for 15 seconds

    hasty.exec.faults.clear()
    hasty.clock.tick(3600 if fault.kind == "limited" else 2)
    back = await hasty.ask("jane", "sessions last 1d")
    assert "As of 10:00" not in back.text
    assert newest(back) == ["Renewal Save", "91.0", "Gold"]
    assert table(await hasty.press("jane", refusal, "Try again"))[1:]


@pytest.mark.begins(after=jane_asked)
async def test_a_later_look_at_older_sessions_tells_of_no_newer_ones(office: Office) -> None:
    """Exec goes away after the background read again what is old."""
    held = truth(office, {**JANE, "start_date": "2026-03-13T09:45:00Z"})
    office.clock.tick(1800)
    office.world.add_session("jane@acme.com", "Renewal Save", office.clock(), score=91.0)
    office.clock.tick(300)
    ends = to_ms(NOW - timedelta(hours=1))
    await office.bot.core.reader.read(ends - 1, ends, purpose="reread", pages=1)
    office.exec.faults.append(Fault("status", None))
    office.clock.tick(600)
    answer = await office.ask("jane", "sessions last 7d")
    assert "As of 10:00, Exec can't be reached." in answer.text
    assert_tells(office, answer, held)


async def test_what_was_held_a_week_ago_is_no_answer_any_more(hasty: Office) -> None:
    await hasty.ask("jane", "sessions last 30d")
    hasty.clock.tick(8 * 86400)
    hasty.exec.faults.append(Fault("status", None, path="/sessions"))
    refusal = await hasty.ask("jane", "sessions last 30d")
    assert refusal.text.startswith("Exec is having trouble right now.")


@pytest.mark.begins(after=jane_asked)
async def test_of_a_key_that_stops_working_each_admin_hears_once(office: Office) -> None:
    office.clock.tick(120)
    office.exec.faults.append(Fault("wrong_key", None))
    for _ in range(3):
        assert KEY in (await office.ask("jane", "sessions last 7d")).text
        await asyncio.gather(office.bot.core.key_alarm.tell(), office.bot.core.key_alarm.tell())
        await office.bot.core.delivering.run_due()
        office.clock.tick(60)
    (told,) = messages_to(office, MANAGER)
    assert told.text.startswith(
        "Exec has not accepted my key since Fri 20 Mar 10:02 (Central European time)."
    )
    office.exec.faults.clear()
    assert KEY not in (await office.ask("jane", "sessions last 7d")).text
    await office.bot.core.key_alarm.tell()
    await office.bot.core.delivering.run_due()
    assert len(messages_to(office, MANAGER)) == 1


def messages_to(office: Office, who: str) -> list[Message]:
    """What the bot wrote to somebody directly."""
    bot, dm = office.slack.team.bot_user_id, office.dm(who)
    visible = office.slack.visible(office.user(who), dm)
    return [message for message in visible if message.user == bot]


# Few requests left


async def ana_asked(office: Office) -> None:
    await office.ask("ana", "sessions last 1d")


@pytest.mark.begins(after=ana_asked)
async def test_with_no_request_left_what_is_held_is_told(office: Office) -> None:
    await office.leave(0)
    office.forget()
    office.clock.tick(59)
    assert "As of 10:00:" not in (await office.ask("ana", "sessions last 1d")).text
    office.clock.tick(60)
    later = await office.ask("ana", "sessions last 1d")
    assert office.paths() == []
    assert "As of 10:00: Exec's limit is used up until Sat 21 Mar 07:0" in later.text
    assert table(later)[1:]


# In the background


async def test_the_past_is_read_before_anybody_asks(open_office: MakeOffice) -> None:
    async with open_office(by_clock=True, EXECBOT_HISTORY_DAYS="90") as office:
        start = NOW - timedelta(days=90)
        recent = [row for row in office.world.sessions if row.created_at >= start]
        async with asyncio.timeout(30):
            while await held(office) < len(recent):  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.02)
        answer = await office.ask("ana", "sessions last 60d")
        asked = {"start_date": "2026-01-19T09:00:00Z", **STAFF_OUT}
        assert_tells(office, answer, truth(office, asked))
        used = await office.bot.core.budget.used()
        assert used.get("question", 0) <= 1
        assert used["history"] <= len(recent) / 100 + 3


async def held(office: Office) -> int:
    count = sa.select(sa.func.count()).select_from(practice_session)
    async with office.bot.core.database.transaction(reads=True) as connection:
        return int((await connection.execute(count)).scalar_one())
