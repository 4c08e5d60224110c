from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.rendering import numbers

AT = datetime(2026, 3, 19, 15, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (94.5, "94.5"),
        (100, "100.0"),
        (90.04, "90.0"),
        (82.15, "82.2"),
        (-2.9, "-2.9"),
        (-0.04, "0.0"),
        (None, "–"),
    ],
)
def test_score(value, text):
    assert numbers.score(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(2.25, "+2.3"), (-2.9, "-2.9"), (0.04, "0.0"), (-0.04, "0.0"), (0, "0.0")]
)
def test_a_change_that_reads_as_none_has_no_sign(value, text):
    assert numbers.change(value) == text


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
    ("zone", "today", "text"),
    [
        ("Europe/Berlin", AT + timedelta(hours=7), "16:42"),
        ("Europe/Berlin", AT + timedelta(hours=8), "Thu 19 Mar 16:42"),
        ("Asia/Kolkata", AT + timedelta(hours=3), "Thu 19 Mar 21:12"),
        ("UTC", AT.replace(year=2027), "Thu 19 Mar 2026 15:42"),
        ("UTC", None, "Thu 19 Mar 15:42"),
    ],
)
def test_clock_names_the_day_only_if_it_is_another(zone, today, text):
    assert numbers.clock(AT, zone, today) == text


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (0.001, 1), (59.9, 1), (60, 1)])
def test_at_the_whole_minute_that_is_named_the_moment_has_come(seconds, minutes):
    start = AT.replace(second=0)
    later = start + timedelta(seconds=seconds)
    assert numbers.whole_minute(later) == start + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("at", "zone", "text"),
    [
        (datetime(2026, 3, 18, 23, tzinfo=UTC), "Europe/Berlin", "19 Mar"),
        (datetime(2026, 3, 18, 23, tzinfo=UTC), "UTC", "18 Mar 23:00"),
        (datetime(2025, 8, 25, 0, 0, 30, tzinfo=UTC), "UTC", "25 Aug 2025"),
    ],
)
def test_day(at, zone, text):
    assert numbers.day(at, zone, AT) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-90, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (3_599, "59 minutes ago"),
        (3_600, "1 hour ago"),
        (47 * 3_600, "47 hours ago"),
        (48 * 3_600, "2 days ago"),
    ],
)
def test_ago(seconds, text):
    assert numbers.ago(AT - timedelta(seconds=seconds), AT) == text


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


@pytest.mark.parametrize(
    ("n", "text"), [(0, "0 sessions"), (1, "1 session"), (1204, "1,204 sessions")]
)
def test_count(n, text):
    assert numbers.count(n, "session") == text


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (12.0, "12"), (1204.0, "1,204")])
def test_whole(value, text):
    assert numbers.whole(value) == text
