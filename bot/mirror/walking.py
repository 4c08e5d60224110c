"""Reading a stretch of Exec's sessions page by page, so that every page counts by itself.

Pure. Pages are cut by the oldest row of the page before and not by position: rows that come, go
or are graded between two requests shift nothing. Each page makes known an interval of its own,
as of the moment it was asked for, so a reading may stop or crash anywhere.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.mirror.coverage import Piece, learned
from bot.mirror.scope import Scope

PAGE_SIZE = 100

# How many rows are held, or expected, with start <= created_at < end.
Count = Callable[[int, int], float]


@dataclass(frozen=True, slots=True)
class Row:
    """What the rules need to know of a session.

    `created_at` is in milliseconds, cut and not rounded. `content` is all that may change
    (score, rank, validity, duration), as values that can be compared.
    """

    id: str
    created_at: int
    user_id: str
    scenario_id: str
    is_system: bool
    content: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetch:
    """Something to read: `scope`, newest first, until all of [start, end) is known.

    No `end` is up to the moment of asking. `full`: pages are asked without a start, so that each
    brings as many rows as fit; what is older than `start` is looked at again for nothing.
    `requests` is what it is expected to cost.
    """

    scope: Scope
    start: int
    end: int | None
    full: bool
    requests: int

    @property
    def live(self) -> bool:
        """Whether it brings the newest sessions."""
        return self.end is None

    @property
    def walk(self) -> Walk:
        """The reading at its beginning."""
        return Walk(self.start, self.end, self.full)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: sessions created in [start, end), newest first, page `page` (from 1).

    None is a bound that is not sent. Exec takes both bounds in, and may keep instants finer than
    it shows them: start_date is `start`, and end_date one microsecond before `end`.
    """

    start: int | None
    end: int | None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learned: the rows of `piece` are these, newest first, and no others."""

    piece: Piece
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What follows a page: what it taught, if anything, and how to go on; None at the end."""

    lesson: Lesson | None
    walk: Walk | None


@dataclass(frozen=True, slots=True)
class _Crowd:
    """More rows of one instant than fit on a page: these are cut by position after all.

    A row that goes while they are read moves others over the edge of a page, and their pages
    tell of different moments. So they are read until two readings in a row agree: then nothing
    had changed at `began`, the moment at which the second of them started.
    """

    before: tuple[Row, ...] | None = None
    rows: tuple[Row, ...] = ()
    page: int = 1
    began: int = 0


@dataclass(frozen=True, slots=True)
class Walk:
    """A reading under way: what is still to be known is [start, end)."""

    start: int
    end: int | None
    full: bool = False
    crowd: _Crowd | None = None

    @property
    def ask(self) -> Ask:
        """The next request."""
        if self.crowd and self.end is not None:
            return Ask(self.end - 1, self.end, self.crowd.page)
        return Ask(None if self.full else self.start, self.end)

    def after(
        self, rows: Sequence[Row], *, is_last_page: bool, as_of: int, known_to: int | None = None
    ) -> Step:
        """What the answer to `ask` means: its rows in Exec's order, asked for at `as_of`.

        What was created from `known_to` on (at most `as_of`, which it is by default) may not be
        among them yet. Raises ValueError when the rows are not newest first, or not what was
        asked for.
        """
        first, end = self.ask.start or 0, self.ask.end
        if rows and (rows[-1].created_at < first or (end and rows[0].created_at >= end)):
            raise ValueError("rows outside of the interval asked for")
        if self.crowd:
            return self._after_crowded(self.crowd, tuple(rows), is_last_page, as_of)
        piece = learned(
            [row.created_at for row in rows],
            first,
            end if known_to is None else min(known_to, end or known_to),
            is_last_page=is_last_page,
            as_of=as_of,
        )
        lesson = None
        if piece:
            inside = (row for row in rows if piece.start <= row.created_at < piece.end)
            lesson = Lesson(piece, tuple(inside))
        if is_last_page or not rows:
            return Step(lesson, None)
        rest = rows[-1].created_at + 1
        if rest == self.end:
            return Step(None, replace(self, crowd=_Crowd()))
        return Step(lesson, self._down_to(rest))

    def _down_to(self, known: int) -> Walk | None:
        return Walk(self.start, known, self.full) if known > self.start else None

    def _after_crowded(
        self, crowd: _Crowd, rows: tuple[Row, ...], is_last_page: bool, as_of: int
    ) -> Step:
        began = as_of if crowd.page == 1 else crowd.began
        seen = tuple(dict.fromkeys(crowd.rows + rows))
        read = replace(crowd, rows=seen, page=crowd.page + 1, began=began)
        if not is_last_page:
            return Step(None, replace(self, crowd=read))
        if crowd.before is None or set(read.rows) != set(crowd.before):
            return Step(None, replace(self, crowd=_Crowd(before=read.rows)))
        instant = self.ask.start or 0
        lesson = None
        if instant < began:
            lesson = Lesson(Piece(instant, instant + 1, began), seen)
        return Step(lesson, self._down_to(instant))


def requests(rows: float, page_size: int = PAGE_SIZE) -> int:
    """How many requests it takes to know an interval of about so many rows; at least one.

    The oldest row of a full page is read again with the next one.
    """
    return max(1, -int(-rows // (page_size - 1)))


def reach(count: Count, end: int, rows: float) -> int:
    """How far back from `end` about `rows` rows go: the least start with no more of them."""
    return bisect_left(range(end), True, key=lambda start: count(start, end) <= rows)
