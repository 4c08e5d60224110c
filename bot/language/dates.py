"""How days and times of day are written: in whose language, and in which order.

Sentences are English; what stands in them of days and times is as their reader writes it. Who the
reader is, is said once for all that is written to them: `write_for`, or `written_for` around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from unicodedata import combining, normalize


class Dates(StrEnum):
    """A way of writing dates; its value is the locale of CLDR."""

    UK = "en_GB"
    US = "en_US"
    GERMAN = "de"
    SPANISH = "es"
    FRENCH = "fr"
    ITALIAN = "it"
    PORTUGUESE = "pt_BR"


NAMES = {
    Dates.UK: "English (UK)",
    Dates.US: "English (US)",
    Dates.GERMAN: "Deutsch",
    Dates.SPANISH: "Español",
    Dates.FRENCH: "Français",
    Dates.ITALIAN: "Italiano",
    Dates.PORTUGUESE: "Português (Brasil)",
}
# What people call them, beside the names; without accents, brackets and capitals.
_CALLED = {
    "uk": Dates.UK,
    "british": Dates.UK,
    "us": Dates.US,
    "american": Dates.US,
    "german": Dates.GERMAN,
    "spanish": Dates.SPANISH,
    "french": Dates.FRENCH,
    "italian": Dates.ITALIAN,
    "portuguese": Dates.PORTUGUESE,
    "portugues": Dates.PORTUGUESE,
}
# In channels, and to whoever Slack tells no language of.
HOUSE = Dates.UK
# Where Babel would have to be loaded for what Python writes as well.
_PLAIN = frozenset({Dates.UK})
_PER_PERSON = 2048
_THIN = str.maketrans({"\u2009": " ", "\u202f": " "})

_written: ContextVar[Dates] = ContextVar("dates", default=HOUSE)


@dataclass(frozen=True, slots=True)
class Form:
    """What is written of a day: its month in full, its weekday, its year."""

    full: bool = False
    weekday: bool = False
    year: bool = False

    @property
    def skeleton(self) -> str:
        """The same in the letters of CLDR."""
        month = "MMMM" if self.full else "MMM"
        return f"{'y' * self.year}{month}{'E' * self.weekday}d"


def write_for(dates: Dates) -> None:
    """From here on in this task, write as `dates`."""
    _written.set(dates)


@contextmanager
def written_for(dates: Dates) -> Iterator[None]:
    """Inside, write as `dates`."""
    token = _written.set(dates)
    try:
        yield
    finally:
        _written.reset(token)


def named(text: str) -> Dates | None:
    """Those that somebody calls by this name, such as "Deutsch" or "us"; None if none are."""
    said = _folded(text)
    names = {_folded(name): dates for dates, name in NAMES.items()}
    codes = {_folded(dates): dates for dates in Dates}
    return {**codes, **names, **_CALLED}.get(said)


def _folded(text: str) -> str:
    letters = (letter for letter in normalize("NFKD", text.casefold()) if not combining(letter))
    return " ".join("".join(x if x.isalnum() else " " for x in letters).split())


def current() -> Dates:
    """How dates are written now."""
    return _written.get()


def of_locale(locale: str) -> Dates:
    """Those that fit a locale of Slack's, such as "en-US"; HOUSE for one that we don't know."""
    wanted = locale.replace("-", "_")
    language = wanted.partition("_")[0]
    near = (each for each in Dates if each.partition("_")[0] == language)
    return next((each for each in Dates if each == wanted), None) or next(near, HOUSE)


def day(day: date, form: Form) -> str:
    """ "9 Mar", "Mon 9 March 2026"; or "Mon, Mar 9"."""
    return _day(_written.get(), date(day.year, day.month, day.day), form)


def days(first: date, last: date, form: Form) -> str:
    """From one day to another: "9 – 15 Mar", "Mon 23 Feb – Sun 1 March"; or "Mar 9 – 15".

    Days of two years are both written with theirs.
    """
    if first == last:
        return day(last, form)
    return _days(_written.get(), first, last, form)


def month(first: date, *, year: bool) -> str:
    """ "Mar", "Mar 2026"."""
    return _month(_written.get(), first, year)


def weekday(day: date) -> str:
    """ "Monday"."""
    return _weekday(_written.get(), day)


def hour(at: datetime) -> str:
    """A time of day: "16:42", "09:05"; or "4:42 PM"."""
    dates = _written.get()
    # Three times as quick as strftime, of which a list takes one for each row.
    return f"{at.hour:02}:{at.minute:02}" if dates in _PLAIN else _hour(dates, at)


def spoken_hour(at: datetime) -> str:
    """A time of day as people say it: "9:05"; or "9:05 AM"."""
    dates = _written.get()
    return f"{at.hour}:{at:%M}" if dates in _PLAIN else _hour(dates, at)


@lru_cache(_PER_PERSON)
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


@lru_cache(_PER_PERSON)
def _day(dates: Dates, day: date, form: Form) -> str:
    if dates not in _PLAIN:
        from babel.dates import format_skeleton

        return format_skeleton(form.skeleton, day, locale=dates).translate(_THIN)
    weekday = f"{day:%a} " if form.weekday else ""
    year = f" {day.year}" if form.year else ""
    return f"{weekday}{day.day} {f'{day:%B}' if form.full else f'{day:%b}'}{year}"


@lru_cache(_PER_PERSON)
def _days(dates: Dates, first: date, last: date, form: Form) -> str:
    if first.year != last.year:
        form = Form(form.full, form.weekday, year=True)
    if dates not in _PLAIN:
        from babel.dates import format_interval

        return format_interval(first, last, form.skeleton, locale=dates).translate(_THIN)
    start = _day(dates, first, Form(form.full, form.weekday, first.year != last.year))
    if (first.year, first.month) == (last.year, last.month):
        start = start.rpartition(" ")[0]
    return f"{start} – {_day(dates, last, form)}"


@lru_cache(_PER_PERSON)
def _month(dates: Dates, first: date, year: bool) -> str:
    if dates not in _PLAIN:
        from babel.dates import format_skeleton

        return format_skeleton("yMMM" if year else "MMM", first, locale=dates)
    return f"{first:%b} {first.year}" if year else f"{first:%b}"


@lru_cache(_PER_PERSON)
def _weekday(dates: Dates, day: date) -> str:
    if dates not in _PLAIN:
        from babel.dates import format_date

        return format_date(day, "EEEE", locale=dates)
    return f"{day:%A}"


def _hour(dates: Dates, at: datetime) -> str:
    from babel.dates import format_time

    return format_time(at.time(), "short", locale=dates).translate(_THIN)
