from __future__ import annotations

import pytest

from bot.reports.highlights import ENOUGH_ATTEMPTS, ENOUGH_SESSIONS, scenarios
from bot.reports.rows import history
from tests.reports.given import WEEK, session


def stand_out(*groups):
    """Each group is (scenario, sessions, people, score)."""
    rows = [
        session(f"p{n % people}", n / 100, score, name)
        for name, sessions, people, score in groups
        for n in range(sessions)
    ]
    found = scenarios(history(rows, WEEK.end))
    each = (found.most, found.least, found.strongest, found.weakest)
    return tuple(one and one.name for one in each)


def test_most_and_least_go_by_sessions_and_strongest_and_weakest_by_average():
    found = stand_out(("A", 14, 3, 60), ("B", 5, 3, 90), ("C", 1, 1, 70))
    assert found == ("A", "C", "B", "A")


def test_too_few_sessions_name_nothing():
    assert stand_out(("A", ENOUGH_SESSIONS - 2, 1, None), ("B", 1, 1, None))[:2] == (None, None)
    assert stand_out(("A", ENOUGH_SESSIONS - 1, 1, None), ("B", 1, 1, None))[:2] == ("A", "B")


def test_the_average_of_few_attempts_or_few_people_is_not_told():
    big = ("A", 20, 4, 90)
    assert stand_out(big, ("B", ENOUGH_ATTEMPTS - 1, 4, 10))[3] is None
    assert stand_out(big, ("B", ENOUGH_ATTEMPTS, 2, 10))[3] is None
    assert stand_out(big, ("B", ENOUGH_ATTEMPTS, 3, 10))[3] == "B"


def test_nothing_stands_out_alone_or_among_equals():
    assert stand_out(("A", 20, 4, 90)) == (None,) * 4
    assert stand_out(("B", 6, 4, 90), ("A", 6, 4, 90)) == (None,) * 4
    assert stand_out(("A", 20, 4, 90.04), ("B", 6, 4, 90))[2:] == (None, None)


@pytest.mark.parametrize(
    ("others", "stand"),
    [
        pytest.param(60, ("A", "B"), id="in between"),
        pytest.param(99, (None, "B"), id="the highest is below the average"),
        pytest.param(10, ("A", None), id="the lowest is above the average"),
    ],
)
def test_no_superlative_contradicts_the_average_of_all(others, stand):
    """There may be many attempts at scenarios that few people tried."""
    assert stand_out(("A", 6, 3, 64.7), ("B", 6, 3, 58), ("C", 30, 1, others))[2:] == stand
