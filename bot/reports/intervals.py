"""Intervals of a report, and the local days and weeks in them. Right across clock changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.language.days import Unit, day_start, floor, shift, zone_of

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
# How many weeks a chart shows.
WEEKS = 8
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
        # Between two moments of one zone Python reckons by the clock on the wall.
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.start >= self.end:
            raise ValueError("an interval ends after it starts")

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class Window:
    """What a report looks at, and when.

    `before` is the period that `interval` is compared with (see `preceding`); ValueError if it
    reaches into the interval. `zone` is an IANA name, `now` the moment that due dates and the
    current week are measured against.
    """

    interval: Interval
    before: Interval
    zone: str
    now: datetime

    def __post_init__(self) -> None:
        if self.before.end > self.interval.start:
            raise ValueError("the period before ends where the interval starts, or earlier")
        if self.now.tzinfo is None:
            raise ValueError("now is aware")


def preceding(interval: Interval, zone: str) -> Interval:
    """The period of the same kind before: as many months or days by the local clock.

    Months where it runs from a first of the month to another. Days that are fewer than a week are
    the same weekdays a week earlier: nobody works on Sundays as on Mondays. A length that is no
    whole number of days is taken as it is.
    """
    place = zone_of(zone)
    start, end = _wall(interval.start, place), _wall(interval.end, place)
    months = (end.year - start.year) * 12 + end.month - start.month
    if months and start.day == end.day == 1 and start.time() == end.time():
        first = shift(start.date(), "month", -months)
        return Interval(_instant(datetime.combine(first, start.time()), place), interval.start)
    if (end - start) % DAY:
        return Interval(interval.start - (interval.end - interval.start), interval.start)
    if end - start < WEEK:
        return Interval(_instant(start - WEEK, place), _instant(end - WEEK, place))
    return Interval(_instant(start - (end - start), place), interval.start)


def moved(moment: datetime, days: int, zone: str) -> datetime:
    """The same time by the local clock so many days later; UTC."""
    place = zone_of(zone)
    return _instant(_wall(moment, place) + days * DAY, place)


def start_of_day(moment: datetime, zone: str) -> datetime:
    """Where its local day begins; UTC."""
    place = zone_of(zone)
    return day_start(_local(moment, place).date(), place).astimezone(UTC)


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
    """The last `count` times seven local days up to `end`, oldest first, each with its first date.

    Counted back from `end` and not from Mondays, so that no week is cut short.
    """
    place = zone_of(zone)
    ends = [*(moved(end, -7 * back, zone) for back in range(count, 0, -1)), end]
    return [
        (_wall(ends[at], place).date(), Interval(ends[at], ends[at + 1])) for at in range(count)
    ]


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
