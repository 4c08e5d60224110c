"""What is said of people who do not change, and of people who do: rates, with margins."""

from __future__ import annotations

import pytest

from tests.reports.no_change import PEOPLE, WEEKS, WORLDS, alerted, measure

FEW, MANY = 3, 6  # attempts a week


@pytest.mark.parametrize("per_week", [FEW, MANY])
def test_of_people_who_do_not_change_hardly_any_is_said_to(per_week: int) -> None:
    rates = measure(1, per_week)
    assert rates.looks == WORLDS * PEOPLE * WEEKS
    assert rates.share(rates.improving) <= 0.04
    assert rates.share(rates.slipping) <= 0.04


@pytest.mark.parametrize(("per_week", "power"), [(FEW, 0.17), (MANY, 0.28)])
def test_of_those_who_gain_or_drop_ten_points_many_are_and_hardly_any_the_wrong_way(
    per_week: int, power: float
) -> None:
    up, down = measure(1, per_week, change=10), measure(1, per_week, change=-10)
    assert min(up.share(up.improving), down.share(down.slipping)) >= power
    assert max(up.share(up.slipping), down.share(down.improving)) <= 0.01


@pytest.mark.parametrize(
    ("per_week", "above", "once", "twice"),
    [(FEW, 2, 0.8, 0.25), (MANY, 2, 0.8, 0.2), (FEW, 10, 0.05, 0)],
)
def test_an_alert_seldom_tells_twice_of_who_is_not_below(
    per_week: int, above: float, once: float, twice: float
) -> None:
    counts = alerted(1, per_week, above)
    assert sum(count > 0 for count in counts) <= once * PEOPLE
    assert sum(count > 1 for count in counts) <= twice * PEOPLE


def test_an_alert_tells_once_of_whoever_is_below() -> None:
    assert alerted(1, FEW, -10) == [1] * PEOPLE
