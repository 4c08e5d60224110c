"""Somebody else uses the same key: what a 429 teaches, whom it reaches, and when it is forgotten.

And that we cause none ourselves: requests are long on their way, and Exec counts arrivals.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.exec_api.budget import Budget
from bot.exec_api.windows import (
    DAY,
    DAY_WINDOW,
    MINUTE_WINDOW,
    Lesson,
    Whose,
    Window,
    judged,
    refusal,
)
from bot.sandbox.exec_limits import Limits
from bot.storage.database import Database
from bot.storage.tables import MILLISECOND
from tests.conftest import START, FakeClock
from tests.exec_api.spending import budget, fill, granted, left, limit_of, seconds

pytestmark = pytest.mark.one_database

__all__ = ["budget"]  # a fixture

HOUR = timedelta(hours=1)
MINUTE = Window("minute", MINUTE_WINDOW, 60)
DAILY = Window("day", DAY_WINDOW, 1000)


# The pure core


@pytest.mark.parametrize(
    ("wait", "whose"),
    [
        (seconds(-5), "minute"),
        (seconds(20), "minute"),
        (seconds(120), "minute"),
        (seconds(120) + MILLISECOND, "day"),
        (DAY, "day"),
    ],
    ids=str,
)
def test_which_limit_a_429_is_about(wait: timedelta, whose: Whose) -> None:
    assert judged(wait) == whose


@pytest.mark.parametrize(
    ("used", "known", "others"),
    [
        pytest.param(21, Lesson(), 40, id="20-went-through"),
        pytest.param(60, Lesson(), 1, id="one-too-many"),
        pytest.param(1, Lesson(), 60, id="none-went-through"),
        pytest.param(0, Lesson(), 60, id="not-even-taken"),
        pytest.param(41, Lesson(35, START - HOUR / 2), 35, id="more-was-known"),
        pytest.param(41, Lesson(35, START - HOUR), 20, id="more-was-known-and-forgotten"),
        pytest.param(41, Lesson(9, START - HOUR / 2), 20, id="less-was-known"),
    ],
)
def test_what_a_429_teaches(used: int, known: Lesson, others: int) -> None:
    assert MINUTE.learn(START, used, known) == Lesson(others, START)


@pytest.mark.parametrize(
    ("window", "age", "others"),
    [
        pytest.param(MINUTE, seconds(0), 25, id="minute-fresh"),
        pytest.param(MINUTE, HOUR - MILLISECOND, 25, id="minute-still"),
        pytest.param(MINUTE, HOUR, 0, id="minute-forgotten"),
        pytest.param(DAILY, HOUR, 25, id="day-still"),
        pytest.param(DAILY, DAY - MILLISECOND, 25, id="day-at-the-end"),
        pytest.param(DAILY, DAY, 0, id="day-forgotten"),
        pytest.param(MINUTE, seconds(-4), 25, id="by-a-clock-a-little-ahead"),
        pytest.param(MINUTE, seconds(-6), 0, id="by-a-wrong-clock"),
    ],
)
def test_how_long_a_lesson_is_believed(window: Window, age: timedelta, others: int) -> None:
    assert window.others(START + age, Lesson(25, START)) == others


@pytest.mark.parametrize(
    ("limit", "ours"), [(1000, 100), (60, 6), (15, 2), (10, 1), (2, 1), (1, 1)], ids=str
)
def test_a_tenth_of_a_limit_is_always_tried(limit: int, ours: int) -> None:
    window = Window("day", DAY_WINDOW, limit)
    assert window.beside(window.others(START, Lesson(5000, START))).limit == ours


@settings(max_examples=40, deadline=None)
@given(
    ways=st.lists(st.integers(0, 1000), min_size=3, max_size=50),
    pauses=st.lists(st.sampled_from([0, 0, 0, 1, 700, 40_000]), min_size=3, max_size=20),
    per_minute=st.integers(1, 7),
    per_day=st.integers(8, 40),
)
def test_exec_refuses_nothing_that_the_account_lets_leave(
    ways: list[int], pauses: list[int], per_minute: int, per_day: int
) -> None:
    windows = (Window("minute", MINUTE_WINDOW, per_minute), Window("day", DAY_WINDOW, per_day))
    now, left_at, arrivals = START, [], []
    while len(left_at) < 100:
        now += pauses[len(left_at) % len(pauses)] * MILLISECOND
        nths = [left_at[-w.limit] if len(left_at) >= w.limit else None for w in windows]
        limited = refusal(now, zip(windows, nths, strict=True), None)
        now = now if limited is None else limited.until
        left_at.append(now)
        arrivals.append(now + ways[len(left_at) % len(ways)] * MILLISECOND)
    exec_limits = Limits(per_minute, per_day)
    assert {exec_limits.refuse(arrival) for arrival in sorted(arrivals)} == {None}


# On a database


async def test_a_minute_shared_with_others(budget: Budget, clock: FakeClock) -> None:
    assert await granted(budget, 21) == 21
    await budget.block(clock.now + seconds(30))  # the 21st was refused
    assert await budget.left() == left(979, 0, START + seconds(30), others_minute=40)

    clock.tick(70)
    assert await granted(budget, 60) == 20
    limited = await limit_of(budget)
    assert (limited.whose, limited.until) == ("minute", clock.now + MINUTE_WINDOW + MILLISECOND)

    clock.now = START + HOUR - MILLISECOND
    assert await granted(budget, 60) == 20
    clock.now = START + HOUR
    assert await granted(budget, 60) == 40
    assert (await budget.left()).others_minute == 0


async def test_shares_are_of_what_others_leave(budget: Budget, clock: FakeClock) -> None:
    assert await granted(budget, 25) == 25
    await budget.block(clock.now + seconds(1))
    clock.tick(62)
    # 24 are ours, of which a twelfth is kept free.
    assert await granted(budget, 60, "poll") == 22
    assert await granted(budget, 60, "digest") == 1
    assert await granted(budget, 60, "question") == 1


async def test_a_day_shared_with_others(
    budget: Budget, database: Database, clock: FakeClock
) -> None:
    await fill(database, [START - seconds(7200 - n) for n in range(400)])
    await budget.take("question")
    until = START + timedelta(hours=9)
    await budget.block(until)
    assert await budget.left() == left(0, 59, until, others_day=600)

    # Ours of then are over a day old just before the lesson is.
    clock.now = START + DAY - seconds(60)
    assert await budget.left() == left(399, 60, others_day=600)
    assert await granted(budget, 60, "poll") == 55
    clock.now = START + DAY
    assert (await budget.left()).others_day == 0
    assert (await budget.left()).day == 1000 - 1 - 55


async def test_when_others_take_everything_a_tenth_is_tried(
    budget: Budget, database: Database, clock: FakeClock
) -> None:
    await budget.take("question")
    await budget.block(START + seconds(300))
    clock.tick(300)
    assert await budget.left() == left(99, 60, others_day=900)
    await fill(database, [START] * 68)
    assert await granted(budget, 3, "poll") == 1
    assert await granted(budget, 40, "question") == 30


async def test_a_minute_and_a_day_are_learned_apart(budget: Budget, clock: FakeClock) -> None:
    assert await granted(budget, 31) == 31
    await budget.block(clock.now + seconds(20))
    clock.tick(20)
    await budget.block(clock.now + seconds(600))
    now_left = await budget.left()
    assert (now_left.others_minute, now_left.others_day) == (30, 900)
    clock.tick(3600)
    now_left = await budget.left()
    assert (now_left.others_minute, now_left.others_day) == (0, 900)


async def test_refused_together_they_teach_it_once(budget: Budget, clock: FakeClock) -> None:
    assert await granted(budget, 30) == 30
    for _ in range(5):
        await budget.block(clock.now + seconds(10))
    assert (await budget.left()).others_minute == 31
    clock.tick(10)
    await granted(budget, 60)
    await budget.block(clock.now + seconds(10))
    assert (await budget.left()).others_minute == 31


@pytest.mark.two_databases
async def test_another_process_and_a_restart_know_it(database_url: str, clock: FakeClock) -> None:
    async with Database(database_url) as first, Database(database_url) as second:
        one, other = Budget(first, clock=clock), Budget(second, clock=clock)
        assert await granted(one, 6) + await granted(other, 5) == 11
        await one.block(clock.now + seconds(5))
        clock.tick(62)
        assert await granted(other, 8) + await granted(one, 8) == 10
        assert (await other.left()).others_minute == 50
    async with Database(database_url) as database:
        again = Budget(database, clock=clock)
        assert await granted(again, 1) == 0
        assert (await again.left()).others_minute == 50
        assert await again.used() == {"test": 21}


async def test_a_lesson_of_a_wrong_clock_is_dropped(budget: Budget, clock: FakeClock) -> None:
    clock.tick(5 * 3600)
    await granted(budget, 10)
    await budget.block(clock.now + seconds(10))
    clock.now = START
    assert (await budget.left()).others_minute == 0
    await budget.block(START + seconds(10))
    assert (await budget.left()).others_minute == 51


async def test_a_lower_limit_set_later_still_leaves_a_tenth(
    database: Database, clock: FakeClock
) -> None:
    await Budget(database, clock=clock).block(clock.now + seconds(10))
    clock.tick(10)
    small = Budget(database, clock=clock, per_minute=20, per_day=100)
    assert await granted(small, 9) == 2
    assert (await small.left()).others_minute == 18
