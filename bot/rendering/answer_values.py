"""What the templates of an answer and its price are given. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeAlias, TypeVar

from bot.exec_api.models import Session
from bot.rendering import numbers, periods
from bot.rendering.cut import size
from bot.rendering.escaping import escape, tidy
from bot.rendering.home_views import HomeView
from bot.rendering.pages import Page, Room, page, page_starts
from bot.rendering.views import (
    AnswerView,
    CostView,
    ExportedView,
    PostedView,
    SharedView,
)
from bot.reports.figures import known, scenario_name
from bot.reports.metrics import measure
from bot.reports.report import WHO, Amount, Cell, Column, Form, Part, Table
from bot.reports.sessions import SessionList, opening
from bot.reports.table import report

T = TypeVar("T")
Made = TypeVar("Made")
Cells: TypeAlias = tuple[Cell, ...]

# A name of any length still leaves room for a page of rows.
_WHO, _SCENARIO, _RANK = 80, 120, 30
_INCOMPLETE = 20  # characters of the words that mark an incomplete attempt
_SEPARATOR = 5  # characters between the cells of a row where it is a line of text
_OPTION = 75  # characters of an entry of a menu
_BUTTON = 10  # characters of the label of a row's button, which stands there twice


@dataclass(frozen=True, slots=True)
class Row:
    """A session as its row reads. `value` is its score as a number; `rank` "" while ungraded."""

    when: str
    who: str
    scenario: str
    score: str
    value: float | None
    rank: str
    valid: bool
    length: str

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.when, self.who, self.scenario, self.score, self.rank, self.length)


@dataclass(frozen=True, slots=True)
class Counted:
    """How the number of sessions reads: "5 of 128", "128", "500+" (`open`: there may be more)."""

    shown: int
    of: int | None
    open: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A cell of a table as it reads; `value` is its number, by which it is sorted."""

    text: str
    value: float | None = None


_FORMS: Mapping[Form, Callable[[float], str]] = MappingProxyType(
    {
        "count": numbers.whole,
        "score": numbers.score,
        "average": numbers.average,
        "change": numbers.change,
        "percent": numbers.percent,
        "length": numbers.practice,
    }
)


def _cells_cost(row: Row) -> int:
    return sum(map(size, row.cells)) + (0 if row.valid else _INCOMPLETE) + _BUTTON


def _menu_cost(row: Row) -> int:
    """With its entry in the menu below the table, which is its moment and its name."""
    named = max(size(row.who), size(row.scenario))
    return _cells_cost(row) + min(size(row.when) + named + _SEPARATOR, _OPTION)


def _line_cost(row: Row) -> int:
    cells = sum(size(escape(cell)) + _SEPARATOR for cell in row.cells)
    return cells + (0 if row.valid else _INCOMPLETE)


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
    found = view.found
    values = _listed(view, found, level) if isinstance(found, SessionList) else _tabled(view, level)
    # A report is told by the template of its name.
    return {
        "template": f"{view.report}.xml.j2",
        "zone": _zone(view),
        "opens": _opens(view, values["page"]),
        **values,
    }


def _opens(view: AnswerView, shown: Page[Any]) -> list[str]:
    """What stands for each of the rows that are shown, behind a button that tells more of it."""
    rows = range(shown.first - 1, shown.first - 1 + len(shown.shown))
    table = None if isinstance(view.found, SessionList) else _table_of(view)
    if table is not None and not any(table.opens):
        return []
    return [f"{view.id}:{at}" if table is None or table.opens[at] else "" for at in rows]


def last_sessions(view: HomeView, _level: int) -> Mapping[str, object]:
    """Somebody's own last sessions, each with its rank and the command that tells more of it."""
    zone, now = view.window.zone, view.window.now
    last = () if view.own is None else view.own.last
    rows = [(_row(one, zone, now), (one.rank or "").strip().lower(), opening(one)) for one in last]
    return {"rows": rows}


def _listed(view: AnswerView, found: SessionList, level: int) -> Mapping[str, Any]:
    """The sessions themselves."""
    write = _session_writer(view)
    shown = _page_of_list(view, found, level, write)
    in_all = len(found.rows) if found.limit is not None else found.total
    return {
        "something": found.total > 0,
        "page": shown,
        "in_all": in_all,
        "rows": [write(session) for session in shown.shown],
        "after": max(in_all - shown.last, 0) if shown.shown else 0,
        "counted": _counted(view, found),
        "measures": measure(found.sums),
    }


def _tabled(view: AnswerView, level: int) -> Mapping[str, Any]:
    """The table of any other report."""
    table = _table_of(view)
    write = _row_writer(view, table)
    shown = _page_of_table(view, table, level, write)
    return {
        "something": not report(view.report).is_nothing(view.found),
        "page": shown,
        "in_all": len(table.rows),
        "columns": table.columns,
        # A row is about who or what has a name in it.
        "named": next((at for at, each in enumerate(table.columns) if each.form == "name"), 0),
        "rows": [write(row) for row in shown.shown],
        "after": max(len(table.rows) - shown.last, 0) if shown.shown else 0,
    }


def shared(view: SharedView, level: int) -> Mapping[str, object]:
    """An answer as it stands in a channel."""
    more = {"view": view.answer, "shared_by": view.shared_by, "share_id": view.share_id}
    return {**answer(view.answer, level), **more, "opens": ()}


def posted(view: PostedView, level: int) -> Mapping[str, object]:
    """An answer as it comes to a channel by the clock."""
    return {**answer(view.answer, level), "view": view.answer, "posted": view, "opens": ()}


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
        return page_starts(view.found.rows, _room(level, _session_writer(view)))
    table = _table_of(view)
    return page_starts(table.rows, _table_room(table, level, _row_writer(view, table)))


def _page_of(view: AnswerView, level: int) -> Page[Any]:
    if isinstance(view.found, SessionList):
        return _page_of_list(view, view.found, level, _session_writer(view))
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
        return _BUTTON + entry + sum(size(escape(cell.text)) + separator for cell in cells)

    return Room(entries, characters, cost)


def _row_writer(view: AnswerView, table: Table) -> Callable[[Cells], tuple[Written, ...]]:
    """How a row of the table reads."""

    def write(row: Cells) -> tuple[Written, ...]:
        columns = zip(row, table.columns, strict=True)
        return tuple([_written(cell, column, view) for cell, column in columns])

    return _once(write)


def _written(cell: Cell, column: Column, view: AnswerView) -> Written:
    """A cell as it reads, and as a number where it is one."""
    if cell is None:
        return Written(numbers.DASH)
    if isinstance(cell, str):
        return Written(tidy(cell, _SCENARIO) or numbers.DASH)
    if isinstance(cell, datetime) and column.form == "day":
        return Written(periods.weekday_of(cell, view.zone, view.as_of))
    if isinstance(cell, datetime):
        return Written(numbers.moment(cell, view.zone, view.as_of))
    if isinstance(cell, Amount):
        written = _FORMS[cell.form](abs(cell.value) if cell.signed else cell.value)
        return Written(numbers.signed(written, cell.value) if cell.signed else written, cell.value)
    if isinstance(cell, Part):
        return Written(numbers.part(cell, view.as_of))
    return Written(_FORMS[column.form](cell), float(cell))


def exported(view: ExportedView, _level: int) -> Mapping[str, object]:
    """What comes with an exported file."""
    return {"zone": _zone(view)}


def cost(view: CostView, _level: int) -> Mapping[str, object]:
    """What a question would cost, before it is run."""
    return {"zone": _zone(view)}


def _room(level: int, write: Callable[[Session], Row]) -> Room[Session]:
    entries, characters, cost_of = _ROOM[level]
    return Room(entries, characters, lambda session: cost_of(write(session)))


def _session_writer(view: AnswerView) -> Callable[[Session], Row]:
    return _once(lambda session: _row(session, view.zone, view.as_of))


def _once(write: Callable[[T], Made]) -> Callable[[T], Made]:
    """The same for the entries of a list, of which each is written once: it is measured first, and
    then shown."""
    written: dict[int, Made] = {}

    def found(entry: T) -> Made:
        if id(entry) not in written:
            written[id(entry)] = write(entry)
        return written[id(entry)]

    return found


def _row(session: Session, zone: str, as_of: datetime) -> Row:
    """A session as its row reads, in `zone`; the year is written if it is not that of `as_of`."""
    value = known(session.score)
    return Row(
        when=numbers.moment(session.created_at, zone, as_of),
        who=tidy(session.user.name, _WHO),
        scenario=tidy(scenario_name(session), _SCENARIO) or numbers.DASH,
        score=numbers.score(value),
        value=None if value is None else float(numbers.score(value)),
        rank=tidy((session.rank or "").strip().capitalize(), _RANK),
        valid=session.is_valid_attempt,
        length=numbers.length(session.duration_seconds),
    )


def _zone(view: AnswerView | CostView | ExportedView) -> str | None:
    """The zone, where no part of what was understood names it."""
    return None if any(view.zone in part for part in view.understood) else view.zone


def _counted(view: AnswerView, found: SessionList) -> Counted:
    rows = len(found.rows)
    if found.limit is not None and rows < found.total:
        return Counted(rows, found.total, False)
    return Counted(found.total, None, view.held_since is not None or not found.complete)
