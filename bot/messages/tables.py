"""The table of an answer: 25 rows a page, with formatted cells."""

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
LONGEST_CELL = 120  # so that 25 rows fit into Slack's limit for a table


# Pages.


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list. `first` and `last` count from 1; a start is None if there is no such
    page."""

    shown: tuple[T, ...]
    first: int
    last: int
    total: int
    next_start: int | None
    previous_start: int | None
    next_count: int

    @property
    def is_whole(self) -> bool:
        """Whether the list has only one page."""
        return self.next_start is None and self.previous_start is None


def page(
    items: Sequence[T], start: int, *, rows: int = ROWS, total: int = 0, offset: int = 0
) -> Page[T]:
    """The page that has row `start`, or the last one.

    `items` begin after `offset` rows, and `total` counts all rows.
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
    """The first few items, and the number of `more`."""

    shown: tuple[T, ...]
    more: int

    @property
    def count(self) -> int:
        """The number of all items."""
        return len(self.shown) + self.more


def truncated(items: Sequence[T], most: int) -> Truncated[T]:
    """The first `most` items; one item more instead of "and 1 more"."""
    shown = tuple(items[: most + 1 if len(items) == most + 1 else most])
    return Truncated(shown, len(items) - len(shown))


# The table of an answer.


@dataclass(frozen=True, slots=True)
class CellText:
    """The text of a cell; `value` is the number shown, by which Slack sorts."""

    text: str
    value: float | None = None


def columns_of(report: AnyReport, figures: Figures, *, about_one: bool) -> tuple[Column, ...]:
    """The columns of a report, without names if it is about one person."""
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
    """The template values for the page of the table that has row `start`.

    `id_` goes into the values of row buttons; "" for a table without buttons.
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


def cell(row: Any, column: Column, zone: str, as_of: datetime) -> CellText:
    """A formatted cell."""
    value = column.of(row)
    if value is None:
        return CellText(words.DASH)
    if isinstance(value, str):
        return CellText(tidy(value, LONGEST_CELL) or words.DASH)
    if isinstance(value, datetime):
        return CellText(words.moment(value, zone, as_of))
    if isinstance(value, Part):
        return CellText(words.part(value, zone, as_of))
    if isinstance(value, date):
        return CellText(words.due_day(value, zone, as_of))
    if isinstance(value, Change):
        text = f"{words.signed(value.by)} ({value.n:,} vs {value.n_before:,})"
        return CellText(text, float(value.by))
    write, number = FORMATS[column.format]
    return CellText(write(value), None if column.format == "duration" else float(number(value)))


# By format: the text of a number, and the number shown in it.
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
