"""Reading from Exec what a plan asks for, page by page, and keeping each page at once."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.errors import Broken, StorageError
from bot.exec_api.client import ExecClient, SessionsPage
from bot.exec_api.models import Session
from bot.exec_api.single_flight import OnWait, tell_all
from bot.exec_api.wire import Page, Pairs, instant
from bot.mirror.held import Held
from bot.mirror.rows import instant as milliseconds
from bot.mirror.rows import moment, row_of
from bot.mirror.scope import ALL, Scope, parameters
from bot.mirror.walking import PAGE_SIZE, Ask, Fetch, Walk
from bot.storage.leases import Leases

# A session may come into Exec's list a moment after its own time of creation, and Exec's clock
# may be a little behind ours.
SETTLE = timedelta(seconds=1)
# A process that died is followed after this long.
LEASE = timedelta(seconds=30)
LOOK_AGAIN_SECONDS = 0.1

OnPage = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetch came to: the pages it read, and the requests they cost.

    Unless it was read to its end: `left` is what is left of it, and `rest` how many rows that
    are, where Exec said so.
    """

    pages: int
    requests: int
    left: Fetch | None = None
    rest: int | None = None


class _ScopeLock:
    """Held by the one in this process who reads a scope; those who wait hear of limits."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._listeners: list[OnWait] = []

    @asynccontextmanager
    async def held(self, on_wait: OnWait | None) -> AsyncIterator[None]:
        if on_wait is not None:
            self._listeners.append(on_wait)
        try:
            async with self._lock:
                yield
        finally:
            if on_wait is not None:
                self._listeners.remove(on_wait)

    async def tell(self, until: datetime) -> None:
        """A limit holds up the one who reads, and so all of them."""
        await tell_all(self._listeners, until)


class Fetching:
    def __init__(
        self,
        client: ExecClient,
        held: Held,
        leases: Leases,
        sleep: Callable[[float], Awaitable[None]],
        note_total: Callable[[int], None],
    ) -> None:
        self._client = client
        self._held = held
        self._leases = leases
        self._sleep = sleep
        self._note_total = note_total
        self._locks: dict[str, _ScopeLock] = {}

    @asynccontextmanager
    async def turn(self, scope: Scope, on_wait: OnWait | None = None) -> AsyncIterator[None]:
        """In this process, the only one that reads `scope`.

        `on_wait` is told, while it waits for its turn as well, when a limit holds things up.
        """
        async with self._lock(scope).held(on_wait):
            yield

    @asynccontextmanager
    async def alone(self, scope: Scope) -> AsyncIterator[None]:
        """Among all processes, the only one that reads `scope`: others would read the same.

        For whoever has the `turn`. Another one may have read it until just now.
        """
        name = lease_name(scope)
        while not await self._leases.take(name, LEASE):
            await self._sleep(LOOK_AGAIN_SECONDS)
        keeping = asyncio.create_task(self._keep(name))
        try:
            yield
        finally:
            keeping.cancel()
            await asyncio.wait({keeping})
            await self._leases.give_back(name)

    async def _keep(self, name: str) -> None:
        """Hold on to a lease while a request waits for a limit."""
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            with suppress(StorageError):
                await self._leases.take(name, LEASE)

    async def run(
        self,
        fetch: Fetch,
        *,
        purpose: str,
        pages: int,
        on_page: OnPage | None = None,
    ) -> Fetched:
        """Read up to `pages` pages of `fetch`, or as many more as one instant takes.

        Raises ExecError; what was read until then stays.
        """
        tell = self._lock(fetch.scope).tell
        walk: Walk | None = fetch.walk
        read = requests = 0
        rest: int | None = None
        sessions: dict[str, Session] = {}
        # An instant that is read in part makes nothing known, and would be begun anew each time.
        while walk is not None and (read < pages or walk.crowd is not None):
            ask = walk.ask
            answer = await self._answer(fetch.scope, ask, purpose, tell)
            as_of, known_to = _looked(answer)
            page = answer.page
            rows = tuple(map(row_of, page.items))
            is_last = page.total_pages <= ask.page
            if not rows and not is_last:
                raise Broken("body", "/sessions: no row on a page before the last")
            try:
                step = walk.after(rows, is_last_page=is_last, as_of=as_of, known_to=known_to)
            except ValueError:
                # Not in the order, or not of the interval, that was asked for.
                raise Broken("body", "/sessions: rows that were not asked for") from None
            sessions |= {session.id: session for session in page.items}
            if step.lesson is not None:
                await self._held.learn(fetch.scope, step.lesson, sessions)
                sessions.clear()
            read, requests, walk = read + 1, requests + answer.requests, step.walk
            if ask.start is not None:
                rest = max(0, page.total_count - len(rows))
            elif ask.end is None and fetch.scope == ALL:
                self._note_total(page.total_count)
            if on_page is not None:
                await on_page(read)
        if walk is None:
            return Fetched(read, requests)
        return Fetched(read, requests, replace(fetch, end=walk.end), rest)

    def _lock(self, scope: Scope) -> _ScopeLock:
        return self._locks.setdefault(lease_name(scope), _ScopeLock())

    async def _answer(self, scope: Scope, ask: Ask, purpose: str, on_wait: OnWait) -> SessionsPage:
        """The answer to one ask, with as many rows as it counts itself.

        Rows that are missing were not deleted: Exec is asked again. What it lists twice is what
        it has, however it counts, so that a count that is always too high stops nothing; but no
        row at all is no answer. Raises ExecError.
        """
        asked, missing, requests = filters(scope, ask), None, 0
        while True:
            answer = await self._client.sessions_page(
                asked, ask.page, PAGE_SIZE, purpose=purpose, on_wait=on_wait
            )
            requests += answer.requests
            page = answer.page
            ids = [each.id for each in page.items]
            if not _is_short(page) or (ids and ids == missing):
                return replace(answer, requests=requests)
            if missing is not None or not ids:
                raise Broken("body", "/sessions: fewer rows than it counts")
            missing = ids


def lease_name(scope: Scope) -> str:
    """What the reading of a scope is called among the leases."""
    return f"read:{hashlib.sha256(scope.key.encode()).hexdigest()[:40]}"


def filters(scope: Scope, ask: Ask) -> Pairs:
    """The parameters of GET /sessions, newest first, without page and page size."""
    pairs = list(parameters(scope))
    if ask.start is not None:
        pairs.append(("start_date", instant(moment(ask.start))))
    if ask.end is not None:
        # Exec takes the end in, and may keep instants finer than the milliseconds it shows.
        pairs.append(("end_date", instant(moment(ask.end) - timedelta(microseconds=1))))
    return tuple(pairs)


def _is_short(page: Page[Session]) -> bool:
    """Whether rows are missing that Exec counts in the same answer.

    Those who come or go between two pages change the count of the next one as well.
    """
    is_last = page.total_pages <= page.page
    counted = page.total_count - (page.page - 1) * page.page_size
    expected = counted if is_last else min(counted, page.page_size, PAGE_SIZE)
    return len(page.items) + len(page.unreadable) < expected


def _looked(answer: SessionsPage) -> tuple[int, int]:
    """When Exec was looked at, and up to when all sessions were in, by that."""
    return milliseconds(answer.sent_at), milliseconds(answer.sent_at - SETTLE)
