from __future__ import annotations

import pytest

from bot.rendering import numbers


@pytest.mark.parametrize(
    ("value", "text"), [(2.25, "+2.3"), (-2.9, "-2.9"), (0.04, "0.0"), (-0.04, "0.0"), (0, "0.0")]
)
def test_a_change_that_reads_as_none_has_no_sign(value, text):
    assert numbers.signed_number(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (432, "7 min 12 s"),
        (362, "6 min 02 s"),
        (1560, "26 min"),
        (45, "45 s"),
        (0, "0 s"),
        (3900, "1 h 05 min"),
        (7200, "2 h"),
        (None, "–"),
        (-5, "–"),
        (float("nan"), "–"),
    ],
)
def test_length(seconds, text):
    assert numbers.length(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1585, "26 min"),
        (18720, "5 h 12 min"),
        (0, "0 min"),
        (20, "20 s"),
        (3590, "1 h"),
        (None, "–"),
    ],
)
def test_practice(seconds, text):
    assert numbers.practice(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0%"),
        (0.3, "under 1%"),
        (200 / 3, "67%"),
        (82.5, "83%"),
        (99.999, "over 99%"),
        (100, "100%"),
        (101.5, "100%"),
        (-1, "0%"),
        (float("nan"), "–"),
    ],
)
def test_percent_is_whole_only_if_all_is(value, text):
    assert numbers.percent(value) == text
