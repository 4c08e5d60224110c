"""Rows of sessions cut into pages that fit a message. Pure.

Pages are laid from the first row on by one greedy rule, so the same rows stand on the same
page whether one comes to it by Next or by Previous.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.exec_api.models import Session
from bot.rendering import numbers
from bot.rendering.cut import size
from bot.rendering.fallback import line
from bot.rendering.values import tidy
from bot.rendering.views import AnswerView
from bot.reports.sessions import known, scenario_name

# A name of any length still leaves room for a page of rows.
_WHO, _SCENARIO, _RANK = 80, 120, 30
_INCOMPLETE = 20  # room for the words that mark an incomplete attempt


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
class Page:
    """The rows to show: `first` and `last` are 1-based positions among `held` rows."""

    rows: tuple[Row, ...]
    first: int
    last: int
    held: int
    next_start: int | None
    previous_start: int | None
    one_person: bool

    @property
    def whole(self) -> bool:
        """All rows stand on this page."""
        return self.next_start is None and self.previous_start is None


@dataclass(frozen=True, slots=True)
class _Room:
    """What a page takes at most: rows, and characters as `cost` counts them."""

    rows: int
    characters: int
    cost: Callable[[Row], int]


def _cells_cost(row: Row) -> int:
    return sum(map(size, row.cells)) + (0 if row.valid else _INCOMPLETE)


def _line_cost(row: Row) -> int:
    return size(line(row.cells)) + 2 + (0 if row.valid else _INCOMPLETE)


# 9,000 of the 10,000 characters that a table may have: the whole message has 12,000.
_ROOM = (
    _Room(100, 9_000, _cells_cost),
    _Room(99, 9_000, _cells_cost),  # `table` counts its header among 100 rows
    _Room(30, 6_000, _line_cost),  # lines of text, not a table: fewer can be read
)


def page(view: AnswerView, level: int = 0) -> Page:
    """The page that begins at row `view.start`, as many rows as fit at `level`."""
    held = len(view.rows)
    # Rows may have gone since the button was drawn: then the last page is the nearest.
    start = max(view.start, 0)
    if start >= held:
        start = page_start(view, held, level)
    starts = _starts(view, level, start)
    after = starts[bisect_right(starts, start)] if held else 0
    shown = view.rows[start:after]
    return Page(
        rows=tuple(row(session, view.zone, view.as_of) for session in shown),
        first=min(start + 1, held),
        last=after,
        held=held,
        # Behind the rows that are held there may be more, which are read when they are wanted.
        next_start=after if after < held or (held and _goes_on(view)) else None,
        # Before the first row of this page; a start between two pages goes back to the nearer.
        previous_start=starts[bisect_right(starts, start - 1) - 1] if start > 0 else None,
        one_person=len({session.user.id for session in shown}) == 1,
    )


def _goes_on(view: AnswerView) -> bool:
    return view.limit is None and view.total is not None and len(view.rows) < view.total


def page_count(view: AnswerView, level: int = 0) -> int:
    """How many pages the held rows fill; 1 for none."""
    return max(1, len(_starts(view, level, len(view.rows))) - 1)


def page_start(view: AnswerView, page: int, level: int = 0) -> int:
    """The row at which page `page` (1-based) begins; the last page's if there are fewer pages."""
    if page <= 1:
        return 0
    starts = _starts(view, level, len(view.rows))[:-1]
    return starts[min(max(page, 1), len(starts)) - 1] if starts else 0


def row(session: Session, zone: str, as_of: datetime) -> Row:
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


def _starts(view: AnswerView, level: int, reach: int) -> list[int]:
    """Where pages begin, up to the first one after row `reach`; the end of all rows closes it."""
    room = _ROOM[level]
    starts = [0] if view.rows else []
    used = 0
    for index, session in enumerate(view.rows):
        cost = room.cost(row(session, view.zone, view.as_of))
        if index - starts[-1] == room.rows or used + cost > room.characters:
            starts.append(index)
            used = 0
            if index > reach:
                return starts
        used += cost
    return [*starts, len(view.rows)]
