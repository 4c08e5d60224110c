from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.rendering import periods
from bot.reports.intervals import Interval, Window, preceding

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 3, 16, 8, tzinfo=UTC)


def between(start, end, zone=BERLIN):
    """The interval from the start of one local day to that of another."""
    place = periods.zone_of(zone)
    ends = [periods.day_start(date.fromisoformat(day), place) for day in (start, end)]
    return Interval(*ends)


@pytest.mark.parametrize(
    ("start", "end", "words", "in_full"),
    [
        ("2026-03-09", "2026-03-16", "9 – 15 March", "Mon 9 – Sun 15 March"),
        ("2026-02-27", "2026-03-06", "27 February – 5 March", "Fri 27 February – Thu 5 March"),
        ("2026-03-15", "2026-03-16", "15 March", "Sun 15 March"),
        ("2025-03-09", "2025-03-16", "9 – 15 March 2025", "Sun 9 – Sat 15 March 2025"),
        (
            "2025-12-29",
            "2026-01-05",
            "29 December 2025 – 4 January 2026",
            "Mon 29 December 2025 – Sun 4 January 2026",
        ),
        # The clocks change on 29 March: that day has 23 hours.
        ("2026-03-29", "2026-03-30", "29 March", "Sun 29 March"),
    ],
)
def test_dates(start, end, words, in_full):
    interval = between(start, end)
    assert periods.dates(interval, BERLIN, NOW) == words
    assert periods.dates_in_full(interval, BERLIN, NOW) == in_full


def test_what_is_no_whole_days_has_its_hours():
    interval = Interval(datetime(2026, 3, 9, 9, tzinfo=UTC), datetime(2026, 3, 16, 8, tzinfo=UTC))
    words = "Mon 9 March at 10:00 – Mon 16 March at 9:00"
    assert periods.dates(interval, BERLIN, NOW) == words


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
    assert periods.span(window) == (one, before)


def test_a_length_of_hours_is_a_period():
    interval = Interval(datetime(2026, 3, 9, 9, tzinfo=UTC), datetime(2026, 3, 9, 20, tzinfo=UTC))
    window = Window(interval, preceding(interval, BERLIN), BERLIN, NOW)
    assert periods.span(window) == ("period", "the period before")


def test_moments():
    at = datetime(2026, 3, 12, 23, 5, tzinfo=UTC)
    later = datetime(2027, 1, 1, tzinfo=UTC)
    assert periods.date_of(at, BERLIN, NOW) == "13 March"
    assert periods.date_of(at, BERLIN, later) == "13 March 2026"
    assert periods.weekday_of(at, "UTC", NOW) == "Thu 12 March"
    assert periods.short_day(at, "UTC", NOW) == "12 Mar"
    assert periods.short_day(at, "UTC", later) == "12 Mar 2026"
    assert periods.due_at(at, BERLIN) == "Friday 0:05"
    assert periods.send_time(at, BERLIN, NOW) == "Fri 13 March at 0:05"
    assert periods.short_date(date(2026, 3, 9)) == "9 Mar"
