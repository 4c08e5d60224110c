"""When a digest is due. Pure: the moments come in as arguments.

A schedule is a rhythm of calendar dates and a time of the day in a zone. Each of its dates gives
one occurrence, at the first moment at which the clocks there show that time or a later one. So a
time that a change of the clocks leaves out comes at the end of the gap, and one that comes twice
counts once, the first time. A date that a zone left out (30 December 2011 in Samoa) counts in
the same way, at the beginning of the next date; only where every day or weekday has its own
occurrence it has none, since there is nothing to report on.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from bot.language.days import day_start, floor, shift

MOST_WEEKS = 52
MOST_MISSED = 50  # how many missed occurrences are told one by one

_DAY = timedelta(days=1)
_SATURDAY = 5
_MONDAY = date(2001, 1, 1)


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day; with `workdays`, from Monday to Friday only."""

    workdays: bool = False


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


@dataclass(frozen=True, slots=True)
class Monthly:
    """Every month on a day from 1 to 31; a month without that day has it on its last day.

    Raises ValueError.
    """

    day: int

    def __post_init__(self) -> None:
        if not 1 <= self.day <= 31:
            raise ValueError("no such day")


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
    """One time that a schedule comes round, at a moment in UTC.

    `key` is its date in the schedule's zone ("2026-03-30"): it identifies the occurrence, also
    after the zone, the time of the day or the zone database has changed.
    """

    key: str
    at: datetime

    @property
    def day(self) -> date:
        """The date in the schedule's zone that it belongs to."""
        return date.fromisoformat(self.key)


@dataclass(frozen=True, slots=True)
class Due:
    """What fell due: the newest occurrence, and those before it, oldest first.

    `more`: there were still older ones, which nobody lists any more.
    """

    newest: Occurrence | None
    missed: tuple[Occurrence, ...] = ()
    more: bool = False


def due(schedule: Schedule, after: datetime, upto: datetime, *, limit: int = MOST_MISSED) -> Due:
    """The newest occurrence after the one moment and up to the other, and those it overtook.

    At most `limit` of these are listed, the newest, however long the time between the moments.
    The moments are aware.
    """
    # Clocks that were set back may have shown the next date before.
    backward = _walk(schedule, _local_date(upto, schedule) + _DAY, -1)
    fallen = (one for one in backward if one.at <= upto)
    recent = tuple(islice(takewhile(lambda one: one.at > after, fallen), limit + 2))
    if not recent:
        return Due(None)
    newest, *older = recent
    return Due(newest, tuple(reversed(older[:limit])), len(older) > limit)


def upcoming(schedule: Schedule, now: datetime, count: int = 3) -> tuple[Occurrence, ...]:
    """The next occurrences after this moment, soonest first."""
    forward = _walk(schedule, _local_date(now, schedule), 1)
    return tuple(islice((one for one in forward if one.at > now), count))


def period_before(schedule: Schedule, occurrence: Occurrence) -> tuple[datetime, datetime]:
    """The time that an occurrence reports on, from its start to before its end, in UTC.

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
        case Monthly():
            end = floor(end, "month")
            start = shift(end, "month", -1)
    return day_start(start, zone).astimezone(UTC), day_start(end, zone).astimezone(UTC)


def _walk(schedule: Schedule, start: date, step: int) -> Iterator[Occurrence]:
    """The occurrences from a date on, forwards (step 1) or backwards (step -1)."""
    zone = ZoneInfo(schedule.zone)
    for day in _dates(schedule.rhythm, start, step):
        if isinstance(schedule.rhythm, Daily) and not _happens(day, zone):
            continue
        at = _first_moment(datetime.combine(day, schedule.clock), zone)
        yield Occurrence(day.isoformat(), at)


def _dates(rhythm: Rhythm, start: date, step: int) -> Iterator[date]:
    match rhythm:
        case Daily():
            return _days(rhythm, start, step)
        case Weekly():
            return _weeks(rhythm, start, step)
        case Monthly():
            return _months(rhythm, start, step)


def _days(rhythm: Daily, day: date, step: int) -> Iterator[date]:
    while True:
        if not (rhythm.workdays and day.weekday() >= _SATURDAY):
            yield day
        day += step * _DAY


def _weeks(rhythm: Weekly, start: date, step: int) -> Iterator[date]:
    first = rhythm.first
    if first and step > 0:
        start = max(start, first)
    origin = first or _MONDAY + rhythm.weekday * _DAY
    length = 7 * rhythm.weeks * _DAY
    # Onto the nearest date of the rhythm, never against the direction of the walk.
    day = start + step * ((origin - start) * step % length)
    while first is None or day >= first:
        yield day
        day += step * length


def _months(rhythm: Monthly, start: date, step: int) -> Iterator[date]:
    month = floor(start, "month")
    while True:
        day = month.replace(day=min(rhythm.day, monthrange(month.year, month.month)[1]))
        if (day >= start) if step > 0 else (day <= start):
            yield day
        month = shift(month, "month", step)


def _local_date(moment: datetime, schedule: Schedule) -> date:
    return moment.astimezone(ZoneInfo(schedule.zone)).date()


def _happens(day: date, zone: ZoneInfo) -> bool:
    """Whether the zone has that date at all."""
    midnight = datetime.combine(day, time.min)
    return _first_moment(midnight, zone) < _first_moment(midnight + _DAY, zone)


def _first_moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, at which the zone's clocks show that time or a later one."""
    # Where the clocks jump over that time, the two folds give a moment on either side of the
    # jump; elsewhere fold 0 is the first time that they show it.
    late = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            early = middle
        else:
            late = middle
    return late
