"""Clocks on the wall, looked at every minute: what schedules are checked against."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, pairwise
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, available_timezones

from bot.language.schedule import Occurrence, Schedule, upcoming

ZONES = sorted(available_timezones())
MINUTE, DAY, WEEK = timedelta(minutes=1), timedelta(days=1), timedelta(days=7)
FORTNIGHT = 2 * WEEK


def distinct_zones() -> list[str]:
    """The zones under one name each: a fourth of the names are other names of a zone."""
    names = {_rules(zone): zone for zone in reversed(ZONES)}
    return sorted(names.values())


def _rules(zone: str) -> bytes:
    """The file of a zone; its name if zones aren't files here."""
    found = (Path(folder, zone) for folder in TZPATH)
    return next((path.read_bytes() for path in found if path.is_file()), zone.encode())


@dataclass(frozen=True)
class Change:
    """A moment at which a zone's clocks are put forward (minutes > 0) or back."""

    at: datetime
    minutes: float


@dataclass(frozen=True)
class Watch:
    """The clocks of one zone, read at each minute from a moment on."""

    start: datetime
    latest: list[datetime]  # the latest time they have shown by each minute
    dates: frozenset[date]

    def first(self, wall: datetime) -> datetime | None:
        """The first minute at which they show that time or a later one."""
        minute = bisect_left(self.latest, wall)
        return self.start + minute * MINUTE if minute < len(self.latest) else None


def watch(zone: str, start: datetime, end: datetime) -> Watch:
    """Look at the clocks of a zone each minute between two moments."""
    info = ZoneInfo(zone)
    shown = [
        (start + minute * MINUTE).astimezone(info).replace(tzinfo=None)
        for minute in range((end - start) // MINUTE + 1)
    ]
    return Watch(start, list(accumulate(shown, max)), frozenset(wall.date() for wall in shown))


def changes(zone: str, start: datetime, end: datetime) -> Iterator[Change]:
    """Each change of a zone's clocks between two moments that a look every two weeks shows."""
    info = ZoneInfo(zone)
    looks = [start + number * FORTNIGHT for number in range((end - start) // FORTNIGHT + 1)]
    offsets = [look.astimezone(info).utcoffset() for look in looks]
    for (before, old), (after, new) in pairwise(zip(looks, offsets, strict=True)):
        if old != new:
            yield _narrowed(info, before, after)


def _narrowed(zone: ZoneInfo, before: datetime, after: datetime) -> Change:
    old = before.astimezone(zone).utcoffset()
    low, high = 0, (after - before) // MINUTE
    while high - low > 1:
        middle = (low + high) // 2
        if (before + middle * MINUTE).astimezone(zone).utcoffset() == old:
            low = middle
        else:
            high = middle
    after = before + high * MINUTE
    shown = [moment.astimezone(zone).replace(tzinfo=None) for moment in (after - MINUTE, after)]
    return Change(after, (shown[1] - shown[0] - MINUTE) / MINUTE)


def utc(year: int, month: int = 1, day: int = 1, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def wall(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock)


def occurrences(schedule: Schedule, after: datetime, upto: datetime) -> tuple[Occurrence, ...]:
    """All occurrences after the one moment and up to the other, oldest first."""
    count = 8
    while True:
        found = upcoming(schedule, after, count)
        if len(found) < count or found[-1].at > upto:
            return tuple(one for one in found if one.at <= upto)
        count *= 4
