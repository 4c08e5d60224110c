"""Intervals of a report, and the local days and weeks in them. Right across clock changes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.language.days import Unit, day_start, floor, shift, zone_of
from bot.language.period import rolling
from bot.language.query import Period

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
# How many weeks a chart shows.
WEEKS = 8
_MOMENT = timedelta(milliseconds=1)
# Before all sessions: what is known since then is all there is to know.
EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Interval:
    """The time from `start` up to, and without, `end`; ValueError if it is empty.

    Both are given aware, in any zone, and held in UTC.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("an interval has aware ends")
        # Between two moments of one zone Python computes by the clock on the wall.
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.start >= self.end:
            raise ValueError("an interval ends after it starts")

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class Window:
    """What a report looks at, and when.

    `before` is the period that `interval` is compared with (see `window_of_period`); ValueError if
    it reaches into the interval. `zone` is an IANA name, `now` the moment that due dates and the
    current week are measured against. `kind` says whether the interval is a whole period, one
    that is under way ("this week"), or one that ends now by its words ("last 7d").
    """

    interval: Interval
    before: Interval
    zone: str
    now: datetime
    kind: Literal["whole", "so far", "rolling"] = "whole"

    def __post_init__(self) -> None:
        if self.before.end > self.interval.start:
            raise ValueError("the period before ends where the interval starts, or earlier")
        if self.now.tzinfo is None:
            raise ValueError("now is aware")


def window_of_period(period: Period | None, zone: str, now: datetime) -> Window:
    """The period of a question up to `now`, and what it is compared with.

    A period that is under way is compared with the same part of the one before. A rolling period
    is compared with as many local days, or hours, right before its start: that follows from its
    words, so that neither milliseconds nor a change of the clocks decide it.
    """
    start = (period.start if period else None) or EVER
    end = min((period.end if period else None) or now, now)
    interval = Interval(start, max(end, start + _MOMENT))
    if period is not None and period.closed:
        return Window(interval, _before_rolling(period.words, interval, zone), zone, now, "rolling")
    if period is not None and period.start and (period.end is None or period.end > now):
        return Window(interval, _so_far(interval, period.end, zone), zone, now, "so far")
    return Window(interval, preceding(interval, zone), zone, now)


def window_over(interval: Interval, zone: str, now: datetime) -> Window:
    """An interval, compared with the one before."""
    return Window(interval, preceding(interval, zone), zone, now)


def period_of(interval: Interval, zone: str) -> Period:
    """An interval as the period of a question."""
    return Period("", zone, interval.start, interval.end)


def last_days(zone: str, now: datetime) -> Window:
    """The last seven whole local days, up to yesterday: a day that has begun is no whole one."""
    start = today(zone, now).start
    return window_over(Interval(moved(start, -WEEK.days, zone), start), zone, now)


def today(zone: str, now: datetime) -> Interval:
    """The local day of `now`, all of it."""
    place = zone_of(zone)
    day = now.astimezone(place).date()
    return Interval(day_start(day, place), day_start(day + DAY, place))


def is_whole(since: datetime | None, as_of: datetime, window: Window) -> bool:
    """Whether all of a window is known, up to a look that may be hours old: from `since` on, None
    for ever."""
    start = window.interval.start
    return (since is None or since <= start) and as_of > start


def preceding(interval: Interval, zone: str) -> Interval:
    """The period of the same kind before a whole one: as many months or days by the local clock.

    Months where it runs from a first of the month to another. Days that are fewer than a week are
    the same weekdays a week earlier: nobody works on Sundays as on Mondays. A length that is no
    whole number of days is taken as it is.
    """
    place = zone_of(zone)
    start, end = _wall(interval.start, place), _wall(interval.end, place)
    if months := _months(start, end):
        first = shift(start.date(), "month", -months)
        return Interval(_instant(datetime.combine(first, start.time()), place), interval.start)
    if (end - start) % DAY:
        return Interval(interval.start - (interval.end - interval.start), interval.start)
    if end - start < WEEK:
        return Interval(_instant(start - WEEK, place), _instant(end - WEEK, place))
    return Interval(_instant(start - (end - start), place), interval.start)


def _so_far(interval: Interval, until: datetime | None, zone: str) -> Interval:
    """The same part of the period before one that began with `interval` and lasts `until` then
    (None: for as long as one likes).

    The same days and hours of the months before; all of them where these are shorter. The day
    before for a day, the same weekdays a week earlier for up to a week.
    """
    place = zone_of(zone)
    start, now = _wall(interval.start, place), _wall(interval.end, place)
    length = now - start if until is None else _wall(until, place) - start
    months = 0 if until is None else _months(start, start + length)
    if months:
        first = datetime.combine(shift(start.date(), "month", -months), start.time())
        day = shift(now.date(), "month", -months)
        last = datetime.combine(day, now.time())
        if day.day < now.day:
            last = datetime.combine(day + DAY, time.min)
    else:
        days = math.ceil(length / DAY)
        back = DAY if until is not None and days == 1 else max(days * DAY, WEEK)
        first, last = start - back, now - back
    begin = _instant(first, place)
    return Interval(begin, max(begin + _MOMENT, min(_instant(last, place), interval.start)))


def _before_rolling(words: str, interval: Interval, zone: str) -> Interval:
    """As many local days, or hours, right before the interval as these words say."""
    when, place = rolling(words), zone_of(zone)
    start = _wall(interval.start, place)
    if when.unit == "months":
        first = datetime.combine(shift(start.date(), "month", -when.amount), start.time())
        return Interval(_instant(first, place), interval.start)
    if when.unit in ("d", "w"):
        return Interval(_instant(start - when.length, place), interval.start)
    return Interval(interval.start - when.length, interval.start)


def _months(start: datetime, end: datetime) -> int:
    """How many months from the first of one to that of another, at one time of day; else 0."""
    if not start.day == end.day == 1 or start.time() != end.time():
        return 0
    return (end.year - start.year) * 12 + end.month - start.month


def moved(moment: datetime, days: int, zone: str) -> datetime:
    """The same time by the local clock so many days later; UTC."""
    place = zone_of(zone)
    return _instant(_wall(moment, place) + days * DAY, place)


def length_in_days(interval: Interval, zone: str) -> float:
    """How many local days an interval is long: a day of 23 or 25 hours is one."""
    place = zone_of(zone)
    return (_wall(interval.end, place) - _wall(interval.start, place)) / DAY


def first_whole_day(known_since: datetime, zone: str) -> datetime | None:
    """The start of the first local day of which everything is known; UTC. None if all time is."""
    if known_since <= EVER:
        return None
    place = zone_of(zone)
    day = _local(known_since, place).date()
    start = day_start(day, place)
    return (start if start >= known_since else day_start(day + DAY, place)).astimezone(UTC)


def parts_of(interval: Interval, unit: Unit, zone: str) -> list[tuple[date, Interval, Interval]]:
    """The local days, weeks from Monday or months that have a part in `interval`, in order: each
    by its first date, with that part and as a whole."""
    place = zone_of(zone)
    # One day more on either side: where midnight comes twice, the date goes back for a while.
    first = floor(_local(interval.start, place).date() - DAY, unit)
    last = _local(interval.end, place).date() + DAY
    found = []
    while first <= last:
        following = shift(first, unit, 1)
        begins = day_start(first, place).astimezone(UTC)
        ends = day_start(following, place).astimezone(UTC)
        start, end = max(begins, interval.start), min(ends, interval.end)
        if start < end:
            found.append((first, Interval(start, end), Interval(begins, ends)))
        first = following
    return found


def weeks_up_to(end: datetime, count: int, zone: str) -> list[tuple[date, Interval]]:
    """The last `count` local weeks that began before `end`, oldest first, each with its Monday."""
    place = zone_of(zone)
    last = monday_of(end - timedelta(microseconds=1), zone)
    mondays = [last - back * WEEK for back in range(count - 1, -1, -1)]
    return [(day, Interval(day_start(day, place), day_start(day + WEEK, place))) for day in mondays]


def monday_of(moment: datetime, zone: str) -> date:
    """The Monday of the local week that `moment` lies in."""
    return floor(_local(moment, zone_of(zone)).date(), "week")


def _local(moment: datetime, place: ZoneInfo) -> datetime:
    try:
        return moment.astimezone(place)
    except OverflowError:  # the first and the last hours that a datetime can hold
        return moment


def _wall(moment: datetime, place: ZoneInfo) -> datetime:
    """What the local clock shows, naive. The start of a day is its midnight, even a skipped one."""
    local = _local(moment, place)
    if day_start(local.date(), place) == local:
        return datetime.combine(local.date(), time.min)
    return local.replace(tzinfo=None)


def _instant(wall: datetime, place: ZoneInfo) -> datetime:
    if wall.time() == time.min:
        return day_start(wall.date(), place).astimezone(UTC)
    return wall.replace(tzinfo=place).astimezone(UTC)
