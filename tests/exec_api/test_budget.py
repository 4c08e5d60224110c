"""The account of requests: the pure core against a brute-force model, and both databases."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import Limited
from bot.exec_api.budget import (
    DAY,
    DAY_WINDOW,
    MINUTE_WINDOW,
    Budget,
    RequestWindow,
    refusal,
)
from bot.sandbox.exec_server import Limits
from bot.storage.database import Database
from bot.storage.keeping import KEEP, forget_old
from bot.storage.tables import MILLISECOND, budget_request
from tests.conftest import START, FakeClock
from tests.exec_api.spending import budget, fill, granted, left, limit_of, seconds

pytestmark = pytest.mark.one_database
KEPT = KEEP[budget_request.c.at]

__all__ = ["budget"]  # a fixture


# The pure core


def decide(
    now: datetime, taken: list[datetime], windows: tuple[RequestWindow, ...]
) -> Limited | None:
    newest_first = sorted(taken, reverse=True)
    nths = [
        newest_first[window.limit - 1] if len(newest_first) >= window.limit else None
        for window in windows
    ]
    return refusal(now, zip(windows, nths, strict=True), None)


def fits(moment: datetime, taken: list[datetime], windows: tuple[RequestWindow, ...]) -> bool:
    """The model: count what would be in the window that ends with the new request."""
    return all(
        sum(moment - window.length <= each for each in taken) < window.limit for window in windows
    )


def most_in_any_window(taken: list[datetime], length: timedelta) -> int:
    return max(
        (sum(start <= each <= start + length for each in taken) for start in taken), default=0
    )


@settings(max_examples=80)
@given(
    steps=st.lists(st.sampled_from([0, 1, 1, 500, 900, 1000, 1001, 2500, 7000]), max_size=60),
    per_short=st.integers(1, 4),
    per_long=st.integers(1, 9),
)
def test_no_window_is_ever_overrun_and_until_is_the_earliest_moment(
    steps: list[int], per_short: int, per_long: int
) -> None:
    windows = (
        RequestWindow("minute", seconds(1), per_short),
        RequestWindow("day", seconds(6), per_long),
    )
    now, taken = START, []
    for step in steps:
        now += step * MILLISECOND
        limited = decide(now, taken, windows)
        assert (limited is None) == fits(now, taken, windows)
        if limited is None:
            taken.append(now)
        else:
            assert limited.until > now
            assert fits(limited.until, taken, windows)
            assert not fits(limited.until - MILLISECOND, taken, windows)
    for window in windows:
        assert most_in_any_window(taken, window.length) <= window.limit


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
    windows = (
        RequestWindow("minute", MINUTE_WINDOW, per_minute),
        RequestWindow("day", DAY_WINDOW, per_day),
    )
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


async def test_sixty_in_a_minute_and_the_next_when_the_first_is_a_minute_old(
    budget: Budget, clock: FakeClock
) -> None:
    await budget.take("first")
    clock.tick(10)
    assert await granted(budget, 70) == 59
    limited = await limit_of(budget)
    assert (limited.whose, limited.until) == ("minute", START + seconds(61) + MILLISECOND)
    clock.now = limited.until - MILLISECOND
    assert (await limit_of(budget)).until == limited.until
    clock.now = limited.until
    assert await granted(budget, 70) == 1


async def test_a_restart_after_600_still_knows_what_is_left(
    database_url: str, clock: FakeClock
) -> None:
    async with Database(database_url) as database:
        await fill(database, [START + seconds(n / 10) for n in range(560)])
        clock.tick(200)
        assert await granted(Budget(database, clock=clock), 70) == 60
        clock.tick(62)
    async with Database(database_url) as database:
        again = Budget(database, clock=clock)
        assert await again.left() == left(day=380, minute=60, questions=47)
        assert await again.used() == {"before": 560, "test": 60}
        assert await granted(again, 60) == 47
        assert await again.left() == left(day=333, minute=13, questions=0)
        assert await again.used() == {"before": 560, "test": 107}


@pytest.mark.two_databases
async def test_used_counts_the_day_by_purpose(
    budget: Budget, database: Database, clock: FakeClock
) -> None:
    assert await budget.used() == {}
    await granted(budget, 2, "poll")
    clock.tick(3600)
    await granted(budget, 3, "question")
    await granted(budget, 2, "names")
    assert list((await budget.used()).items()) == [("question", 3), ("names", 2), ("poll", 2)]
    clock.now = START + DAY_WINDOW + MILLISECOND
    assert await budget.used() == {"question": 3, "names": 2}
    assert (await budget.left()).day == 995


@pytest.mark.two_databases
async def test_used_tells_of_an_earlier_day_too(budget: Budget, clock: FakeClock) -> None:
    await granted(budget, 2, "poll")
    clock.tick(6 * 3600)
    await granted(budget, 3, "question")
    assert await budget.used(ago=timedelta(hours=5)) == {"poll": 2}
    clock.tick(25 * 3600)
    assert await budget.used() == {}
    assert await budget.used(ago=timedelta(hours=3)) == {"question": 3}
    # What another process's clock puts into the future counts as the newest.
    clock.now -= timedelta(hours=26)
    assert await budget.used() == {"question": 3, "poll": 2}


@pytest.mark.two_databases
async def test_a_block_holds_for_every_process(
    budget: Budget, database_url: str, clock: FakeClock
) -> None:
    until = START + seconds(30)
    await budget.block(until)
    async with Database(database_url) as second:
        other = Budget(second, clock=clock)
        limited = await limit_of(other)
        assert (limited.whose, limited.until) == ("exec", until)
        assert (await other.left()).blocked_until == until
        clock.now = until
        assert (await other.left()).blocked_until is None
        await other.take("test")


async def test_a_shorter_block_does_not_end_a_longer_one(budget: Budget, clock: FakeClock) -> None:
    await budget.block(START + seconds(300))
    await budget.block(START + seconds(5))
    assert (await limit_of(budget)).until == START + seconds(300)


async def test_a_block_lasts_a_day_at_most(budget: Budget) -> None:
    await budget.block(START + timedelta(days=4000))
    assert (await limit_of(budget)).until == START + DAY


async def test_an_unforeseen_refusal_is_heeded_as_long_as_it_says(
    budget: Budget, clock: FakeClock
) -> None:
    """Somebody else uses the key: what they take is not guessed."""
    assert await granted(budget, 21) == 21
    await budget.block(START + seconds(30))
    assert await budget.left() == left(979, 39, 646, START + seconds(30))
    clock.now = START + seconds(30) - MILLISECOND
    assert (await limit_of(budget, "question")).until == START + seconds(30)
    clock.now = START + seconds(30)
    assert await granted(budget, 60) == 39


@pytest.mark.two_databases
async def test_old_rows_are_forgotten_and_no_window_misses_them(
    budget: Budget, database: Database, clock: FakeClock
) -> None:
    old = [START - KEPT - MILLISECOND, START - KEPT, START - DAY_WINDOW - MILLISECOND]
    await fill(database, [*old, START - DAY_WINDOW, START - seconds(1)])
    before = await budget.left()
    await forget_old(database, clock(), timedelta(days=400))
    assert await budget.left() == before == left(day=998, minute=59, questions=665)
    async with database.transaction(reads=True) as connection:
        assert len((await connection.execute(budget_request.select())).all()) == 4


async def test_a_clock_that_jumps_ahead_waits_for_nothing(budget: Budget, clock: FakeClock) -> None:
    await granted(budget, 60)
    await budget.block(START + seconds(300))
    clock.tick(400 * 24 * 3600)
    assert await granted(budget, 70) == 60


@pytest.mark.two_databases
async def test_many_at_once_on_two_connections_never_go_over(
    budget: Budget, database_url: str, clock: FakeClock
) -> None:
    async with Database(database_url) as second:
        other = Budget(second, clock=clock)
        counts = await asyncio.gather(
            *(granted(each, 12) for each in [budget, other] * 4),
        )
    assert sum(counts) == 60
