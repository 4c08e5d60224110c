"""Writes numbers, lengths and moments. Pure; each function is a filter in templates."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta

from bot.language import dates, days
from bot.language.dates import Form
from bot.language.days import zone_of
from bot.language.query import By
from bot.reports.change import in_tenths
from bot.reports.report import Part

DASH = "–"
_ORDINALS = (
    *("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    "tenth",
)


def number(value: int) -> str:
    """1204 → "1,204"."""
    return f"{value:,}"


def whole(value: float) -> str:
    """A count that was calculated with: 1204.0 → "1,204"."""
    return f"{value:,.0f}"


def count(value: int, one: str, many: str | None = None) -> str:
    """(1, "session") → "1 session"; (12, "person", "people") → "12 people"."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def score(value: float | None) -> str:
    """A score or an average: one decimal, halves upwards: 92 → "92.0"; None → "–"."""
    if value is None or not math.isfinite(value):
        return DASH
    if abs(value) >= 1e9:
        return f"{value:.4g}"
    # Python's own rounding makes 92.25 into 92.2; people expect 92.3.
    return f"{in_tenths(value):.1f}"


def length(seconds: float | None) -> str:
    """One session: 432 → "7 min 12 s", 362 → "6 min 02 s", 3900 → "1 h 05 min"; None → "–"."""
    whole = _whole(seconds)
    if whole is None:
        return DASH
    if whole >= 3600:
        return _hours(whole // 60)
    minutes, rest = divmod(whole, 60)
    if not minutes:
        return f"{rest} s"
    return f"{minutes} min {rest:02} s" if rest else f"{minutes} min"


def practice(seconds: float | None) -> str:
    """Many sessions together, to the minute: 1585 → "26 min", 18720 → "5 h 12 min"."""
    whole = _whole(seconds)
    if whole is None:
        return DASH
    if 0 < whole < 60:
        return f"{whole} s"
    minutes = (whole + 30) // 60
    return _hours(minutes) if minutes >= 60 else f"{minutes} min"


def moment(at: datetime, zone: str, as_of: datetime | None = None) -> str:
    """A moment in a zone: "Thu 19 Mar 16:42", with the year if it is not the year of `as_of`."""
    here = local(at, zone)
    other_year = as_of is not None and here.year != local(as_of, zone).year
    return dates.moment(here, Form(weekday=True, year=other_year))


def clock(at: datetime, zone: str, today: datetime | None) -> str:
    """The hour alone on the day of `today` in that zone, "14:02"; else as `moment`."""
    here = local(at, zone)
    if today is None or here.date() != local(today, zone).date():
        return moment(at, zone, today)
    return dates.hour(here)


def updated_at(at: datetime, zone: str, today: datetime | None) -> str:
    """When something was brought up to date: "at 14:02", "at midnight", or as `moment`."""
    here = local(at, zone)
    if today is None or here.date() != local(today, zone).date():
        return moment(at, zone, today)
    return "at midnight" if (here.hour, here.minute) == (0, 0) else f"at {dates.hour(here)}"


def ordinal(n: int) -> str:
    """2 → "second", 12 → "12th"."""
    return _ORDINALS[n] if n < len(_ORDINALS) else days.ordinal(n)


def whole_minute(at: datetime) -> datetime:
    """Rounds `at` up to a whole minute: by the minute that people read, it has passed."""
    later = at + timedelta(minutes=1) - timedelta(microseconds=1)
    return later.replace(second=0, microsecond=0)


def day(at: datetime, zone: str, as_of: datetime) -> str:
    """The day since which something holds: "25 Aug", or "25 Aug 14:02" within that day."""
    here = local(at, zone)
    form = Form(year=is_other_year(at, zone, as_of))
    is_start = (here.hour, here.minute) == (0, 0)
    return dates.day(here, form) if is_start else dates.moment(here, form)


def part(part: Part, as_of: date) -> str:
    """A day, week or month: "9 Mar", "Mar 2025", "16 Mar (so far)", "16 Feb (part)".

    The year is written if it is not that of `as_of`.
    """
    year = part.first.year != as_of.year
    mark = " (so far)" if part.running else " (part)" if part.cut else ""
    if part.per is By.MONTH:
        return f"{dates.month(part.first, year=year)}{mark}"
    return f"{dates.day(part.first, Form(year=year))}{mark}"


def ago(at: datetime, now: datetime) -> str:
    """The time since `at`: "2 minutes ago", "1 hour ago"; under a minute "just now"."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{count(minutes, 'minute')} ago"
    hours = minutes // 60
    return f"{count(hours, 'hour')} ago" if hours < 48 else f"{count(hours // 24, 'day')} ago"


def change(value: float) -> str:
    """2.1 → "+2.1", -3.0 → "-3.0", 0.04 → "0.0"."""
    return signed(score(abs(value)), in_tenths(value))


def signed(written: str, value: float) -> str:
    """Puts the sign of `value` before a written amount: "12 min", -720 → "-12 min"; none for 0.

    The minus is a hyphen, the only one that spreadsheets take.
    """
    return f"{'+' if value > 0 else '-'}{written}" if value else written


def percent(value: float) -> str:
    """66.7 → "67%", halves upwards. Only none at all is "0%" and only all is "100%": 0.3 →
    "under 1%", 99.6 → "over 99%"."""
    if not math.isfinite(value):
        return DASH
    read = math.floor(min(max(value, 0), 100) + 0.5)
    if read == 0 < value:
        return "under 1%"
    return "over 99%" if read == 100 > value else f"{read}%"


def is_other_year(at: datetime, zone: str, now: datetime) -> bool:
    """Whether the year has to be written, as it is not that of `now`."""
    return local(at, zone).year != local(now, zone).year


def local(at: datetime, zone: str) -> datetime:
    """A moment in the zone of an IANA name; in UTC if this computer does not know the name."""
    try:
        return at.astimezone(zone_of(zone))
    except OverflowError:  # the first and the last hours that a datetime can hold
        return at.astimezone(UTC)


def _whole(seconds: float | None) -> int | None:
    if seconds is None or not math.isfinite(seconds) or not 0 <= seconds < 1e12:
        return None
    return math.floor(seconds + 0.5)


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours:,} h {rest:02} min" if rest else f"{hours:,} h"
