"""Words that name a day, a week, a month, a quarter or a year: finding them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence

from bot.language.days import Point, Unit

FIRST_YEAR, LAST_YEAR = 2000, 2100
TOO_EARLY = "`{word}` reaches back before 2000. Try a shorter time, such as `last 7d`."

MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for word in words.split()
}
# The first word of each month is its name.
MONTH_NAMES = tuple({number: word for word, number in reversed(MONTHS.items())}.values())[::-1]
WEEKDAYS = {
    word: number
    for number, words in enumerate(
        (
            "monday mon",
            "tuesday tue tues",
            "wednesday wed",
            "thursday thu thur thurs",
            "friday fri",
            "saturday sat",
            "sunday sun",
        )
    )
    for word in words.split()
}
WEEKDAY_NAMES = tuple(word for word in WEEKDAYS if word.endswith("day"))
CALENDAR: tuple[Unit, ...] = ("week", "month", "quarter", "year")
DAYS = {"today": 0, "yesterday": 1, "tomorrow": -1}

_BACK = {"this": 0, "current": 0, "last": 1, "previous": 1}
_NUMBER = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_QUARTER = re.compile(r"q([1-4])", re.ASCII)
_ISO = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})", re.ASCII)
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d{2}))?", re.ASCII)


class WhenProblem(Exception):
    """Words about a time that make no period.

    `skip` and `count` say which words, counted from the place where the search began;
    `instead` are words that would do in their place.
    """

    def __init__(
        self, pattern: str, skip: int, count: int, instead: Sequence[str] = (), **fields: str
    ) -> None:
        super().__init__(pattern)
        self.pattern, self.skip, self.count = pattern, skip, count
        self.instead, self.fields = tuple(instead), fields


def day_point(year: int | None, month: int, day: int) -> Point:
    """A day of a month; it may not exist."""
    words = f"{day} {_month_name(month)}" if year is None else f"{year}-{month:02}-{day:02}"
    return Point("day", words, year, month, day)


def read_point(pieces: Sequence[str], at: int) -> tuple[Point, int] | None:
    """The point that the words from `at` on name, and where they end. Raises WhenProblem.

    There must be empty words after the last one.
    """
    for read in (_iso, _relative, _named_weekday, _quarter, _month_first, _day_first, _year):
        found = read(pieces, at)
        if found:
            return found
    return None


def existing(point: Point, skip: int, count: int) -> Point:
    """The point, if it is in the calendar; WhenProblem otherwise."""
    _known_year(point.year, skip, count)
    month = point.month or 1
    # A day without a year exists if it does in a leap year.
    length = monthrange(point.year or 2000, month)[1] if 1 <= month <= 12 else 0
    if 1 <= point.day <= length:
        return point
    nearest = [day_point(point.year, month, length).words] if length and point.day else []
    raise WhenProblem(
        "There is no `{word}` in the calendar. Check the day and the month.", skip, count, nearest
    )


def year_of(piece: str) -> int | None:
    """The year that a word of four digits means."""
    return int(piece) if _YEAR.fullmatch(piece) else None


def day_of(piece: str) -> int | None:
    """The day of a month that "15" or "1st" means."""
    found = _NUMBER.fullmatch(piece)
    return int(found[1]) if found else None


def _iso(pieces: Sequence[str], at: int) -> tuple[Point, int] | None:
    if found := _ISO.fullmatch(pieces[at]):
        point = day_point(int(found[1]), int(found[3]), int(found[4]))
        return existing(point, at, 1), at + 1
    if found := _ISO_MONTH.fullmatch(pieces[at]):
        year, month = int(found[1]), int(found[2])
        existing(Point("month", "", year, month), at, 1)
        return Point("month", f"{_month_name(month)} {year}", year, month), at + 1
    if found := _NUMBERS.fullmatch(pieces[at]):
        return _only_reading(found, at), at + 1
    return None


def _only_reading(found: re.Match[str], at: int) -> Point:
    """The date that "13.11.2026" or "11/13" can only mean. Raises WhenProblem for "3/4"."""
    first, second, year = int(found[1]), int(found[2]), found[3]
    full = None if not year else int(year) if len(year) == 4 else 2000 + int(year)
    _known_year(full, at, 1)
    readings = [
        day_point(full, month, day)
        for day, month in dict.fromkeys(((first, second), (second, first)))
        if 1 <= month <= 12 and 1 <= day <= monthrange(full or 2000, month)[1]
    ]
    if len(readings) == 1:
        return readings[0]
    if readings:
        raise WhenProblem(
            "I can't tell the day from the month in `{word}`. Write it like `2026-03-04`.",
            at,
            1,
            [reading.words for reading in readings],
        )
    return existing(day_point(full, second, first), at, 1)


def _relative(pieces: Sequence[str], at: int) -> tuple[Point, int] | None:
    word, unit = pieces[at], pieces[at + 1]
    if word in DAYS:
        return Point("day", word, back=DAYS[word]), at + 1
    if word not in _BACK:
        return None
    back = _BACK[word]
    lead = "last" if back else "this"
    for known in CALENDAR:
        if unit == known:
            return Point(known, f"{lead} {unit}", back=back), at + 2
    if back and unit in WEEKDAYS:
        number = WEEKDAYS[unit]
        return Point("day", f"last {WEEKDAY_NAMES[number]}", weekday=number, back=1), at + 2
    return None


def _named_weekday(pieces: Sequence[str], at: int) -> tuple[Point, int] | None:
    if pieces[at] not in WEEKDAYS:
        return None
    number = WEEKDAYS[pieces[at]]
    return Point("day", WEEKDAY_NAMES[number], weekday=number), at + 1


def _quarter(pieces: Sequence[str], at: int) -> tuple[Point, int] | None:
    found = _QUARTER.fullmatch(pieces[at])
    if not found:
        return None
    year = year_of(pieces[at + 1])
    taken = 1 if year is None else 2
    _known_year(year, at, taken)
    words = found[0] if year is None else f"{found[0]} {year}"
    return Point("quarter", words, year, int(found[1]) * 3 - 2), at + taken


def _month_first(pieces: Sequence[str], at: int) -> tuple[Point, int] | None:
    """ "march", "march 2026", "Mar 1", "Mar 1st 2026"."""
    month = MONTHS.get(pieces[at])
    if month is None:
        return None
    day = day_of(pieces[at + 1])
    taken = 1 if day is None else 2
    year = year_of(pieces[at + taken])
    taken += year is not None
    if day is not None:
        return existing(day_point(year, month, day), at, taken), at + taken
    _known_year(year, at, taken)
    words = _month_name(month) if year is None else f"{_month_name(month)} {year}"
    return Point("month", words, year, month), at + taken


def _day_first(pieces: Sequence[str], at: int) -> tuple[Point, int] | None:
    """ "1 Mar", "1st of march 2026"."""
    day = day_of(pieces[at])
    taken = 2 if pieces[at + 1] == "of" else 1
    month = MONTHS.get(pieces[at + taken])
    if day is None or month is None:
        return None
    year = year_of(pieces[at + taken + 1])
    taken += 1 if year is None else 2
    return existing(day_point(year, month, day), at, taken), at + taken


def _year(pieces: Sequence[str], at: int) -> tuple[Point, int] | None:
    year = year_of(pieces[at])
    if year is None:
        return None
    _known_year(year, at, 1)
    return Point("year", str(year), year), at + 1


def _known_year(year: int | None, skip: int, count: int) -> None:
    if year is not None and year < FIRST_YEAR:
        raise WhenProblem(TOO_EARLY, skip, count, ["last 7d"])
    if year is not None and year > LAST_YEAR:
        raise WhenProblem("`{word}` is too far ahead. Check the year.", skip, count)


def _month_name(month: int) -> str:
    return MONTH_NAMES[month - 1] if 1 <= month <= len(MONTH_NAMES) else str(month)
