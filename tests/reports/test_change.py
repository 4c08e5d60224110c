from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.change import Change, as_it_is, change, difference, in_minutes, in_tenths


@pytest.mark.parametrize(
    ("now", "was", "seen", "expected"),
    [
        pytest.param(42, 30, as_it_is, Change("up", 30, 12), id="up 12 from 30"),
        pytest.param(30, 42, as_it_is, Change("down", 42, 12), id="down"),
        pytest.param(7, 7, as_it_is, Change("none", 7, 0), id="no change"),
        pytest.param(3, 0, as_it_is, Change("up", 0, 3), id="from nothing"),
        pytest.param(78.24, 78.21, in_tenths, Change("none", 78.2, 0), id="reads the same"),
        pytest.param(78.25, 76.1, in_tenths, Change("up", 76.1, 2.2), id="halves go up"),
        pytest.param(84.1, 62.1, in_tenths, Change("up", 62.1, 22.0), id="decimals"),
        pytest.param(18_725, 16_195, in_minutes, Change("up", 16_200, 2_520), id="whole minutes"),
        pytest.param(45, 0, in_minutes, Change("up", 0, 45), id="under a minute"),
        pytest.param(125, 119, in_minutes, Change("none", 120, 0), id="same minute"),
    ],
)
def test_a_change_is_that_between_the_numbers_people_read(now, was, seen, expected):
    assert change(now, was, seen) == expected


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_change_leads_from_the_old_to_the_new(now, was):
    found = change(now, was, as_it_is)
    sign = {"up": 1, "down": -1, "none": 0}[found.kind]
    assert found.was + sign * found.by == now
    assert (found.by > 0) == (found.kind != "none")


def test_differences_are_those_of_decimals():
    assert difference(84.1, 62.1) == 22
