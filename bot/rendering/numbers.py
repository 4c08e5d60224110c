"""Writes numbers and lengths of time. Pure; each function is a filter in templates."""

from __future__ import annotations

import math

from bot.language import days
from bot.reports.change import in_tenths

DASH = "–"
_ORDINALS = (
    *("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    "tenth",
)


def number(value: int) -> str:
    """1204 → "1,204"."""
    return f"{value:,}"


def whole(value: float) -> str:
    """A count that was calculated with: 1204.0 → "1,204"."""
    return f"{value:,.0f}"


def count(value: int, one: str, many: str | None = None) -> str:
    """(1, "session") → "1 session"; (12, "person", "people") → "12 people"."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def score(value: float | None) -> str:
    """A score or an average: one decimal, halves upwards: 92 → "92.0"; None → "–"."""
    if value is None or not math.isfinite(value):
        return DASH
    if abs(value) >= 1e9:
        return f"{value:.4g}"
    # Python's own rounding makes 92.25 into 92.2; people expect 92.3.
    return f"{in_tenths(value):.1f}"


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


def ordinal_word(n: int) -> str:
    """2 → "second", 12 → "12th"."""
    return _ORDINALS[n] if n < len(_ORDINALS) else days.ordinal(n)


def signed_number(value: float) -> str:
    """2.1 → "+2.1", -3.0 → "-3.0", 0.04 → "0.0"."""
    return signed(score(abs(value)), in_tenths(value))


def signed(written: str, value: float) -> str:
    """Puts the sign of `value` before a written amount: "12 min", -720 → "-12 min"; none for 0.

    The minus is a hyphen, the only one that spreadsheets take.
    """
    return f"{'+' if value > 0 else '-'}{written}" if value else written


def percent(value: float) -> str:
    """66.7 → "67%", halves upwards. Only none at all is "0%" and only all is "100%": 0.3 →
    "under 1%", 99.6 → "over 99%"."""
    if not math.isfinite(value):
        return DASH
    read = math.floor(min(max(value, 0), 100) + 0.5)
    if read == 0 < value:
        return "under 1%"
    return "over 99%" if read == 100 > value else f"{read}%"


def _whole(seconds: float | None) -> int | None:
    if seconds is None or not math.isfinite(seconds) or not 0 <= seconds < 1e12:
        return None
    return math.floor(seconds + 0.5)


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours:,} h {rest:02} min" if rest else f"{hours:,} h"
