"""Reads sessions from Exec page by page, newest first, so that every page counts by itself.

Pages are cut by the oldest row of the page before and not by position: rows that come, go or are
graded between two requests shift nothing. Each page makes known a stretch of its own, as of the
moment it was asked for, so a reading may stop or crash anywhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from bot.errors import Broken, StorageError
from bot.exec_api.client import ExecClient, SessionsPage
from bot.exec_api.models import Session
from bot.exec_api.wire import Page, Pairs, instant
from bot.mirror.rows import from_ms, to_ms
from bot.mirror.store import SessionStore
from bot.mirror.stretches import Stretch
from bot.storage.leases import Leases

PAGE_SIZE = 100
# A session may come into Exec's list a moment after its own time of creation, and Exec's clock
# may be a little behind ours.
SETTLE = timedelta(seconds=1)
LEASE_NAME = "read"
# A process that died is followed after this long.
LEASE = timedelta(seconds=30)
LOOK_AGAIN_SECONDS = 0.1
# More rows of one instant than fit on a page are read until two readings agree, or so often.
MOST_READINGS = 5
ENDPOINT = "/sessions: "

# Called after each page with how many were read, and how many more all of it takes.


@dataclass(frozen=True, slots=True)
class PageRead:
    """What one page made known, if anything; `end` is where the next one goes on. Exec counts
    `total` rows in what was asked for, of which `left` are older."""

    stretch: Stretch | None
    sessions: tuple[Session, ...]
    end: int
    total: int
    left: int
    is_last: bool
    requests: int


@dataclass(slots=True)
class SpanRead:
    """What a reading came to: its requests and pages, what it made known, newest first, and how
    many rows of the span are left; 0 once it was read to its end."""

    requests: int = 0
    pages: int = 0
    stretches: list[Stretch] = field(default_factory=list)
    left: int = 0


def requests_for(rows: float) -> int:
    """How many requests it takes to read so many rows; none for none.

    The oldest row of a full page is read again with the next one.
    """
    return -int(-rows // (PAGE_SIZE - 1))


class SessionReader:
    def __init__(
        self,
        client: ExecClient,
        store: SessionStore,
        leases: Leases,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._client = client
        self._store = store
        self._leases = leases
        self._sleep = sleep
        self._lock = asyncio.Lock()
        # How many sessions Exec has in all, as it said with the newest page.
        self.total: int | None = None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Among all processes, the only one that reads everybody's sessions: others would read the
        same. Who gets the turn looks first whether somebody has just read it."""
        async with self._lock:
            while not await self._leases.take(LEASE_NAME, LEASE):
                await self._sleep(LOOK_AGAIN_SECONDS)
            keeping = asyncio.create_task(self._keep())
            try:
                yield
            finally:
                keeping.cancel()
                await asyncio.wait({keeping})
                await self._leases.give_back(LEASE_NAME)

    async def _keep(self) -> None:
        """Keep the lease while a request waits for a limit."""
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            with suppress(StorageError):
                await self._leases.take(LEASE_NAME, LEASE)

    async def read(
        self,
        start: int,
        end: int | None,
        *,
        purpose: str,
        pages: int,
        exact: bool = False,
        at_most: int | None = None,
    ) -> SpanRead:
        """Read up to `pages` pages of everybody's sessions of [start, end), which are stored; no
        `end` is up to now. For whoever has the turn.

        Each page brings as many rows as fit, also of the time before `start`. With `exact` none do,
        so that Exec says how many there are: with `at_most` only the first page is read where all
        of them would take more requests. Raises ExecError; what was read until then stays.
        """
        read = SpanRead()
        async with aclosing(self._pages((), start if exact else None, end, purpose)) as found:
            async for page in found:
                read.requests += page.requests
                read.pages += 1
                if end is None and not exact and read.pages == 1:
                    self.total = page.total
                if page.stretch is not None:
                    await self._store.put(page.stretch, page.sessions)
                    read.stretches.append(page.stretch)
                is_done = page.is_last or page.end <= start
                read.left = 0 if is_done else page.left
                more = requests_for(read.left) if exact else 0
                too_many = at_most is not None and read.pages + more > at_most
                if is_done or read.pages >= pages or too_many:
                    break
        return read

    async def ask(
        self,
        filters: Pairs,
        start: int,
        end: int | None,
        *,
        purpose: str,
        at_most: int | None,
        goes_on: bool = False,
    ) -> SpanRead:
        """Ask Exec for [start, end) with its own filters; the answer is not stored.

        Where all of it takes more requests than `at_most` (None: whatever it takes), only the first
        page is read, or with `goes_on` as many as that. Raises ExecError.
        """
        read = SpanRead()
        async with aclosing(self._pages(filters, start or None, end, purpose)) as found:
            async for page in found:
                read.requests += page.requests
                read.pages += 1
                if (known := page.stretch) is not None:
                    told = Stretch(known.start, known.end, known.as_of, page.sessions)
                    read.stretches.append(told)
                read.left = 0 if page.is_last else page.left
                more = requests_for(read.left)
                is_enough = at_most is not None and (
                    read.pages >= at_most or (read.pages + more > at_most and not goes_on)
                )
                if page.is_last or is_enough:
                    break
        return read

    async def _pages(
        self,
        filters: Pairs,
        start: int | None,
        end: int | None,
        purpose: str,
    ) -> AsyncGenerator[PageRead]:
        """The pages of [start, end), newest first; without `start` from the beginning on."""
        while True:
            answer = await self._answer(filters, start, end, 1, purpose)
            page, spent = answer.page, answer.requests
            rows, is_last = page.items, page.total_pages <= 1
            if not rows and not is_last:
                raise Broken("body", ENDPOINT + "no row on a page before the last")
            as_of, known_to = to_ms(answer.sent_at), to_ms(answer.sent_at - SETTLE)
            low = (start or 0) if is_last else to_ms(rows[-1].created_at) + 1
            if end is not None and low >= end and not is_last:
                # More rows of one instant than fit on a page.
                low = end - 1
                rows, as_of, more = await self._instant(filters, low, purpose)
                spent, known_to = spent + more, as_of - SETTLE // timedelta(milliseconds=1)
            left = max(0, page.total_count - len(rows) - len(page.unreadable))
            high = known_to if end is None else min(end, known_to)
            inside = tuple(each for each in rows if low <= to_ms(each.created_at) < high)
            stretch = Stretch(low, high, as_of) if low < high else None
            yield PageRead(stretch, inside, low, page.total_count, left, is_last, spent)
            if is_last or low <= (start or 0):
                return
            end = low

    async def _instant(
        self, filters: Pairs, at: int, purpose: str
    ) -> tuple[tuple[Session, ...], int, int]:
        """All rows of one instant, the moment at which they were so, and the requests it took.

        A row that goes while they are read moves others over the edge of a page, and their pages
        tell of different moments. So they are read until two readings in a row agree: then nothing
        had changed when the second of them began.
        """
        before: tuple[Session, ...] | None = None
        spent = 0
        for _ in range(MOST_READINGS):
            rows: dict[str, Session] = {}
            number = pages = 1
            began = 0
            while number <= pages:
                answer = await self._answer(filters, at, at + 1, number, purpose)
                spent += answer.requests
                began = began or to_ms(answer.sent_at)
                rows |= {each.id: each for each in answer.page.items}
                pages = answer.page.total_pages
                number += 1
            found = tuple(rows.values())
            if before is not None and set(found) == set(before):
                return found, began, spent
            before = found
        raise Broken("body", ENDPOINT + "one instant that is never the same")

    async def _answer(
        self,
        filters: Pairs,
        start: int | None,
        end: int | None,
        number: int,
        purpose: str,
    ) -> SessionsPage:
        """A page with as many rows as it counts itself, newest first and all as asked for.

        Rows that are missing were not deleted: Exec is asked again. What it lists twice is what
        it has, however it counts, so that a count that is always too high stops nothing; but no
        row at all is no answer. Raises ExecError.
        """
        asked = list(filters)
        if start is not None:
            asked.append(("start_date", instant(from_ms(start))))
        if end is not None:
            # Exec takes the end in, and may keep instants finer than the milliseconds it shows.
            asked.append(("end_date", instant(from_ms(end) - timedelta(microseconds=1))))
        missing: list[str] | None = None
        spent = 0
        while True:
            answer = await self._client.sessions_page(
                tuple(asked), number, PAGE_SIZE, purpose=purpose
            )
            spent += answer.requests
            ids = [each.id for each in answer.page.items]
            if not _is_short(answer.page) or (ids and ids == missing):
                break
            if missing is not None or not ids:
                raise Broken("body", ENDPOINT + "fewer rows than it counts")
            missing = ids
        if not _is_as_asked(answer.page.items, start or 0, end):
            raise Broken("body", ENDPOINT + "rows that were not asked for")
        return SessionsPage(answer.page, spent, answer.sent_at)


def _is_short(page: Page[Session]) -> bool:
    """Whether rows are missing that Exec counts in the same answer.

    Those who come or go between two pages change the count of the next one as well.
    """
    is_last = page.total_pages <= page.page
    counted = page.total_count - (page.page - 1) * page.page_size
    expected = counted if is_last else min(counted, page.page_size, PAGE_SIZE)
    return len(page.items) + len(page.unreadable) < expected


def _is_as_asked(rows: Sequence[Session], start: int, end: int | None) -> bool:
    """Whether the rows are newest first, and of [start, end)."""
    times = [to_ms(each.created_at) for each in rows]
    return all(newer >= older for newer, older in pairwise(times)) and all(
        start <= at and (end is None or at < end) for at in times
    )
