"""Dates in words, and the calendar: days, weeks, months, quarters and years, and the start of a day
in a time zone."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

Unit = Literal["day", "week", "month", "quarter", "year"]

FIRST_YEAR, LAST_YEAR = 2000, 2100
TOO_EARLY = "`{word}` begins before 2000, which is too early."


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
# Months that are also names of people; "in may" is always the month.
NAMED_MONTHS = ("april", "may", "june", "august")
WEEKDAYS = _numbered(
    "monday mon, tuesday tue tues, wednesday wed, thursday thu thur thurs, friday fri, "
    "saturday sat, sunday sun",
    first=0,
)
WEEKDAY_NAMES = tuple(word for word in WEEKDAYS if word.endswith("day"))
CALENDAR: tuple[Unit, ...] = ("week", "month", "quarter", "year")
CALENDAR_AND_DAY: tuple[Unit, ...] = ("day", *CALENDAR)
DAYS = {"today": 0, "yesterday": 1, "tomorrow": -1}

_BACK = {"this": 0, "current": 0, "last": 1, "previous": 1, "next": -1}
_LEAD = {0: "this", 1: "last", -1: "next"}
_NUMBER = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
# "the 25th", but not "the 2nd session".
_OF_ANY_MONTH = re.compile(
    r"(?:the )?(\d{1,2})(?:st|nd|rd|th)(?! (?:sessions?|attempts?|calls?|scores?|times?|"
    r"tr(?:y|ies)|runs?|ones?|places?|persons?|reps?|days?|weeks?|months?|quarters?|half|"
    r"scenarios?)(?: |$))(?= |$)",
    re.ASCII,
)
_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}


class WhenProblem(Exception):
    """Words about a time that aren't a valid period.

    `skip` and `count` give the wrong words, counted from the start of the search. `instead` are
    replacements; `of_february`: the last day of February is one.
    """

    def __init__(
        self,
        pattern: str,
        skip: int,
        count: int,
        instead: Sequence[str] = (),
        *,
        of_february: bool = False,
    ) -> None:
        super().__init__(pattern)
        self.pattern, self.skip, self.count = pattern, skip, count
        self.instead, self.of_february = tuple(instead), of_february


@dataclass(frozen=True, slots=True)
class Point:
    """A day, week, month, quarter or year in words.

    It has a `year`, or is counted `back` from the current one. Without both it recurs ("march", "1
    march", "q1", "monday", "the 25th") and means the latest that has begun.
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
        """Whether it comes every week, month or year."""
        return self.year is None and self.back is None

    @property
    def is_monthly(self) -> bool:
        """Whether it is a day of every month."""
        return self.recurs and self.month is None and self.weekday is None

    @property
    def is_date(self) -> bool:
        """Whether it is one day with its year."""
        return self.unit == "day" and self.year is not None


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


def latest(point: Point, today: date) -> date:
    """The first day of a point; for a recurring one, of the latest that has begun by `today`."""
    if point.weekday is not None and point.back == 0:
        return floor(today, "week") + timedelta(days=point.weekday)
    if point.weekday is not None and point.back == -1:
        return today + timedelta(days=(point.weekday - today.weekday()) % 7 or 7)
    if point.weekday is not None:
        behind = (today.weekday() - point.weekday) % 7
        return today - timedelta(days=behind or (7 if point.back else 0))
    if point.back is not None:
        return shift(floor(today, point.unit), point.unit, -point.back)
    if point.year is not None:
        return floor(date(point.year, point.month or 1, point.day), point.unit)
    if point.is_monthly:
        return next(day for day in _of_months(point, today, -1) if day <= today)
    # Any nine years have a February 29, even around 2100.
    years = range(today.year, today.year - 9, -1)
    return next(day for year in years if (day := _in_year(point, year)) and day <= today)


def coming(point: Point, today: date) -> date:
    """The first day of a point; for a recurring one, of the first that isn't over `today`."""
    return following(point, today) if point.recurs else latest(point, today)


def following(point: Point, start: date) -> date:
    """The first day of the earliest occurrence of a recurring point that ends after `start`."""
    if point.weekday is not None:
        return start + timedelta(days=(point.weekday - start.weekday()) % 7)
    if point.is_monthly:
        return next(day for day in _of_months(point, start, 1) if day >= start)
    years = range(start.year - 1, start.year + 9)
    return next(
        day
        for year in years
        if (day := _in_year(point, year)) and shift(day, point.unit, 1) > start
    )


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


def day_point(year: int | None, month: int, day: int) -> Point:
    """A day of a month, which may not exist."""
    words = f"{day} {_month_name(month)}" if year is None else f"{year}-{month:02}-{day:02}"
    return Point("day", words, year, month, day)


def read_point(pieces: Sequence[str], at: int) -> tuple[Point, int] | None:
    """The point in words that begins at `at`, and the index after its last word. `pieces` end with
    empty words. Raises WhenProblem."""
    text = " ".join(pieces[at:])
    for form, read in _FORMS:
        if found := form.match(text):
            count = found[0].count(" ") + 1
            return read(found, at, count), at + count
    return None


def read_day_alone(pieces: Sequence[str], at: int) -> tuple[Point, int] | None:
    """ "the 25th", a day of every month, and the index after its last word."""
    found = _OF_ANY_MONTH.match(" ".join(pieces[at:]))
    if not found or not 1 <= int(found[1]) <= 31:
        return None
    day = int(found[1])
    return Point("day", f"the {ordinal(day)}", day=day), at + found[0].count(" ") + 1


def existing(point: Point, skip: int, count: int) -> Point:
    """The point itself. Raises WhenProblem if it isn't in the calendar."""
    _known_year(point.year, skip, count)
    month = 1 if point.month is None else point.month
    # Without a year, February 29 exists.
    length = monthrange(point.year or 2000, month)[1] if 1 <= month <= 12 else 0
    if 1 <= point.day <= length:
        return point
    is_any_february = point.year is None and month == 2 and point.day > 0
    nearest = [day_point(point.year, month, length).words] if length and point.day else []
    raise WhenProblem(
        "There is no `{word}` in the calendar. Check the day and the month.",
        skip,
        count,
        () if is_any_february else nearest,
        of_february=is_any_february,
    )


def year_of(piece: str) -> int | None:
    """The year of a word with four digits, or None."""
    return int(piece) if _YEAR.fullmatch(piece) else None


def day_of(piece: str) -> int | None:
    """The day of a month in "15" or "1st", or None."""
    found = _NUMBER.fullmatch(piece)
    return int(found[1]) if found else None


def _day(found: re.Match[str], at: int, count: int) -> Point:
    """ "2026-03-01", "1 Mar", "1st of march 2026", "Mar 1"."""
    month = MONTHS.get(found["month"]) or int(found["month"])
    year = int(found["year"]) if found["year"] else None
    return existing(day_point(year, month, int(found["day"])), at, count)


def _week_of(found: re.Match[str], at: int, count: int) -> Point:
    """ "week of Mar 1": the week that has this day."""
    day = _day(found, at, count)
    return replace(day, unit="week", words=f"week of {day.words}")


def _only_reading(found: re.Match[str], at: int, count: int) -> Point:
    """The date in "13.11.2026" or "11/13". Raises WhenProblem for an ambiguous one like "3/4"."""
    first, second, year = int(found[1]), int(found[2]), found[3]
    full = None if not year else int(year) if len(year) == 4 else 2000 + int(year)
    _known_year(full, at, count)
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
            count,
            [reading.words for reading in readings],
        )
    return existing(day_point(full, second, first), at, count)


def _relative_day(found: re.Match[str], at: int, count: int) -> Point:
    return Point("day", found[0], back=DAYS[found[0]])


def _relative(found: re.Match[str], at: int, count: int) -> Point:
    """ "this week", "last quarter", "next month"."""
    back = _BACK[found[1]]
    unit = next(unit for unit in CALENDAR if unit == found[2])
    return Point(unit, f"{_LEAD[back]} {unit}", back=back)


def _before_last(found: re.Match[str], at: int, count: int) -> Point:
    """ "the week before last"."""
    unit = next(unit for unit in CALENDAR if unit == found["unit"])
    return Point(unit, f"{unit} before last", back=2)


def _ago(found: re.Match[str], at: int, count: int) -> Point:
    """ "3 days ago", "a week ago": that day, week, month, quarter or year."""
    back = int(found["back"]) if found["back"].isdigit() else 1
    unit = next(unit for unit in CALENDAR_AND_DAY if unit == found["unit"])
    return Point(unit, f"{back} {unit}{'s' * (back != 1)} ago", back=back)


def _next_but_one(found: re.Match[str], at: int, count: int) -> Point:
    """ "the day before yesterday", "the day after tomorrow"."""
    words = found[0].removeprefix("the ")
    return Point("day", words, back=2 if "before" in words else -2)


def _weekday(found: re.Match[str], at: int, count: int) -> Point:
    """ "monday", "last mon", "next friday"."""
    number = WEEKDAYS[found["weekday"]]
    back = _BACK.get(found["lead"])
    lead = "" if back is None else f"{_LEAD[back]} "
    return Point("day", f"{lead}{WEEKDAY_NAMES[number]}", weekday=number, back=back)


def _month(found: re.Match[str], at: int, count: int) -> Point:
    """ "march", "march 2026", "2026-03"."""
    month = MONTHS.get(found["month"]) or int(found["month"])
    year = int(found["year"]) if found["year"] else None
    words = _month_name(month) if year is None else f"{_month_name(month)} {year}"
    return existing(Point("month", words, year, month), at, count)


def _quarter(found: re.Match[str], at: int, count: int) -> Point:
    year = int(found["year"]) if found["year"] else None
    _known_year(year, at, count)
    return Point("quarter", found[0], year, int(found["quarter"]) * 3 - 2)


def _year(found: re.Match[str], at: int, count: int) -> Point:
    _known_year(int(found[0]), at, count)
    return Point("year", found[0], int(found[0]))


def _known_year(year: int | None, skip: int, count: int) -> None:
    if year is not None and year < FIRST_YEAR:
        raise WhenProblem(TOO_EARLY, skip, count, ["last 7d"])
    if year is not None and year > LAST_YEAR:
        raise WhenProblem("`{word}` is too far ahead. Check the year.", skip, count)


def _month_name(month: int) -> str:
    return MONTH_NAMES[month - 1] if 1 <= month <= len(MONTH_NAMES) else str(month)


def _of_months(point: Point, today: date, step: int) -> Iterator[date]:
    """The point's day in each month from `today` on that has one, forward or backward by `step`."""
    first = today.replace(day=1)
    for count in range(13):
        month = shift(first, "month", step * count)
        if point.day <= monthrange(month.year, month.month)[1]:
            yield month.replace(day=point.day)


def _in_year(point: Point, year: int) -> date | None:
    try:
        return floor(date(year, point.month or 1, point.day), point.unit)
    except ValueError:  # 29 February
        return None


_MONTH_WORD = rf"(?P<month>{'|'.join(MONTHS)})"
_DAY_WORD = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WEEK_OF = r"(?:the )?week (?:of|starting|beginning)(?: the)?"
_AND_YEAR = r"(?: (?P<year>\d{4}))?"
# The first form that matches whole words counts.
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], int, int], Point]], ...] = tuple(
    (re.compile(rf"(?:{pattern})(?= |$)", re.ASCII), read)
    for pattern, read in (
        (r"(?P<year>\d{4})(?P<sign>[-/])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})", _day),
        (r"(?P<year>\d{4})-(?P<month>\d{1,2})", _month),
        (r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d{2}))?", _only_reading),
        ("|".join(DAYS), _relative_day),
        (rf"({'|'.join(_BACK)}) ({'|'.join(CALENDAR)})", _relative),
        (rf"(?:the )?(?P<unit>{'|'.join(CALENDAR)}) before last", _before_last),
        (r"(?:the )?day (?:before yesterday|after tomorrow)", _next_but_one),
        (rf"{_WEEK_OF} {_MONTH_WORD} {_DAY_WORD}{_AND_YEAR}", _week_of),
        (rf"{_WEEK_OF} {_DAY_WORD}(?: of)? {_MONTH_WORD}{_AND_YEAR}", _week_of),
        (rf"{_WEEK_OF} (?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})", _week_of),
        (rf"(?P<back>\d{{1,3}}|an?|one) (?P<unit>{'|'.join(CALENDAR_AND_DAY)})s? ago", _ago),
        (rf"(?:(?P<lead>{'|'.join(_BACK)}) )?(?P<weekday>{'|'.join(WEEKDAYS)})", _weekday),
        (rf"q(?P<quarter>[1-4]){_AND_YEAR}", _quarter),
        (rf"{_MONTH_WORD} {_DAY_WORD}{_AND_YEAR}", _day),
        (rf"{_MONTH_WORD}{_AND_YEAR}", _month),
        (rf"{_DAY_WORD}(?: of)? {_MONTH_WORD}{_AND_YEAR}", _day),
        (r"\d{4}", _year),
    )
)
