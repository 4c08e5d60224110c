"""The table of a report: 25 rows a page, each cell as people read it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Generic, TypeVar

from bot.messages import words
from bot.messages.text import tidy
from bot.rendering.views import AnswerView, PostedView, SharedView
from bot.reports.change import in_minutes, in_tenths
from bot.reports.report import WHO, Amount, Cell, CellForm, Column, Part, Table
from bot.reports.table import report

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
    loaded: int
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
        loaded=last,
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


def answer_values(view: AnswerView, *, has_buttons: bool = True) -> dict[str, object]:
    """What the template of an answer needs next to its view: the page of rows from `start`."""
    table = table_of(view)
    shown = page(table.rows, view.start, total=table.total, offset=table.offset)
    opens = has_buttons and table.opens is not None
    return {
        "template": f"{view.report}.xml.j2",
        "something": not report(view.report).is_nothing(view.found),
        "in_all": table.total,
        "page": shown,
        "columns": table.columns,
        "named": next((at for at, each in enumerate(table.columns) if each.form == "name"), 0),
        "rows": [written_row(row, table.columns, view) for row in shown.shown],
        "opens": [f"{view.id}:{at}" for at in range(shown.first - 1, shown.last)] if opens else (),
    }


def shared_values(view: SharedView) -> dict[str, object]:
    """The same for an answer that was shared."""
    values = answer_values(view.answer, has_buttons=False)
    return {**values, "view": view.answer, "shared_by": view.shared_by, "share_id": view.share_id}


def posted_values(view: PostedView) -> dict[str, object]:
    """The same for a scheduled question."""
    values = answer_values(view.answer, has_buttons=False)
    return {**values, "view": view.answer, "posted": view}


def next_row(view: AnswerView) -> int | None:
    """The first row after those that `view` shows; None if there is none."""
    table = table_of(view)
    return page(table.rows, view.start, total=table.total, offset=table.offset).next_start


def page_starts(view: AnswerView) -> list[int]:
    """The row at which each page begins; [0] without rows."""
    return list(range(0, table_of(view).total, ROWS)) or [0]


def table_of(view: AnswerView) -> Table:
    """The table of the report; about one person without their name, and with another one first."""
    table: Table = report(view.report).rows(view.found, view.limit)
    if not view.about_one or WHO not in table.columns:
        return table
    who = table.columns.index(WHO)
    after = range(who + 1, len(table.columns))
    name = [at for at in after if table.columns[at].form == "name"][:1]
    order = [*range(who), *name, *(at for at in after if at not in name)]
    return replace(
        table,
        columns=tuple(table.columns[at] for at in order),
        rows=tuple(tuple(row[at] for at in order) for row in table.rows),
    )


def written_row(row: Sequence[Cell], columns: Sequence[Column], view: AnswerView) -> list[Written]:
    """A row as it reads."""
    cells = zip(row, columns, strict=True)
    return [_written(cell, column, view.zone, view.as_of) for cell, column in cells]


def _written(cell: Cell, column: Column, zone: str, as_of: datetime) -> Written:
    if cell is None:
        return Written(words.DASH)
    if isinstance(cell, str):
        return Written(tidy(cell, LONGEST_CELL) or words.DASH)
    if isinstance(cell, datetime):
        write = words.weekday if column.form == "day" else words.moment
        return Written(write(cell, zone, as_of))
    if isinstance(cell, Part):
        return Written(words.part(cell, zone, as_of))
    if not isinstance(cell, Amount):
        text, value = FORMS[column.form]
        return Written(text(cell), None if column.form == "duration" else value(cell))
    text, value = FORMS[cell.form]
    if not cell.signed:
        return Written(text(cell.value), value(cell.value))
    amount = words.signed(text(abs(cell.value)), cell.value)
    if cell.over is not None:
        amount += " ({} vs {})".format(*map(words.number, cell.over))
    return Written(amount, value(cell.value))


def _minutes(seconds: float) -> float:
    """Seconds as `words.practice` shows them."""
    return math.copysign(in_minutes(abs(seconds)), seconds)


# How each form of cell reads, and the number that is shown.
FORMS: Mapping[CellForm, tuple[Callable[[float], str], Callable[[float], float]]] = (
    MappingProxyType(
        {
            "count": (words.number, round),
            "score": (words.score, in_tenths),
            "average": (words.score, in_tenths),
            "change": (words.change, in_tenths),
            "percent": (words.percent, round),
            "length": (words.practice, _minutes),
            "duration": (words.length, round),
        }
    )
)
