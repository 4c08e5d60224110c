"""Dates and days: which dates a day, week, month, quarter or year holds, and when days begin."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Unit = Literal["day", "week", "month", "quarter", "year"]

_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Point:
    """A day, week, month, quarter or year, as said.

    Fixed by `year`, or counted `back` from the current one; without both it comes again and
    again ("march", "1 march", "q1", "monday") and the latest one that has begun is meant.
    """

    unit: Unit
    words: str
    year: int | None = None
    month: int | None = None
    day: int = 1
    weekday: int | None = None
    back: int | None = None

    @property
    def recurs(self) -> bool:
        """Whether it comes again and again."""
        return self.year is None and self.back is None

    @property
    def is_date(self) -> bool:
        """Whether it is one day with its year."""
        return self.unit == "day" and self.year is not None


def shift(day: date, unit: Unit, count: int) -> date:
    """The day `count` units later; the day of the month is cut to the month's length."""
    if unit in ("day", "week"):
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + count * _MONTHS_OF[unit]
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def floor(day: date, unit: Unit) -> date:
    """The first day of the unit that `day` lies in. Weeks start on Monday."""
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    length = _MONTHS_OF[unit]
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def latest(point: Point, today: date) -> date:
    """The first day of the point; of a recurring one, the latest that has begun by `today`."""
    if point.weekday is not None:
        behind = (today.weekday() - point.weekday) % 7
        return today - timedelta(days=behind or (7 if point.back else 0))
    if point.back is not None:
        return shift(floor(today, point.unit), point.unit, -point.back)
    if point.year is not None:
        return date(point.year, point.month or 1, point.day)
    # Nine years hold a 29 February, around 2100 too.
    years = range(today.year, today.year - 9, -1)
    return next(day for year in years if (day := _in_year(point, year)) and day <= today)


def following(point: Point, start: date) -> date:
    """The first day of the earliest occurrence of a recurring point that ends after `start`."""
    if point.weekday is not None:
        return start + timedelta(days=(point.weekday - start.weekday()) % 7)
    years = range(start.year - 1, start.year + 9)
    return next(
        day
        for year in years
        if (day := _in_year(point, year)) and shift(day, point.unit, 1) > start
    )


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in `zone`.

    Where the clocks jump over midnight the day starts at the end of the jump; where midnight
    comes twice, at the first one.
    """
    midnight = datetime.combine(day, time.min)
    # In a jump the two folds give an instant on either side of it; elsewhere fold 0 is midnight.
    late = midnight.replace(tzinfo=zone, fold=0).astimezone(UTC)
    early = midnight.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).replace(tzinfo=None) < midnight:
            early = middle
        else:
            late = middle
    return late.astimezone(zone)


def _in_year(point: Point, year: int) -> date | None:
    try:
        return date(year, point.month or 1, point.day)
    except ValueError:  # 29 February
        return None
