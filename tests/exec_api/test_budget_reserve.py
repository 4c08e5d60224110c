"""A third of a day is kept for what is new and due; what is less urgent leaves some to people."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.exec_api.budget import (
    DAY_WINDOW,
    RESERVED,
    Budget,
    urgency_of,
    windows_of,
)
from bot.storage.database import Database
from bot.storage.tables import MILLISECOND
from tests.conftest import START, FakeClock
from tests.exec_api.spending import budget, fill, granted, left, limit_of, seconds

pytestmark = pytest.mark.one_database

__all__ = ["budget"]  # a fixture


# The table


# On a database


@pytest.mark.parametrize(("purpose", "allowed"), [("history", 567), ("question", 667)])
async def test_a_third_of_a_day_is_kept_for_what_is_new_and_due(
    budget: Budget, database: Database, clock: FakeClock, purpose: str, allowed: int
) -> None:
    # One a minute, whatever else they were for.
    await fill(database, [START + seconds(60 * n) for n in range(allowed - 2)], "question")
    clock.tick(60 * allowed)
    assert await granted(budget, 5, purpose) == 2
    limited = await limit_of(budget, purpose)
    until = START + DAY_WINDOW + MILLISECOND
    assert (limited.whose, limited.until) == ("questions", until)
    assert await budget.left() == left(1000 - allowed, 58, 667 - allowed)
    assert await granted(budget, 3, "poll") + await granted(budget, 3, "digest") == 6


# Whatever happens

# What passes between two requests: milliseconds of real time, and how far the clock is put back.
STEPS = st.tuples(
    st.sampled_from([0, 0, 1, 900, 4000, 20_000, 60_000, 61_000, 3_600_000, 30_000_000]),
    st.sampled_from([0, 0, 0, 0, 0, 1, 1500, 4900, 5001, 70_000, 7_200_000]),
)
WORDS = st.sampled_from(["question", "digest", "poll", "history", "no row"])


def in_window(taken: list[datetime], end: datetime, length: timedelta) -> int:
    return sum(end - length <= at <= end for at in taken)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(st.tuples(STEPS, WORDS, st.integers(1, 6)), min_size=5, max_size=25),
    per_minute=st.integers(1, 14),
    per_day=st.integers(1, 40),
)
# A clock put back a little and then far; and one put back twice, with an older request between.
@example(
    steps=[
        ((0, 0), "question", 1),
        ((0, 4900), "question", 1),
        ((0, 70_000), "question", 1),
        ((60_000, 0), "question", 1),
    ],
    per_minute=2,
    per_day=40,
)
@example(
    steps=[
        ((0, 0), "question", 1),
        ((6000, 0), "question", 2),
        ((0, 8000), "question", 1),
        ((0, 78_000), "question", 1),
        ((60_000, 0), "question", 2),
    ],
    per_minute=3,
    per_day=40,
)
def test_no_minute_and_no_day_is_overrun_by_anyone_and_each_keeps_to_its_share(
    sqlite_urls: Callable[[], str],
    steps: list[tuple[tuple[int, int], str, int]],
    per_minute: int,
    per_day: int,
) -> None:
    async def play() -> list[tuple[datetime, str]]:
        real, clock, taken = START, FakeClock(), []
        async with Database(sqlite_urls()) as database:
            account = Budget(database, clock=clock, per_minute=per_minute, per_day=per_day)
            for (passes, put_back), word, tries in steps:
                real += passes * MILLISECOND
                clock.now += (passes - put_back) * MILLISECOND
                taken += [(real, word)] * await granted(account, tries, word)
            # A clock that was put back makes requests younger than they are, perhaps a day.
            used, free = sum((await account.used()).values()), await account.left()
            assert free.day == max(0, per_day - used)
            assert free.questions <= free.day
        return taken

    taken = asyncio.run(play())
    # Also with the margin that is there for what a request takes on its way.
    for number, (at, word) in enumerate(taken):
        before = taken[: number + 1]
        for window in windows_of(urgency_of(word), per_minute=per_minute, per_day=per_day):
            counted = [
                instant
                for instant, booked in before
                if window.whose != "questions" or booked not in RESERVED
            ]
            assert in_window(counted, at, window.length) <= window.limit
