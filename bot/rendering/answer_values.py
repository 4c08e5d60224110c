"""What the templates of an answer and its price are given. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

from bot.exec_api.models import Session
from bot.rendering.cut import size
from bot.rendering.escaping import escape
from bot.rendering.home_views import HomeView
from bot.rendering.pages import Page, Room, page, page_starts
from bot.rendering.rows import Row, Written, row_of, written
from bot.rendering.views import (
    AnswerView,
    PostedView,
    SharedView,
)
from bot.reports.metrics import measure
from bot.reports.report import WHO, Cell, Table
from bot.reports.sessions import SessionList, opening
from bot.reports.table import report

T = TypeVar("T")
Made = TypeVar("Made")
Cells: TypeAlias = tuple[Cell, ...]

_SEPARATOR = 5  # characters between the cells of a row where it is a line of text
_OPTION = 75  # characters of an entry of a menu
_BUTTON = 10  # characters of the label of a row's button, which stands there twice


@dataclass(frozen=True, slots=True)
class Counted:
    """How the number of sessions reads: "5 of 128", "128", "500+" (`open`: there may be more)."""

    shown: int
    of: int | None
    open: bool


def _cells_cost(row: Row) -> int:
    return sum(map(size, row.cells)) + _BUTTON


def _menu_cost(row: Row) -> int:
    """With its entry in the menu below the table, which is its moment and its name."""
    named = max(size(row.who), size(row.scenario))
    return _cells_cost(row) + min(size(row.when) + named + _SEPARATOR, _OPTION)


def _line_cost(row: Row) -> int:
    return sum(size(escape(each)) + _SEPARATOR for each in row.cells)


# By fallback level. 9,000 of the 10,000 characters that a table may have: the whole message has
# 12,000. A `table` counts its header among 100 rows. Of lines of text fewer can be read.
_ROOM: tuple[tuple[int, int, Callable[[Row], int]], ...] = (
    (100, 9_000, _cells_cost),
    (100, 9_000, _menu_cost),
    (99, 9_000, _menu_cost),
    (30, 6_000, _line_cost),
)


def answer(view: AnswerView, level: int) -> Mapping[str, object]:
    """The rows from `view.start` on, as many as fit at a fallback level."""
    return _answer(view, level, can_open=True)


def _answer(view: AnswerView, level: int, *, can_open: bool) -> dict[str, object]:
    found = view.found
    values = _listed(view, found, level) if isinstance(found, SessionList) else _tabled(view, level)
    opens = values["opens"] if can_open else ()
    # A report is told by the template of its name.
    return {"template": f"{view.report}.xml.j2", **values, "opens": opens}


def last_sessions(view: HomeView, _level: int) -> Mapping[str, object]:
    """Somebody's own last sessions, each with its rank and the command that tells more of it."""
    zone, now = view.window.zone, view.window.now
    last = () if view.own is None else view.own.last
    rows = [
        (row_of(one, zone, now), (one.rank or "").strip().lower(), opening(one)) for one in last
    ]
    return {"rows": rows}


def _listed(view: AnswerView, found: SessionList, level: int) -> Mapping[str, Any]:
    """The sessions themselves."""
    write = _session_writer(view, found.called)
    shown = _page_of_list(view, found, level, write)
    in_all = len(found.rows) if found.limit is not None else found.total
    rows = [write(session) for session in shown.shown]
    return {
        "something": found.total > 0,
        "page": shown,
        "in_all": in_all,
        "rows": rows,
        "opens": [f"{view.id}:{at}" for at in _indexes(shown)],
        "after": max(in_all - shown.last, 0) if shown.shown else 0,
        "counted": _counted(view, found),
        "measures": measure(found.sums),
    }


def _tabled(view: AnswerView, level: int) -> Mapping[str, Any]:
    """The table of any other report."""
    table = _table_of(view)
    write = _row_writer(view, table)
    shown = _page_of_table(view, table, level, write)
    rows = [write(row) for row in shown.shown]
    opens = [f"{view.id}:{at}" if table.opens[at] else "" for at in _indexes(shown) if table.opens]
    return {
        "something": not report(view.report).is_nothing(view.found),
        "page": shown,
        "in_all": len(table.rows),
        "columns": table.columns,
        # A row is about who or what has a name in it.
        "named": next((at for at, each in enumerate(table.columns) if each.form == "name"), 0),
        "rows": rows,
        "opens": opens if any(opens) else (),
        "after": max(len(table.rows) - shown.last, 0) if shown.shown else 0,
    }


def _indexes(shown: Page[Any]) -> range:
    return range(shown.first - 1, shown.first - 1 + len(shown.shown))


def shared(view: SharedView, level: int) -> Mapping[str, object]:
    """An answer as it stands in a channel."""
    more = {"view": view.answer, "shared_by": view.shared_by, "share_id": view.share_id}
    return {**_answer(view.answer, level, can_open=False), **more}


def posted(view: PostedView, level: int) -> Mapping[str, object]:
    """An answer as it comes to a channel by the clock."""
    values = _answer(view.answer, level, can_open=False)
    return {**values, "view": view.answer, "posted": view}


def next_start(view: AnswerView, level: int = 0) -> int | None:
    """The row at which the next page begins; None where there is none."""
    return _page_of(view, level).next_start


def page_count(view: AnswerView, level: int = 0) -> int:
    """How many pages the held rows fill; 1 for none."""
    return len(_starts(view, level))


def page_start(view: AnswerView, number: int, level: int = 0) -> int:
    """The row at which page `number` (1-based) begins; the last page's if there are fewer."""
    if number <= 1:
        return 0
    starts = _starts(view, level)
    return starts[min(number, len(starts)) - 1]


def _starts(view: AnswerView, level: int) -> list[int]:
    if isinstance(view.found, SessionList):
        return page_starts(view.found.rows, _room(level, _session_writer(view, view.found.called)))
    table = _table_of(view)
    return page_starts(table.rows, _table_room(table, level, _row_writer(view, table)))


def _page_of(view: AnswerView, level: int) -> Page[Any]:
    if isinstance(view.found, SessionList):
        return _page_of_list(view, view.found, level, _session_writer(view, view.found.called))
    table = _table_of(view)
    return _page_of_table(view, table, level, _row_writer(view, table))


def _page_of_list(
    view: AnswerView, found: SessionList, level: int, write: Callable[[Session], Row]
) -> Page[Session]:
    # Behind the rows that are held there may be more, which are read when they are wanted.
    total = found.total if found.limit is None else 0
    return page(found.rows, view.start, _room(level, write), total=total)


def _page_of_table(
    view: AnswerView, table: Table, level: int, write: Callable[[Cells], tuple[Written, ...]]
) -> Page[Cells]:
    return page(table.rows, view.start, _table_room(table, level, write))


def _table_of(view: AnswerView) -> Table:
    table: Table = report(view.report).rows(view.found, view.limit)
    if not view.about_one or WHO not in table.columns:
        return table
    at = table.columns.index(WHO)
    rows = tuple(row[:at] + row[at + 1 :] for row in table.rows)
    return replace(table, columns=table.columns[:at] + table.columns[at + 1 :], rows=rows)


def _table_room(
    table: Table, level: int, write: Callable[[Cells], tuple[Written, ...]]
) -> Room[Cells]:
    entries, characters, _ = _ROOM[level]
    separator = _SEPARATOR if level == len(_ROOM) - 1 else 0

    def cost(row: Cells) -> int:
        cells = write(row)
        entry = min(size(cells[0].text), _OPTION) if level and table.opens else 0
        return _BUTTON + entry + sum(size(escape(each.text)) + separator for each in cells)

    return Room(entries, characters, cost)


def _row_writer(view: AnswerView, table: Table) -> Callable[[Cells], tuple[Written, ...]]:
    """How a row of the table reads."""

    def write(row: Cells) -> tuple[Written, ...]:
        columns = zip(row, table.columns, strict=True)
        return tuple([written(held, column, view.zone, view.as_of) for held, column in columns])

    return _once(write)


def _room(level: int, write: Callable[[Session], Row]) -> Room[Session]:
    entries, characters, cost_of = _ROOM[level]
    return Room(entries, characters, lambda session: cost_of(write(session)))


def _session_writer(view: AnswerView, called: Mapping[str, str]) -> Callable[[Session], Row]:
    return _once(lambda one: row_of(one, view.zone, view.as_of, called[one.user.id]))


def _once(write: Callable[[T], Made]) -> Callable[[T], Made]:
    """The same for the entries of a list, of which each is written once: it is measured first, and
    then shown."""
    written: dict[int, Made] = {}

    def found(entry: T) -> Made:
        if id(entry) not in written:
            written[id(entry)] = write(entry)
        return written[id(entry)]

    return found


def _counted(view: AnswerView, found: SessionList) -> Counted:
    rows = len(found.rows)
    if found.limit is not None and rows < found.total:
        return Counted(rows, found.total, False)
    return Counted(found.total, None, view.held_since is None and not found.complete)
