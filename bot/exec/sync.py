"""Reads Exec's sessions into the window, at both edges.

An edge moves by compare-and-swap, in the transaction that stores the page. A process that dies at
any point leaves a mirror that is older, never one that is wrong.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import ExecError
from bot.exec.budget import PER_DAY, Purpose
from bot.exec.client import NO_FILTERS, ExecClient, Filters
from bot.exec.models import Session
from bot.language.query import is_system
from bot.language.text import kept_address
from bot.storage.database import Database
from bot.storage.leases import LeaseLost, Leases
from bot.storage.sessions import SESSIONS, Window, read_window, store_window, thousandths
from bot.storage.tables import feedback, from_ms, member, scenario, session, to_ms, window

PATH = "/sessions"
LAG = timedelta(seconds=1)  # Exec may list a session a moment after its `created_at`
# New reads overlap stored sessions, because young ones get their grades; limited, so that new ones
# fit on the same page.
OVERLAP, OVERLAP_ROWS = timedelta(minutes=15), 50
FRESH, FRESH_IF_SPENT = timedelta(seconds=60), timedelta(minutes=5)
READS_ASKED = 200  # a day; after that, questions accept a window of FRESH_IF_SPENT
ASKED_PAGES = 3  # that a question waits for
ASKED_SECONDS, ASKED_AGAIN = 9.0, 0.2
GRADES_EVERY = OVERLAP
GRADE_AGES = (timedelta(hours=1), timedelta(hours=4))
GRADE_PAGES = 4
ENOUGH = timedelta(days=90)
AGAIN_EVERY = timedelta(hours=24)
RECENT = timedelta(days=8)  # rechecked by the job *again*
BEFORE_RECENT = timedelta(days=9)  # rechecked by the job *older*, from here backward
TURN_PAGES = 3  # read in the background before a waiting question gets the lease
NEWEST, OLDER = SESSIONS, "older"  # leases: the first is for all reads within the window


@dataclass(frozen=True, slots=True)
class SessionPage:
    """Sessions as Exec sent them, and the span in ms that they cover, with both ends.

    `total` counts the sessions of the whole requested span.
    """

    sessions: Sequence[Session]
    total: int
    start: int
    end: int

    async def store(self, connection: AsyncConnection, database: Database) -> None:
        """Store the sessions, and delete those that Exec no longer returns."""
        covered = session.c.created_at.between(self.start, self.end)
        stored = await connection.scalars(sa.select(session.c.id).where(covered))
        gone = set(stored) - {read.id for read in self.sessions}
        if gone:
            await connection.execute(sa.delete(session).where(session.c.id.in_(gone)))
            await connection.execute(sa.delete(feedback).where(feedback.c.session_id.in_(gone)))
        await store_sessions(connection, database, self.sessions)


@dataclass(slots=True)
class SessionSync:
    """Moves the window, and rechecks parts of it. All methods raise ExecError and StorageError.

    `asked_at` is when somebody last asked a question: more are likely to follow. `changes` counts
    the changes to stored sessions: alerts check again when it grows.
    """

    database: Database
    client: ExecClient
    leases: Leases
    clock: Callable[[], datetime]
    history: timedelta
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    asked_at: datetime | None = None
    changes: int = 0
    _asked: asyncio.Task[None] | None = None

    # The newest edge

    async def freshen(self, job: Purpose = Purpose.ASKED) -> tuple[Window | None, ExecError | None]:
        """The window, and the error if Exec couldn't be asked. If the window is older than a
        minute, new sessions are read first, once for all questions that wait."""
        now = self.asked_at = self.clock()
        stored = await read_window(self.database)
        if stored is not None:
            if now - stored.end <= FRESH:
                return stored, None
            budget = self.client.budget
            spent = await budget.used(Purpose.ASKED) >= budget.share(READS_ASKED)
            if spent and job is Purpose.ASKED and now - stored.end <= FRESH_IF_SPENT:
                return stored, None
        if self._asked is None or self._asked.done():
            self._asked = asyncio.create_task(self._sync_asked(job))
        error = None
        try:
            async with asyncio.timeout(ASKED_SECONDS):
                await asyncio.shield(self._asked)
        except TimeoutError:
            pass  # the answer shows how old it is
        except ExecError as caught:
            error = caught
        return await read_window(self.database), error

    async def _sync_asked(self, job: Purpose) -> None:
        """Read new sessions as soon as no other read within the window is running."""
        while not await self.sync_newest(job, ASKED_PAGES):
            await self.sleep(ASKED_AGAIN)
            stored = await read_window(self.database)
            if stored is not None and self.clock() - stored.end <= FRESH:
                return

    async def sync_newest(self, job: Purpose, max_pages: int = PER_DAY) -> bool:
        """Read forward from up to 15 minutes before the end of the window to a second ago.

        Each page moves the end of the window. Returns False if another read is running.
        """
        async with self.leases.turn(NEWEST) as is_mine:
            if not is_mine:
                return False
            start, end = await self._edges()
            now = to_ms(self.clock() - LAG)
            young = sa.select(session.c.created_at).where(session.c.created_at <= end)
            young = young.order_by(session.c.created_at.desc()).offset(OVERLAP_ROWS).limit(1)
            last = await self.database.scalar(young) or start
            at = max(start, end - OVERLAP // timedelta(milliseconds=1), last)
            for _ in range(max_pages):
                if at > now:
                    break
                page = await read_page(self.client, at, now, job)
                async with self._storing(NEWEST, page) as connection:
                    if page.end > end:
                        await _move(connection, window.c.end_at, end, page.end)
                        end = page.end
                at = page.end + 1
        return True

    async def _edges(self) -> tuple[int, int]:
        """The window's edges in ms. A new window is empty and begins a second ago."""
        stored = await read_window(self.database)
        if stored is None:
            at = self.clock() - LAG
            row = self.database.insert(window).values(name=SESSIONS, start_at=at, end_at=at)
            await self.database.write(row.on_conflict_do_nothing())
            return to_ms(at), to_ms(at)
        return to_ms(stored.start), to_ms(stored.end)

    # The oldest edge

    async def sync_older(self, max_pages: int) -> None:
        """Read backward from the start of the window to the start of the history. Once that is
        stored, recheck it in the same way."""
        async with self.leases.turn(OLDER) as is_mine:
            if not is_mine:
                return
            for _ in range(max_pages):
                start, _end = await self._edges()
                until = to_ms(self.clock() - self.history)
                if start <= until:
                    await self._recheck_history(start)
                    continue
                page = await read_page(
                    self.client, until, start - 1, Purpose.OLDER, newest_first=True
                )
                async with self._storing(OLDER, page) as connection:
                    await _move(connection, window.c.start_at, start, page.start)

    async def _recheck_history(self, start: int) -> None:
        """Recheck the page before what is rechecked so far; after the first page of the window,
        begin again."""
        done, now = await read_window(self.database, OLDER), self.clock()
        if done is None or to_ms(done.start) < start:
            done = Window(now - BEFORE_RECENT, now)
        await self._recheck(OLDER, Purpose.OLDER, done, start)

    # Late grades and corrections

    async def sync_grades(self) -> None:
        """Reread the pages of sessions that are still ungraded after one hour or four hours, every
        15 minutes."""
        now = self.clock()
        run = await read_window(self.database, Purpose.GRADES)
        last = run.end if run else now - GRADES_EVERY
        if now - last < GRADES_EVERY:
            return
        spans = [(to_ms(last - age), to_ms(now - age)) for age in GRADE_AGES]
        reached = [session.c.created_at.between(start + 1, end) for start, end in spans]
        ungraded = sa.select(sa.func.min(session.c.created_at)).where(
            session.c.rank.is_(None), session.c.score.is_(None), sa.or_(*reached)
        )
        async with self.leases.turn(NEWEST) as is_mine:
            if not is_mine:
                return
            after = 0
            for _ in range(GRADE_PAGES):
                at = await self.database.scalar(ungraded.where(session.c.created_at > after))
                if at is None:
                    break
                page = await read_page(self.client, at, to_ms(now - LAG), Purpose.GRADES)
                async with self._storing(NEWEST, page):
                    after = page.end
            async with self.database.transaction() as connection:
                done = Window(now, now)
                await store_window(connection, self.database, Purpose.GRADES, done)

    async def sync_again(self, max_pages: int = TURN_PAGES) -> None:
        """Recheck the next pages of the last eight days, newest first."""
        async with self.leases.turn(NEWEST) as is_mine:
            if not is_mine:
                return
            for _ in range(max_pages):
                done = await self.rechecked()
                if done is None:
                    break
                await self._recheck(NEWEST, Purpose.AGAIN, done, to_ms(done.end - RECENT))

    async def rechecked(self) -> Window | None:
        """The part of the last eight days that is rechecked, until the recheck began; None if
        there is nothing to recheck today."""
        done, now = await read_window(self.database, Purpose.AGAIN), self.clock()
        if done is not None and done.start >= done.end - RECENT:
            return done
        is_due = done is None or now - done.end >= AGAIN_EVERY
        return Window(now - OVERLAP, now) if is_due and await self.has_enough() else None

    async def has_enough(self) -> bool:
        """Whether 90 days are stored, or all of a shorter history: then recent days are rechecked
        daily, and the rest is loaded slowly."""
        stored = await read_window(self.database)
        return stored is not None and stored.start <= self.clock() - min(ENOUGH, self.history)

    async def _recheck(self, lease: str, job: Purpose, done: Window, until: int) -> None:
        """Recheck the page before what is rechecked so far, back to `until`."""
        page = await read_page(self.client, until, to_ms(done.start), job, newest_first=True)
        async with self._storing(lease, page) as connection:
            done = Window(from_ms(page.start - 1), done.end)
            await store_window(connection, self.database, job, done)

    # Pages

    @asynccontextmanager
    async def _storing(self, lease: str, page: SessionPage) -> AsyncIterator[AsyncConnection]:
        """Store a page in the same transaction as the body. Raises LeaseLost."""
        async with self.database.transaction() as connection:
            await self.leases.extend(connection, lease)
            await page.store(connection, self.database)
            yield connection
        self.changes += 1


async def _move(connection: AsyncConnection, edge: sa.Column[datetime], old: int, new: int) -> None:
    """Move an edge of the window. Raises LeaseLost if another process moved it."""
    moved = await connection.execute(
        sa.update(window)
        .where(window.c.name == SESSIONS, edge == from_ms(old))
        .values({edge.name: from_ms(new)})
    )
    if not moved.rowcount:
        raise LeaseLost


async def read_page(
    client: ExecClient,
    start: int,
    end: int,
    job: Purpose,
    filters: Filters = NO_FILTERS,
    *,
    newest_first: bool = False,
) -> SessionPage:
    """The first page of a span, and the part of the span that it covers.

    The next page begins at the time of this page's last row, not at a page number, so that rows
    that appear or disappear meanwhile can't push others past the reader. That last millisecond
    isn't covered, because the next page may have more sessions of it. Only if a millisecond has
    more than a page of sessions is it read by page number. Raises ExecError and StorageError.
    """
    span = {
        "start_date": from_ms(start),
        # Exec includes the end and may count microseconds: to the end of the millisecond.
        "end_date": from_ms(end) + timedelta(microseconds=999),
        "sorting": "-created_at" if newest_first else "created_at",
    }
    sessions: list[Session] = []
    number = 1
    while True:
        page = await client.page(PATH, Session, job, {**filters, **span}, number=number)
        sessions += page.items
        if not page.is_full:
            return SessionPage(sessions, page.total, start, end)
        last = to_ms(sessions[-1].created_at)
        covers = (last + 1, end) if newest_first else (start, last - 1)
        if covers[0] <= covers[1]:
            inside = [read for read in sessions if covers[0] <= to_ms(read.created_at) <= covers[1]]
            return SessionPage(inside, page.total, *covers)
        number += 1


def _session_row(listed: Session) -> dict[str, Any]:
    """One of Exec's sessions as a row of ours."""
    seconds = listed.duration_seconds
    return {
        "id": listed.id,
        "created_at": to_ms(listed.created_at),
        "member_id": listed.user.id,
        "scenario_id": listed.scenario.id,
        "is_staff": is_system(listed.user.email),
        "is_valid": listed.is_valid_attempt,
        "score": None if listed.score is None else thousandths(listed.score),
        "rank": listed.rank,
        "duration_ms": None if seconds is None else thousandths(seconds),
    }


async def store_sessions(
    connection: AsyncConnection, database: Database, sessions: Collection[Session]
) -> None:
    """Store sessions, and the people and scenarios that they name, unless Exec's lists have them.
    Names grant no rights."""
    rows = {read.id: _session_row(read) for read in sessions}
    await database.put(connection, session, list(rows.values()))
    people = {read.user.id: read.user for read in sessions if read.user.id}
    named = [
        {"id": id_, "email": kept_address(user.email), "name": user.name}
        for id_, user in people.items()
    ]
    await database.put(connection, member, named, only_unlisted=True)
    scenarios = {read.scenario.id: asdict(read.scenario) for read in sessions if read.scenario.id}
    await database.put(connection, scenario, list(scenarios.values()), only_unlisted=True)
