"""Reads times in words, and turns them into periods at a moment in a time zone."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import get_args
from zoneinfo import ZoneInfo

from bot.errors import ParseError
from bot.language.days import (
    FIRST_YEAR,
    LAST_YEAR,
    MONTH_NAMES,
    MONTHS,
    WEEKDAY_NAMES,
    WEEKDAYS,
    Unit,
    day_start,
    floor,
    ordinal,
    shift,
)
from bot.language.locale import Locale, current
from bot.language.query import Period
from bot.language.text import shortened

ALL_TIME = "all time"
# Months that are also names of people; "in may" is always the month.
NAMED_MONTHS = ("april", "may", "june", "august")
LONGEST = 14  # words: "from 1st of march 2026 until 15th of april 2026", and some more
_NEARLY_A_YEAR = timedelta(days=340)
_UNITS: dict[str, Unit] = {unit: unit for unit in get_args(Unit)}
_DAYS = {
    "today": 0,
    "yesterday": 1,
    "tomorrow": -1,
    "day before yesterday": 2,
    "day after tomorrow": -2,
}
_BACK = {"this": 0, "current": 0, "last": 1, "previous": 1, "next": -1}
_LEADS = {0: "this", 1: "last", -1: "next"}
_ROLLING_UNITS = {
    word: unit
    for unit, words in {
        ("minute", 1): "min mins minute minutes",
        ("hour", 1): "h hr hrs hour hours",
        ("day", 1): "d day days",
        ("week", 1): "w wk wks week weeks",
        ("month", 1): "month months",
        ("month", 3): "quarter quarters",
        ("month", 12): "y yr yrs year years",
    }.items()
    for word in words.split()
}
_SYNONYMS = {
    phrase: meaning
    for meaning, phrases in {
        "today": "this morning|this afternoon|tonight",
        "yesterday": "last night",
        "tomorrow": "tomorrow morning|tomorrow afternoon",
        "this week": "for the week",
        "this month": "mtd|month to date",
        "this year": "ytd|year to date",
        "week before last": "the week before",
        ALL_TIME: "all time|ever|overall|since the beginning",
    }.items()
    for phrase in phrases.split("|")
}
_EARLIER = {"today": "yesterday", "yesterday": "day before yesterday"}
_EARLIER |= {f"this {unit}": f"last {unit}" for unit in _UNITS}
_EARLIER |= {f"last {unit}": f"{unit} before last" for unit in _UNITS}


@dataclass(frozen=True, slots=True)
class RollingRange:
    """An amount of time that ends now, or begins now (`ahead`). `unit` is minute, hour, day,
    week or month. `is_bare`: without "last" or "next", it may lie ahead."""

    amount: int
    unit: str
    ahead: bool = False
    is_bare: bool = field(default=False, compare=False)

    @property
    def words(self) -> str:
        """The canonical words: "last 7 days"."""
        lead = "next" if self.ahead else "last"
        return f"{lead} {self.amount} {self.unit}{'' if self.amount == 1 else 's'}"

    @property
    def length(self) -> timedelta:
        """Its length; not for months, which differ."""
        return timedelta(**{f"{self.unit}s": self.amount})


@dataclass(frozen=True, slots=True)
class Point:
    """A day, week, month, quarter or year in words.

    It has a `year`, or is counted `back` from the current one. Without both it recurs ("march",
    "1 march", "monday", "the 25th") and means the latest that has begun.
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


@dataclass(frozen=True, slots=True)
class DateRange:
    """From one point to another, including both; None is no bound.

    `after` and `before` exclude the point itself.
    """

    first: Point | None
    last: Point | None
    after: bool = False
    before: bool = False

    @property
    def words(self) -> str:
        """The canonical words: "march", "since 2026-03-01", "2026-03-01..2026-03-15"."""
        start = self.first and f"{'after' if self.after else 'since'} {self.first.words}"
        end = self.last and f"{'before' if self.before else 'until'} {self.last.words}"
        if not (self.first and self.last):
            return start or end or ALL_TIME
        if self.after or self.before:
            return f"{start} {end}"
        if self.first == self.last:
            return f"{'in ' if self.first.words in NAMED_MONTHS else ''}{self.first.words}"
        if self.first.year and self.last.year and self.first.unit == self.last.unit == "day":
            return f"{self.first.words}..{self.last.words}"
        return f"from {self.first.words} to {self.last.words}"


When = RollingRange | DateRange
UNBOUNDED = DateRange(None, None)


@dataclass(frozen=True, slots=True)
class Clock:
    """The time and time zone of a question."""

    now: datetime
    zone: ZoneInfo

    def period(self, when: When, *, is_ahead: bool = False) -> Period:
        """The period at this moment. `is_ahead`: recurring days mean the next one, not the last.
        Raises ParseError."""
        try:
            start, end, closed = self._bounds(when, is_ahead)
            years = [day.year for day in (start, end) if day]
        except (ValueError, OverflowError):
            years = [0]
        if not all(FIRST_YEAR <= year <= LAST_YEAR + 1 for year in years):
            raise _problem("I know dates from 2000 to 2100, so *{word}* has none.", when.words)
        if start and end and start >= end:
            raise _problem("*{word}* starts after its end. Swap the two dates.", when.words)
        if start and start > self.now and not is_ahead:
            raise _problem("*{word}* hasn't begun yet. Ask about a time in the past.", when.words)
        return Period(when.words, str(self.zone), start, end, closed)

    def _bounds(self, when: When, is_ahead: bool) -> tuple[datetime | None, datetime | None, bool]:
        now = self.now.astimezone(self.zone)
        if isinstance(when, DateRange):
            first, last = _days(when, now.date(), is_ahead)
            start, end = (day_start(day, self.zone) if day else None for day in (first, last))
            return start, end, False
        if when.ahead:  # from today to the day that is this amount of time away
            last = _moved(now, when, 1).date()
            return (
                day_start(now.date(), self.zone),
                day_start(shift(last, "day", 1), self.zone),
                False,
            )
        return _moved(now, when, -1), now, True


def _moved(moment: datetime, when: RollingRange, by: int) -> datetime:
    """A local moment, moved by an amount of time."""
    utc = moment.astimezone(UTC)
    if when.unit != "month":
        return (utc + by * when.length).astimezone(moment.tzinfo)
    day = shift(moment.date(), "month", by * when.amount)
    # Through UTC, which moves a skipped local time to after the jump.
    return datetime.combine(day, moment.timetz()).astimezone(UTC).astimezone(moment.tzinfo)


def _in_order(first: Point, last: Point, start: date, end: date) -> tuple[date, date]:
    """The days of two points, with years in which the end follows the start: "1 dec to 15 jan"."""
    if last.recurs:
        following = _following(last, start)
        # "10 nov to 3 nov" has its ends swapped, rather than being a year long.
        return (start, following) if following - start <= _NEARLY_A_YEAR else (following, start)
    return (_first_day(first, end) if first.recurs else start), end


def _days(span: DateRange, today: date, is_ahead: bool) -> tuple[date | None, date | None]:
    """The first day of a range, and the day after its last one."""
    first, last = span.first, span.last
    goes_on = span.after or last is not None
    start = _first_day(first, today, is_ahead and goes_on) if first else None
    end = _first_day(last, today, is_ahead) if last else None
    if first and last and start and end:
        start, end = _in_order(first, last, start, end)
    if first and start and span.after:
        start = shift(start, first.unit, 1)
    if last and end and not span.before:
        end = shift(end, last.unit, 1)
    return start, end


def _first_day(point: Point, today: date, is_ahead: bool = False) -> date:
    """The first day of a point; of a recurring one, the latest that has begun, or the first that
    isn't over."""
    if point.weekday is not None and point.back is not None:
        if not point.back:
            return floor(today, "week") + timedelta(days=point.weekday)
        weekday = replace(point, back=None)
        near = shift(today, "day", -point.back)
        return _first_day(weekday, near, is_ahead=point.back < 0)
    if point.back is not None:
        return shift(floor(today, point.unit), point.unit, -point.back)
    if point.year is not None:
        return floor(date(point.year, point.month or 1, point.day), point.unit)
    if is_ahead:
        return _following(point, today)
    return [day for day in _occurrences(point, today) if day <= today][-1]


def _following(point: Point, start: date) -> date:
    """The first day of the earliest occurrence of a recurring point that ends after `start`."""
    return next(day for day in _occurrences(point, start) if shift(day, point.unit, 1) > start)


def _occurrences(point: Point, near: date) -> list[date]:
    """The first days of a recurring point around a day, in order."""
    if point.weekday is not None:
        monday = floor(near, "week")
        return [monday + timedelta(days=point.weekday + 7 * weeks) for weeks in (-1, 0, 1)]
    # Any nine years have a February 29, even around 2100.
    years = range(near.year - 9, near.year + 10)
    months = (point.month,) if point.month else range(1, 13)
    return [
        floor(date(year, month, point.day), point.unit)
        for year in years
        for month in months
        if point.day <= monthrange(year, month)[1]
    ]


# Words


def find_time(words: Sequence[str]) -> tuple[When | None, int] | None:
    """The time at the beginning of the words, and its number of words. A time of day is None, as no
    period begins or ends with it. Raises ParseError for an impossible date."""
    text = " ".join(words[:LONGEST])
    if match := _TIME_OF_DAY.match(text):
        return None, match[0].count(" ") + 1
    if match := _SYNONYM.match(text):
        return relative(_SYNONYMS[match[0]]), match[0].count(" ") + 1
    if match := _ROLLING.match(text):
        lead, (unit, factor) = match["lead"], _ROLLING_UNITS[match["unit"]]
        is_ahead, is_bare = lead in ("next", "coming"), lead in (None, "in", "within")
        when = RollingRange(int(match["amount"] or 1) * factor, unit, is_ahead, is_bare)
        return when, match[0].count(" ") + 1
    return _range(text)


@lru_cache(1024)
def relative(words: str) -> When:
    """The meaning of a time's canonical words. Raises ValueError for other words."""
    if words == ALL_TIME:
        return UNBOUNDED
    when, _count = find_time(words.replace("..", " .. ").split()) or (None, 0)
    if when is None:
        raise ValueError(words)
    return when


def rolling(words: str) -> RollingRange:
    """The meaning of a rolling period's canonical words. Raises ValueError for other words."""
    when = relative(words)
    if not isinstance(when, RollingRange):
        raise ValueError(words)
    return when


def step_back(words: str) -> When | None:
    """The time of the same kind before this one, by canonical words; None if there is none."""
    return relative(_EARLIER[words]) if words in _EARLIER else None


def _range(text: str) -> tuple[DateRange, int] | None:
    """The range at the beginning of a text, and its number of words."""
    if end_of := _END_OF.match(text):
        point = Point(_UNITS[end_of[1]], f"this {end_of[1]}", back=0)
        return DateRange(None, point), end_of[0].count(" ") + 1
    lead = _LEAD.match(text)
    word = lead[1] if lead else ""
    beginning = _point(text, lead.end() if lead else 0)
    if beginning is None:
        return None
    first, at = beginning
    if word in _ENDS:  # "until 3 october"
        span = DateRange(None, first, before=word == "before")
    elif ending := _second_date(text, word, first, at):  # "from 1 to 15 march"
        last, at, before = ending
        span = DateRange(first, last, word == "after", before)
    elif word == "between":
        raise _problem("Write two dates after *{word}*, like `between 1 mar and 15 mar`.", word)
    else:  # "october", "since october", "from october on"
        onward = _ONWARD.match(text, at)
        at = onward.end() if onward else at
        # "From october" means that month, "from 3 october" that day and later.
        is_from_day = word == "from" and first.unit == "day" and first.back is None
        is_start = word in ("since", "after") or onward is not None or is_from_day
        span = DateRange(first, None if is_start else first, word == "after")
    # If only a part of the last word is understood, the word isn't.
    return (span, text.count(" ", 0, at) + 1) if text[at : at + 1] in ("", " ") else None


def _second_date(text: str, lead: str, first: Point, at: int) -> tuple[Point, int, bool] | None:
    """The date after "to" or the like, where it ends, and whether it is excluded; None if no date
    follows there. Only after "between" does "and" join two dates."""
    join = _JOIN.match(text, at)
    if join is None or (join[1] == "and" and lead != "between"):
        return None
    ending = _point(text, join.end()) or _day_after(first, text, join.end())
    return (*ending, join[1] == "before") if ending else None


def _point(text: str, at: int) -> tuple[Point, int] | None:
    """The point that begins at a place in a text, and where it ends."""
    if week := _WEEK_OF.match(text, at):
        if (day := _point(text, week.end())) and day[0].unit == "day":
            point, end = day
            return replace(point, unit="week", words=f"week of {point.words}"), end
        return None
    for form, read in _POINTS:
        if match := form.match(text, at):
            return read(match), match.end()
    return None


def _day_after(first: Point, text: str, at: int) -> tuple[Point, int] | None:
    """The end of "nov 3 to 10", and where it ends in the text."""
    day = _DAY_ALONE.match(text, at)
    if first.month is None or first.unit != "day" or not day:
        return None
    year = int(day["year"]) if day["year"] else first.year
    return _date(year, first.month, int(day["day"])), day.end()


def _date(year: int | None, month: int, day: int) -> Point:
    """A day. Raises ParseError if it isn't in the calendar."""
    length = monthrange(year or 2000, month)[1] if 1 <= month <= 12 else 0
    name = MONTH_NAMES[month - 1] if length else str(month)
    words = f"{day} {name}" if year is None else f"{year}-{month:02}-{day:02}"
    if not 1 <= day <= length:
        raise _problem("There is no *{word}* in the calendar. Check the day and the month.", words)
    return Point("day", words, year, month, day)


def _month_or_day(match: re.Match[str]) -> Point:
    """ "2026-03-01", "1 Mar", "1st of march 2026", "march 2026"."""
    parts = match.groupdict()
    month = MONTHS.get(parts["month"]) or int(parts["month"])
    year = int(parts["year"]) if parts["year"] else None
    if parts.get("day"):
        return _date(year, month, int(parts["day"]))
    name = MONTH_NAMES[month - 1]
    return Point("month", f"{name} {year}" if year else name, year, month)


def _relative(match: re.Match[str]) -> Point:
    """ "this week", "last quarter", "next friday", "monday"."""
    word, back = match["unit"], _BACK.get(match["lead"])
    lead = "" if back is None else f"{_LEADS[back]} "
    if word in WEEKDAYS:
        number = WEEKDAYS[word]
        return Point("day", f"{lead}{WEEKDAY_NAMES[number]}", weekday=number, back=back)
    return Point(_UNITS[word], f"{lead}{word}", back=back)


def _named_day(match: re.Match[str]) -> Point:
    return Point("day", match["name"], back=_DAYS[match["name"]])


def _before_last(match: re.Match[str]) -> Point:
    return Point(_UNITS[match["unit"]], f"{match['unit']} before last", back=2)


def _ago(match: re.Match[str]) -> Point:
    return Point(_UNITS[match["unit"]], match[0], back=int(match["amount"]))


def _slashed(match: re.Match[str]) -> Point:
    """ "3/4", in the reader's order."""
    first, other = int(match["one"]), int(match["other"])
    return _date(None, first, other) if current() is Locale.US else _date(None, other, first)


def _quarter(match: re.Match[str]) -> Point:
    year = int(match["year"]) if match["year"] else None
    return Point("quarter", match[0], year, int(match["quarter"]) * 3 - 2)


def _of_any_month(match: re.Match[str]) -> Point:
    day = _date(2000, 1, int(match["day"])).day
    return Point("day", f"the {ordinal(day)}", day=day)


def _problem(pattern: str, words: str) -> ParseError:
    return ParseError(pattern, word=shortened(words))


_END = r"(?=[ -]|$)"
_MONTH = rf"(?P<month>{'|'.join(MONTHS)})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?: (?P<year>\d{4}))?"
_CALENDAR = "week|month|quarter|year"
_POINTS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Point]], ...] = tuple(
    (re.compile(rf"(?:{pattern}){_END}", re.ASCII), read)
    for pattern, read in (
        (r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", _month_or_day),
        (r"(?P<year>\d{4})-(?P<month>0?[1-9]|1[0-2])", _month_or_day),
        (rf"{_MONTH} {_DAY}{_YEAR}", _month_or_day),
        (rf"(?:the )?{_DAY}(?: of)? {_MONTH}{_YEAR}", _month_or_day),
        (rf"{_MONTH}{_YEAR}", _month_or_day),
        (rf"(?:the )?(?P<name>{'|'.join(_DAYS)})", _named_day),
        (rf"(?:the )?(?P<lead>{'|'.join(_BACK)}) (?P<unit>{_CALENDAR})", _relative),
        (rf"(?:(?P<lead>{'|'.join(_BACK)}) )?(?P<unit>{'|'.join(WEEKDAYS)})", _relative),
        (rf"(?:the )?(?P<unit>{_CALENDAR}) before last", _before_last),
        (rf"q(?P<quarter>[1-4]){_YEAR}", _quarter),
        (r"[12]\d{3}", lambda match: Point("year", match[0], int(match[0]))),
        (rf"(?P<amount>\d{{1,3}}) (?P<unit>day|{_CALENDAR})s? ago", _ago),
        (r"(?P<one>\d{1,2})/(?P<other>\d{1,2})", _slashed),
        (
            rf"(?:the )?{_DAY}(?<=[a-z])(?! (?:sessions?|attempts?|calls?|scores?|times?|runs?|"
            r"tr(?:y|ies)|ones?|places?|persons?|reps?|days?|weeks?|months?|scenarios?)(?: |$))",
            _of_any_month,
        ),
    )
)
_DAY_ALONE = re.compile(rf"{_DAY}{_YEAR}(?= |$)", re.ASCII)
_WEEK_OF = re.compile(r"(?:the )?week (?:of|starting|beginning) (?:the )?")
_UNIT = rf"(?P<unit>{'|'.join(_ROLLING_UNITS)})(?= |$)(?! ago)"
# "Last hour" rolls; "last week" is a calendar week.
_ROLLING = re.compile(
    r"(?:(?P<lead>last|past|previous|next|coming|in|within) )?(?:(?P<amount>[1-9]\d{0,3}) ?|"
    rf"(?<=past )|(?<=in )an? |(?<=last )(?=hour|minute|day)){_UNIT}",
    re.ASCII,
)
_SYNONYM = re.compile(rf"(?:{'|'.join(_SYNONYMS)})(?= |$)(?! last)")
_ENDS = ("until", "till", "through", "before", "by")
_LEAD = re.compile(rf"(since|from|after|between|on|in|during|{'|'.join(_ENDS)}) ")
_JOIN = re.compile(r" (to|until|till|through|before|and) | ?(-|\.\.) ?")
_ONWARD = re.compile(r" on(?:wards?)?(?= |$)")
_END_OF = re.compile(rf"(?:by|before|until) (?:the )?end of (?:the |this )?({_CALENDAR})(?= |$)")
_TIME_OF_DAY = re.compile(
    r"(?:at (?:\d|1[0-2])|(?:at )?(?:\d{1,2}(?::\d\d)? ?[ap]m|\d{1,2}:\d\d|noon))(?= |$)", re.ASCII
)
