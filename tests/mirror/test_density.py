"""What is expected of an interval, from what is held: an estimate, but of the right size."""

from __future__ import annotations

import pytest

from bot.mirror.coverage import DAY, HOUR
from bot.mirror.planning import Density
from bot.mirror.scope import ALL, Scope

NOW = 700 * DAY
JANE = Scope(users=frozenset({"jane"}))


def test_the_pace_of_what_is_held_is_what_is_expected() -> None:
    density = Density.of(480, 2 * DAY, total=100_000, now=NOW)
    assert density(ALL, NOW - HOUR, NOW) == pytest.approx(10)
    assert density(ALL, NOW - 7 * DAY, NOW) == pytest.approx(1680)
    assert density(ALL, NOW, NOW - HOUR) == 0


def test_a_scope_has_its_share() -> None:
    density = Density(8 / HOUR, share=0.25)
    assert density(ALL, 0, 10 * HOUR) == pytest.approx(80)
    assert density(JANE, 0, 10 * HOUR) == pytest.approx(20)


def test_the_total_tells_how_far_back_they_go() -> None:
    density = Density.of(1680, 7 * DAY, total=3360, now=NOW)
    assert density(ALL, 0, NOW) == pytest.approx(3360)
    assert density(ALL, 0, NOW - 14 * DAY) == 0


@pytest.mark.parametrize(("rows", "length"), [(0, 0), (0, DAY)])
@pytest.mark.parametrize("total", [None, 0, 500])
def test_before_anything_is_known_all_of_the_past_costs_something_finite(
    rows: int, length: int, total: int | None
) -> None:
    density = Density.of(rows, length, total=total, now=NOW)
    assert 0 <= density(ALL, 0, NOW) <= max(500, 2 * 24 * 365) + 1
