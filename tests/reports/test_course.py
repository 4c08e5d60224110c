from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reports.course import ENOUGH, LEAST_MOVE, course, courses
from bot.reports.rows import history
from tests.reports.given import WEEK, ZONE, days, person, session

ANN = person("ann")
# Scores of attempts at three scenarios, in the period and before.
attempts = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 60)), max_size=9)
EXAMPLES = settings(max_examples=40)


def moved(now, before, harder=()):
    """The course of these attempts, each scenario so many points harder than was drawn."""
    points = dict(harder)
    rows = [
        session("ann", at + n / 100, score - points.get(name, 0), name)
        for at, found in ((1, now), (-9, before))
        for n, (name, score) in enumerate(found)
    ]
    ordered = history(rows, WEEK.end)
    return course(
        ANN,
        [row for row in ordered if row.created_at in WEEK],
        [row for row in ordered if row.created_at not in WEEK],
    )


@EXAMPLES
@given(attempts, attempts)
def test_a_course_is_of_enough_attempts_and_enough_points_and_the_same_up_and_down(now, before):
    found, back = moved(now, before), moved(before, now)
    assert (found and found.by) == (back and -back.by)
    if found is not None:
        assert min(found.n, found.n_before) >= ENOUGH
        assert found.points >= LEAST_MOVE
        assert found.attempts * 2 > found.n or found.scenario == ""


@EXAMPLES
@given(st.tuples(*[st.integers(-40, 40)] * 3))
def test_how_hard_a_scenario_is_makes_no_difference(points):
    now = [("A", 40), ("A", 45), ("B", 50), ("C", 41), ("C", 40)]
    before = [("A", 60), ("A", 66), ("B", 70), ("B", 61), ("C", 60), ("C", 64)]
    assert moved(now, before, zip("ABC", points, strict=True)) == moved(now, before)
    assert moved(now, before).by == -19.6


def test_whose_scores_go_up_and_down_anyway_falls_further_before_it_is_a_slip():
    steady, wild = [70, 72, 68, 71, 69, 70], [95, 45, 90, 50, 92, 48]
    now = [("A", 52), ("A", 54), ("A", 50)]
    assert moved(now, [("A", score) for score in steady]) is not None
    assert moved(now, [("A", score) for score in wild]) is None


@pytest.mark.parametrize(
    ("since", "found"),
    [(None, [-20.0]), (days(-49), [-20.0]), (days(-48.9), [])],
    ids=["all is known", "the eight weeks are", "less is known"],
)
def test_it_is_four_weeks_against_the_four_before_all_of_them_known(since, found):
    rows = [session("ann", at, score) for at, score in ((-48, 80), (-22, 80), (-20, 60), (6, 60))]
    rows = [*rows, *(session("ann", at, score) for at, score in ((-30, 80), (-1, 60)))]
    rows += [session("ann", at, 99) for at in (-50, -51, -52, 8, 9, 10)]
    held = {"ann": history(rows, days(20))}
    assert [each.by for each in courses(held, {"ann": ANN}, WEEK.end, ZONE, since)] == found
