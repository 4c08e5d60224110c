"""Reads Exec's sessions into the window, at both edges.

An edge moves by compare-and-swap, in the transaction that stores the page. A process that dies at
any point leaves a mirror that is older, never one that is wrong.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import ExecError
from bot.exec_api.budget import Purpose
from bot.exec_api.client import NO_FILTERS, ExecClient, Filters
from bot.exec_api.models import Session
from bot.language.query import is_system
from bot.language.text import kept_address
from bot.mirror.query import SESSIONS, Window, read_window, thousandths
from bot.mirror.reader import LEASE, LeaseLost, Moved, Reader
from bot.storage.database import Database
from bot.storage.leases import Leases
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
GRADE_AGES = (timedelta(hours=1), timedelta(hours=4))
GRADE_PAGES = 4
RECENT = timedelta(days=8)  # rechecked by the job *again*
BEFORE_RECENT = timedelta(days=9)  # rechecked by the job *older*, from here backward
TURN_PAGES = 3  # read in the background before a waiting question gets the lease
NEWEST, OLDER = SESSIONS, "older"  # leases: the first is for all reads within the window


@dataclass(frozen=True, slots=True)
class Page:
    """Sessions as Exec sent them, and the span in ms that they cover, with both ends.

    `total` counts the sessions of the whole requested span.
    """

    sessions: Sequence[Session]
    total: int
    start: int
    end: int
    is_last: bool

    async def store(self, connection: AsyncConnection, database: Database) -> None:
        """Upsert the sessions with their names, and delete those that Exec no longer returns."""
        rows = {each.id: session_row(each) for each in self.sessions}
        covered = session.c.created_at.between(self.start, self.end)
        stored = await connection.scalars(sa.select(session.c.id).where(covered))
        gone = set(stored) - rows.keys()
        if gone:
            await connection.execute(sa.delete(session).where(session.c.id.in_(gone)))
            await connection.execute(sa.delete(feedback).where(feedback.c.session_id.in_(gone)))
        await database.put(connection, session, list(rows.values()))
        await store_names(connection, database, self.sessions)


class Mirror(Reader):
    """Moves the window, and rechecks parts of it. All methods raise ExecError and StorageError."""

    def __init__(
        self,
        database: Database,
        client: ExecClient,
        leases: Leases,
        clock: Callable[[], datetime],
        *,
        history: timedelta,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        super().__init__(database, client, leases, clock, sleep=sleep)
        self._history = history
        self._asked: asyncio.Task[None] | None = None
        # When somebody last asked a question: more are likely to follow.
        self.asked_at: datetime | None = None
        # The number of changes to stored sessions: alerts check again when it grows.
        self.changes = 0

    # The newest edge

    async def freshen(self, job: Purpose = Purpose.ASKED) -> ExecError | None:
        """Read new sessions. Returns the error if Exec couldn't be asked."""
        _, error = await self.fresh_window(job)
        return error

    async def fresh_window(
        self, job: Purpose = Purpose.ASKED
    ) -> tuple[Window | None, ExecError | None]:
        """The window, and the error if Exec couldn't be asked. If the window is older than a
        minute, new sessions are read first, once for all questions that wait."""
        now = self._clock()
        self.asked_at = now
        found = await read_window(self._database)
        budget = self._client.budget
        if found is not None:
            if now - found.end <= FRESH:
                return found, None
            spent = await budget.used(Purpose.ASKED) >= budget.share(READS_ASKED)
            if spent and job is Purpose.ASKED and now - found.end <= FRESH_IF_SPENT:
                return found, None
        error = await self._read_asked(job)
        return await read_window(self._database), error

    async def _read_asked(self, job: Purpose) -> ExecError | None:
        """Read new sessions, or join the read that is running. Returns the error if Exec couldn't
        be asked."""
        if self._asked is None or self._asked.done():
            self._asked = asyncio.create_task(self._sync_asked(job))
        try:
            async with asyncio.timeout(ASKED_SECONDS):
                await asyncio.shield(self._asked)
        except TimeoutError:
            return None  # the answer shows how old it is
        except ExecError as error:
            return error
        return None

    async def _sync_asked(self, job: Purpose) -> None:
        """Read new sessions as soon as no other read within the window is running."""
        while not await self.sync_newest(job, ASKED_PAGES):
            await self._sleep(ASKED_AGAIN)
            found = await read_window(self._database)
            if found is not None and self._clock() - found.end <= FRESH:
                return

    async def sync_newest(self, job: Purpose, max_pages: int | None = None) -> bool:
        """Read forward from up to 15 minutes before the end of the window to a second ago.

        Each page moves the end of the window. Returns False if another read is running.
        """
        async with self._turn(NEWEST) as is_mine:
            if not is_mine:
                return False
            start, end = await self._edges()
            now = to_ms(self._clock() - LAG)
            young = sa.select(session.c.created_at).where(session.c.created_at <= end)
            young = young.order_by(session.c.created_at.desc()).offset(OVERLAP_ROWS).limit(1)
            last = await self._database.scalar(young) or start
            at = max(start, end - OVERLAP // timedelta(milliseconds=1), last)
            pages = 0
            while at <= now and (max_pages is None or pages < max_pages):
                page = await self._read(at, now, job)
                async with self._storing(NEWEST, page) as connection:
                    if page.end > end:
                        await self._move(connection, window.c.end_at, end, page.end)
                        end = page.end
                if page.is_last:
                    break
                at, pages = page.end + 1, pages + 1
        return True

    async def _edges(self) -> tuple[int, int]:
        """The window's edges in ms. A new window is empty and begins a second ago."""
        found = await read_window(self._database)
        if found is None:
            at = self._clock() - LAG
            row = self._database.insert(window).values(name=SESSIONS, start_at=at, end_at=at)
            await self._database.write(row.on_conflict_do_nothing())
            return to_ms(at), to_ms(at)
        return to_ms(found.start), to_ms(found.end)

    # The oldest edge

    async def sync_older(self, max_pages: int) -> None:
        """Read backward from the start of the window to the start of the history. Once that is
        stored, recheck it in the same way."""
        async with self._turn(OLDER) as is_mine:
            if not is_mine:
                return
            for _ in range(max_pages):
                start, _end = await self._edges()
                until = to_ms(self._clock() - self._history)
                if start <= until:
                    await self._recheck_history(start)
                    continue
                page = await self._read(until, start - 1, Purpose.OLDER, newest_first=True)
                async with self._storing(OLDER, page) as connection:
                    await self._move(connection, window.c.start_at, start, page.start)

    async def _recheck_history(self, start: int) -> None:
        """Recheck the page before the last one that was rechecked."""
        last = await self.last_run(OLDER)
        end = to_ms(last or self._clock() - BEFORE_RECENT)
        page = await self._read(start, end, Purpose.OLDER, newest_first=True)
        done = page.is_last or page.start <= start
        at = self._clock() - BEFORE_RECENT if done else from_ms(page.start - 1)
        async with self._storing(OLDER, page) as connection:
            await self._note_run(connection, OLDER, at)

    # Late grades and corrections

    async def sync_grades(self) -> None:
        """Reread the pages of sessions that are still ungraded after one hour or four hours."""
        now = self._clock()
        last = await self.last_run(Purpose.GRADES) or now - OVERLAP
        spans = [(to_ms(last - age), to_ms(now - age)) for age in GRADE_AGES]
        reached = [session.c.created_at.between(start + 1, end) for start, end in spans]
        ungraded = sa.select(sa.func.min(session.c.created_at)).where(
            session.c.rank.is_(None), session.c.score.is_(None), sa.or_(*reached)
        )
        async with self._turn(NEWEST) as is_mine:
            if not is_mine:
                return
            after = 0
            for _ in range(GRADE_PAGES):
                at = await self._database.scalar(ungraded.where(session.c.created_at > after))
                if at is None:
                    break
                page = await self._read(at, to_ms(now - LAG), Purpose.GRADES)
                async with self._storing(NEWEST, page):
                    after = page.end
            async with self._database.transaction() as connection:
                await self._note_run(connection, Purpose.GRADES, now)

    async def sync_again(self, max_pages: int = TURN_PAGES) -> bool:
        """Recheck the next pages of the last eight days, newest first.

        Returns False once all are done. The progress is stored: `start_at` is the end of the next
        page.
        """
        async with self._turn(NEWEST) as is_mine:
            if not is_mine:
                return False
            now = self._clock()
            row = await self._database.row(sa.select(window).where(window.c.name == Purpose.AGAIN))
            start, _ = await self._edges()
            until = max(start, to_ms(now - RECENT))
            is_begun = row is not None and row.start_at < row.end_at
            at = to_ms(row.start_at) if row is not None and is_begun else to_ms(now - OVERLAP)
            began = row.end_at if row is not None and is_begun else now
            for _ in range(max_pages):
                page = await self._read(until, at, Purpose.AGAIN, newest_first=True)
                done = page.is_last or page.start <= until
                at = page.start - 1
                async with self._storing(NEWEST, page) as connection:
                    stop = began if done else from_ms(at)
                    await self._note_run(connection, Purpose.AGAIN, began, start=stop)
                if done:
                    return False
            return True
        return False

    async def is_rechecking(self) -> bool:
        """Whether the recheck of the last days has begun and isn't done."""
        row = await self._database.row(sa.select(window).where(window.c.name == Purpose.AGAIN))
        return row is not None and row.start_at < row.end_at

    async def recheck_state(self) -> tuple[datetime | None, datetime | None]:
        """When the recheck of the last days began, and the start of what is rechecked so far."""
        row = await self._database.row(sa.select(window).where(window.c.name == Purpose.AGAIN))
        if row is None:
            return None, None
        is_done = row.start_at >= row.end_at
        return row.end_at, row.end_at - RECENT if is_done else row.start_at

    async def last_run(self, name: str) -> datetime | None:
        """When an occasional job last ran, or the time up to which it has read."""
        return await self._database.scalar(sa.select(window.c.end_at).where(window.c.name == name))

    # Pages

    async def _read(
        self, start: int, end: int, job: Purpose, *, newest_first: bool = False
    ) -> Page:
        return await read_page(self._client, start, end, job, newest_first=newest_first)

    @asynccontextmanager
    async def _storing(self, lease: str, page: Page) -> AsyncIterator[AsyncConnection]:
        """Store a page in the same transaction as the body. Raises LeaseLost."""
        async with self._database.transaction() as connection:
            if not await self._leases.renew(connection, lease, LEASE):
                raise LeaseLost
            await page.store(connection, self._database)
            yield connection
        self.changes += 1

    async def _move(
        self, connection: AsyncConnection, edge: sa.Column[datetime], old: int, new: int
    ) -> None:
        """Move an edge of the window. Raises Moved if it isn't where it was."""
        moved = await connection.execute(
            sa.update(window)
            .where(window.c.name == SESSIONS, edge == from_ms(old))
            .values({edge.name: from_ms(new)})
        )
        if not moved.rowcount:
            raise Moved

    async def _note_run(
        self, connection: AsyncConnection, name: str, at: datetime, start: datetime | None = None
    ) -> None:
        row = {"name": name, "start_at": start or at, "end_at": at}
        await self._database.put(connection, window, [row])


async def read_page(
    client: ExecClient,
    start: int,
    end: int,
    job: Purpose,
    filters: Filters = NO_FILTERS,
    *,
    newest_first: bool = False,
) -> Page:
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
    found: list[Session] = []
    number = 1
    # A span may end before it begins, if the position of a resumed job is too old by now.
    if start > end:
        return Page(found, 0, start, end, is_last=True)
    while True:
        page = await client.page(PATH, Session, job, {**filters, **span}, number=number)
        found += page.items
        if not page.is_full:
            return Page(found, page.total, start, end, is_last=True)
        last = to_ms(found[-1].created_at)
        if newest_first and last + 1 <= end:
            return Page(_since(found, last + 1), page.total, last + 1, end, is_last=False)
        if not newest_first and last - 1 >= start:
            return Page(_until(found, last - 1), page.total, start, last - 1, is_last=False)
        number += 1


def _since(sessions: Iterable[Session], start: int) -> list[Session]:
    return [each for each in sessions if to_ms(each.created_at) >= start]


def _until(sessions: Iterable[Session], end: int) -> list[Session]:
    return [each for each in sessions if to_ms(each.created_at) <= end]


def session_row(one: Session) -> dict[str, Any]:
    """One of Exec's sessions as a row of ours."""
    return {
        "id": one.id,
        "created_at": to_ms(one.created_at),
        "member_id": one.user.id,
        "scenario_id": one.scenario.id,
        "is_staff": is_system(one.user.email),
        "is_valid": one.is_valid_attempt,
        "score": _stored(one.score),
        "rank": one.rank,
        "duration_ms": _stored(one.duration_seconds),
    }


def _stored(value: float | None) -> int | None:
    # A larger score or duration is a mistake.
    return None if value is None or abs(value) > 1e9 else thousandths(value)


async def store_names(
    connection: AsyncConnection, database: Database, sessions: Iterable[Session]
) -> None:
    """Store the people and scenarios that sessions name, unless Exec's lists have them. This grants
    no rights."""
    people, scenarios = {}, {}
    for each in sessions:
        if each.user.id:
            email, name = kept_address(each.user.email), each.user.name
            people[each.user.id] = {"id": each.user.id, "email": email, "name": name}
        if thing := each.scenario:
            scenarios[thing.id] = {"id": thing.id, "name": thing.name, "slug": thing.slug}
    scenarios.pop("", None)
    for table, rows in ((member, people), (scenario, scenarios)):
        await database.put(connection, table, list(rows.values()), only_unlisted=True)
