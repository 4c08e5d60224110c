"""Numbers, durations, dates and periods as people read them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.language.days import day_start, zone_of
from bot.language.locale import Locale, written_for
from bot.language.query import By, Period
from bot.messages import words
from bot.reports._report import Part
from bot.reports.intervals import Interval, Window, preceding, window_of_period

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 3, 16, 8, tzinfo=UTC)
AT = datetime(2026, 3, 19, 15, 42, tzinfo=UTC)
LATER = timedelta(hours=8)


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (words.number, 1204, "1,204"),
        (words.score, 92.25, "92.3"),
        (words.score, 92, "92.0"),
        (words.score, None, "–"),
        (words.signed, 2.25, "+2.3"),
        (words.signed, Decimal("-2.9"), "-2.9"),
        (words.signed, -0.04, "0.0"),
        (words.signed, None, "–"),
        (words.percent, 66.5, "67%"),
        (words.percent, 0.3, "under 1%"),
        (words.percent, 99.6, "over 99%"),
        (words.percent, 100, "100%"),
        (words.length, 432, "7 min 12 s"),
        (words.length, 362, "6 min 02 s"),
        (words.length, 3900, "1 h 05 min"),
        (words.length, None, "–"),
        (words.practice, 1585, "26 min"),
        (words.practice, 18_720, "5 h 12 min"),
        (words.practice, 30, "30 s"),
        (words.practice, -5, "–"),
    ],
)
def test_numbers(write: Callable[[Any], str], value: float | None, text: str) -> None:
    assert write(value) == text


@pytest.mark.parametrize(
    ("write", "american", "british"),
    [
        (lambda: words.moment(AT, BERLIN), "Thu, Mar 19, 4:42 PM", "Thu 19 Mar 16:42"),
        (lambda: words.clock(AT, BERLIN, AT), "4:42 PM", "16:42"),
        (
            lambda: words.clock(AT, BERLIN, AT + LATER),
            "Thu, Mar 19, 4:42 PM",
            "Thu 19 Mar 16:42",
        ),
        (lambda: words.day(AT, BERLIN, AT), "March 19", "19 March"),
        (lambda: words.weekday(AT, BERLIN, AT), "Thu, March 19", "Thu 19 March"),
        (lambda: words.short_day(date(2026, 3, 9)), "Mar 9", "9 Mar"),
        (
            lambda: words.send_time(AT, BERLIN, AT),
            "Thu, March 19 at 4:42 PM",
            "Thu 19 March at 16:42",
        ),
        (lambda: words.due_day(AT.date(), BERLIN, AT), "today", "today"),
        (lambda: words.due_day(AT.date(), BERLIN, AT + LATER), "Thu, March 19", "Thu 19 March"),
        (lambda: words.moment(AT, "No/Where"), "Thu, Mar 19, 3:42 PM", "Thu 19 Mar 15:42"),
        (
            lambda: words.day(AT, "UTC", datetime(2027, 1, 1, tzinfo=UTC)),
            "March 19, 2026",
            "19 March 2026",
        ),
    ],
)
def test_dates_follow_the_locale(write: Callable[[], str], american: str, british: str) -> None:
    with written_for(Locale.US):
        assert write() == american
    with written_for(Locale.UK):
        assert write() == british


def test_a_minute_is_rounded_up() -> None:
    assert words.whole_minute(AT.replace(second=1)) == AT + timedelta(minutes=1)
    assert words.whole_minute(AT) == AT


def between(start: str, end: str) -> Window:
    """The window of local days in Berlin."""
    place = zone_of(BERLIN)
    first, last = (day_start(date.fromisoformat(each), place) for each in (start, end))
    interval = Interval(first, last)
    return Window(interval, preceding(interval, BERLIN), BERLIN, NOW)


@pytest.mark.parametrize(
    ("start", "end", "span", "before", "days"),
    [
        ("2026-03-09", "2026-03-16", "week", "the week before", "9 – 15 March"),
        ("2026-03-15", "2026-03-16", "day", "the Sunday before", "15 March"),
        ("2026-03-13", "2026-03-16", "3 days", "the same days a week before", "13 – 15 March"),
        ("2026-03-02", "2026-03-16", "2 weeks", "the 2 weeks before", "2 – 15 March"),
        ("2026-02-01", "2026-03-01", "month", "the month before", "1 – 28 February"),
        ("2026-03-01", "2026-05-01", "61 days", "the 61 days before", "1 March – 30 April"),
        ("2025-03-09", "2025-03-16", "week", "the week before", "9 – 15 Mar 2025"),
        # The clocks change on March 29: the day has 23 hours.
        ("2026-03-29", "2026-03-30", "day", "the Sunday before", "29 March"),
    ],
)
def test_periods(start: str, end: str, span: str, before: str, days: str) -> None:
    with written_for(Locale.UK):
        found = words.in_words(between(start, end))
    assert (found.span, found.before, found.dates) == (span, before, days)


def test_a_running_or_rolling_period_names_what_it_is_compared_with() -> None:
    monday = day_start(date(2026, 3, 16), zone_of(BERLIN))
    week = Period("this week", BERLIN, monday, monday + timedelta(weeks=1))
    day = Period("last 24h", BERLIN, NOW - timedelta(days=1), NOW, closed=True)
    days = Period("last 7d", BERLIN, NOW - timedelta(days=7), NOW, closed=True)
    wednesday = NOW + timedelta(days=2)
    assert [words.span(window_of_period(each, BERLIN, NOW)) for each in (day, days)] == [
        ("day", "the day before"),
        ("7 days", "the 7 days before"),
    ]
    assert words.span(window_of_period(week, BERLIN, wednesday))[1] == "by Wednesday last week"


NEW_YEAR = datetime(2026, 1, 1, 4, 30, tzinfo=UTC)  # still December 31 in New York


@pytest.mark.parametrize(
    ("part", "zone", "now", "text"),
    [
        (Part(date(2026, 3, 9), By.WEEK), BERLIN, NOW, "Mar 9"),
        (Part(date(2025, 3, 1), By.MONTH), BERLIN, NOW, "Mar 2025"),
        (Part(date(2026, 3, 16), By.WEEK, running=True), BERLIN, NOW, "Mar 16 (so far)"),
        (Part(date(2026, 2, 16), By.WEEK, cut=True), BERLIN, NOW, "Feb 16 (part)"),
        (Part(date(2025, 12, 1), By.MONTH), "America/New_York", NEW_YEAR, "Dec"),
        (Part(date(2025, 12, 31), By.DAY), "America/New_York", NEW_YEAR, "Dec 31"),
        (Part(date(2025, 12, 29), By.WEEK), BERLIN, NEW_YEAR, "Dec 29, 2025"),
    ],
)
def test_parts_of_a_period(part: Part, zone: str, now: datetime, text: str) -> None:
    with written_for(Locale.US):
        assert words.part(part, zone, now) == text
