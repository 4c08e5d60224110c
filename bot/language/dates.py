"""Formats days and times of day in the current locale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache

from babel import Locale as BabelLocale
from babel.dates import format_interval, format_skeleton, format_time, get_timezone_name

from bot.language.locale import Locale, current

BABEL = {locale: BabelLocale.parse(locale.value, sep="-") for locale in Locale}
# CLDR has narrow and thin spaces in times and intervals, but people search for plain ones.
PLAIN_SPACES = str.maketrans({"\u202f": " ", "\u2009": " "})


@dataclass(frozen=True, slots=True)
class DateForm:
    """The format of a day: whether it has the full month, the weekday, and the year."""

    full: bool = False
    weekday: bool = False
    year: bool = False

    @property
    def skeleton(self) -> str:
        """The CLDR skeleton."""
        month = "MMMM" if self.full else "MMM"
        return f"{'y' if self.year else ''}{month}{'E' if self.weekday else ''}d"


def write_day(day: date, form: DateForm) -> str:
    """ "Mar 9", "Mon, March 9, 2026"."""
    return _plain(format_skeleton(form.skeleton, _midnight(day), locale=BABEL[current()]))


def write_days(first: date, last: date, form: DateForm) -> str:
    """From one day to another: "Mar 9 – 15", "Dec 29, 2025 – Jan 4, 2026"."""
    if first == last:
        return write_day(last, form)
    form = replace(form, year=form.year or first.year != last.year)
    skeleton = form.skeleton
    return _plain(format_interval(first, last, skeleton, locale=BABEL[current()]))


def month(first: date, *, year: bool) -> str:
    """ "Mar", "Mar 2026"."""
    return format_skeleton("yMMM" if year else "MMM", _midnight(first), locale=BABEL[current()])


def write_hour(at: datetime | time) -> str:
    """A time of day: "4:42 PM", "09:05"."""
    clock = at.time() if isinstance(at, datetime) else at
    return _plain(format_time(clock, "short", locale=BABEL[current()]))


def hour_in_sentence(at: datetime | time) -> str:
    """A time of day in a sentence: "4:42 PM", "9:05"."""
    return write_hour(at) if current() is Locale.US else f"{at.hour}:{at.minute:02}"


def write_moment(at: datetime, form: DateForm) -> str:
    """A day and a time of day: "Mon, Mar 9, 4:42 PM"."""
    comma = "," if current() is Locale.US else ""
    return f"{write_day(at, form)}{comma} {write_hour(at)}"


@lru_cache(2048)
def zone_name(zone: str) -> str:
    """The common name of a time zone, "Pacific time"; its IANA name if it has none."""
    if zone in ("UTC", "Etc/UTC"):
        return "UTC"
    try:
        name = get_timezone_name(zone, "long", zone_variant="generic", locale="en_US")
    except (LookupError, ValueError):  # an unknown zone
        return zone
    return zone if "Unknown" in name else name.removesuffix(" Time") + " time"


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a day has no zone


def _plain(text: str) -> str:
    return text.translate(PLAIN_SPACES)
