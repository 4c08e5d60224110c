"""Writes moments, days and periods. Pure; most functions are filters in templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.language import dates as writing
from bot.language.dates import DateForm
from bot.language.days import day_start, zone_of
from bot.language.query import By
from bot.rendering.numbers import count
from bot.reports.intervals import Interval, Window, length_in_days
from bot.reports.report import Part

_LEAST = timedelta(microseconds=1)


def moment(at: datetime, zone: str, as_of: datetime | None = None) -> str:
    """A moment in a zone: "Thu 19 Mar 16:42", with the year if it is not the year of `as_of`."""
    here = local(at, zone)
    other_year = as_of is not None and here.year != local(as_of, zone).year
    return writing.write_moment(here, DateForm(weekday=True, year=other_year))


def clock(at: datetime, zone: str, today: datetime | None) -> str:
    """The hour alone on the day of `today` in that zone, "14:02"; else as `moment`."""
    here = local(at, zone)
    is_today = today is not None and here.date() == local(today, zone).date()
    return writing.write_hour(here) if is_today else moment(at, zone, today)


def updated_at(at: datetime, zone: str, today: datetime | None) -> str:
    """When something was brought up to date: "at 14:02", "at midnight", or as `moment`."""
    here = local(at, zone)
    if today is None or here.date() != local(today, zone).date():
        return moment(at, zone, today)
    return "at midnight" if _is_midnight(here) else f"at {writing.write_hour(here)}"


def ago(at: datetime, now: datetime) -> str:
    """The time since `at`: "2 minutes ago", "1 hour ago"; under a minute "just now"."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{count(minutes, 'minute')} ago"
    hours = minutes // 60
    return f"{count(hours, 'hour')} ago" if hours < 48 else f"{count(hours // 24, 'day')} ago"


def day(at: datetime, zone: str, as_of: datetime) -> str:
    """The day since which something holds: "25 Aug", or "25 Aug 14:02" within that day."""
    here = local(at, zone)
    form = DateForm(year=is_other_year(at, zone, as_of))
    return writing.write_day(here, form) if _is_midnight(here) else writing.write_moment(here, form)


def part(part: Part, as_of: date) -> str:
    """A day, week or month: "9 Mar", "Mar 2025", "16 Mar (so far)", "16 Feb (part)".

    The year is written if it is not that of `as_of`.
    """
    year = part.first.year != as_of.year
    mark = " (so far)" if part.running else " (part)" if part.cut else ""
    if part.per is By.MONTH:
        return f"{writing.month(part.first, year=year)}{mark}"
    return f"{writing.write_day(part.first, DateForm(year=year))}{mark}"


def whole_minute(at: datetime) -> datetime:
    """Rounds `at` up to a whole minute: by the minute that people read, it has passed."""
    later = at + timedelta(minutes=1) - timedelta(microseconds=1)
    return later.replace(second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class InWords:
    """A period in words: its `span`, "week", and `before`, the one it is compared with; its days,
    "9 – 15 March"."""

    span: str
    before: str
    dates: str


def in_words(window: Window) -> InWords:
    """The period of a report in words."""
    now, zone = window.now, window.zone
    return InWords(*span(window), dates(window.interval, zone, now))


def span(window: Window) -> tuple[str, str]:
    """A day, so many days or weeks, a month, "period" for any other length; and the one before, or
    of a period that is under way up to when that was counted.

    That follows `intervals.window_of_period`: a Monday is compared with the Monday before.
    """
    if window.kind == "so far":
        return ("period", _up_to(window))
    if window.kind == "rolling":
        return _rolling(length_in_days(window.before, window.zone))
    first, last = _ends(window.interval, zone_of(window.zone))
    days = length_in_days(window.interval, window.zone)
    if first.day == 1 and (last + timedelta(days=1)).day == 1 and 28 <= days <= 31:
        return ("month", "the month before")
    if days == 1:
        return ("day", f"the {first:%A} before")
    if days == 7:
        return ("week", "the week before")
    if days % 7 == 0:
        return (f"{days // 7:.0f} weeks", f"the {days // 7:.0f} weeks before")
    if days == int(days):
        before = "the same days a week before" if days < 7 else f"the {days:.0f} days before"
        return (f"{days:.0f} days", before)
    return ("period", "the period before")


def _up_to(window: Window) -> str:
    """Up to when the period before was counted: "by Wednesday last week"."""
    place = zone_of(window.zone)
    first, last = _ends(window.before, place)
    days = (window.interval.start.astimezone(place).date() - first).days
    if days == 1:
        return "by this time yesterday"
    if days == 7:
        return f"by {last:%A} last week"
    return f"by {date_of(window.before.end - _LEAST, window.zone, window.now)}"


def _rolling(days: float) -> tuple[str, str]:
    if days == 1:
        return ("day", "the day before")
    if days == int(days):
        return (f"{days:.0f} days", f"the {days:.0f} days before")
    return ("period", "the period before")


def dates(interval: Interval, zone: str, now: datetime) -> str:
    """The days of an interval: "9 – 15 March", "27 February – 5 March", "9 March".

    With the year if it is not that of `now`; with hours where it is no whole days.
    """
    return _interval(interval, zone, now, weekdays=False)


def date_of(at: datetime, zone: str, now: datetime) -> str:
    """A day: "12 March", with the year if it is not that of `now`."""
    form = DateForm(full=True, year=is_other_year(at, zone, now))
    return writing.write_day(local(at, zone), form)


def weekday_of(at: datetime, zone: str, now: datetime) -> str:
    """A day with its name: "Thu 12 March"."""
    form = DateForm(full=True, weekday=True, year=is_other_year(at, zone, now))
    return writing.write_day(local(at, zone), form)


def deadline(at: datetime, zone: str, now: datetime) -> str:
    """Until when something is in time: "Thu 12 March"; on that day "today", with the hour unless
    it is the end of the day."""
    here = local(at, zone)
    if here.date() != local(now, zone).date():
        return weekday_of(at, zone, now)
    ends = local(at + _LEAST, zone).date() != here.date()
    return "today" if ends else f"today, {writing.spoken_hour(here)}"


def short_day(at: datetime, zone: str, now: datetime) -> str:
    """A day in a table: "12 Mar", with the year if it is not that of `now`."""
    return writing.write_day(local(at, zone), DateForm(year=is_other_year(at, zone, now)))


def posted_on(at: datetime, zone: str, now: datetime) -> str:
    """The day of a message that came before: "last Monday", or further back "Mon 9 March"."""
    here, today = local(at, zone), local(now, zone)
    is_last = 0 < (today.date() - here.date()).days <= 7
    return f"last {here:%A}" if is_last else weekday_of(at, zone, now)


def due_at(at: datetime, zone: str) -> str:
    """A moment of the last days: "Monday 9:00"."""
    here = local(at, zone)
    return f"{here:%A} {writing.spoken_hour(here)}"


def send_time(at: datetime, zone: str, now: datetime) -> str:
    """A moment at which something is sent: "Mon 16 March at 9:00"."""
    here = local(at, zone)
    return f"{weekday_of(at, zone, now)} at {writing.spoken_hour(here)}"


def short_date(day: date) -> str:
    """A day under a bar of a chart: "9 Mar"."""
    return writing.write_day(day, DateForm())


def is_other_year(at: datetime, zone: str, now: datetime) -> bool:
    """Whether the year has to be written, as it is not that of `now`."""
    return local(at, zone).year != local(now, zone).year


def local(at: datetime, zone: str) -> datetime:
    """A moment in the zone of an IANA name; in UTC if this computer does not know the name."""
    try:
        return at.astimezone(zone_of(zone))
    except OverflowError:  # the first and the last hours that a datetime can hold
        return at.astimezone(UTC)


def _is_midnight(here: datetime) -> bool:
    return (here.hour, here.minute) == (0, 0)


def _interval(interval: Interval, zone: str, now: datetime, *, weekdays: bool) -> str:
    place = zone_of(zone)
    if not (_starts_day(interval.start, place) and _starts_day(interval.end, place)):
        return f"{send_time(interval.start, zone, now)} – {send_time(interval.end, zone, now)}"
    first, last = _ends(interval, place)
    is_this_year = first.year == last.year == local(now, zone).year
    return writing.write_days(
        first, last, DateForm(full=True, weekday=weekdays, year=not is_this_year)
    )


def _ends(interval: Interval, place: ZoneInfo) -> tuple[date, date]:
    """The first and the last local day that have a part in it."""
    last = interval.end - _LEAST
    return interval.start.astimezone(place).date(), last.astimezone(place).date()


def _starts_day(at: datetime, place: ZoneInfo) -> bool:
    return day_start(at.astimezone(place).date(), place) == at
