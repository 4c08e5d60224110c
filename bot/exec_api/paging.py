"""Reading a list that moves, through pages that are cut by position.

Exec pages by offset: a row that arrives, goes or is graded between two requests shifts the rows
behind it, so that the next page may repeat rows or, worse, leave some out. Nothing in the answer
says so, except the total count and rows that come twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.errors import Rejected
from bot.exec_api.models import Session
from bot.exec_api.wire import Page

# Asks for a page, counted from 1; the flag says whether the end of the period must be fixed.
# Gives the page and how many requests it cost.
Fetch = Callable[[int, bool], Awaitable[tuple[Page[Session], int]]]
# Told how many pages there are, says how many of them are worth reading.
Worth = Callable[[int], int]
# Told after each page: the pages read in this pass, and how many it will take.
OnPage = Callable[[int, int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class SessionPages:
    """Sessions in the order asked for, nobody twice.

    `total` is Exec's last count of what matches and `total_pages` its count of pages.
    `complete` says that every page was read; otherwise `rows` are those of the first
    `pages_read` pages. `moved` says that the list changed while it was read. `requests` is what
    it cost: attempts that failed count, those shared with another reading count once.
    """

    rows: tuple[Session, ...]
    total: int
    pages_read: int
    total_pages: int
    complete: bool
    moved: bool
    requests: int


async def read_pages(
    fetch: Fetch,
    *,
    max_pages: int,
    worth: Worth | None = None,
    on_page: OnPage | None = None,
) -> SessionPages:
    """Read up to `max_pages` pages, or fewer if fewer are `worth` it; twice if the list moves.

    The first pass asks for page 1 as it is and for the others with a fixed end, and is given up
    at the first sign of a move: another total count, or a row that comes again. The second pass
    fixes the end from page 1 on and goes through to its end, stepping back whenever the count
    shrank, since rows moved up into pages already read.

    The promise, for rows that match during the whole of the last pass and keep their place
    among each other: none is missing if nothing moves in that pass, and none if between any two
    of its requests rows only went or rows only came. When some went and some came between the
    same two requests, the count hides it and a row may be missing. A row that goes during the
    last pass may still be among the rows. Never more than three requests per page.
    """
    if max_pages < 1:
        raise ValueError("max_pages is at least 1")
    first = _Pass(max_pages, worth)
    while not first.done and not first.moved:
        await first.read(fetch, fixed=first.next_page > 1, on_page=on_page)
    if not first.moved:
        return first.result()
    second = _Pass(max_pages, worth)
    while not second.done and second.fetched < 2 * max_pages:
        await second.read(fetch, fixed=True, on_page=on_page)
    return replace(second.result(), moved=True, requests=first.requests + second.requests)


class _Pass:
    """One pass over the pages: what was seen, and how much of the front is known for sure."""

    def __init__(self, max_pages: int, worth: Worth | None) -> None:
        self._worth = worth
        self.moved = False
        self.fetched = 0
        self.requests = 0
        self._total = 0
        self._total_pages = 0
        self._max_pages = max_pages
        self._size = 1
        self._by_page: dict[int, list[str]] = {}
        self._rows: dict[str, Session] = {}
        # Every row that was there all along and is now among the first `_covered` was seen.
        self._covered = 0
        self._refused: set[int] = set()
        # A page read beyond that, which is good again once the gap before it is closed.
        self._ahead: tuple[int, int] | None = None

    @property
    def next_page(self) -> int:
        return self._covered // self._size + 1

    @property
    def done(self) -> bool:
        return self.fetched > 0 and self._covered >= min(self._total, self._max_pages * self._size)

    def result(self) -> SessionPages:
        pages = sorted(self._by_page)
        return SessionPages(
            rows=tuple(self._rows[each] for page in pages for each in self._by_page[page]),
            total=self._total,
            pages_read=len(pages),
            total_pages=self._total_pages,
            complete=self.done and self._covered >= self._total,
            moved=self.moved,
            requests=self.requests,
        )

    async def read(self, fetch: Fetch, *, fixed: bool, on_page: OnPage | None) -> None:
        number = self.next_page
        try:
            page, cost = await fetch(number, fixed)
        except Rejected:
            if number == 1 or number in self._refused:
                raise
            self._step_back(number)
            return
        self.requests += cost
        self._take(page, number)
        if on_page is not None:
            wanted = min(self._max_pages, max(1, self._total_pages))
            await on_page(len(self._by_page), wanted)

    def _step_back(self, number: int) -> None:
        """Exec may refuse a page that lies behind the end by now: the one before it tells."""
        self._refused.add(number)
        self.moved = True
        self.fetched += 1
        self.requests += 1
        self._ahead = None
        self._covered = (number - 2) * self._size

    def _take(self, page: Page[Session], number: int) -> None:
        """Take in page `number`, as the list is now."""
        if not self.fetched:
            self._size = page.page_size
            if self._worth is not None:
                self._max_pages = min(self._max_pages, max(1, self._worth(page.total_pages)))
        elif shift := page.total_count - self._total:
            self._shift(shift)
        if any(row.id in self._rows for row in page.items):
            self.moved = True
        self.fetched += 1
        self._total, self._total_pages = page.total_count, page.total_pages
        self._keep(page, number)
        self._cover((number - 1) * self._size, number * self._size)

    def _shift(self, shift: int) -> None:
        """That many rows came (or went, below 0), nobody knows where."""
        self.moved = True
        # Rows that went were perhaps all in front, and those behind moved up by as many.
        self._covered = max(0, self._covered + min(0, shift))
        if self._ahead is not None:
            start, end = self._ahead
            self._ahead = (start + max(0, shift), end + min(0, shift))

    def _keep(self, page: Page[Session], number: int) -> None:
        ids = self._by_page.setdefault(number, [])
        ids.extend(dict.fromkeys(row.id for row in page.items if row.id not in self._rows))
        # The newest word on a row counts: a grade may have come.
        self._rows.update((row.id, row) for row in page.items)

    def _cover(self, start: int, end: int) -> None:
        if start > self._covered:
            self._ahead = (start, end)
            return
        self._covered = max(self._covered, end)
        if self._ahead is not None and self._ahead[0] <= self._covered:
            self._covered = max(self._covered, self._ahead[1])
            self._ahead = None
