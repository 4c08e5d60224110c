"""Numbers, durations, dates and periods as people read them.

`numbers.tsv` has a function, a value and its text; `days.tsv` the first day of a period and the day
after it, what it is compared with, and its days in British and American English.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.language.dates import hour_in_sentence
from bot.language.days import day_start, zone_of
from bot.language.locale import Locale, written_for
from bot.language.query import By, Period
from bot.messages import words
from bot.reports._report import PeriodPart
from bot.reports.intervals import Interval, periods_of, periods_over
from tests.language.tables import rows

FOLDER = Path(__file__).parent
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
NOW = datetime(2026, 3, 16, 8, tzinfo=UTC)
AT = datetime(2026, 3, 19, 15, 42, tzinfo=UTC)
LATER = AT + timedelta(hours=8)
NEXT_YEAR = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(("name", "value", "text"), rows("numbers.tsv", FOLDER))
def test_numbers(name: str, value: str, text: str) -> None:
    number = int(value) if value.isdigit() else float(value) if value else None
    assert getattr(words, name)(number) == text


@pytest.mark.parametrize(
    ("write", "american", "british"),
    [
        (lambda: words.moment(AT, BERLIN, AT), "Thu, Mar 19, 4:42 PM", "Thu 19 Mar 16:42"),
        (lambda: words.clock(AT, BERLIN, AT), "4:42 PM", "16:42"),
        (lambda: words.clock(AT, BERLIN, LATER), "Thu, Mar 19, 4:42 PM", "Thu 19 Mar 16:42"),
        (lambda: words.day(AT, BERLIN, AT), "March 19", "19 March"),
        (lambda: words.day(AT, "UTC", NEXT_YEAR), "March 19, 2026", "19 March 2026"),
        (lambda: words.weekday(AT, BERLIN, AT), "Thu, March 19", "Thu 19 March"),
        (
            lambda: words.send_time(AT, BERLIN, AT),
            "Thu, March 19 at 4:42 PM",
            "Thu 19 March at 16:42",
        ),
        (lambda: words.due_day(AT.date(), BERLIN, AT), "today", "today"),
        (lambda: words.due_day(AT.date(), BERLIN, LATER), "Thu, March 19", "Thu 19 March"),
        (lambda: words.moment(AT, "No/Where", AT), "Thu, Mar 19, 3:42 PM", "Thu 19 Mar 15:42"),
        (lambda: hour_in_sentence(time(0, 0)), "12:00 AM", "0:00"),
        (lambda: hour_in_sentence(time(12, 0)), "12:00 PM", "12:00"),
    ],
)
def test_dates_follow_the_locale(write: Callable[[], str], american: str, british: str) -> None:
    with written_for(Locale.US):
        assert write() == american
    with written_for(Locale.UK):
        assert write() == british


def test_the_end_of_a_wait_has_passed_at_the_time_shown() -> None:
    with written_for(Locale.US):
        assert words.until(AT.replace(second=1), BERLIN, AT) == "4:43 PM"
        assert words.until(AT, BERLIN, AT) == "4:42 PM"


@pytest.mark.parametrize(
    ("start", "end", "before", "british", "american"), rows("days.tsv", FOLDER)
)
def test_periods(start: str, end: str, before: str, british: str, american: str) -> None:
    first, last = (day_start(date.fromisoformat(day), zone_of(BERLIN)) for day in (start, end))
    window = periods_over(Interval(first, last), BERLIN, NOW)
    for locale, days in ((Locale.UK, british), (Locale.US, american)):
        with written_for(locale):
            assert (words.compared_with(window), words.dates(window)) == (before, days)


def test_a_running_or_rolling_period_names_what_it_is_compared_with() -> None:
    monday = day_start(date(2026, 3, 16), zone_of(BERLIN))
    week = Period("this week", BERLIN, monday, monday + timedelta(weeks=1))
    day = Period("last 24 hours", BERLIN, NOW - timedelta(days=1), NOW, closed=True)
    days = Period("last 7 days", BERLIN, NOW - timedelta(days=7), NOW, closed=True)
    wednesday = NOW + timedelta(days=2)
    assert words.compared_with(periods_of(day, BERLIN, NOW)) == "the day before"
    assert words.compared_with(periods_of(days, BERLIN, NOW)) == "the 7 days before"
    with written_for(Locale.US):
        before = words.compared_with(periods_of(week, BERLIN, wednesday))
    assert before == "by this time on Wed, March 11"


@pytest.mark.parametrize(
    ("part", "zone", "text"),
    [
        (PeriodPart(date(2025, 11, 10), By.WEEK), BERLIN, "Nov 10, 2025"),
        (PeriodPart(date(2025, 11, 1), By.MONTH), BERLIN, "Nov 2025"),
        (PeriodPart(date(2025, 12, 29), By.WEEK, running=True), NEW_YORK, "Dec 29 (so far)"),
        (PeriodPart(date(2025, 11, 24), By.WEEK, cut=True), NEW_YORK, "Nov 24 (part)"),
        (PeriodPart(date(2025, 12, 1), By.MONTH), NEW_YORK, "Dec"),
        (PeriodPart(date(2025, 12, 31), By.DAY), NEW_YORK, "Dec 31"),
    ],
)
def test_parts_of_a_period_have_the_year_unless_it_is_the_readers(
    part: PeriodPart, zone: str, text: str
) -> None:
    now = datetime(2026, 1, 1, 4, 30, tzinfo=UTC)  # still December 31 in New York
    with written_for(Locale.US):
        assert words.part(part, zone, now) == text
