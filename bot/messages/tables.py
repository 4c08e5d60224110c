"""The table of an answer: 25 rows a page, with formatted cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from markupsafe import Markup

from bot.messages import words
from bot.messages.text import tidy
from bot.reports._figures import rounded
from bot.reports._report import WHO, AnyReport, Change, Column, Figures, PeriodPart

T = TypeVar("T")

ROWS = 25
LONGEST_CELL = 120  # so that 25 rows fit into Slack's limit for a table


# Pages.


@dataclass(frozen=True, slots=True)
class TablePage(Generic[T]):
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

    @property
    def more(self) -> int:
        """The number of items after this page."""
        return self.total - self.last


def page(
    items: Sequence[T], start: int, *, rows: int = ROWS, total: int = 0, offset: int = 0
) -> TablePage[T]:
    """The page that has row `start`, or the last one.

    `items` begin after `offset` rows, and `total` counts all rows.
    """
    last = offset + len(items)
    total = max(total, last)
    start = min(max(start, offset), max(last - 1, offset)) // rows * rows
    shown = tuple(items[max(start - offset, 0) : start - offset + rows])
    end = start + len(shown)
    return TablePage(
        shown=shown,
        first=min(start + 1, last),
        last=end,
        total=total,
        next_start=end if shown and end < total else None,
        previous_start=start - rows if start else None,
        next_count=min(rows, total - end),
    )


def few(items: Sequence[T], most: int) -> TablePage[T]:
    """The first `most` items; one item more instead of "and 1 more"."""
    return page(items, 0, rows=most + 1 if len(items) == most + 1 else most)


# The table of an answer.


def table_values(
    report: AnyReport, figures: Figures, *, start: int, about_one: bool
) -> Mapping[str, object]:
    """The template values for the page of the table that has row `start`, without the column of
    names if it is about one person."""
    columns = [column for column in report.columns(figures) if not (about_one and column == WHO)]
    rows = figures.rows if columns else ()
    return {
        "page": page(rows, start, total=figures.total, offset=figures.offset),
        "columns": columns,
        "named": next((at for at, x in enumerate(columns) if x.format == "name"), 0),
    }


def cell(row: Any, column: Column, zone: str, as_of: datetime) -> Markup:
    """A <td> of formatted text; `value` is the number by which Slack sorts it."""
    value = column.of(row)
    number: Decimal | str = ""
    match value:
        case None:
            text = words.DASH
        case str():
            text = tidy(value, LONGEST_CELL) or words.DASH
        case datetime():
            text = words.moment(value, zone, as_of)
        case PeriodPart():
            text = words.part(value, zone, as_of)
        case date():
            text = words.due_day(value, zone, as_of)
        case Change():
            text = f"{words.signed(value.by)} ({value.n:,} vs {value.n_before:,})"
            number = value.by
        case _:
            text, number = NUMBERS[column.format](value), rounded(value)
    return Markup('<td value="{}">{}</td>').format(number, text)


NUMBERS: dict[str, Callable[[Any], str]] = {
    "count": words.number,
    "score": words.score,
    "signed": words.signed,
    "percent": words.percent,
    "length": words.practice,
    "duration": words.session_length,
}
