"""Finds words about a time, and turns them into a period at a moment in a time zone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.language.days import (
    DAYS,
    FIRST_YEAR,
    MONTH_NAMES,
    NAMED_MONTHS,
    TOO_EARLY,
    WEEKDAY_NAMES,
    Point,
    WhenProblem,
    coming,
    day_of,
    day_point,
    day_start,
    existing,
    following,
    latest,
    read_day_alone,
    read_point,
    shift,
    year_of,
)
from bot.language.query import Period
from bot.language.text import nearest_words

# Words about a time, even if the rest isn't understood.
LAST = "last"
LEADS = (LAST, "past", "previous", "this", "current")

LONGEST = 14  # words: "from 1st of march 2026 until 15th of april 2026", and some more
_AMOUNT = re.compile(r"(\d+)([a-z]*)", re.ASCII)
_ISO_PAIR = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})-(\d{4}-\d{1,2}-\d{1,2}|\d{1,2})", re.ASCII)
_PART = r"([a-z]+|q[1-4]|\d{1,2}(?:st|nd|rd|th)?)"
_PAIR = re.compile(f"{_PART}-{_PART}", re.ASCII)

_UNITS = {
    word: unit
    for unit, words in {
        ("minutes", 1): "min mins minute minutes",
        ("h", 1): "h hr hrs hour hours",
        ("d", 1): "d day days",
        ("w", 1): "w wk wks week weeks",
        ("months", 1): "month months",
        ("months", 3): "quarter quarters",
        ("months", 12): "y yr yrs year years",
    }.items()
    for word in words.split()
}
_ONE = frozenset({"hour", "minute", "day"})  # "last hour" rolls; "last week" is a calendar week
_JOINS = frozenset({"to", "-", "..", "until", "till", "through"})
_STARTS = {"since": False, "from": False, "after": True}
_ENDS = {"until": False, "till": False, "through": False, "before": True}
# A date follows these.
BOUNDS = frozenset(("since", "after", "until", "till", "before", "between"))
# The ends of names of unknown days: "boxing day".
_DAY_NAMES = frozenset(("day", "eve", "weekend", "week", "break"))
_NEAREST_FORMS = ("last 30d", "this month", "this year")
_AHEAD = re.compile(
    r"(?:in|within|over|during|(?=(?:the )?(?:next|coming) \d))(?: ?the)? ?(?:next|coming)? ?"
    rf"(?:(?P<amount>\d{{1,4}}) ?|an? )(?P<unit>{'|'.join(_UNITS)})(?= |$)",
    re.ASCII,
)
ALL_TIME = "all time"
BEFORE_LAST = " before last"
_LENGTHS = {
    "minutes": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(hours=24),
    "w": timedelta(hours=168),
}


@dataclass(frozen=True, slots=True)
class Rolling:
    """An amount of time that ends now, begins now (`ahead`), or ends where the same amount that
    ends now begins (`before_last`). `unit` is minutes, h, d, w or months."""

    amount: int
    unit: str
    ahead: bool = False
    before_last: bool = False

    @property
    def words(self) -> str:
        """The canonical words: "last 7d", "7d before last"."""
        unit = self.unit.removesuffix("s") if self.amount == 1 else self.unit
        amount = f"{self.amount}{unit}" if len(unit) == 1 else f"{self.amount} {unit}"
        if self.before_last:
            return f"{amount}{BEFORE_LAST}"
        return f"{'next' if self.ahead else 'last'} {amount}"

    @property
    def length(self) -> timedelta:
        """Its length; not for months, which differ."""
        return self.amount * _LENGTHS[self.unit]


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
            lead = "in " if self.first.words in NAMED_MONTHS else ""
            return lead + self.first.words
        if self.first.is_date and self.last.is_date:
            return f"{self.first.words}..{self.last.words}"
        return f"from {self.first.words} to {self.last.words}"


When = Rolling | DateRange
UNBOUNDED = DateRange(None, None)


def find(words: Sequence[str], *, ahead: bool = False) -> tuple[When, int] | None:
    """The period at the beginning of the words, and its number of words.

    The words are in lower case; "" stands for other tokens. `ahead`: the question is about the
    future, so "in two weeks" is, too. Raises WhenProblem.
    """
    pieces, owners = _pieces(words[:LONGEST])
    try:
        found = (_coming(pieces) if ahead else None) or _rolling(pieces) or _between(pieces)
        found = found or _days_of_month(pieces) or _span(pieces, ahead=ahead) or _ever(pieces)
    except WhenProblem as problem:
        first, last = owners[problem.skip], owners[problem.skip + problem.count - 1]
        problem.skip, problem.count = first, last - first + 1
        raise
    if found is None:
        return None
    when, taken = found
    # If only a part of the last word is understood, the word isn't.
    split = taken < len(owners) and owners[taken] == owners[taken - 1]
    return None if split else (when, owners[taken - 1] + 1)


def rolling(words: str) -> Rolling:
    """The meaning of a rolling period's canonical words. Raises ValueError for other words."""
    found = find(words.split())
    if found is None or not isinstance(found[0], Rolling):
        raise ValueError("these words mean no rolling period")
    return found[0]


def combined(first: When, second: When) -> DateRange | None:
    """The range of two halves in any order, "since 1 Mar" and "until 15 Mar"; otherwise None."""
    if not (isinstance(first, DateRange) and isinstance(second, DateRange)):
        return None
    if UNBOUNDED in (first, second):
        return None
    if first.last is None and second.first is None:
        return DateRange(first.first, second.last, first.after, second.before)
    if first.first is None and second.last is None:
        return DateRange(second.first, first.last, second.after, first.before)
    return None


def interval(when: When, now: datetime, zone: ZoneInfo, *, ahead: bool = False) -> Period:
    """The period at this moment. `ahead`: recurring days mean the next one, not the last.

    Raises WhenProblem for an impossible period.
    """
    if isinstance(when, Rolling) and when.ahead:
        return Period(when.words, str(zone), *_next_days(when, now.astimezone(zone), zone))
    if isinstance(when, Rolling):
        begin, moment = _rolling_start(when, now, zone), now.astimezone(zone)
        if when.before_last:
            twice = replace(when, amount=2 * when.amount)
            return Period(when.words, str(zone), _rolling_start(twice, now, zone), begin)
        return Period(when.words, str(zone), begin, moment, closed=True)
    first, last = _dates(when, now.astimezone(zone).date(), coming if ahead else latest)
    earliest = first or last
    if earliest and earliest < date(FIRST_YEAR, 1, 1):
        raise _problem(TOO_EARLY, "last 7d")
    start = day_start(first, zone) if first else None
    end = day_start(last, zone) if last else None
    if first and last and start and end and start >= end.astimezone(UTC):
        _refuse_empty(when, first < last)
    if start and start > now.astimezone(UTC) and not ahead:
        raise _problem("`{word}` hasn't begun yet. Ask about a time in the past.")
    return Period(when.words, str(zone), start, end)


def _pieces(words: Sequence[str]) -> tuple[list[str], list[int]]:
    """The words, with "1-15" and "march-may" split; and the index of each piece's word."""
    pieces: list[str] = []
    owners: list[int] = []
    for index, word in enumerate(words):
        pair = "-" in word and (_ISO_PAIR.fullmatch(word) or _PAIR.fullmatch(word))
        parts = [pair[1], "-", pair[2]] if pair else [word]
        pieces += parts
        owners += [index] * len(parts)
    return [*pieces, "", "", "", ""], owners


def _rolling(pieces: list[str]) -> tuple[Rolling, int] | None:
    at = 1 if pieces[0] in ("last", "past", "previous") else 0
    if at and (pieces[1] in _ONE or (pieces[0] == "past" and pieces[1] in _UNITS)):
        unit, factor = _UNITS[pieces[1]]
        return Rolling(factor, unit), 2
    found = _AMOUNT.fullmatch(pieces[at])
    if not found:
        return None
    name, taken = (found[2], at + 1) if found[2] else (pieces[at + 1], at + 2)
    if pieces[taken] == "ago":
        return None  # a single day or week in the past
    digits = found[1].lstrip("0")
    if name == "m":
        raise WhenProblem(
            "Does `{word}` mean minutes or months? Please write the word out.",
            0,
            taken,
            [f"last {digits} minutes", f"last {digits} months"] if 0 < len(digits) < 4 else [],
        )
    if name not in _UNITS:
        if at and not found[2]:
            raise WhenProblem(
                "`{word}` needs a unit, such as `last 7d`, `last 24h` or `last 2w`.",
                0,
                2,
                [f"last {digits}{unit}" for unit in "dw"] if 0 < len(digits) < 4 else [],
            )
        return None
    if not digits:
        raise WhenProblem("`{word}` covers no time.", 0, taken, ["last 7d"])
    if len(digits) > 9:
        raise WhenProblem(TOO_EARLY, 0, taken, ["last 7d"])
    unit, factor = _UNITS[name]
    if (
        not at
        and pieces[taken : taken + 2] == BEFORE_LAST.split()
        and pieces[taken + 2] not in _UNITS
    ):
        return Rolling(int(digits) * factor, unit, before_last=True), taken + 2
    return Rolling(int(digits) * factor, unit), taken


def _between(pieces: list[str]) -> tuple[DateRange, int] | None:
    if pieces[0] != "between":
        return None
    first = _point(pieces, 1)
    last = _point(pieces, first[1] + 1) if first and pieces[first[1]] == "and" else None
    if not (first and last):
        raise WhenProblem(
            "Write two dates after `between`, such as `between 2026-03-01 and 2026-03-15`.", 0, 1
        )
    return DateRange(first[0], last[0]), last[1]


def _days_of_month(pieces: list[str]) -> tuple[DateRange, int] | None:
    """ "1-15 Mar" and "from 1 to 15 March 2026"."""
    at = 1 if pieces[0] in ("from", "on", "during") else 0
    first = day_of(pieces[at])
    last = read_point(pieces, at + 2) if first and pieces[at + 1] in _JOINS else None
    if not first or not last or last[0].unit != "day" or last[0].month is None:
        return None
    point = existing(day_point(last[0].year, last[0].month, first), at, last[1] - at)
    return DateRange(point, last[0]), last[1]


def _coming(pieces: list[str]) -> tuple[Rolling, int] | None:
    """ "in 2 weeks", "within a month", "the next 10 days"."""
    found = _AHEAD.match(" ".join(pieces))
    if not found:
        return None
    unit, factor = _UNITS[found["unit"]]
    amount = int(found["amount"]) if found["amount"] else 1
    return Rolling(min(amount, 1000) * factor, unit, ahead=True), found[0].count(" ") + 1


def _ever(pieces: list[str]) -> tuple[DateRange, int] | None:
    """ "all time", "ever"."""
    if pieces[0] == "ever":
        return UNBOUNDED, 1
    return (UNBOUNDED, 2) if pieces[:2] == ALL_TIME.split() else None


def _span(pieces: list[str], *, ahead: bool = False) -> tuple[DateRange, int] | None:
    lead = pieces[0]
    if ahead and lead == "by":
        lead, pieces = "until", ["until", *pieces[1:]]
    if lead in _ENDS:
        last, taken = _needed(pieces)
        return DateRange(None, last, before=_ENDS[lead]), taken
    if lead in _STARTS or lead in ("on", "in", "during"):
        found = _point(pieces, 1) if lead not in ("since", "after") else _needed(pieces)
    else:
        found = _point(pieces, 0)
    if found is None:
        return None
    first, taken = found
    after = _STARTS.get(lead, False)
    end = _end(pieces, taken, first)
    if end:
        return DateRange(end[0], end[1], after), end[2]
    # "From october" means that month; "from october on" and "from 3 october" are open-ended.
    is_on = pieces[taken] in ("on", "onward", "onwards")
    is_of = first.back is not None or (first.unit != "day" and not is_on)
    is_start = lead in _STARTS and not (lead == "from" and is_of)
    return DateRange(first, None if is_start else first, after), taken


def _point(pieces: list[str], at: int) -> tuple[Point, int] | None:
    after_article = at + (pieces[at] == "the")
    return read_point(pieces, at) or read_point(pieces, after_article) or read_day_alone(pieces, at)


def _needed(pieces: list[str]) -> tuple[Point, int]:
    found = _point(pieces, 1)
    if found:
        return found
    if pieces[1]:
        near = nearest_words(pieces[1], (*DAYS, *MONTH_NAMES, *WEEKDAY_NAMES))
        count = 2 if pieces[2] in _DAY_NAMES or (pieces[1] == "the" and pieces[2]) else 1
        raise WhenProblem(
            "I don't know the date `{word}`. Write it like `2026-03-01`, `1 Mar` or `march`.",
            1 if near else 0,
            1 if near else count + 1,
            near or _NEAREST_FORMS,
        )
    raise WhenProblem("Write a date after `{word}`, such as `{word} 2026-03-01`.", 0, 1)


def _end(pieces: list[str], at: int, first: Point) -> tuple[Point, Point, int] | None:
    """The end of a range that begins with `first`, whose year may be after the end."""
    if pieces[at] not in _JOINS:
        return None
    day = day_of(pieces[at + 1])
    if day and first.unit == "day" and first.month and not read_point(pieces, at + 1):
        # The short end of "2026-03-01..15".
        year = year_of(pieces[at + 2]) if first.year is None else None
        taken = at + (2 if year is None else 3)
        year = year or first.year
        last = existing(day_point(year, first.month, day), at + 1, 1)
        return existing(day_point(year, first.month, first.day), 0, at), last, taken
    found = _point(pieces, at + 1)
    return found and (first, found[0], found[1])


def _rolling_start(when: Rolling, now: datetime, zone: ZoneInfo) -> datetime:
    # Limited to avoid an overflow; such periods are refused anyway.
    if when.unit == "months":
        local = now.astimezone(zone)
        day = shift(local.date(), "month", -min(when.amount, 12 * (local.year - FIRST_YEAR + 1)))
        # Through UTC, which moves a skipped local time to after the jump.
        start = datetime.combine(day, local.timetz()).astimezone(UTC)
    else:
        length = _LENGTHS[when.unit]
        longest = (now.year - FIRST_YEAR + 2) * timedelta(days=366) // length
        start = now.astimezone(UTC) - min(when.amount, longest) * length
    if start < datetime(FIRST_YEAR, 1, 1, tzinfo=UTC):
        raise _problem(TOO_EARLY, "last 7d")
    return start.astimezone(zone)


def _next_days(when: Rolling, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From today to the day that is this amount of time away."""
    today = now.date()
    if when.unit == "months":
        last = shift(today, "month", when.amount)
    else:
        last = (now + when.amount * _LENGTHS[when.unit]).date()
    return day_start(today, zone), day_start(shift(last, "day", 1), zone)


def _dates(
    span: DateRange, today: date, which: Callable[[Point, date], date]
) -> tuple[date | None, date | None]:
    """The first day of the span and the day after its last one."""
    first = last = None
    if span.first and span.last and span.last.recurs:
        first = which(span.first, today)
        last = following(span.last, first)
        _refuse_reversed(span, last > today)
    elif span.first and span.last:
        _refuse_reversed(span, False)
        last = latest(span.last, today)
        # "1 Dec to 15 Jan 2026": the latest 1 Dec before the end.
        first = latest(span.first, last if span.first.recurs else today)
    elif span.first:
        first = (which if span.after else latest)(span.first, today)
    elif span.last:
        last = which(span.last, today)
    if first and span.first and span.after:
        first = _day_after(span.first, first)
    if last and span.last and not span.before:
        last = _day_after(span.last, last)
    return first, last


def _refuse_reversed(span: DateRange, is_ahead: bool) -> None:
    """Raise WhenProblem for "10 nov to 3 nov", which would be nearly a year, and for "november to
    march" if that March `is_ahead`."""
    first, last = span.first, span.last
    if first is None or last is None:
        return
    if first.weekday is not None and last.weekday is not None:
        is_back = is_ahead and last.weekday < first.weekday
    elif first.is_monthly and last.is_monthly:
        is_back = is_ahead and last.day < first.day
    elif first.month is None or last.month is None or (first.year and last.year):
        return
    else:
        is_back = is_ahead and last.month < first.month
        if first.unit == last.unit == "day" and first.month == last.month:
            is_back = last.day < first.day
    if is_back:
        raise _reversed(span)


def _day_after(point: Point, first: date) -> date:
    return shift(first, point.unit, 1)


def _refuse_empty(span: DateRange, skipped: bool) -> None:
    if skipped:
        raise _problem("`{word}` didn't exist in your time zone. Ask about another day.")
    if span.after or span.before:
        raise _problem("`{word}` leaves no time between the two. Choose dates further apart.")
    raise _reversed(span)


def _reversed(span: DateRange) -> WhenProblem:
    swapped = DateRange(span.last, span.first) if span.first and span.last else span
    return _problem("`{word}` starts after its end. Swap the two dates.", swapped.words)


def _problem(pattern: str, *instead: str) -> WhenProblem:
    return WhenProblem(pattern, 0, 1, instead)
