from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.rendering import numbers

AT = datetime(2026, 3, 19, 15, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [(94.5, "94.5"), (91.0, "91"), (90.04, "90"), (92.25, "92.3"), (None, "–"), (0, "0")],
)
def test_score(value, text):
    assert numbers.score(value) == text


@pytest.mark.parametrize(("value", "text"), [(92, "92.0"), (82.15, "82.2"), (None, "–")])
def test_average(value, text):
    assert numbers.average(value) == text


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
    [(1585, "26 min"), (18720, "5 h 12 min"), (0, "0 min"), (20, "20 s"), (3590, "1 h")],
)
def test_practice(seconds, text):
    assert numbers.practice(seconds) == text


@pytest.mark.parametrize(
    ("zone", "as_of", "text"),
    [
        ("Europe/Berlin", AT, "Thu 19 Mar 16:42"),
        ("Asia/Kolkata", AT, "Thu 19 Mar 21:12"),
        ("No/Where", AT, "Thu 19 Mar 15:42"),
        ("UTC", datetime(2027, 1, 1, tzinfo=UTC), "Thu 19 Mar 2026 15:42"),
    ],
)
def test_moment(zone, as_of, text):
    assert numbers.moment(AT, zone, as_of) == text


def test_moments_at_the_ends_of_time_are_still_written():
    assert numbers.moment(datetime.max.replace(tzinfo=UTC), "Asia/Tokyo") == "Fri 31 Dec 23:59"


@pytest.mark.parametrize(
    ("n", "text"), [(0, "0 sessions"), (1, "1 session"), (1204, "1,204 sessions")]
)
def test_count(n, text):
    assert numbers.count(n, "session") == text
