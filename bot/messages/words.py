"""Numbers, durations and dates as people read them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.language import dates as writing
from bot.language.dates import DateForm
from bot.language.days import day_start, zone_of
from bot.language.query import By
from bot.reports._figures import rounded
from bot.reports._report import Part
from bot.reports.intervals import Interval, Periods, length_in_days

DASH = "–"
MOMENT = timedelta(microseconds=1)


# Numbers.


def number(value: float) -> str:
    """1204 → "1,204"."""
    return f"{value:,.0f}"


def count(value: int, one: str, many: str | None = None) -> str:
    """(1, "session") → "1 session"; (12, "person", "people") → "12 people"."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


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


def in_minutes(seconds: float) -> float:
    """Seconds rounded as `practice` shows them: to minutes, or to seconds under a minute."""
    whole = math.floor(seconds + 0.5)
    return whole if whole < 60 else (whole + 30) // 60 * 60


def percent(value: Decimal | float) -> str:
    """66.7 → "67%"; 0.3 → "under 1%" and 99.6 → "over 99%", because 0% means none and 100% all."""
    whole = math.floor(min(max(float(value), 0), 100) + 0.5)
    if whole == 0 < value:
        return "under 1%"
    return "over 99%" if whole == 100 > value else f"{whole}%"


def length(seconds: float | None) -> str:
    """One session: 432 → "7 min 12 s", 362 → "6 min 02 s", 3900 → "1 h 05 min"."""
    whole = whole_seconds(seconds)
    if whole is None:
        return DASH
    if whole >= 3600:
        return _hours(whole // 60)
    minutes, rest = divmod(whole, 60)
    if not minutes:
        return f"{rest} s"
    return f"{minutes} min {rest:02} s" if rest else f"{minutes} min"


def practice(seconds: float | None) -> str:
    """Many sessions, to the minute: 1585 → "26 min", 18720 → "5 h 12 min"."""
    whole = whole_seconds(seconds)
    if whole is None:
        return DASH
    if 0 < whole < 60:
        return f"{whole} s"
    minutes = (whole + 30) // 60
    return _hours(minutes) if minutes >= 60 else f"{minutes} min"


def whole_seconds(seconds: float | None) -> int | None:
    """Seconds, rounded; None for None and for an impossible duration."""
    if seconds is None or not math.isfinite(seconds) or not 0 <= seconds < 1e12:
        return None
    return math.floor(seconds + 0.5)


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours:,} h {rest:02} min" if rest else f"{hours:,} h"


# Moments.


def local(at: datetime, zone: str) -> datetime:
    """A moment in a time zone, or in UTC if this machine doesn't know the zone."""
    try:
        return at.astimezone(zone_of(zone))
    except OverflowError:  # the first and last hours of the calendar
        return at.astimezone(UTC)


def is_other_year(at: datetime, zone: str, now: datetime) -> bool:
    """Whether a date is in another year than `now`."""
    return local(at, zone).year != local(now, zone).year


def moment(at: datetime, zone: str, now: datetime | None = None) -> str:
    """ "Thu, Mar 19, 4:42 PM"."""
    form = DateForm(weekday=True, year=now is not None and is_other_year(at, zone, now))
    return writing.write_moment(local(at, zone), form)


def clock(at: datetime, zone: str, now: datetime | None) -> str:
    """The time of day, "4:42 PM"; as `moment` if it isn't today."""
    local_at = local(at, zone)
    is_today = now is not None and local_at.date() == local(now, zone).date()
    return writing.write_hour(local_at) if is_today else moment(at, zone, now)


def whole_minute(at: datetime) -> datetime:
    """A moment rounded up to the minute, so that it has passed at the time shown."""
    later = at + timedelta(minutes=1) - MOMENT
    return later.replace(second=0, microsecond=0)


def until(at: datetime, zone: str, now: datetime) -> str:
    """The end of a wait, as `clock`."""
    return clock(whole_minute(at), zone, now)


def day(at: datetime, zone: str, now: datetime) -> str:
    """ "March 12", with its year if that isn't the year of `now`."""
    form = DateForm(full=True, year=is_other_year(at, zone, now))
    return writing.write_day(local(at, zone), form)


def weekday(at: datetime, zone: str, now: datetime) -> str:
    """ "Thu, March 12"."""
    form = DateForm(full=True, weekday=True, year=is_other_year(at, zone, now))
    return writing.write_day(local(at, zone), form)


def short_day(at: datetime | date, zone: str = "", now: datetime | None = None) -> str:
    """A day in a table or below a bar: "Mar 12"."""
    if not isinstance(at, datetime) or now is None:
        return writing.write_day(at, DateForm())
    return writing.write_day(local(at, zone), DateForm(year=is_other_year(at, zone, now)))


def send_time(at: datetime, zone: str, now: datetime) -> str:
    """When something is sent: "Mon, March 16 at 9:00 AM"."""
    return f"{weekday(at, zone, now)} at {writing.spoken_hour(local(at, zone))}"


def due_day(due: date, zone: str, now: datetime) -> str:
    """The last day for something: "Thu, March 12", or "today"."""
    today = local(now, zone).date()
    if due == today:
        return "today"
    return writing.write_day(due, DateForm(full=True, weekday=True, year=due.year != today.year))


# Periods.


def part(part: Part, zone: str, now: datetime) -> str:
    """A day, week or month: "Mar 9", "Mar 2025", "Mar 16 (so far)", "Feb 16 (part)"."""
    year = part.first.year != local(now, zone).year
    mark = " (so far)" if part.running else " (part)" if part.cut else ""
    if part.per is By.MONTH:
        return f"{writing.month(part.first, year=year)}{mark}"
    return f"{writing.write_day(part.first, DateForm(year=year))}{mark}"


@dataclass(frozen=True, slots=True)
class PeriodWords:
    """A period in words: its `span` ("week"), the period `before`, and its `dates`."""

    span: str
    before: str
    dates: str


def in_words(periods: Periods) -> PeriodWords:
    """The period of a report in words."""
    return PeriodWords(*span(periods), interval_days(periods.interval, periods.zone, periods.now))


def span(periods: Periods) -> tuple[str, str]:
    """A period and the one before it in words: "week" and "the week before".

    The one before is that of `intervals.periods_of`, so a Monday comes after a Monday.
    """
    if periods.kind == "so far":
        return "period", _before_so_far(periods)
    if periods.kind == "rolling":
        return _rolling(length_in_days(periods.before, periods.zone))
    first, last = _ends(periods.interval, zone_of(periods.zone))
    days = length_in_days(periods.interval, periods.zone)
    if first.day == 1 and (last + timedelta(days=1)).day == 1 and 28 <= days <= 31:
        return "month", "the month before"
    if days == 1:
        return "day", f"the {first:%A} before"
    if days == 7:
        return "week", "the week before"
    if days % 7 == 0:
        return f"{days // 7:.0f} weeks", f"the {days // 7:.0f} weeks before"
    if days == int(days):
        before = "the same days a week before" if days < 7 else f"the {days:.0f} days before"
        return f"{days:.0f} days", before
    return "period", "the period before"


def _before_so_far(periods: Periods) -> str:
    """The end of the period before a running one: "by Wednesday last week"."""
    place = zone_of(periods.zone)
    first, last = _ends(periods.before, place)
    days = (periods.interval.start.astimezone(place).date() - first).days
    if days == 1:
        return "by this time yesterday"
    if days == 7:
        return f"by {last:%A} last week"
    return f"by {day(periods.before.end - MOMENT, periods.zone, periods.now)}"


def _rolling(days: float) -> tuple[str, str]:
    if days == 1:
        return "day", "the day before"
    if days == int(days):
        return f"{days:.0f} days", f"the {days:.0f} days before"
    return "period", "the period before"


def interval_days(interval: Interval, zone: str, now: datetime) -> str:
    """The days of an interval: "March 9 – 15", "March 9"; with hours if they aren't whole."""
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
