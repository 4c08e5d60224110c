"""How numbers, lengths and moments are written. Pure; each of these is a filter in templates."""

from __future__ import annotations

import math
from datetime import UTC, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

DASH = "–"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TENTH = Decimal("0.1")


def number(value: int) -> str:
    """1204 → "1,204"."""
    return f"{value:,}"


def count(value: int, one: str, many: str | None = None) -> str:
    """(1, "session") → "1 session"; (12, "person", "people") → "12 people"."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def average(value: float | None) -> str:
    """One decimal, halves upwards: 92 → "92.0"; None → "–"."""
    if value is None or not math.isfinite(value):
        return DASH
    if abs(value) >= 1e9:
        return f"{value:.4g}"
    # Python's own rounding makes 92.25 into 92.2; people expect 92.3.
    return str(Decimal(repr(value)).quantize(_TENTH, ROUND_HALF_UP))


def score(value: float | None) -> str:
    """At most one decimal: 94.5 → "94.5", 91.0 → "91"; None → "–"."""
    return average(value).removesuffix(".0")


def length(seconds: float | None) -> str:
    """One session: 432 → "7 min 12 s", 362 → "6 min 02 s", 3900 → "1 h 05 min"; None → "–"."""
    whole = _whole(seconds)
    if whole is None:
        return DASH
    if whole >= 3600:
        return _hours(whole // 60)
    minutes, rest = divmod(whole, 60)
    if not minutes:
        return f"{rest} s"
    return f"{minutes} min {rest:02} s" if rest else f"{minutes} min"


def practice(seconds: float | None) -> str:
    """Many sessions together, to the minute: 1585 → "26 min", 18720 → "5 h 12 min"."""
    whole = _whole(seconds)
    if whole is None:
        return DASH
    if 0 < whole < 60:
        return f"{whole} s"
    minutes = (whole + 30) // 60
    return _hours(minutes) if minutes >= 60 else f"{minutes} min"


def moment(at: datetime, zone: str, as_of: datetime | None = None) -> str:
    """A moment in a zone: "Thu 19 Mar 16:42", with the year if it is not the year of `as_of`."""
    place = zone_of(zone)
    here = _in(at, place)
    year = "" if as_of is None or _in(as_of, place).year == here.year else f" {here.year}"
    day, month = _DAYS[here.weekday()], _MONTHS[here.month - 1]
    return f"{day} {here.day} {month}{year} {here.hour:02}:{here.minute:02}"


@lru_cache(maxsize=1024)
def zone_of(name: str) -> tzinfo:
    """The zone of an IANA name; UTC for a name that this computer does not know."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def _in(at: datetime, place: tzinfo) -> datetime:
    try:
        return at.astimezone(place)
    except OverflowError:  # the first and the last hours that a datetime can hold
        return at


def _whole(seconds: float | None) -> int | None:
    if seconds is None or not math.isfinite(seconds) or not 0 <= seconds < 1e12:
        return None
    return math.floor(seconds + 0.5)


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours:,} h {rest:02} min" if rest else f"{hours:,} h"
