"""Looks again at what is held, as `revalidation` says, at the pace that the requests allow."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa

from bot.exec_api.budget import Budget
from bot.exec_api.client import ExecClient
from bot.mirror.coverage import DAY, Coverage, Piece, Span
from bot.mirror.fetching import Fetched, Fetching, filters
from bot.mirror.held import Held
from bot.mirror.mirror import Mirror
from bot.mirror.planning import within
from bot.mirror.revalidation import (
    ASK_TOTALS,
    FEW_ROWS,
    PARTS,
    READ_OLDER,
    READ_RECENT,
    Check,
    Doubt,
    Look,
    Pace,
    Window,
    is_read,
    middle_of,
    next_look,
    pace,
)
from bot.mirror.rows import instant
from bot.mirror.scope import ALL
from bot.mirror.walking import PAGE_SIZE, Ask, Fetch, requests
from bot.storage.database import Database
from bot.storage.leases import Leases
from bot.storage.tables import practice_session, practice_total

# With nothing due, or nothing to spend, look again after this long.
REST = timedelta(minutes=5)
# What is due is read so many requests at a time.
AT_ONCE = 4
# A check by totals is one process's until it has not gone on for this long, and is begun anew
# when it took so long that its beginning says little.
CHECK_LEASE_NAME = "totals"
CHECK_LEASE = timedelta(minutes=30)
CHECK_LASTS = timedelta(hours=6)
# Totals that never agree must not cost more than this: then pages are read as their turn comes.
CHECK_REQUESTS = 300
GIVEN_UP = timedelta(hours=12)
MILLISECOND = timedelta(milliseconds=1)
# A week ago, the next 24 hours ended so long before now.
SIX_DAYS = timedelta(days=6)

# What totals showed is kept for so long (ms).
KEPT = 2 * DAY

piece_of = practice_total.c
# What reports tell that are due soon after a moment.
Windows = Callable[[datetime], Awaitable[Sequence[Window]]]


async def totalled(database: Database, now: datetime) -> Coverage:
    """Which intervals Exec's totals showed to be as held, and as of when. Raises StorageError.

    Apart from the coverage, which says what each session was: totals do not tell scores.
    """
    lately = piece_of.as_of >= instant(now) - KEPT
    rows = await database.rows(sa.select(practice_total).where(lately))
    return Coverage.of(Piece(row.start_at, row.end_at, row.as_of) for row in rows)


async def keep_totalled(database: Database, span: Span, as_of: int, now: datetime) -> None:
    """Totals showed [start, end) at `as_of` (ms) to be as held. Raises StorageError."""
    known = await totalled(database, now)
    pieces = known.learn(Piece(span.start, span.end, as_of)).held
    rows = [{"start_at": p.start, "end_at": p.end, "as_of": p.as_of} for p in pieces]
    async with database.transaction() as connection:
        await connection.execute(sa.delete(practice_total))
        await connection.execute(sa.insert(practice_total), rows)


@dataclass(slots=True)
class _State:
    """What a process remembers between its steps; nothing is lost with it."""

    at: datetime | None = None
    pause: timedelta = timedelta()
    check: Check | None = None
    given_up_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Revalidating:
    """All methods raise ExecError and StorageError."""

    database: Database
    held: Held
    mirror: Mirror
    fetching: Fetching
    client: ExecClient
    budget: Budget
    leases: Leases
    windows: Windows
    per_day: int
    clock: Callable[[], datetime]
    state: _State = field(default_factory=_State)

    async def step(self) -> bool:
        """Look at some pages, or ask for some totals, if it is time to; whether it did."""
        state = self.state
        if within(state.pause, state.at, self.clock()):
            return False
        used = await self.budget.used_by_part(PARTS)
        week_ago = await self.budget.used_by_part(PARTS, ago=SIX_DAYS)
        may = pace(used, week_ago, self.per_day)
        state.at, state.pause = self.clock(), REST
        if state.check is None:
            look = await self._due(may)
            if look is None or not may.may(urgent=look.urgent):
                return False
            if not look.by_totals:
                return self._spent(may, await self._look_at(look), urgent=look.urgent)
            state.check = Check.of(look.span, instant(self.clock()))
        if not may.may(urgent=True) or not await self._is_mine():
            return False
        return self._spent(may, await self._continue(state.check), urgent=True)

    def _spent(self, may: Pace, requests: int, *, urgent: bool) -> bool:
        self.state.at = self.clock()
        self.state.pause = may.wait(requests, urgent=urgent) * MILLISECOND
        return True

    async def _due(self, may: Pace) -> Look | None:
        now = self.clock()
        read = await self.held.everybody()
        if not read.held:
            return None
        density = await self.mirror.density()
        return next_look(
            read,
            await totalled(self.database, now),
            await self.windows(now),
            now=instant(now),
            count=partial(density, ALL),
            pages_a_day=may.pages_a_day,
            may_total=not within(GIVEN_UP, self.state.given_up_at, now),
        )

    # Reading

    async def _look_at(self, look: Look) -> int:
        """Read the newest pages of what is due; how many requests that cost."""
        if look.urgent:
            read = await self._read(await self._fetch(look.span), READ_RECENT, pages=AT_ONCE)
        else:
            read = await self._read(await self._fetch(look.span), READ_OLDER, pages=1)
        return read.requests

    async def _fetch(self, span: Span) -> Fetch:
        """All of `span`; where that fills no page, what is newer, too: it is due next."""
        rows = await self._count(span)
        if rows >= PAGE_SIZE - 1:
            return Fetch(ALL, span.start, span.end, True, requests(rows))
        end = await self.held.nth(span.start, instant(self.clock()), PAGE_SIZE - 1)
        # A page may be full of one instant and end before it is over.
        return Fetch(ALL, span.start, end and max(end, span.end), True, 1)

    async def _read(self, fetch: Fetch, purpose: str, *, pages: int) -> Fetched:
        """Read so many pages of it, newest first."""
        async with self.fetching.turn(ALL), self.fetching.alone(ALL):
            return await self.fetching.run(fetch, purpose=purpose, pages=pages)

    # Checking by totals

    async def _is_mine(self) -> bool:
        """Whether this process is the one that checks by totals."""
        if await self.leases.take(CHECK_LEASE_NAME, CHECK_LEASE):
            return True
        self.state.check = None
        return False

    async def _continue(self, check: Check) -> int:
        """Follow the doubts of a check, the next few requests long; how many these were."""
        spent = 0
        while check.doubts and spent < AT_ONCE:
            spent += await self._resolve(check, check.doubts.pop())
        check.spent += spent
        now = self.clock()
        if not check.doubts:
            await keep_totalled(self.database, check.span, check.began, now)
        elif check.spent >= CHECK_REQUESTS:
            self.state.given_up_at = now
        elif instant(now) - check.began < CHECK_LASTS // MILLISECOND:
            return spent
        self.state.check = None
        await self.leases.give_back(CHECK_LEASE_NAME)
        return spent

    async def _resolve(self, check: Check, doubt: Doubt) -> int:
        """Is it as held? If not, halve the interval or read it. How many requests that cost."""
        if doubt.total is None:
            check.doubts.append(await self._told(doubt.rank, doubt.span))
            return 1
        if doubt.total == await self._count(doubt.span, doubt.rank):
            return 0
        rows = await self._count(doubt.span)
        if is_read(doubt, rows):
            return await self._read_all(check, doubt)
        row = await self.held.nth(doubt.span.start, doubt.span.end, rows // 2)
        middle = middle_of(doubt.span, row or 0)
        older = await self._told(doubt.rank, Span(doubt.span.start, middle))
        check.go_on(doubt, middle, older.total or 0)
        return 1

    async def _read_all(self, check: Check, doubt: Doubt) -> int:
        """Read the interval of a doubt, or some of it: the rest stays in doubt."""
        fetch = Fetch(ALL, doubt.span.start, doubt.span.end, True, 1)
        read = await self._read(fetch, READ_RECENT, pages=requests(FEW_ROWS) + 1)
        if read.left is not None and read.left.end is not None:
            check.doubts.append(Doubt(doubt.rank, Span(doubt.span.start, read.left.end)))
        return read.requests

    async def _told(self, rank: str | None, span: Span) -> Doubt:
        """The doubt with the total that Exec tells now."""
        asked = filters(ALL, Ask(span.start, span.end))
        if rank is not None:
            asked = (("rank", rank), *asked)
        return Doubt(rank, span, await self.client.sessions_total(asked, purpose=ASK_TOTALS))

    async def _count(self, span: Span, rank: str | None = None) -> int:
        """How many sessions are held, of a rank or of all."""
        of_rank = () if rank is None else (practice_session.c.rank == rank,)
        return await self.held.count(span.start, span.end, *of_rank)
