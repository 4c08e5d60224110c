"""How dates and times of day are written in each locale."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from bot.language import dates
from bot.language.dates import DateForm
from bot.language.locale import Locale, written_for

MONDAY, SUNDAY = date(2026, 3, 9), date(2026, 3, 15)
NEXT_MONTH, NEXT_YEAR = date(2026, 4, 3), date(2027, 1, 3)
UK, US = Locale.UK, Locale.US
PLAIN, FULL, NAMED = DateForm(), DateForm(full=True), DateForm(weekday=True)
WITH_YEAR, WHOLE = DateForm(year=True), DateForm(full=True, weekday=True, year=True)


@pytest.mark.parametrize(
    ("form", "british", "american"),
    [
        pytest.param(PLAIN, "9 Mar", "Mar 9", id="short"),
        pytest.param(NAMED, "Mon 9 Mar", "Mon, Mar 9", id="weekday"),
        pytest.param(WITH_YEAR, "9 Mar 2026", "Mar 9, 2026", id="year"),
        pytest.param(WHOLE, "Mon, 9 March 2026", "Mon, March 9, 2026", id="whole"),
    ],
)
def test_a_day(form: DateForm, british: str, american: str) -> None:
    with written_for(UK):
        assert dates.write_day(MONDAY, form) == dates.write_days(MONDAY, MONDAY, form) == british
    with written_for(US):
        assert dates.write_day(MONDAY, form) == dates.write_days(MONDAY, MONDAY, form) == american


@pytest.mark.parametrize(
    ("last", "form", "british", "american"),
    [
        pytest.param(SUNDAY, FULL, "9 – 15 March", "March 9 – 15", id="one month"),
        pytest.param(SUNDAY, WITH_YEAR, "9 – 15 Mar 2026", "Mar 9 – 15, 2026", id="and a year"),
        pytest.param(NEXT_MONTH, PLAIN, "9 Mar – 3 Apr", "Mar 9 – Apr 3", id="two months"),
        pytest.param(
            NEXT_YEAR,
            NAMED,
            "Mon, 9 Mar 2026 – Sun, 3 Jan 2027",
            "Mon, Mar 9, 2026 – Sun, Jan 3, 2027",
            id="two years",
        ),
    ],
)
def test_days(last: date, form: DateForm, british: str, american: str) -> None:
    with written_for(UK):
        assert dates.write_days(MONDAY, last, form) == british
    with written_for(US):
        assert dates.write_days(MONDAY, last, form) == american


@pytest.mark.parametrize(
    ("at", "british", "said", "american"),
    [
        pytest.param(time(0, 0), "00:00", "0:00", "12:00 AM", id="midnight"),
        pytest.param(time(9, 5), "09:05", "9:05", "9:05 AM", id="morning"),
        pytest.param(time(12, 0), "12:00", "12:00", "12:00 PM", id="noon"),
        pytest.param(time(16, 5), "16:05", "16:05", "4:05 PM", id="afternoon"),
    ],
)
def test_a_time_of_day(at: time, british: str, said: str, american: str) -> None:
    here = datetime.combine(MONDAY, at)
    with written_for(UK):
        assert (dates.write_hour(here), dates.spoken_hour(at)) == (british, said)
        assert dates.write_moment(here, NAMED) == f"Mon 9 Mar {british}"
    with written_for(US):
        assert dates.write_hour(here) == dates.spoken_hour(at) == american
        assert dates.write_moment(here, NAMED) == f"Mon, Mar 9, {american}"
