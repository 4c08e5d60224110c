"""Computes when a scheduled message is due. No clock: times come in as arguments.

A schedule is a rhythm of calendar dates and a time of day in a zone. Each date has one occurrence,
at the first moment when local clocks show that time or a later one. So a skipped time is due at the
end of the gap, and a repeated time the first time. The same is true of a date that a zone skipped
(December 30, 2011, in Samoa), except that a daily rhythm skips it, because there is nothing to
report.
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
class DailyRhythm:
    """Every day; with `workdays`, from Monday to Friday only."""

    workdays: bool = False

    def dates(self, start: date, step: int) -> Iterator[date]:
        """Its dates from `start` on, forward (step 1) or backward (step -1)."""
        day = start
        while True:
            if not (self.workdays and day.weekday() >= _SATURDAY):
                yield day
            day += step * _DAY


@dataclass(frozen=True, slots=True)
class WeeklyRhythm:
    """Every `weeks` weeks on a weekday (Monday is 0).

    `first` is the date of the first occurrence, which determines the weeks; it is given only for
    more than one week.
    """

    weekday: int
    weeks: int = 1
    first: date | None = None

    def dates(self, start: date, step: int) -> Iterator[date]:
        """As `Daily.dates`; none before `first`."""
        if self.first and step > 0:
            start = max(start, self.first)
        origin = self.first or _MONDAY + self.weekday * _DAY
        length = 7 * self.weeks * _DAY
        # The nearest date of the rhythm in the direction of the step.
        day = start + step * ((origin - start) * step % length)
        while self.first is None or day >= self.first:
            yield day
            day += step * length


@dataclass(frozen=True, slots=True)
class MonthlyRhythm:
    """Every month on a day from 1 to 31, or the last day of a shorter month."""

    day: int

    def dates(self, start: date, step: int) -> Iterator[date]:
        """As `Daily.dates`."""
        month = floor(start, "month")
        while True:
            day = month.replace(day=min(self.day, monthrange(month.year, month.month)[1]))
            if (day >= start) if step > 0 else (day <= start):
                yield day
            month = shift(month, "month", step)


Rhythm = DailyRhythm | WeeklyRhythm | MonthlyRhythm


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rhythm and a time of day, in whole minutes, in an IANA time zone.

    If the zone changes, occurrences keep their keys.
    """

    rhythm: Rhythm
    clock: time
    zone: str


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A time when a schedule is due, in UTC.

    `key` is its date in the schedule's zone ("2026-03-30"). It identifies the occurrence, even
    after the zone, the time of day or the zone database has changed.
    """

    key: str
    at: datetime

    @property
    def day(self) -> date:
        """Its date in the schedule's zone."""
        return date.fromisoformat(self.key)


def due(schedule: Schedule, after: datetime, upto: datetime) -> Occurrence | None:
    """The newest occurrence after one aware moment and up to another."""
    # One day ahead: clocks that went back over midnight have shown the next date before.
    backward = _walk(schedule, _local_date(upto, schedule) + _DAY, -1)
    newest = next((occurrence for occurrence in backward if occurrence.at <= upto), None)
    return newest if newest is not None and newest.at > after else None


def upcoming(schedule: Schedule, now: datetime, count: int = 3) -> tuple[Occurrence, ...]:
    """The next occurrences after this moment, soonest first."""
    forward = _walk(schedule, _local_date(now, schedule), 1)
    return tuple(islice((occurrence for occurrence in forward if occurrence.at > now), count))


def period_before(schedule: Schedule, occurrence: Occurrence) -> tuple[datetime, datetime]:
    """The period that an occurrence reports on, [start, end) in UTC.

    It has the whole local days before the occurrence's date: the last month; as many weeks from
    Monday to Sunday as the rhythm has; or, for every day or weekday, the days since the occurrence
    before, so that Monday includes the weekend. Consecutive periods meet.
    """
    zone, rhythm, end = ZoneInfo(schedule.zone), schedule.rhythm, occurrence.day
    match rhythm:
        case DailyRhythm():
            start = next(_walk(schedule, end - _DAY, -1)).day
        case WeeklyRhythm():
            end = floor(end, "week")
            start = shift(end, "week", -rhythm.weeks)
        case _:
            end = floor(end, "month")
            start = shift(end, "month", -1)
    return day_start(start, zone).astimezone(UTC), day_start(end, zone).astimezone(UTC)


def _walk(schedule: Schedule, start: date, step: int) -> Iterator[Occurrence]:
    """The occurrences from a date on, forward (step 1) or backward (step -1)."""
    zone = ZoneInfo(schedule.zone)
    for day in schedule.rhythm.dates(start, step):
        if isinstance(schedule.rhythm, DailyRhythm) and not _happens(day, zone):
            continue
        at = first_moment(datetime.combine(day, schedule.clock), zone)
        yield Occurrence(day.isoformat(), at)


def _local_date(moment: datetime, schedule: Schedule) -> date:
    return moment.astimezone(ZoneInfo(schedule.zone)).date()


def _happens(day: date, zone: ZoneInfo) -> bool:
    """Whether the zone has that date."""
    midnight = datetime.combine(day, time.min)
    return first_moment(midnight, zone) < first_moment(midnight + _DAY, zone)
