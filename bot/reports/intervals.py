"""Intervals of a report, and the local days and weeks in them, correct across clock changes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.language.days import Unit, day_start, floor, shift, zone_of
from bot.language.query import Period
from bot.language.times import rolling

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
MOMENT = timedelta(milliseconds=1)  # Exec's times have milliseconds
# Before all sessions.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Interval:
    """The time from `start` to `end`, without `end`; ValueError if it is empty.

    Both are aware, in any zone, and stored in UTC.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        # In UTC, because Python ignores clock changes between two moments of the same zone.
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.start >= self.end:
            raise ValueError("an interval ends after it starts")


@dataclass(frozen=True, slots=True)
class Periods:
    """The period of a report, and the time of the question.

    `before` is the period that `interval` is compared with. `zone` is an IANA name. Due dates are
    relative to `now`. `kind`: the interval is a whole period, a running one ("this week"), or one
    that ends now ("last 7d").
    """

    interval: Interval
    before: Interval
    zone: str
    now: datetime
    kind: Literal["whole", "so far", "rolling"] = "whole"


def periods_of(period: Period | None, zone: str, now: datetime) -> Periods:
    """The period of a question up to `now`, and the period it is compared with.

    A running period is compared with the same part of the one before. A rolling period is compared
    with as many local days, or hours, right before its start; the amount is taken from its words,
    so that clock changes don't matter.
    """
    if period is None:
        return periods_over(Interval(EARLIEST, now), zone, now)
    start, end = period.start or EARLIEST, min(period.end or now, now)
    interval = Interval(start, max(end, start + MOMENT))
    if period.closed:
        before = _before_rolling(period.words, interval, zone)
        return Periods(interval, before, zone, now, "rolling")
    if period.start and (period.end is None or period.end > now):
        return Periods(interval, _so_far(interval, period.end, zone), zone, now, "so far")
    return periods_over(interval, zone, now)


def periods_over(interval: Interval, zone: str, now: datetime) -> Periods:
    """An interval, compared with the one before."""
    return Periods(interval, preceding(interval, zone), zone, now)


def period_of(interval: Interval, zone: str) -> Period:
    """An interval as the period of a question."""
    return Period("", zone, interval.start, interval.end)


def last_days(zone: str, now: datetime) -> Periods:
    """The last seven whole local days, up to yesterday."""
    start = today(zone, now).start
    return periods_over(Interval(moved(start, -WEEK.days, zone), start), zone, now)


def today(zone: str, now: datetime) -> Interval:
    """The local day of `now`, all of it."""
    place = zone_of(zone)
    day = now.astimezone(place).date()
    return Interval(day_start(day, place), day_start(day + DAY, place))


def preceding(interval: Interval, zone: str) -> Interval:
    """The period of the same kind before a whole one.

    It has as many months, if the interval runs from the first of a month to the first of another,
    or as many local days. Fewer than seven days are the same weekdays a week earlier, because
    weekdays differ. Any other length is used as it is.
    """
    place = zone_of(zone)
    start, end = _wall(interval.start, place), _wall(interval.end, place)
    if months := _months(start, end):
        return Interval(_instant(_months_back(start, months), place), interval.start)
    if (end - start) % DAY:
        return Interval(interval.start - (interval.end - interval.start), interval.start)
    if end - start < WEEK:
        return Interval(_instant(start - WEEK, place), _instant(end - WEEK, place))
    return Interval(_instant(start - (end - start), place), interval.start)


def _so_far(interval: Interval, until: datetime | None, zone: str) -> Interval:
    """The beginning of the period before a running one: as many local days and hours as passed,
    or all of a shorter month. The running one ends at `until`; None is today."""
    place = zone_of(zone)
    start = _wall(interval.start, place)
    passed = _wall(interval.end, place) - start
    end = until or _instant(start + math.ceil(passed / DAY) * DAY, place)
    before = preceding(Interval(interval.start, end), zone)
    now = _instant(_wall(before.start, place) + passed, place)
    return Interval(before.start, max(before.start + MOMENT, min(now, before.end)))


def _before_rolling(words: str, interval: Interval, zone: str) -> Interval:
    """The local days, or hours, of a rolling period's words, right before the interval."""
    when, place = rolling(words), zone_of(zone)
    start = _wall(interval.start, place)
    if when.unit == "month":
        return Interval(_instant(_months_back(start, when.amount), place), interval.start)
    if when.unit in ("day", "week"):
        return Interval(_instant(start - when.length, place), interval.start)
    return Interval(interval.start - when.length, interval.start)


def _months_back(wall: datetime, count: int) -> datetime:
    """The same day and time some months before, or the last day of a shorter month."""
    return datetime.combine(shift(wall.date(), "month", -count), wall.time())


def _months(start: datetime, end: datetime) -> int:
    """The number of months, if both are the first of a month at the same time of day; otherwise
    0."""
    if not start.day == end.day == 1 or start.time() != end.time():
        return 0
    return (end.year - start.year) * 12 + end.month - start.month


def moved(moment: datetime, days: int, zone: str) -> datetime:
    """The same local time `days` later, in UTC."""
    place = zone_of(zone)
    return _instant(_wall(moment, place) + days * DAY, place)


def written_days(interval: Interval, zone: str) -> str:
    """The local days of an interval, as a period in a question: "2026-03-09..2026-03-15"."""
    place = zone_of(zone)
    first, last = interval.start.astimezone(place), (interval.end - MOMENT).astimezone(place)
    return f"{first.date()}..{last.date()}"


def length_in_days(interval: Interval, zone: str) -> float:
    """The length of an interval in local days; a day of 23 or 25 hours counts as one."""
    place = zone_of(zone)
    return (_wall(interval.end, place) - _wall(interval.start, place)) / DAY


def parts_of(interval: Interval, unit: Unit, zone: str) -> list[tuple[date, Interval, Interval]]:
    """The local days, weeks (from Monday) or months that overlap an interval, in order: the first
    date, the overlap, and the whole part of each."""
    place = zone_of(zone)
    # A day more on either side, because the date can go back if midnight comes twice.
    first = floor(interval.start.astimezone(place).date() - DAY, unit)
    last = interval.end.astimezone(place).date() + DAY
    intervals = []
    while first <= last:
        following = shift(first, unit, 1)
        begins = day_start(first, place).astimezone(UTC)
        ends = day_start(following, place).astimezone(UTC)
        start, end = max(begins, interval.start), min(ends, interval.end)
        if start < end:
            intervals.append((first, Interval(start, end), Interval(begins, ends)))
        first = following
    return intervals


def _wall(moment: datetime, place: ZoneInfo) -> datetime:
    """The local time, naive. The start of a day is midnight, even if that was skipped."""
    local = moment.astimezone(place)
    if day_start(local.date(), place) == local:
        return datetime.combine(local.date(), time.min)
    return local.replace(tzinfo=None)


def _instant(wall: datetime, place: ZoneInfo) -> datetime:
    if wall.time() == time.min:
        return day_start(wall.date(), place).astimezone(UTC)
    return wall.replace(tzinfo=place).astimezone(UTC)
