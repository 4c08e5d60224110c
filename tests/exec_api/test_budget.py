"""The account of requests: the pure core against a brute-force model, and both databases."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import Limited
from bot.exec_api.budget import (
    Budget,
    RequestWindow,
    refusal,
)
from bot.storage.database import Database
from bot.storage.tables import MILLISECOND
from tests.conftest import START, FakeClock
from tests.exec_api.spending import budget, fill, granted, left, limit_of, seconds

pytestmark = pytest.mark.one_database

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
