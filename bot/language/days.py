"""The calendar: days, weeks, months, quarters and years, and the start of a day in a time zone."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

Unit = Literal["day", "week", "month", "quarter", "year"]

FIRST_YEAR, LAST_YEAR = 2000, 2100


def _numbered(groups: str, first: int) -> dict[str, int]:
    """The number of each word. Words between two commas have the same number."""
    return {
        word: number
        for number, words in enumerate(groups.split(", "), first)
        for word in words.split()
    }


MONTHS = _numbered(
    "january jan, february feb, march mar, april apr, may, june jun, july jul, august aug, "
    "september sep sept, october oct, november nov, december dec",
    first=1,
)
MONTH_NAMES = tuple({number: word for word, number in reversed(MONTHS.items())}.values())[::-1]
WEEKDAYS = _numbered(
    "monday mon, tuesday tue tues, wednesday wed, thursday thu thur thurs, friday fri, "
    "saturday sat, sunday sun",
    first=0,
)
WEEKDAY_NAMES = tuple(word for word in WEEKDAYS if word.endswith("day"))
_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}


def shift(day: date, unit: Unit, count: int) -> date:
    """The day `count` units later, at most the last day of its month."""
    if unit in ("day", "week"):
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + count * _MONTHS_OF[unit]
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def floor(day: date, unit: Unit) -> date:
    """The first day of the unit that has `day`. Weeks start on Monday."""
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    length = _MONTHS_OF[unit]
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in `zone`: if clocks skip midnight, the end of the jump; if
    midnight comes twice, the first one."""
    return first_moment(datetime.combine(day, time.min), zone).astimezone(zone)


def first_moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, at which the zone's clocks show `wall` (naive) or a later time."""
    # If clocks skip this time, the two folds are on either side of the jump; otherwise fold 0 is
    # the first time that clocks show it.
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


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """The zone with an IANA name; UTC for a name that this machine doesn't know."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def ordinal(day: int) -> str:
    """1 → "1st", 22 → "22nd", 13 → "13th"."""
    ending = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"
