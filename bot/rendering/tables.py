"""The table of an answer as it reads, a page at a time. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from bot.rendering import numbers, times
from bot.rendering.cut import size
from bot.rendering.escaping import escape, tidy
from bot.rendering.pages import Room, ShownPage, page, page_starts, table_room
from bot.rendering.views import AnswerView, PostedView, SharedView
from bot.reports.report import WHO, Amount, Cell, CellForm, Column, Part, Table
from bot.reports.table import report

_TEXT = 120  # a name of any length still leaves room for a page of rows
_MOMENT, _NUMBER = 20, 5  # characters of most of them
_SEPARATOR = 5  # characters between the cells of a row where it is a line of text
_BUTTON = 10  # characters of the label of a row's button, which stands there twice

_FORMS: Mapping[CellForm, Callable[[float], str]] = MappingProxyType(
    {
        "count": numbers.whole,
        "score": numbers.score,
        "average": numbers.score,
        "change": numbers.signed_number,
        "percent": numbers.percent,
        "length": numbers.practice,
        "duration": numbers.length,
    }
)


@dataclass(frozen=True, slots=True)
class Written:
    """A cell of a table as it reads; `value` is its number, by which it is sorted."""

    text: str
    value: float | None = None


_Row = tuple[Cell, ...]


def answer(view: AnswerView, plain: bool) -> Mapping[str, object]:
    """The rows from `view.start` on, as many as fit on a page."""
    return _answer(view, plain, can_open=True)


def shared(view: SharedView, plain: bool) -> Mapping[str, object]:
    """An answer as it stands in a channel."""
    more = {"view": view.answer, "shared_by": view.shared_by, "share_id": view.share_id}
    return {**_answer(view.answer, plain, can_open=False), **more}


def posted(view: PostedView, plain: bool) -> Mapping[str, object]:
    """An answer as it comes to a channel by the clock."""
    values = _answer(view.answer, plain, can_open=False)
    return {**values, "view": view.answer, "posted": view}


def next_row(view: AnswerView) -> int | None:
    """The first row behind those that `view` shows; None where there is none."""
    return _page(view, _table_of(view), plain=False).next_start


def starts_of_pages(view: AnswerView, *, plain: bool = False) -> list[int]:
    """The row at which each page begins; [0] where there are no rows."""
    return page_starts(_table_of(view).rows, _room(plain))


def _answer(view: AnswerView, plain: bool, *, can_open: bool) -> dict[str, object]:
    table = _table_of(view) if view.is_told else Table((), ())
    shown = _page(view, table, plain=plain)
    in_all = len(table.rows) + table.more
    return {
        # A report is told by the template of its name.
        "template": f"{view.report}.xml.j2",
        "something": view.is_told and not report(view.report).is_nothing(view.found),
        "in_all": in_all,
        "page": shown,
        "columns": table.columns,
        # A row is about who or what has a name in it.
        "named": next((at for at, each in enumerate(table.columns) if each.form == "name"), 0),
        "rows": [_read(row, table.columns, view) for row in shown.shown],
        "opens": [f"{view.id}:{at}" for at in range(shown.last - len(shown.shown), shown.last)]
        if can_open and table.opens is not None
        else (),
    }


def _page(view: AnswerView, table: Table, *, plain: bool) -> ShownPage[_Row]:
    total = len(table.rows) + table.more
    return page(table.rows, view.start, _room(plain), total=total)


def _room(plain: bool) -> Room[_Row]:
    def cost(row: _Row) -> int:
        """About how many characters a row has: fewer than may be are left on a page."""
        others, words = _SEPARATOR * len(row) if plain else _BUTTON, ""
        for cell in row:
            if isinstance(cell, str):
                words += cell[:_TEXT]
            else:
                others += _MOMENT if isinstance(cell, datetime) else _NUMBER
        return others + size(escape(words) if plain else words)

    return table_room(cost, plain=plain)


def _table_of(view: AnswerView) -> Table:
    """The table of the report; about one person without their name, and with another one first."""
    table: Table = report(view.report).rows(view.found, view.limit)
    if not view.about_one or WHO not in table.columns:
        return table
    who = table.columns.index(WHO)
    behind = range(who + 1, len(table.columns))
    name = [at for at in behind if table.columns[at].form == "name"][:1]
    order = [*range(who), *name, *(at for at in behind if at not in name)]
    return replace(
        table,
        columns=tuple([table.columns[at] for at in order]),
        rows=tuple([tuple([row[at] for at in order]) for row in table.rows]),
    )


def _read(row: _Row, columns: Sequence[Column], view: AnswerView) -> list[Written]:
    zone, as_of = view.zone, view.as_of
    cells = zip(row, columns, strict=True)
    return [_written(cell, column, zone, as_of) for cell, column in cells]


def _written(cell: Cell, column: Column, zone: str, as_of: datetime) -> Written:
    """A cell as it reads, and as a number where it is one."""
    if cell is None:
        return Written(numbers.DASH)
    if isinstance(cell, str):
        return Written(tidy(cell, _TEXT) or numbers.DASH)
    if isinstance(cell, datetime) and column.form == "day":
        return Written(times.weekday_of(cell, zone, as_of))
    if isinstance(cell, datetime):
        return Written(times.moment(cell, zone, as_of))
    if isinstance(cell, Amount):
        words = _FORMS[cell.form](abs(cell.value) if cell.signed else cell.value)
        if cell.signed:
            words = numbers.signed(words, cell.value)
        if cell.over is not None:
            words += " ({} vs {})".format(*map(numbers.number, cell.over))
        return Written(words, float(cell.value))
    if isinstance(cell, Part):
        return Written(times.part(cell, as_of))
    return Written(_FORMS[column.form](cell), None if column.form == "duration" else float(cell))
