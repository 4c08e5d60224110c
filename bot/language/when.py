"""Words that say when: finding them. What interval they mean is worked out in `period`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.language.days import Point
from bot.language.near import nearest
from bot.language.points import (
    DAYS,
    MONTH_NAMES,
    TOO_EARLY,
    WEEKDAY_NAMES,
    WhenProblem,
    day_of,
    day_point,
    existing,
    read_point,
    year_of,
)

# Words that are about a time even when what follows them is not understood.
LEADS = ("last", "past", "previous", "this", "current")

LONGEST = 14  # "from 1st of march 2026 until 15th of april 2026", and some room
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


@dataclass(frozen=True, slots=True)
class Rolling:
    """An amount of time that ends now. `unit` is minutes, h, d, w or months."""

    amount: int
    unit: str

    @property
    def words(self) -> str:
        """The canonical words: "last 7d"."""
        if len(self.unit) == 1:
            return f"last {self.amount}{self.unit}"
        return (
            f"last {self.amount} {self.unit.removesuffix('s') if self.amount == 1 else self.unit}"
        )


@dataclass(frozen=True, slots=True)
class Span:
    """From one point to another, both whole; None is no bound.

    `after` and `before` leave the point itself out.
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
            return start or end or ""
        if self.after or self.before:
            return f"{start} {end}"
        if self.first == self.last:
            return self.first.words
        if self.first.is_date and self.last.is_date:
            return f"{self.first.words}..{self.last.words}"
        return f"from {self.first.words} to {self.last.words}"


When = Rolling | Span


def find(words: Sequence[str]) -> tuple[When, int] | None:
    """The period that the words begin with, and how many of them it takes.

    The words are in lower case; "" stands for what is no word. Raises WhenProblem.
    """
    pieces, owners = _pieces(words[:LONGEST])
    try:
        found = _rolling(pieces) or _between(pieces) or _days_of_month(pieces) or _span(pieces)
    except WhenProblem as problem:
        first, last = owners[problem.skip], owners[problem.skip + problem.count - 1]
        problem.skip, problem.count = first, last - first + 1
        raise
    if found is None:
        return None
    when, taken = found
    # A word of which only a part was understood was not understood.
    split = taken < len(owners) and owners[taken] == owners[taken - 1]
    return None if split else (when, owners[taken - 1] + 1)


def combined(first: When, second: When) -> Span | None:
    """ "since 1 Mar" and "until 15 Mar" are one period, in any order."""
    if not (isinstance(first, Span) and isinstance(second, Span)):
        return None
    if first.last is None and second.first is None:
        return Span(first.first, second.last, first.after, second.before)
    if first.first is None and second.last is None:
        return Span(second.first, first.last, second.after, first.before)
    return None


def _pieces(words: Sequence[str]) -> tuple[list[str], list[int]]:
    """The words, with "1-15" and "march-may" taken apart; and whose part each piece is."""
    pieces: list[str] = []
    owners: list[int] = []
    for index, word in enumerate(words):
        pair = _ISO_PAIR.fullmatch(word) or _PAIR.fullmatch(word)
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
        raise WhenProblem("`{word}` is no time at all. Try `last 7d`.", 0, taken, ["last 7d"])
    if len(digits) > 9:
        raise WhenProblem(TOO_EARLY, 0, taken, ["last 7d"])
    unit, factor = _UNITS[name]
    return Rolling(int(digits) * factor, unit), taken


def _between(pieces: list[str]) -> tuple[Span, int] | None:
    if pieces[0] != "between":
        return None
    first = read_point(pieces, 1)
    last = read_point(pieces, first[1] + 1) if first and pieces[first[1]] == "and" else None
    if not (first and last):
        raise WhenProblem(
            "Write two dates after `between`, such as `between 2026-03-01 and 2026-03-15`.", 0, 1
        )
    return Span(first[0], last[0]), last[1]


def _days_of_month(pieces: list[str]) -> tuple[Span, int] | None:
    """ "1-15 Mar" and "from 1 to 15 March 2026"."""
    at = 1 if pieces[0] in ("from", "on", "during") else 0
    first = day_of(pieces[at])
    last = read_point(pieces, at + 2) if first and pieces[at + 1] in _JOINS else None
    if not first or not last or last[0].unit != "day" or last[0].month is None:
        return None
    point = existing(day_point(last[0].year, last[0].month, first), at, last[1] - at)
    return Span(point, last[0]), last[1]


def _span(pieces: list[str]) -> tuple[Span, int] | None:
    lead = pieces[0]
    if lead in _ENDS:
        last, taken = _needed(pieces)
        return Span(None, last, before=_ENDS[lead]), taken
    if lead in _STARTS or lead in ("on", "in", "during"):
        found = read_point(pieces, 1) if lead not in ("since", "after") else _needed(pieces)
    else:
        found = read_point(pieces, 0)
    if found is None:
        return None
    first, taken = found
    after = _STARTS.get(lead, False)
    end = _end(pieces, taken, first)
    if end:
        return Span(end[0], end[1], after), end[2]
    return Span(first, None if lead in _STARTS else first, after), taken


def _needed(pieces: list[str]) -> tuple[Point, int]:
    found = read_point(pieces, 1)
    if found:
        return found
    if pieces[1]:
        raise WhenProblem(
            "I don't know the date `{word}`. Write it like `2026-03-01`, `1 Mar` or `march`.",
            1,
            1,
            nearest(pieces[1], (*DAYS, *MONTH_NAMES, *WEEKDAY_NAMES)),
        )
    raise WhenProblem("Write a date after `{word}`, such as `{word} 2026-03-01`.", 0, 1)


def _end(pieces: list[str], at: int, first: Point) -> tuple[Point, Point, int] | None:
    """The end of a range that began with `first`, whose year may stand behind the end."""
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
    found = read_point(pieces, at + 1)
    return found and (first, found[0], found[1])
