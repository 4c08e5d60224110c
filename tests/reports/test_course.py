"""People who improve or slip: one rule for both directions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.query import Member
from bot.reports._figures import Tally
from bot.reports.course import (
    ENOUGH,
    LEAST_MOVE,
    Course,
    Pair,
    course_of,
    courses,
    is_luck,
)
from tests.reports.company import DAY, MONDAY, Company

ANN = Member("ann", "ann@acme.com", "Ann")
# Attempts at three scenarios, with their scores.
Attempts = Iterable[tuple[str, float]]
ATTEMPTS = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 60)), max_size=9)
few = settings(max_examples=40)


def scores(*points: float) -> Tally:
    exact = [round(point * 1000) for point in points]
    return Tally(graded=len(exact), total=sum(exact), squares=sum(score * score for score in exact))


def pairs(now: Attempts, before: Attempts) -> list[Pair]:
    """The scenarios of both sides."""
    sides: list[dict[str, list[float]]] = [defaultdict(list), defaultdict(list)]
    for side, attempts in zip(sides, (now, before), strict=True):
        for name, score in attempts:
            side[name].append(score)
    both = sorted(sides[0].keys() & sides[1].keys())
    return [Pair(name, *(scores(*side[name]) for side in sides)) for name in both]


def moved(now: Attempts, before: Attempts) -> Course | None:
    return course_of(ANN, pairs(now, before))


def on(name: str, *points: float) -> list[tuple[str, float]]:
    return [(name, point) for point in points]


@few
@given(ATTEMPTS, ATTEMPTS)
def test_it_is_the_same_up_and_down(now: Attempts, before: Attempts) -> None:
    course, back = moved(now, before), moved(before, now)
    assert (course and course.by) == (back and -back.by)
    if course is not None:
        assert min(course.n, course.n_before) >= ENOUGH
        assert abs(course.by) >= LEAST_MOVE


@few
@given(st.tuples(*[st.integers(-40, 40)] * 3))
def test_how_hard_a_scenario_is_makes_no_difference(harder: tuple[int, ...]) -> None:
    points = dict(zip("ABC", harder, strict=True))
    now = [*on("A", 40, 45), *on("B", 50), *on("C", 41, 40)]
    before = [*on("A", 60, 66), *on("B", 70, 61), *on("C", 60, 64)]
    sides = ([(name, score + points[name]) for name, score in side] for side in (now, before))
    course = moved(*sides)
    assert course is not None
    assert course == moved(now, before)
    assert (course.by, course.n, course.n_before, course.scenario) == (Decimal("-19.6"), 5, 6, "")


@pytest.mark.parametrize(
    ("last", "by"),
    [(56.25, "6.3"), (56.2, "6.2"), (56.35, "6.4"), (54.95, "5.0"), (54.94, None)],
)
def test_a_move_is_rounded_half_up_once(last: float, by: str | None) -> None:
    """As a float, 6.25 was rounded to 6.2."""
    for sign in (1, -1):
        course = moved(on("A", *[50 + sign * (last - 50)] * 25), on("A", *[50] * 25))
        assert (course and course.by) == (by and sign * Decimal(by))


def test_means_that_differ_by_two_standard_errors_are_no_luck() -> None:
    """Three equal scores on both sides: the spread is √(6 · 144 / 10), two standard errors are
    15.179."""
    cells, variance = [scores(60, 60, 60), scores(75, 75, 75)], Fraction(2, 3)
    assert is_luck(Decimal("-15.17"), variance, cells)
    assert not is_luck(Decimal("-15.18"), variance, cells)


def test_scores_that_vary_need_a_larger_move() -> None:
    now = on("A", 52, 54, 50)
    steady = moved(now, on("A", 70, 72, 68, 71, 69, 70))
    assert steady is not None
    assert steady.scenario == "A"
    assert moved(now, on("A", 95, 45, 90, 50, 92, 48)) is None


async def test_it_is_four_weeks_against_the_four_before(company: Company) -> None:
    company.hire("ann", "ben")
    company.sessions("ann", {55: 80, 30: 80, 29: 80, 27: 60, 14: 60, 1: 60})
    company.sessions("ann", dict.fromkeys((-0.1, -0.2, -0.3, 57, 58, 59), 99))
    company.session("ann", 2, 10, valid=False)
    for known_days, expected in ((400, ["-20.0"]), (56, ["-20.0"]), (55.9, [])):
        with company.known(since=MONDAY - known_days * DAY):
            q = company.prepared()
        assert [str(x.by) for x in await courses(q, company.people) or ()] == expected
