from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.rendering import times
from bot.reports.intervals import Interval, Window, preceding

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 3, 16, 8, tzinfo=UTC)
AT = datetime(2026, 3, 19, 15, 42, tzinfo=UTC)


def between(start, end, zone=BERLIN):
    """The interval from the start of one local day to that of another."""
    place = times.zone_of(zone)
    ends = [times.day_start(date.fromisoformat(day), place) for day in (start, end)]
    return Interval(*ends)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-03-09", "2026-03-16", "9 – 15 March"),
        ("2026-02-27", "2026-03-06", "27 February – 5 March"),
        ("2026-03-15", "2026-03-16", "15 March"),
        ("2025-03-09", "2025-03-16", "9 – 15 March 2025"),
        ("2025-12-29", "2026-01-05", "29 December 2025 – 4 January 2026"),
        # The clocks change on 29 March: that day has 23 hours.
        ("2026-03-29", "2026-03-30", "29 March"),
    ],
)
def test_dates(start, end, words):
    assert times.dates(between(start, end), BERLIN, NOW) == words


def test_what_is_no_whole_days_has_its_hours():
    interval = Interval(datetime(2026, 3, 9, 9, tzinfo=UTC), datetime(2026, 3, 16, 8, tzinfo=UTC))
    words = "Mon 9 March at 10:00 – Mon 16 March at 9:00"
    assert times.dates(interval, BERLIN, NOW) == words


@pytest.mark.parametrize(
    ("start", "end", "one", "before"),
    [
        ("2026-03-09", "2026-03-16", "week", "the week before"),
        ("2026-03-15", "2026-03-16", "day", "the Sunday before"),
        ("2026-03-13", "2026-03-16", "3 days", "the same days a week before"),
        ("2026-03-02", "2026-03-16", "2 weeks", "the 2 weeks before"),
        ("2026-02-01", "2026-03-01", "month", "the month before"),
        ("2026-03-01", "2026-04-01", "month", "the month before"),
        ("2026-02-02", "2026-03-02", "4 weeks", "the 4 weeks before"),
        ("2026-03-01", "2026-05-01", "61 days", "the 61 days before"),
    ],
)
def test_span(start, end, one, before):
    interval = between(start, end)
    window = Window(interval, preceding(interval, BERLIN), BERLIN, NOW)
    assert times.span(window) == (one, before)


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
    assert times.moment(AT, zone, as_of) == text


def test_moments_at_the_ends_of_time_are_still_written():
    assert times.moment(datetime.max.replace(tzinfo=UTC), "Asia/Tokyo") == "Fri 31 Dec 23:59"


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
    assert times.clock(AT, zone, today) == text


@pytest.mark.parametrize(
    ("at", "zone", "text"),
    [
        (datetime(2026, 3, 18, 23, tzinfo=UTC), "Europe/Berlin", "19 Mar"),
        (datetime(2026, 3, 18, 23, tzinfo=UTC), "UTC", "18 Mar 23:00"),
        (datetime(2025, 8, 25, 0, 0, 30, tzinfo=UTC), "UTC", "25 Aug 2025"),
    ],
)
def test_day(at, zone, text):
    assert times.day(at, zone, AT) == text


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
    assert times.ago(AT - timedelta(seconds=seconds), AT) == text
