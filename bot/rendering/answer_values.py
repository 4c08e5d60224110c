"""What the templates of an answer and its price are given. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from bot.rendering.cut import size
from bot.rendering.escaping import escape
from bot.rendering.home_views import HomeView
from bot.rendering.pages import Page, page, page_starts, table_room
from bot.rendering.rows import Row, Written, row_of, written
from bot.rendering.views import (
    AnswerView,
    PostedView,
    SharedView,
)
from bot.reports.metrics import measure
from bot.reports.report import WHO, Table
from bot.reports.sessions import SessionList, opening
from bot.reports.table import report

AnyRow: TypeAlias = Row | tuple[Written, ...]

_SEPARATOR = 5  # characters between the cells of a row where it is a line of text
_BUTTON = 10  # characters of the label of a row's button, which stands there twice


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


def last_sessions(view: HomeView, _plain: bool) -> Mapping[str, object]:
    """Somebody's own last sessions, each with its rank and the command that tells more of it."""
    zone, now = view.window.zone, view.window.now
    last = view.own.held.last if view.own and view.own.held else ()
    rows = [
        (row_of(one, zone, now), (one.rank or "").strip().lower(), opening(one)) for one in last
    ]
    return {"rows": rows}


def next_start(view: AnswerView) -> int | None:
    """The row at which the next page begins; None where there is none."""
    return _page(view, _rows(view), plain=False).next_start


def page_count(view: AnswerView) -> int:
    """How many pages the held rows fill; 1 for none."""
    return len(_starts(view, plain=False))


def page_start(view: AnswerView, number: int, *, plain: bool = False) -> int:
    """The row at which page `number` (1-based) begins; the last page's if there are fewer."""
    if number <= 1:
        return 0
    starts = _starts(view, plain=plain)
    return starts[min(number, len(starts)) - 1]


def _answer(view: AnswerView, plain: bool, *, can_open: bool) -> dict[str, object]:
    rows = _rows(view) if view.is_told else []
    shown = _page(view, rows, plain=plain)
    values = _listed(view, view.found) if isinstance(view.found, SessionList) else _tabled(view)
    in_all, opens = values["in_all"], values["opens"][max(shown.first - 1, 0) : shown.last]
    return {
        **values,
        # A report is told by the template of its name.
        "template": f"{view.report}.xml.j2",
        "something": values["something"] and view.is_told,
        "page": shown,
        "rows": shown.shown,
        "opens": opens if can_open and any(opens) else (),
        "after": max(in_all - shown.last, 0) if shown.shown else 0,
    }


def _listed(view: AnswerView, found: SessionList) -> dict[str, Any]:
    """What is said of the sessions themselves."""
    return {
        "something": found.total > 0,
        "in_all": len(found.rows) if found.limit is not None else found.total,
        "opens": [f"{view.id}:{at}" for at in range(len(found.rows))],
        "measures": measure(found.sums),
    }


def _tabled(view: AnswerView) -> dict[str, Any]:
    """What is said of the table of any other report."""
    table = _table_of(view)
    return {
        "something": not report(view.report).is_nothing(view.found),
        "in_all": len(table.rows),
        "columns": table.columns,
        # A row is about who or what has a name in it.
        "named": next((at for at, each in enumerate(table.columns) if each.form == "name"), 0),
        "opens": [f"{view.id}:{at}" if each else "" for at, each in enumerate(table.opens)],
    }


def _rows(view: AnswerView) -> list[Row] | list[tuple[Written, ...]]:
    """All rows of an answer, as they read."""
    if isinstance(view.found, SessionList):
        called = view.found.called
        return [row_of(one, view.zone, view.as_of, called[one.user.id]) for one in view.found.rows]
    table = _table_of(view)
    return [
        tuple(
            written(cell, column, view.zone, view.as_of)
            for cell, column in zip(row, table.columns, strict=True)
        )
        for row in table.rows
    ]


def _page(view: AnswerView, rows: Sequence[AnyRow], *, plain: bool) -> Page[AnyRow]:
    found = view.found
    # Behind the rows that are held there may be more, which are read when they are wanted.
    total = found.total if isinstance(found, SessionList) and found.limit is None else 0
    return page(rows, view.start, table_room(_cost(plain), plain=plain), total=total)


def _starts(view: AnswerView, *, plain: bool) -> list[int]:
    return page_starts(_rows(view), table_room(_cost(plain), plain=plain))


def _cost(plain: bool) -> Callable[[AnyRow], int]:
    def cost(row: AnyRow) -> int:
        """How many characters a row has."""
        cells = row.cells if isinstance(row, Row) else [cell.text for cell in row]
        words = " ".join(cells)
        return size(escape(words)) + _SEPARATOR * len(cells) if plain else size(words) + _BUTTON

    return cost


def _table_of(view: AnswerView) -> Table:
    table: Table = report(view.report).rows(view.found, view.limit)
    if not view.about_one or WHO not in table.columns:
        return table
    at = table.columns.index(WHO)
    rows = tuple(row[:at] + row[at + 1 :] for row in table.rows)
    return replace(table, columns=table.columns[:at] + table.columns[at + 1 :], rows=rows)
