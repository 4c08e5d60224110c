"""What the templates of an answer, its price and the query form are given. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.exec_api.models import Session
from bot.language.query import Kind
from bot.rendering import numbers
from bot.rendering.cut import size
from bot.rendering.escaping import escape, tidy
from bot.rendering.pages import Page, Room, page, page_starts
from bot.rendering.views import AnswerView, CostView, FormView, ShareConfirmView, SharedView
from bot.reports.metrics import measure
from bot.reports.sessions import known, scenario_name

# A name of any length still leaves room for a page of rows.
_WHO, _SCENARIO, _RANK = 80, 120, 30
_INCOMPLETE = 20  # characters of the words that mark an incomplete attempt
_SEPARATOR = 5  # characters between the cells of a row where it is a line of text
_SELECT = 100  # entries of a select menu


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


def _cells_cost(row: Row) -> int:
    return sum(map(size, row.cells)) + (0 if row.valid else _INCOMPLETE)


def _line_cost(row: Row) -> int:
    cells = sum(size(escape(cell)) + _SEPARATOR for cell in row.cells)
    return cells + (0 if row.valid else _INCOMPLETE)


# By fallback level. 9,000 of the 10,000 characters that a table may have: the whole message has
# 12,000. A `table` counts its header among 100 rows. Of lines of text fewer can be read.
_ROOM: tuple[tuple[int, int, Callable[[Row], int]], ...] = (
    (100, 9_000, _cells_cost),
    (99, 9_000, _cells_cost),
    (30, 6_000, _line_cost),
)


def answer(view: AnswerView, level: int) -> Mapping[str, object]:
    """The rows from `view.start` on, as many as fit at a fallback level."""
    shown = page_of(view, level)
    all_held = view.limit is not None or view.total == shown.held or view.figures_complete
    return {
        "page": shown,
        "rows": [_row(session, view.zone, view.as_of) for session in shown.shown],
        "one_person": len({session.user.id for session in shown.shown}) == 1,
        "after": max(_in_all(view) - shown.last, 0) if shown.shown else 0,
        "counted": _counted(view),
        "zone": _zone(view),
        "measures": measure(view.figures),
        # A limit ends the rows on purpose; otherwise more may match than are held.
        "all_held": all_held,
        "rest_unknown": view.total is None and view.limit is None and not view.figures_complete,
    }


def shared(view: SharedView, level: int) -> Mapping[str, object]:
    """An answer as it stands in a channel."""
    more = {"view": view.answer, "shared_by": view.shared_by, "share_id": view.share_id}
    return {**answer(view.answer, level), **more}


def page_of(view: AnswerView, level: int = 0) -> Page[Session]:
    """The rows from `view.start` on, as many as fit at a fallback level."""
    # Behind the rows that are held there may be more, which are read when they are wanted.
    goes_on = view.limit is None and view.total is not None and len(view.rows) < view.total
    return page(view.rows, view.start, _room(view, level), goes_on=goes_on)


def page_count(view: AnswerView, level: int = 0) -> int:
    """How many pages the held rows fill; 1 for none."""
    return len(page_starts(view.rows, _room(view, level)))


def page_start(view: AnswerView, number: int, level: int = 0) -> int:
    """The row at which page `number` (1-based) begins; the last page's if there are fewer."""
    if number <= 1:
        return 0
    starts = page_starts(view.rows, _room(view, level))
    return starts[min(number, len(starts)) - 1]


def cost(view: CostView, _level: int) -> Mapping[str, object]:
    """What a question would cost, before it is run."""
    return {"zone": _zone(view)}


def share_confirm(view: ShareConfirmView, _level: int) -> Mapping[str, object]:
    """Who will see an answer before it goes to a channel."""
    others = max(view.people - len(view.names), 0)
    return {"channel": f"#{view.channel.lstrip('#')}", "others": others}


def form(view: FormView, _level: int) -> Mapping[str, object]:
    """The query form."""
    return {"group": _field(view, Kind.GROUP), "scenario": _field(view, Kind.SCENARIO)}


def _room(view: AnswerView, level: int) -> Room[Session]:
    entries, characters, cost_of = _ROOM[level]
    return Room(entries, characters, lambda session: cost_of(_row(session, view.zone, view.as_of)))


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


def _zone(view: AnswerView | CostView) -> str | None:
    """The zone, where no part of what was understood names it."""
    return None if any(view.zone in part for part in view.understood) else view.zone


def _counted(view: AnswerView) -> Counted:
    rows = len(view.rows)
    if view.total is None:
        if view.limit is None:
            return Counted(rows, None, not view.figures_complete)
        more = view.figures_over if view.figures_over > rows else None
        return Counted(rows, more, not view.figures_complete)
    if view.limit is not None and rows < view.total:
        return Counted(rows, view.total, False)
    return Counted(max(rows, view.total), None, view.held_since is not None)


def _in_all(view: AnswerView) -> int:
    rows = len(view.rows)
    return rows if view.limit is not None or view.total is None else max(rows, view.total)


def _field(view: FormView, kind: Kind) -> Mapping[str, object]:
    """A menu where all choices fit in one and the chosen one is among them; else a text field."""
    choices = view.choices.get(kind, ())
    selected = view.selected.get(kind)
    chosen = next((choice for choice in choices if choice.value == selected), None)
    is_menu = 1 <= len(choices) <= _SELECT and (not selected or chosen is not None)
    return {"choices": choices if is_menu else (), "chosen": chosen, "typed": selected}
