"""How days and times of day are written, in the English that is written now. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache

from bot.language.locale import Locale, current

_ZONES = 2048


@dataclass(frozen=True, slots=True)
class DateForm:
    """What is written of a day: its month in full, its weekday, its year."""

    full: bool = False
    weekday: bool = False
    year: bool = False


def write_day(day: date, form: DateForm) -> str:
    """ "9 Mar", "Mon 9 March 2026"; in American "Mar 9", "Mon, March 9, 2026"."""
    name = f"{day:%B}" if form.full else f"{day:%b}"
    if current() is Locale.US:
        weekday = f"{day:%a}, " if form.weekday else ""
        year = f", {day.year}" if form.year else ""
        return f"{weekday}{name} {day.day}{year}"
    weekday = f"{day:%a} " if form.weekday else ""
    year = f" {day.year}" if form.year else ""
    return f"{weekday}{day.day} {name}{year}"


def write_days(first: date, last: date, form: DateForm) -> str:
    """From one day to another: "9 – 15 Mar", "Mon 23 Feb – Sun 1 March"; in American "Mar 9 – 15".

    A month or year that both have is written once, and of two years each.
    """
    if first == last:
        return write_day(last, form)
    one_year = first.year == last.year
    form = replace(form, year=form.year or not one_year)
    start, end = write_day(first, replace(form, year=not one_year)), write_day(last, form)
    if one_year and first.month == last.month:
        if current() is Locale.UK:
            start = start.rpartition(" ")[0]
        elif not form.weekday:
            end = end.partition(" ")[2]
    return f"{start} – {end}"


def month(first: date, *, year: bool) -> str:
    """ "Mar", "Mar 2026"."""
    return f"{first:%b} {first.year}" if year else f"{first:%b}"


def write_hour(at: datetime) -> str:
    """A time of day in a table: "16:42", "09:05"; in American "4:42 PM", "9:05 AM"."""
    return f"{at.hour:02}:{at.minute:02}" if current() is Locale.UK else _in_halves(at)


def write_moment(at: datetime, form: DateForm) -> str:
    """A day and a time of day: "Mon 9 Mar 16:42"; in American "Mon, Mar 9, 4:42 PM"."""
    comma = "," if current() is Locale.US else ""
    return f"{write_day(at, form)}{comma} {write_hour(at)}"


def spoken_hour(at: time | datetime) -> str:
    """A time of day as people say it: "9:05"; in American "9:05 AM"."""
    return f"{at.hour}:{at.minute:02}" if current() is Locale.UK else _in_halves(at)


@lru_cache(_ZONES)
def zone_name(zone: str) -> str:
    """What people call a time zone: "Pacific time"; the zone's own name where nobody does."""
    from babel.dates import get_timezone_name

    if zone in ("UTC", "Etc/UTC"):
        return "UTC"
    try:
        name = get_timezone_name(zone, "long", zone_variant="generic", locale="en_US")
    except (LookupError, ValueError):  # a zone nobody knows
        return zone
    return zone if "Unknown" in name else name.removesuffix(" Time") + " time"


def _in_halves(at: time | datetime) -> str:
    return f"{at.hour % 12 or 12}:{at.minute:02} {'AM' if at.hour < 12 else 'PM'}"
