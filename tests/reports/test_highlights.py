"""Which scenarios stand out."""

from __future__ import annotations

import pytest

from bot.reports._figures import Tally
from bot.reports._highlights import ENOUGH_ATTEMPTS, ENOUGH_SESSIONS, highlights_of


def stand_out(*scenarios: tuple[str, int, int, float | None]) -> tuple[str | None, ...]:
    """The most and the least practiced, the strongest and the weakest. Each scenario has a name,
    sessions, people and an average."""
    tallies = {
        name: Tally(
            sessions=n,
            valid=n,
            graded=0 if score is None else n,
            total=round(n * (score or 0) * 1000),
            people=people,
            graded_people=0 if score is None else people,
        )
        for name, n, people, score in scenarios
    }
    found = highlights_of(tallies, {name: name for name in tallies})
    each = (found.most, found.least, found.strongest, found.weakest)
    return tuple(None if one is None else one.name for one in each)


def test_most_and_least_go_by_sessions_and_strongest_and_weakest_by_average() -> None:
    found = stand_out(("A", 14, 3, 60), ("B", 5, 3, 90), ("C", 1, 1, 70))
    assert found == ("A", "C", "B", "A")


def test_too_few_sessions_or_people_name_nothing() -> None:
    assert stand_out(("A", ENOUGH_SESSIONS - 2, 1, None), ("B", 1, 1, None))[:2] == (None, None)
    assert stand_out(("A", ENOUGH_SESSIONS - 1, 1, None), ("B", 1, 1, None))[:2] == ("A", "B")
    big = ("A", 20, 4, 90)
    assert stand_out(big, ("B", ENOUGH_ATTEMPTS - 1, 4, 10))[3] is None
    assert stand_out(big, ("B", ENOUGH_ATTEMPTS, 2, 10))[3] is None
    assert stand_out(big, ("B", ENOUGH_ATTEMPTS, 3, 10))[3] == "B"


def test_nothing_stands_out_alone_or_among_equals() -> None:
    assert stand_out(("A", 20, 4, 90)) == (None,) * 4
    assert stand_out(("B", 6, 4, 90), ("A", 6, 4, 90)) == (None,) * 4
    assert stand_out(("A", 20, 4, 90.04), ("B", 6, 4, 90))[2:] == (None, None)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param(60, ("A", "B"), id="in between"),
        pytest.param(99, (None, "B"), id="the highest is below the average"),
        pytest.param(10, ("A", None), id="the lowest is above the average"),
    ],
)
def test_no_superlative_contradicts_the_average_of_all(
    others: float, expected: tuple[str | None, ...]
) -> None:
    """Few people may have many sessions of another scenario."""
    assert stand_out(("A", 6, 3, 64.7), ("B", 6, 3, 58), ("C", 30, 1, others))[2:] == expected
