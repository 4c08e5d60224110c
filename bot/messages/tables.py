"""The table of a report: 25 rows a page, each cell as people read it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from bot.messages import words
from bot.messages.text import tidy
from bot.reports._report import WHO, AnyReport, Change, Column, Figures, Format, Part

T = TypeVar("T")

ROWS = 25
LONGEST_CELL = 120  # with it, 25 rows fit into the characters that Slack gives all cells


# Pages.


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list: `first` and `last` count from 1; a start is None if there is no page."""

    shown: tuple[T, ...]
    first: int
    last: int
    total: int
    next_start: int | None
    previous_start: int | None
    next_count: int

    @property
    def is_whole(self) -> bool:
        """Whether the list has one page only."""
        return self.next_start is None and self.previous_start is None


def page(
    items: Sequence[T], start: int, *, rows: int = ROWS, total: int = 0, offset: int = 0
) -> Page[T]:
    """The page in which row `start` is, or the last one.

    `offset` rows come before the items, and `total` counts all rows.
    """
    last = offset + len(items)
    total = max(total, last)
    start = min(max(start, offset), max(last - 1, offset)) // rows * rows
    shown = tuple(items[max(start - offset, 0) : start - offset + rows])
    end = start + len(shown)
    return Page(
        shown=shown,
        first=min(start + 1, last),
        last=end,
        total=total,
        next_start=end if shown and end < total else None,
        previous_start=start - rows if start else None,
        next_count=min(rows, total - end),
    )


@dataclass(frozen=True, slots=True)
class Truncated(Generic[T]):
    """The first few of many, and how many `more` there are."""

    shown: tuple[T, ...]
    more: int

    @property
    def count(self) -> int:
        """The number of all of them."""
        return len(self.shown) + self.more


def truncated(items: Sequence[T], most: int) -> Truncated[T]:
    """At most `most` of the items; one more rather than "and 1 more"."""
    shown = tuple(items[: most + 1 if len(items) == most + 1 else most])
    return Truncated(shown, len(items) - len(shown))


# The table of an answer.


@dataclass(frozen=True, slots=True)
class Written:
    """A cell as it reads; `value` is the number that is shown, by which Slack sorts."""

    text: str
    value: float | None = None


def columns_of(report: AnyReport, figures: Figures, *, about_one: bool) -> tuple[Column, ...]:
    """The columns of a report; about one person without their name."""
    columns: tuple[Column, ...] = report.columns(figures)
    return tuple(each for each in columns if not (about_one and each == WHO))


def table_values(
    report: AnyReport,
    figures: Figures,
    *,
    start: int,
    zone: str,
    as_of: datetime,
    about_one: bool,
    id_: str,
) -> Mapping[str, object]:
    """What a template needs to show the page of the table in which row `start` is.

    `id_` is what the buttons of rows carry, "" for none.
    """
    columns = columns_of(report, figures, about_one=about_one)
    shown = page(figures.rows if columns else (), start, total=figures.total, offset=figures.offset)
    return {
        "page": shown,
        "columns": columns,
        "named": next((at for at, x in enumerate(columns) if x.format == "name"), 0),
        "cells": [[cell(row, x, zone, as_of) for x in columns] for row in shown.shown],
        "opens": [f"{id_}:{at}" for at in range(shown.first - 1, shown.last)]
        if id_ and report.opens
        else (),
    }


def cell(row: Any, column: Column, zone: str, as_of: datetime) -> Written:
    """A cell as it reads."""
    value = getattr(row, column.key)
    if value is None:
        return Written(words.DASH)
    if isinstance(value, str):
        return Written(tidy(value, LONGEST_CELL) or words.DASH)
    if isinstance(value, datetime):
        return Written(words.moment(value, zone, as_of))
    if isinstance(value, Part):
        return Written(words.part(value, zone, as_of))
    if isinstance(value, date):
        return Written(words.due_day(value, zone, as_of))
    if isinstance(value, Change):
        text = f"{words.signed(value.by)} ({value.n:,} vs {value.n_before:,})"
        return Written(text, float(value.by))
    write, number = FORMATS[column.format]
    return Written(write(value), None if column.format == "duration" else float(number(value)))


# How a number reads in each format, and the number that is shown.
FORMATS: Mapping[Format, tuple[Callable[[Any], str], Callable[[Any], float | Decimal]]] = (
    MappingProxyType(
        {
            "count": (words.number, round),
            "score": (words.score, lambda value: value),
            "signed": (words.signed, lambda value: value),
            "percent": (words.percent, round),
            "length": (words.practice, lambda seconds: math.floor(words.in_minutes(seconds))),
            "duration": (words.length, round),
        }
    )
)
