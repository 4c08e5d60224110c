from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reports.rows import history
from bot.reports.slips import ENOUGH, LEAST_DROP, slip
from tests.reports.given import WEEK, person, session

ANN = person("ann")
# Scores of attempts at three scenarios, in the period and before.
attempts = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 60)), max_size=9)
EXAMPLES = settings(max_examples=40)


def slipped(now, before, harder=()):
    """The slip of these attempts, each scenario so many points harder than was drawn."""
    points = dict(harder)
    rows = [
        session("ann", at + n / 100, score - points.get(name, 0), name)
        for at, found in ((1, now), (-9, before))
        for n, (name, score) in enumerate(found)
    ]
    ordered = history(rows, WEEK.end)
    return slip(
        ANN,
        [row for row in ordered if row.created_at in WEEK],
        [row for row in ordered if row.created_at not in WEEK],
    )


@EXAMPLES
@given(attempts, attempts)
def test_a_slip_is_of_enough_attempts_and_enough_points(now, before):
    found = slipped(now, before)
    if found is not None:
        assert min(found.n, found.n_before) >= ENOUGH
        assert found.drop >= LEAST_DROP
        assert found.attempts * 2 > found.n or found.scenario == ""


@EXAMPLES
@given(attempts, attempts)
def test_who_slipped_did_not_rise(now, before):
    assert slipped(now, before) is None or slipped(before, now) is None


@EXAMPLES
@given(st.tuples(*[st.integers(-40, 40)] * 3))
def test_how_hard_a_scenario_is_makes_no_difference(points):
    now = [("A", 40), ("A", 45), ("B", 50), ("C", 41), ("C", 40)]
    before = [("A", 60), ("A", 66), ("B", 70), ("B", 61), ("C", 60), ("C", 64)]
    assert slipped(now, before, zip("ABC", points, strict=True)) == slipped(now, before)
    assert slipped(now, before).drop == 19.6


def test_whose_scores_go_up_and_down_anyway_falls_further_before_it_is_a_slip():
    steady, wild = [70, 72, 68, 71, 69, 70], [95, 45, 90, 50, 92, 48]
    now = [("A", 52), ("A", 54), ("A", 50)]
    assert slipped(now, [("A", score) for score in steady]) is not None
    assert slipped(now, [("A", score) for score in wild]) is None
