"""Numbers, durations and dates as people read them."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.language import dates as writing
from bot.language.dates import DateForm
from bot.language.days import day_start, zone_of
from bot.language.query import By
from bot.reports._figures import rounded
from bot.reports._report import PeriodPart
from bot.reports.intervals import MOMENT, Interval, Periods, length_in_days

DASH = "–"


# Numbers.


def number(value: float) -> str:
    """1204 → "1,204"."""
    return f"{value:,.0f}"


def count(value: int, singular: str, many: str | None = None) -> str:
    """(1, "session") → "1 session"; (12, "person", "people") → "12 people"."""
    return f"{value:,} {singular if value == 1 else many or singular + 's'}"


def score(value: Decimal | float | None) -> str:
    """A score or an average with one decimal: 92.25 → "92.3"; None → "–"."""
    return DASH if value is None else f"{rounded(value):.1f}"


def signed(value: Decimal | float | None) -> str:
    """A difference: "+2.1", "-3.0", "0.0" without a sign.

    The minus is a hyphen, the only one that spreadsheets read.
    """
    if value is None:
        return DASH
    shown = rounded(value)
    return f"{shown:+.1f}" if shown else f"{shown:.1f}"


def percent(value: Decimal | float) -> str:
    """66.7 → "67%"; 0.3 → "under 1%" and 99.6 → "over 99%", because 0% means none and 100% all."""
    whole = math.floor(min(max(float(value), 0), 100) + 0.5)
    if whole == 0 < value:
        return "under 1%"
    return "over 99%" if whole == 100 > value else f"{whole}%"


def session_length(seconds: float | None) -> str:
    """One session: 432 → "7 min 12 s", 362 → "6 min 02 s", 3900 → "1 h 05 min"."""
    # Exec may have an impossible duration.
    if seconds is None or not 0 <= seconds < 1e12:
        return DASH
    minutes, rest = divmod(math.floor(seconds + 0.5), 60)
    if minutes and rest and minutes < 60:
        return f"{minutes} min {rest:02} s"
    return practice(minutes * 60 or rest)


def practice(seconds: int) -> str:
    """Many sessions: 1560 → "26 min", 18720 → "5 h 12 min"."""
    if 0 < seconds < 60:
        return f"{seconds} s"
    hours, minutes = divmod(seconds // 60, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours:,} h {minutes:02} min" if minutes else f"{hours:,} h"


# Moments.


def local(at: datetime, zone: str) -> datetime:
    """A moment in a time zone, or in UTC if this machine doesn't know the zone."""
    try:
        return at.astimezone(zone_of(zone))
    except OverflowError:  # the first and last hours of the calendar
        return at.astimezone(UTC)


def moment(at: datetime, zone: str, now: datetime) -> str:
    """ "Thu, Mar 19, 4:42 PM"."""
    return writing.write_moment(local(at, zone), _form(at, zone, now, weekday=True))


def clock(at: datetime, zone: str, now: datetime) -> str:
    """The time of day, "4:42 PM"; as `moment` if it isn't today."""
    local_at = local(at, zone)
    is_today = local_at.date() == local(now, zone).date()
    return writing.write_hour(local_at) if is_today else moment(at, zone, now)


def until(at: datetime, zone: str, now: datetime) -> str:
    """The end of a wait, as `clock`, rounded up: at the time shown it is over."""
    later = at + timedelta(minutes=1) - MOMENT
    return clock(later.replace(second=0, microsecond=0), zone, now)


def day(at: datetime, zone: str, now: datetime) -> str:
    """ "March 12", with its year if that isn't the year of `now`."""
    return writing.write_day(local(at, zone), _form(at, zone, now, full=True))


def weekday(at: datetime, zone: str, now: datetime) -> str:
    """ "Thu, March 12"."""
    return writing.write_day(local(at, zone), _form(at, zone, now, full=True, weekday=True))


def send_time(at: datetime, zone: str, now: datetime) -> str:
    """When something is sent: "Mon, March 16 at 9:00 AM"."""
    return f"{weekday(at, zone, now)} at {writing.hour_in_sentence(local(at, zone))}"


def due_day(due: date, zone: str, now: datetime) -> str:
    """The last day for something: "Thu, March 12", or "today"."""
    today = local(now, zone).date()
    if due == today:
        return "today"
    return writing.write_day(due, DateForm(full=True, weekday=True, year=due.year != today.year))


def _form(at: datetime, zone: str, now: datetime, **parts: bool) -> DateForm:
    """A form that has the year if it is another one than that of `now`."""
    return DateForm(**parts, year=local(at, zone).year != local(now, zone).year)


# Periods.


def part(part: PeriodPart, zone: str, now: datetime) -> str:
    """A day, week or month: "Mar 9", "Mar 2025", "Mar 16 (so far)", "Feb 16 (part)"."""
    year = part.first.year != local(now, zone).year
    mark = " (so far)" if part.running else " (part)" if part.cut else ""
    if part.per is By.MONTH:
        return f"{writing.month(part.first, year=year)}{mark}"
    return f"{writing.write_day(part.first, DateForm(year=year))}{mark}"


def compared_with(periods: Periods) -> str:
    """The period before, by `intervals.periods_of`: "the week before"."""
    zone, is_rolling = periods.zone, periods.kind == "rolling"
    if periods.kind == "so far":
        return f"by this time on {weekday(periods.before.end - MOMENT, zone, periods.now)}"
    first, last = _ends(periods.interval, zone_of(zone))
    is_month = first.day == 1 and (last + timedelta(days=1)).day == 1
    days = length_in_days(periods.before if is_rolling else periods.interval, zone)
    if days != int(days):
        return "the period before"
    if is_month and days <= 31 and not is_rolling:
        return "the month before"
    if days < 7 and not is_rolling:  # a Monday comes after a Monday
        return f"the same {'day' if days == 1 else 'days'} a week before"
    if days == 7 and not is_rolling:
        return "the week before"
    return "the day before" if days == 1 else f"the {days:.0f} days before"


def dates(periods: Periods) -> str:
    """The days of a period: "March 9 – 15", "March 9"; with hours if they aren't whole."""
    interval, zone, now = periods.interval, periods.zone, periods.now
    place = zone_of(zone)
    if not (_starts_day(interval.start, place) and _starts_day(interval.end, place)):
        return f"{send_time(interval.start, zone, now)} – {send_time(interval.end, zone, now)}"
    first, last = _ends(interval, place)
    is_this_year = first.year == last.year == local(now, zone).year
    return writing.write_days(first, last, DateForm(full=True, year=not is_this_year))


def _ends(interval: Interval, place: ZoneInfo) -> tuple[date, date]:
    """The first and the last local day of an interval."""
    last = interval.end - MOMENT
    return interval.start.astimezone(place).date(), last.astimezone(place).date()


def _starts_day(at: datetime, place: ZoneInfo) -> bool:
    return day_start(at.astimezone(place).date(), place) == at
