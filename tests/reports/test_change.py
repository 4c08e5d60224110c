from __future__ import annotations

import pytest

from bot.reports.change import Change, as_it_is, change, in_minutes, in_tenths


@pytest.mark.parametrize(
    ("now", "was", "seen", "expected"),
    [
        pytest.param(42, 30, as_it_is, Change("up", 30, 12), id="up 12 from 30"),
        pytest.param(7, 7, as_it_is, Change("none", 7, 0), id="no change"),
        pytest.param(78.24, 78.21, in_tenths, Change("none", 78.2, 0), id="reads the same"),
        pytest.param(78.25, 76.1, in_tenths, Change("up", 76.1, 2.2), id="halves go up"),
        pytest.param(84.1, 62.1, in_tenths, Change("up", 62.1, 22.0), id="decimals"),
        pytest.param(18_725, 16_195, in_minutes, Change("up", 16_200, 2_520), id="whole minutes"),
    ],
)
def test_a_change_is_that_between_the_numbers_people_read(now, was, seen, expected):
    assert change(now, was, seen) == expected
