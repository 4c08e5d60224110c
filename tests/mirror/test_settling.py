"""Sessions are looked at again until they are graded, for a few requests per hundred."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mirror.coverage import DAY, HOUR, MINUTE
from bot.mirror.scope import ALL
from bot.mirror.settling import (
    CHECKPOINTS,
    SETTLED_AGE,
    Counted,
    Unsettled,
    latest,
    looks,
)
from bot.mirror.walking import PAGE_SIZE, Fetch
from tests.mirror.model import checked, counted

NOW = 100 * DAY


@pytest.mark.parametrize(
    ("looked_at", "until"),
    [
        (0, 15 * MINUTE),
        (2 * MINUTE - 1, 15 * MINUTE),
        (2 * MINUTE, HOUR),
        (20 * MINUTE, 4 * HOUR),
        (4 * HOUR - 1, DAY),
    ],
)
def test_when_a_session_is_looked_at_next(looked_at, until):
    session = Unsettled(NOW, NOW + looked_at)
    assert latest(session) == NOW + until
    assert not looks([session], now=NOW + until - 1, count=counted([NOW]))
    assert looks([session], now=NOW + until, count=counted([NOW]))


def test_after_hours_a_session_is_looked_at_with_all_others():
    assert latest(Unsettled(NOW, NOW + 4 * HOUR)) is None


def test_the_newest_page_reaches_up_to_now_where_it_can():
    created = sorted(NOW - each * MINUTE for each in range(20, 400, 4))
    assert len(created) < PAGE_SIZE
    sessions = [Unsettled(each, each) for each in created]
    (page,) = looks(sessions, now=NOW, count=counted(created))
    assert page == Fetch(ALL, created[0], None, True, 1)


def test_a_page_begins_with_the_session_that_cannot_wait_and_takes_newer_ones_along():
    created = [NOW - each * MINUTE for each in range(200, 0, -1)]
    (page,) = looks([Unsettled(created[0], created[0])], now=NOW, count=counted(created))
    assert page == Fetch(ALL, created[0], created[99], True, 1)


@checked
@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=9, unique=True).map(sorted),
    st.sets(st.integers(0, 30), max_size=12),
)
def test_as_few_pages_as_possible(unsettled, settled):
    """Against every way to cut the sessions into pages; here a page holds four."""
    created = sorted({*unsettled, *settled})
    count = counted(created)
    now = 31 + 15 * MINUTE
    found = looks(
        [Unsettled(each, each + 1) for each in unsettled], now=now, count=count, page_size=4
    )
    assert all(any(f.start <= u < (f.end or now) for f in found) for u in unsettled)

    def cost(cuts: tuple[int, ...]) -> int:
        edges = [0, *cuts, len(unsettled)]
        groups = [unsettled[low:high] for low, high in pairwise(edges)]
        return sum(max(1, -int(-count(group[0], group[-1] + 1) // 3)) for group in groups)

    all_cuts = (
        cuts for n in range(len(unsettled)) for cuts in combinations(range(1, len(unsettled)), n)
    )
    assert sum(each.requests for each in found) == min(map(cost, all_cuts))
    assert [each.start for each in found] == sorted((f.start for f in found), reverse=True)


@dataclass
class Day:
    """Sessions as they are created and graded, polled now and then and looked at as they age."""

    created: list[int]
    graded: list[int | None]
    polls_every: int = 10 * MINUTE
    as_of: dict[int, int] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)
    open: set[int] = field(default_factory=set)
    polls: int = 0
    looks: int = 0

    def live(self, until: int, every: int = MINUTE) -> None:
        """Poll and look, minute by minute."""
        held = 0
        for now in range(self.created[0] + every, until, every):
            held = bisect_left(self.created, now)
            if now % self.polls_every < every:
                newest = max(0, held - (PAGE_SIZE - 1))
                self.polls += self.read(min([newest, len(self.as_of)]), held, now)
            unsettled = [Unsettled(self.created[i], self.as_of[i]) for i in sorted(self.open)]
            known = counted(self.created, len(self.as_of)) if unsettled else counted([])
            for fetch in looks(unsettled, now=now, count=known):
                end = held if fetch.end is None else bisect_left(self.created, fetch.end)
                self.looks += self.read(bisect_left(self.created, fetch.start), end, now)

    def read(self, low: int, high: int, now: int) -> int:
        """Full pages down to a session; what they cost."""
        pages = max(1, -(-(high - low) // (PAGE_SIZE - 1)))
        for i in range(max(0, high - pages * (PAGE_SIZE - 1)), high):
            self.as_of[i] = now
            graded = self.graded[i]
            if graded is not None and graded <= now:
                self.seen.setdefault(i, now)
                self.open.discard(i)
            else:
                self.open.add(i)
        return pages


def latest_visibility(created: int, graded: int) -> int:
    """By when a grade must have been seen: two checkpoints on."""
    ages = (*CHECKPOINTS, SETTLED_AGE, SETTLED_AGE)
    return created + ages[bisect_right(CHECKPOINTS, graded - created) + 1]


@checked
@given(
    st.lists(
        st.tuples(
            st.integers(0, 6 * HOUR),
            st.integers(0, 4 * HOUR) | st.integers(0, 20 * MINUTE) | st.none(),
        ),
        min_size=1,
        max_size=30,
    ),
)
def test_whoever_is_graded_within_hours_is_seen_graded(sessions):
    sessions = sorted(sessions, key=lambda session: session[0])
    created = [NOW + moment for moment, _ in sessions]
    graded = [later if later is None else NOW + moment + later for moment, later in sessions]
    day = Day(created, graded, polls_every=HOUR)
    step = 20 * MINUTE
    day.live(created[-1] + 2 * DAY + 3 * step, every=step)
    for i, moment in enumerate(graded):
        if moment is not None:
            assert (
                day.seen[i] <= max(latest_visibility(created[i], moment), created[i] + HOUR) + step
            )
    # Who was not graded is left in peace two days later.
    sessions_left = [Unsettled(created[i], day.as_of[i]) for i in day.open]
    assert all(latest(each) is None for each in sessions_left)
    assert looks(sessions_left, now=NOW + 99 * DAY, count=counted(created)) == ()


def company(days: int, per_day: int) -> Day:
    """Practice in ten hours a day; most graded in minutes, some in hours, some never."""
    chance = random.Random(7)
    hours = 10 * HOUR
    created = sorted(
        NOW + day * DAY + 8 * HOUR + chance.randrange(hours)
        for day in range(days)
        for _ in range(per_day)
    )
    graded: list[int | None] = []
    for start in created:
        kind = chance.random()
        after = chance.uniform(1, 8) * MINUTE if kind < 0.9 else chance.uniform(0, 4 * HOUR)
        graded.append(None if kind > 0.97 else start + int(after))
    return Day(created, graded)


@pytest.mark.parametrize(("per_day", "per_hundred"), [(2900, 3.5), (600, 2)])
def test_a_few_requests_per_hundred_sessions(per_day, per_hundred):
    day = company(2, per_day)
    day.live(day.created[-1] + 2 * DAY + 2 * MINUTE)
    assert all(i in day.seen for i, graded in enumerate(day.graded) if graded is not None)
    assert 100 * day.looks / len(day.created) <= per_hundred


def test_where_nobody_polls_looks_are_few_in_an_hour():
    day = replace(company(3, 60), polls_every=DAY)
    day.live(day.created[-1] + 2 * DAY + 2 * MINUTE)
    hours_of_practice = 3 * 10
    assert day.looks <= 5 * hours_of_practice


@given(st.lists(st.integers(0, 50), max_size=40), st.integers(0, 60), st.integers(0, 60))
@checked
def test_counted(instants, start, end):
    start, end = min(start, end), max(start, end)
    count = Counted(sorted(instants))
    assert count(start, end) == sum(start <= each < end for each in instants)
