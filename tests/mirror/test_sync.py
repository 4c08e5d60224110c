"""The background keeps what is stored true: what it reads, when, and when it leaves Exec alone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import httpx
import pytest

from bot.mirror.rows import to_ms
from bot.mirror.stretches import DAY, HOUR, MINUTE, Stretch
from bot.mirror.sync import (
    BACK_OFF,
    GRADE_AGES,
    OLDER,
    RECENT,
    REST,
    SETTLED,
    Sync,
    grade_due,
    may_read_again,
    next_again,
)
from bot.storage.database import Database
from tests.conftest import START, FakeClock, MakeUrl
from tests.exec_api.spending import fill
from tests.mirror.room import Company, ago, company

pytestmark = pytest.mark.one_database

JANE, BOB = "jane@acme.com", "bob@acme.com"


@pytest.fixture
async def acme(database: Database) -> AsyncIterator[Company]:
    async with company(database) as acme:
        yield acme


@pytest.fixture
async def simulated(sqlite_urls: MakeUrl) -> AsyncIterator[Company]:
    """On SQLite only: days pass in it."""
    async with Database(sqlite_urls()) as database, company(database) as acme:
        yield acme


async def stored_score(acme: Company, session_id: str) -> float | None:
    score: float | None = (await acme.stored())[session_id]["score"]
    return score


async def stored_ids(acme: Company) -> set[str]:
    return set(await acme.stored())


# Filling


@pytest.mark.two_databases
async def test_the_past_is_filled_newest_first_and_each_page_once(acme: Company) -> None:
    acme.adds_many(1000, over=timedelta(days=60))
    acme.adds_many(200, over=timedelta(days=60), until=timedelta(days=100))
    await acme.lives(timedelta(minutes=1))
    assert await acme.covers(ago(acme, days=90), ago(acme, minutes=2))
    ends = [r.params["end_date"] for r in acme.wire.requests if "end_date" in r.params]
    assert ends == sorted(ends, reverse=True)
    assert len(set(ends)) == len(ends)
    assert acme.asked == 11  # 99 new rows a page, and no more than reaches back 90 days
    assert await acme.purposes() == {"poll": 1, "history": 10}
    await acme.check()


async def test_a_filling_that_is_cut_short_goes_on_where_it_was(acme: Company) -> None:
    acme.adds_many(1000, over=timedelta(days=60))

    def falters() -> None:
        # All three attempts at a page fail, time and again.
        acme.wire.trouble = broken if len(acme.wire.requests) % 7 in (3, 4, 5) else None

    acme.wire.after = falters
    for _ in range(9):
        before = await acme.store.stretches()
        await acme.sync.run()
        await acme.check()
        for each in before:
            assert await acme.covers(each.start, each.end)
        acme.clock.now += BACK_OFF[-1]
    assert await acme.covers(ago(acme, days=90), to_ms(START) - 60_000)
    well = [r.params for r in acme.wire.requests if r.status == 200]
    ends = [params["end_date"] for params in well if "end_date" in params]
    assert len(acme.wire.requests) - len(well) >= 6
    assert len(set(ends)) == len(ends)


async def test_a_night_is_quiet(simulated: Company) -> None:
    simulated.adds_many(300, over=timedelta(days=60), until=timedelta(days=2))
    await simulated.lives(timedelta(minutes=1))
    simulated.wire.requests.clear()
    await simulated.lives(timedelta(hours=8), step=timedelta(minutes=30))
    assert simulated.asked <= 4


async def test_while_people_ask_new_sessions_are_looked_for_more_often(
    simulated: Company,
) -> None:
    simulated.adds_many(2000, over=timedelta(days=28))
    await simulated.lives(timedelta(minutes=1))
    asked = simulated.asked
    for _ in range(4):
        await simulated.ask(simulated.question(JANE))
        await simulated.lives(timedelta(minutes=25), step=timedelta(minutes=5))
    assert 4 <= simulated.asked - asked <= 12
    assert (await simulated.purposes())["poll"] >= 4


async def test_while_somebody_waits_to_be_told_new_sessions_are_looked_for_every_quarter(
    simulated: Company,
) -> None:
    simulated.adds_many(300, over=timedelta(days=60))
    await simulated.lives(timedelta(minutes=1))
    before = (await simulated.purposes())["poll"]
    simulated.awaited = True
    await simulated.lives(timedelta(hours=2), step=timedelta(minutes=5))
    assert 7 <= (await simulated.purposes())["poll"] - before <= 8
    simulated.awaited = False
    before = (await simulated.purposes())["poll"]
    await simulated.lives(timedelta(hours=2), step=timedelta(minutes=10))
    assert (await simulated.purposes())["poll"] - before <= 1


@pytest.fixture
async def without_past(sqlite_urls: MakeUrl) -> AsyncIterator[Company]:
    async with (
        Database(sqlite_urls()) as database,
        company(database, history_days=0) as acme,
    ):
        yield acme


async def test_none_of_the_past_is_wanted_but_what_is_held_is_kept_true(
    without_past: Company,
) -> None:
    acme = without_past
    acme.adds_many(300, over=timedelta(days=60))
    await acme.lives(timedelta(minutes=15), step=timedelta(minutes=5))
    assert await acme.purposes() == {"poll": 1}
    gone = sorted(acme.world.sessions, key=lambda each: each.created_at)[-99].id
    acme.deletes(gone)
    acme.clock.now += timedelta(days=7)
    await acme.lives(timedelta(hours=3), step=timedelta(hours=1))
    assert gone not in await stored_ids(acme)
    assert "history" not in await acme.purposes()


# Late grades, corrections, deletions


@pytest.mark.parametrize("minutes", [1, 50, 1300])
async def test_a_late_grade_is_found(simulated: Company, minutes: int) -> None:
    """When the session passes its next checkpoint, and at the latest at the one after that; after
    the last, in a day."""
    simulated.adds_many(30, over=timedelta(days=2), until=timedelta(hours=1))
    late = simulated.adds(JANE)
    simulated.clock.tick(10)
    assert (await simulated.ask(simulated.question(JANE))).total == 4
    step = timedelta(minutes=max(1, minutes / 2.5))
    await simulated.lives(timedelta(minutes=minutes), step=step)
    simulated.grades(late.id, 77)
    ages = [*GRADE_AGES, SETTLED]
    number = bisect_left(ages, minutes * 60_000)
    deadline = late.created_at + timedelta(milliseconds=ages[number + 1])
    await simulated.lives(deadline - simulated.clock() + step, step=step)
    assert await stored_score(simulated, late.id) == 77
    assert (await simulated.purposes())["settle"] <= len(GRADE_AGES)
    await simulated.check()


async def test_in_a_large_company_late_grades_cost_few_requests(
    sqlite_urls: MakeUrl,
) -> None:
    async with (
        Database(sqlite_urls()) as database,
        company(database, FakeClock(START), people=400) as large,
    ):
        large.adds_many(1200, over=timedelta(hours=4))
        late = sorted(large.world.sessions, key=lambda each: each.created_at)[-250:-100:10]
        for session in late:
            ungraded = replace(session, score=None, rank=None, is_valid_attempt=False)
            large.world.sessions.replace(ungraded)
        # One that is between them has its score already, and gets its rank with their grades.
        half = sorted(large.world.sessions, key=lambda each: each.created_at)[-175].id
        large.wire.told[half] = HALF
        large.past.note()
        await large.lives(timedelta(minutes=10), step=timedelta(minutes=5))
        settled = (await large.purposes())["settle"]
        for session in late[::2]:
            large.grades(session.id, 64)
        del large.wire.told[half]
        await large.lives(timedelta(hours=4), step=timedelta(minutes=30))
        assert 0 < (await large.purposes())["settle"] - settled <= 6
        for session in late[::2]:
            assert await stored_score(large, session.id) == 64
        settled = (await large.purposes())["settle"]
        await large.lives(timedelta(hours=6), step=timedelta(hours=1))
        for session in late[1:4:2]:
            large.grades(session.id, 65)
        await large.lives(timedelta(days=2), step=timedelta(hours=4))
        for session in late[1:4:2]:
            assert await stored_score(large, session.id) == 65
        assert (await stored_content(large, half))[2]
        assert (await large.purposes())["settle"] - settled <= 3
        assert await large.sync.ungraded(0, to_ms(large.clock())) != []
        await large.check()


HALF = {"rank": None, "is_valid_attempt": False}


async def stored_content(acme: Company, session_id: str) -> tuple[object, ...]:
    """Score, rank and validity."""
    row = (await acme.stored())[session_id]
    return row["score"], row["rank"], row["is_valid_attempt"]


async def test_a_rank_and_validity_that_come_hours_after_the_score_are_found(
    simulated: Company,
) -> None:
    late = simulated.adds(JANE, ago=3 * 3600, score=88.0)
    simulated.adds_many(200, over=timedelta(hours=3))  # it is not on the newest page
    simulated.wire.told[late.id] = HALF
    await simulated.lives(timedelta(hours=6), step=timedelta(hours=1))
    simulated.wire.told.clear()
    assert await stored_content(simulated, late.id) == (88.0, None, False)
    await simulated.lives(timedelta(hours=18), step=timedelta(hours=1))
    assert await stored_content(simulated, late.id) == (88.0, "silver", True)
    assert (await simulated.purposes())["settle"] == 0


async def test_what_is_invalid_for_good_costs_no_look_of_its_own(
    simulated: Company,
) -> None:
    simulated.adds_many(290, over=timedelta(hours=8))
    for session in list(simulated.world.sessions)[::10]:
        simulated.wire.told[session.id] = {"is_valid_attempt": False}
    await simulated.lives(timedelta(hours=70), step=timedelta(hours=2))
    used = await simulated.purposes()
    assert used["settle"] == 0
    assert used["recent"] <= 3 * 2 + 3  # three pages a day, but for the newest, which is polled


async def test_of_a_session_without_a_person_the_page_is_looked_at(
    simulated: Company,
) -> None:
    """Exec may name nobody: there is no person to ask for, and nothing else waits for it."""
    simulated.adds_many(200, over=timedelta(days=2), until=timedelta(hours=1))
    late = simulated.adds(JANE, ago=20)
    simulated.wire.told[late.id] = {"user": None}
    await simulated.lives(timedelta(minutes=30), step=timedelta(minutes=2))
    assert await simulated.covers(ago(simulated, days=2), ago(simulated, hours=1))
    simulated.grades(late.id, 64)
    await simulated.lives(timedelta(hours=4), step=timedelta(minutes=30))
    assert await stored_score(simulated, late.id) == 64
    assert (await simulated.purposes())["settle"] <= 3


async def test_rosters_in_use_are_read_again(simulated: Company) -> None:
    await simulated.ask(simulated.question(group="West Coast"))
    await simulated.lives(timedelta(hours=19), step=timedelta(hours=2))
    await simulated.ask(simulated.question(group="West Coast"))
    await simulated.lives(timedelta(hours=3), step=timedelta(hours=1))
    assert (await simulated.purposes())["roster"] == 1
    await simulated.lives(timedelta(hours=23), step=timedelta(hours=2))
    assert (await simulated.purposes())["roster"] == 1  # nobody asked since


# Limits and trouble


async def test_the_last_of_a_day_is_left_to_people(acme: Company) -> None:
    acme.adds_many(2000, over=timedelta(days=60))
    await fill(acme.database, [acme.clock() - timedelta(hours=2)] * 562)
    await acme.lives(timedelta(minutes=10))
    assert await acme.purposes() == {"before": 562, "poll": 1, "history": 5}
    assert (await acme.ask(acme.question(JANE))).total > 0
    asked = acme.asked
    assert asked > 6
    await acme.lives(timedelta(minutes=10), step=timedelta(minutes=2))
    assert acme.asked == asked
    acme.clock.now += timedelta(hours=22)
    await acme.lives(timedelta(minutes=1))
    assert await acme.covers(ago(acme, days=90), ago(acme, minutes=2))


async def test_a_long_past_leaves_room_for_the_first_weeks_questions(simulated: Company) -> None:
    simulated.sync = replace(simulated.sync, per_day=100)
    simulated.adds_many(3000, over=timedelta(days=60))
    await simulated.lives(timedelta(minutes=30))
    # About a seventh of the day, and what is left of the three pages that are read at once.
    assert 15 <= (await simulated.purposes())["history"] <= 17
    await simulated.lives(timedelta(hours=12), step=timedelta(hours=1))
    assert OLDER not in await simulated.purposes()
    await simulated.lives(timedelta(days=2), step=timedelta(hours=2))
    assert await simulated.covers(ago(simulated, days=60), to_ms(START) - 60_000)


def broken() -> httpx.Response:
    return httpx.Response(500, text="<html>")


def wrong_key() -> httpx.Response:
    return httpx.Response(401, json={"error": {"code": "invalid_api_key"}})


async def test_after_a_failure_it_waits_longer_and_longer(acme: Company) -> None:
    acme.adds_many(50, over=timedelta(days=2))
    acme.wire.trouble = broken
    tried: list[datetime] = []
    before = 0
    for _ in range(200):
        began = acme.clock()
        await acme.sync.run()
        if len(acme.wire.requests) > before:
            assert len(acme.wire.requests) - before == 3
            before = len(acme.wire.requests)
            tried.append(began)
        acme.clock.tick(10)
    waits = [after - one for one, after in pairwise(tried)]
    longest = [*BACK_OFF, BACK_OFF[-1]]
    assert all(0 <= (w - b).total_seconds() <= 15 for w, b in zip(waits, longest, strict=False))
    assert acme.sync.state.failures > 0
    acme.wire.trouble = None
    await acme.lives(timedelta(minutes=11))
    assert acme.sync.state.failures == 0
    assert len(await stored_ids(acme)) == 50


async def test_a_step_that_fails_unforeseen_lets_the_others_go_first(
    simulated: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulated.adds_many(200, over=timedelta(days=60))
    tried: list[datetime] = []

    async def breaks(_: object) -> None:
        tried.append(simulated.clock())
        raise ValueError("unforeseen")

    monkeypatch.setattr(Sync, "_new_sessions", breaks)
    for _ in range(70):
        with suppress(ValueError):
            await simulated.sync.run()
        simulated.clock.tick(2)
    assert len(await stored_ids(simulated)) == 200
    assert len(tried) == 3
    assert {after - one for one, after in pairwise(tried)} == {REST}


async def test_a_refusal_is_heeded(acme: Company) -> None:
    acme.adds_many(50, over=timedelta(days=2))
    acme.wire.trouble = lambda: httpx.Response(429, json={"retry_after": 300})
    await acme.sync.run()
    assert len(acme.wire.requests) == 1
    acme.wire.trouble = None
    await acme.lives(timedelta(seconds=290))
    assert len(acme.wire.requests) == 1
    await acme.lives(timedelta(seconds=60))
    assert len(await stored_ids(acme)) == 50


# The order of things


@pytest.mark.parametrize(
    ("created", "read", "now", "due"),
    [
        (0, 0, 15 * MINUTE - 1, False),
        (0, 0, 15 * MINUTE, True),
        (0, 2 * MINUTE, HOUR, True),
        (0, 109_000, HOUR - 1, False),  # a tenth before two minutes is two minutes
        (0, HOUR, DAY, True),
        (0, 4 * HOUR, SETTLED, True),
        (0, DAY, 90 * DAY, False),
    ],
)
def test_a_late_grade_waits_until_the_next_age_but_one(
    created: int, read: int, now: int, due: bool
) -> None:
    assert grade_due(created, read, now) is due


NOW = 100 * DAY


@pytest.mark.parametrize(
    ("stretches", "spare", "first"),
    [
        # The last week once a day, the longest ago first, of several the newest.
        ([(97, 98, 24), (98, 99, 24), (95, 97, 23)], True, (98, RECENT)),
        ([(98, 99, 24), (95, 98, 30), (10, 20, 20 * 24)], True, (95, RECENT)),
        # What was read three weeks ago comes before the week before that.
        ([(90, 91, 24), (10, 20, 22 * 24)], True, (10, OLDER)),
        ([(90, 91, 24), (10, 20, 20 * 24)], True, (90, RECENT)),
        # Then anything, but nothing that was read in the last hours, or without spare in this day.
        ([(98, 99, 20), (10, 20, 21)], True, (10, OLDER)),
        ([(98, 99, 20), (10, 20, 21)], False, None),
        ([(98, 99, 20), (10, 20, 24)], False, (10, OLDER)),
        ([(98, 99, 5), (10, 20, 5)], True, None),
        ([], True, None),
    ],
)
def test_what_is_read_again_first(
    stretches: list[tuple[float, float, float]], spare: bool, first: tuple[float, str] | None
) -> None:
    """Days since the beginning, and hours since it was read."""
    known = [
        Stretch(int(start * DAY), int(end * DAY), int(NOW - hours * HOUR))
        for start, end, hours in stretches
    ]
    found = next_again(known, NOW, spare=spare)
    assert (found and (found[0].start / DAY, found[1])) == first


@pytest.mark.parametrize(
    ("used", "week_ago", "may"),
    [
        ({}, {}, True),
        ({"question": 400, "recent": 140}, {}, True),
        ({"question": 400, "recent": 200}, {}, False),
        ({"question": 100, "reread": 200}, {"question": 400, "reread": 900}, False),
        ({"reread": 490}, {"poll": 50}, True),
    ],
)
def test_reading_again_leaves_what_people_will_need(
    used: dict[str, int], week_ago: dict[str, int], may: bool
) -> None:
    assert may_read_again(used, week_ago, 1000) is may
