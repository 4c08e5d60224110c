"""When a message is due. Pure: the moments come in as arguments.

A schedule is a rhythm of calendar dates and a time of the day in a zone. Each of its dates gives
one occurrence, at the first moment at which the clocks there show that time or a later one: a
time that a change of the clocks skips is due at the end of the gap, and one that they show twice
is due the first time. The same goes for a date that a zone skipped (30 December 2011 in Samoa),
except for a daily rhythm, which then has no occurrence: there is nothing to report on.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.language.days import day_start, first_moment, floor, shift

MOST_WEEKS = 52

_DAY = timedelta(days=1)
_SATURDAY = 5
_MONDAY = date(2001, 1, 1)


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day; with `workdays`, from Monday to Friday only."""

    workdays: bool = False

    def dates(self, start: date, step: int) -> Iterator[date]:
        """Its dates from `start` on, forwards (step 1) or backwards (step -1)."""
        day = start
        while True:
            if not (self.workdays and day.weekday() >= _SATURDAY):
                yield day
            day += step * _DAY


@dataclass(frozen=True, slots=True)
class Weekly:
    """Every so many weeks on a weekday, which counts from Monday as 0.

    `first` is the date of the first occurrence: it fixes which weeks. Exactly those of more than
    one week have it. Raises ValueError.
    """

    weekday: int
    weeks: int = 1
    first: date | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.weekday <= 6 and 1 <= self.weeks <= MOST_WEEKS):
            raise ValueError("no such weekday or number of weeks")
        if (self.first is not None) != (self.weeks > 1):
            raise ValueError("a first date goes with more than one week")
        if self.first is not None and self.first.weekday() != self.weekday:
            raise ValueError("the first date is on another weekday")

    def dates(self, start: date, step: int) -> Iterator[date]:
        """As `Daily.dates`; none before `first`."""
        if self.first and step > 0:
            start = max(start, self.first)
        origin = self.first or _MONDAY + self.weekday * _DAY
        length = 7 * self.weeks * _DAY
        # Onto the nearest date of the rhythm, never against the direction of the walk.
        day = start + step * ((origin - start) * step % length)
        while self.first is None or day >= self.first:
            yield day
            day += step * length


@dataclass(frozen=True, slots=True)
class Monthly:
    """Every month on a day from 1 to 31; a month without that day has it on its last day.

    Raises ValueError.
    """

    day: int

    def __post_init__(self) -> None:
        if not 1 <= self.day <= 31:
            raise ValueError("no such day")

    def dates(self, start: date, step: int) -> Iterator[date]:
        """As `Daily.dates`."""
        month = floor(start, "month")
        while True:
            day = month.replace(day=min(self.day, monthrange(month.year, month.month)[1]))
            if (day >= start) if step > 0 else (day <= start):
                yield day
            month = shift(month, "month", step)


Rhythm = Daily | Weekly | Monthly


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rhythm and the time of the day, in whole minutes, in a zone of the IANA database.

    For a zone that follows a person, replace `zone` before each use: what identifies an
    occurrence stays the same. Raises ValueError, and KeyError for a zone that does not exist.
    """

    rhythm: Rhythm
    clock: time
    zone: str

    def __post_init__(self) -> None:
        if self.clock.tzinfo or self.clock.second or self.clock.microsecond:
            raise ValueError("the time of the day has whole minutes and no zone")
        ZoneInfo(self.zone)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that a schedule is due, at a moment in UTC.

    `key` is its date in the schedule's zone ("2026-03-30"): it identifies the occurrence, also
    after the zone, the time of the day or the zone database has changed.
    """

    key: str
    at: datetime

    @property
    def day(self) -> date:
        """The date in the schedule's zone that it belongs to."""
        return date.fromisoformat(self.key)


def due(schedule: Schedule, after: datetime, upto: datetime) -> Occurrence | None:
    """The newest occurrence after one moment and up to another. The moments are aware."""
    # Where clocks went back over midnight they may have shown the next date before.
    backward = _walk(schedule, _local_date(upto, schedule) + _DAY, -1)
    newest = next((one for one in backward if one.at <= upto), None)
    return newest if newest is not None and newest.at > after else None


def upcoming(schedule: Schedule, now: datetime, count: int = 3) -> tuple[Occurrence, ...]:
    """The next occurrences after this moment, soonest first."""
    forward = _walk(schedule, _local_date(now, schedule), 1)
    return tuple(islice((one for one in forward if one.at > now), count))


def period_before(schedule: Schedule, occurrence: Occurrence) -> tuple[datetime, datetime]:
    """The time that an occurrence reports on, [start, end) in UTC.

    Whole local days that ended by the beginning of the occurrence's date: a month; as many weeks
    from Monday to Sunday as lie between occurrences; for every day or weekday, those since the
    occurrence before, so that Monday reports on the weekend too. Consecutive periods meet.
    """
    zone, rhythm, end = ZoneInfo(schedule.zone), schedule.rhythm, occurrence.day
    match rhythm:
        case Daily():
            start = next(_walk(schedule, end - _DAY, -1)).day
        case Weekly():
            end = floor(end, "week")
            start = shift(end, "week", -rhythm.weeks)
        case _:
            end = floor(end, "month")
            start = shift(end, "month", -1)
    return day_start(start, zone).astimezone(UTC), day_start(end, zone).astimezone(UTC)


def _walk(schedule: Schedule, start: date, step: int) -> Iterator[Occurrence]:
    """The occurrences from a date on, forwards (step 1) or backwards (step -1)."""
    zone = ZoneInfo(schedule.zone)
    for day in schedule.rhythm.dates(start, step):
        if isinstance(schedule.rhythm, Daily) and not _happens(day, zone):
            continue
        at = first_moment(datetime.combine(day, schedule.clock), zone)
        yield Occurrence(day.isoformat(), at)


def _local_date(moment: datetime, schedule: Schedule) -> date:
    return moment.astimezone(ZoneInfo(schedule.zone)).date()


def _happens(day: date, zone: ZoneInfo) -> bool:
    """Whether the zone has that date at all."""
    midnight = datetime.combine(day, time.min)
    return first_moment(midnight, zone) < first_moment(midnight + _DAY, zone)
