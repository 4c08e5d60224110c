"""What is expected of an interval, from what is held: an estimate, but of the right size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mirror.coverage import Coverage, Piece
from bot.mirror.density import HOUR, UNSEEN_SHARE, WEEK, Counted, Density, density_of
from bot.mirror.scope import ALL, Scope
from tests.mirror.model import checked

NOW = 100 * WEEK
JANE = Scope(users=frozenset({"jane"}))


def hourly(rate: int, start: int, end: int) -> dict[int, int]:
    return dict.fromkeys(range(start // HOUR, end // HOUR), rate)


def covered(start: int, end: int) -> Coverage:
    return Coverage((Piece(start, end, NOW),))


@given(
    st.lists(st.integers(0, 60), min_size=168, max_size=168),
    st.lists(st.integers(0, 3 * WEEK), min_size=3, max_size=3),
)
def test_intervals_add_up(rates, edges):
    density = Density(tuple(map(float, rates)), {})
    start, middle, end = sorted(edges)
    whole = density(ALL, start, end)
    assert density(ALL, start, middle) + density(ALL, middle, end) == pytest.approx(whole)
    assert density(ALL, start, start + WEEK) == pytest.approx(sum(rates))


@pytest.mark.parametrize(
    ("scope", "share"), [(ALL, 1.0), (JANE, 0.25), (Scope(system=False), UNSEEN_SHARE)]
)
def test_a_scope_has_its_share(scope: Scope, share: float) -> None:
    density = Density((8.0,) * 168, {JANE: 0.25})
    assert density(scope, 0, 10 * HOUR) == pytest.approx(80 * share)


def test_nothing_is_expected_from_before_the_beginning_or_backwards() -> None:
    density = Density((8.0,) * 168, {}, begins=5 * HOUR)
    assert density(ALL, 0, 5 * HOUR) == 0
    assert density(ALL, 0, 6 * HOUR) == pytest.approx(8)
    assert density(ALL, 9 * HOUR, 6 * HOUR) == 0


def test_the_pace_of_the_hours_held_is_what_is_expected() -> None:
    start = NOW - 2 * WEEK
    counts = {hour: 30 if hour % 24 == 9 else 1 for hour in range(start // HOUR, NOW // HOUR)}
    density = density_of(counts, covered(start, NOW), {}, now=NOW, total=100_000)
    nine = NOW - NOW % (24 * HOUR) - 24 * HOUR + 9 * HOUR
    assert density(ALL, nine, nine + HOUR) == pytest.approx(30)
    assert density(ALL, nine + HOUR, nine + 2 * HOUR) == pytest.approx(1)


def test_hours_held_in_part_do_not_count() -> None:
    counts = hourly(10, NOW - WEEK, NOW) | {NOW // HOUR - 200: 1}
    pieces = (
        Piece(NOW - 200 * HOUR + 1, NOW - 199 * HOUR - 1, NOW),  # no hour from end to end
        Piece(NOW - WEEK, NOW, NOW),
    )
    density = density_of(counts, Coverage(pieces), {}, now=NOW, total=None)
    assert density(ALL, NOW - WEEK, NOW) == pytest.approx(1680)


def test_pieces_that_touch_inside_an_hour_hold_it_together() -> None:
    half = NOW - HOUR // 2
    pieces = (Piece(NOW - 2 * HOUR, half, NOW - 5), Piece(half, NOW, NOW))
    counts = {NOW // HOUR - 1: 7, NOW // HOUR - 2: 3}
    density = density_of(counts, Coverage(pieces), {}, now=NOW, total=None)
    assert density(ALL, NOW - HOUR, NOW) == pytest.approx(7)
    assert density(ALL, NOW - 2 * HOUR, NOW - HOUR) == pytest.approx(3)


def test_before_an_hour_is_held_its_pace_is_that_of_what_is() -> None:
    piece = covered(NOW - HOUR // 4, NOW)
    density = density_of({NOW // HOUR - 1: 25}, piece, {}, now=NOW, total=None)
    assert density(ALL, NOW - HOUR, NOW) == pytest.approx(100)


def test_the_total_tells_how_far_back_they_go() -> None:
    counts = hourly(10, NOW - WEEK, NOW)
    density = density_of(counts, covered(NOW - WEEK, NOW), {}, now=NOW, total=3360)
    assert density(ALL, 0, NOW) == pytest.approx(3360)
    assert density(ALL, 0, NOW - 2 * WEEK) == 0


@given(st.lists(st.integers(0, 50), max_size=40), st.integers(0, 60), st.integers(0, 60))
@checked
def test_counted(instants, start, end):
    start, end = min(start, end), max(start, end)
    count = Counted(sorted(instants))
    assert count(start, end) == sum(start <= each < end for each in instants)
