"""The stored sessions, and the stretches that say what is stored: always changed together.

A page and its stretch are stored in one transaction, so a process that dies at any point leaves a
mirror that is older, never one that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.exec_api.models import Session
from bot.mirror.names import learn_names
from bot.mirror.rows import COLUMNS, from_ms, row_of, to_ms
from bot.mirror.stretches import DAY, HOUR, Span, Stretch, clipped, gaps, laid_over, unbroken
from bot.storage.database import Database
from bot.storage.tables import member as exec_member
from bot.storage.tables import (
    practice_person,
    practice_session,
    practice_stretch,
    session_feedback,
)

# As many values as one statement takes on every database.
CHUNK = 500
# Any fixed number: it names our lock among PostgreSQL's advisory locks.
LOCK = 0x65786564
# The estimate of what was never read looks back this far.
LOOK_BACK = 28 * DAY
# What Exec did not count is taken to go back no further.
LONGEST = 365 * DAY
# Before anything is known: a small company.
UNKNOWN_PER_HOUR = 2.0

T = TypeVar("T")
session, stretch = practice_session.c, practice_stretch.c


@dataclass(frozen=True, slots=True)
class Changes:
    """The ids of the sessions that are new or altered, and of those that are gone from Exec."""

    saved: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def created_within(start: int, end: int) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions of a session that was created in [start, end)."""
    return session.created_at >= start, session.created_at < end


class SessionStore:
    """All methods raise StorageError."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        # When something that came was new to this process, for those who wait for it.
        self.changed_at: datetime | None = None

    async def stretches(self, start: int = 0, end: int | None = None) -> list[Stretch]:
        """The stretches of which a part lies in [start, end), whole."""
        return _stretches(await self._database.rows(_reaching(start, end)))

    async def known_to(self) -> int | None:
        """Up to when everybody's sessions are known (ms); None before anything is."""
        last = sa.select(stretch.end_at).order_by(stretch.start_at.desc()).limit(1)
        return await self._database.scalar(last)

    async def count(self, start: int, end: int, *conditions: sa.ColumnElement[bool]) -> int:
        """How many sessions are stored that were created in [start, end) and meet conditions."""
        return await self._database.count(
            practice_session, *created_within(start, end), *conditions
        )

    async def nth(self, start: int, number: int) -> int | None:
        """When the session with that number (from 0) since `start` was created; None without it."""
        query = sa.select(session.created_at).where(session.created_at >= start)
        query = query.order_by(session.created_at).offset(number).limit(1)
        return await self._database.scalar(query)

    async def expected(self, spans: Sequence[Span]) -> float:
        """About how many sessions Exec has in these spans: those that are stored, and where nothing
        is known as many as in the last weeks."""
        now = to_ms(self._clock())
        known = await self.stretches()
        unknown = sum(
            b - max(a, now - LONGEST)
            for start, end in spans
            for a, b in gaps(known, start, end)
            if b > now - LONGEST
        )
        stored = sum([await self.count(start, end) for start, end in spans])
        if not unknown:
            return stored
        recent = unbroken(clipped(known, now - LOOK_BACK, now), 0)
        pace = UNKNOWN_PER_HOUR / HOUR
        if recent:
            start, end = recent[0].start, recent[-1].end
            # A young company has no sessions from before it began.
            first = await self.nth(start, 0)
            pace = await self.count(start, end) / max(1, end - (first or start))
        return stored + pace * unknown

    async def put(self, new: Stretch, sessions: Sequence[Session]) -> Changes:
        """Let the sessions of a stretch be exactly these, but not where it was read later."""
        rows = {row["id"]: row for row in map(row_of, sessions)}
        async with self._database.transaction() as connection:
            await self._lock(connection)
            # The neighbours are joined with what is new, so they are read as well.
            near = _reaching(new.start - 1, new.end + 1)
            known = _stretches((await connection.execute(near)).all())
            later = [each for each in known if each.as_of > new.as_of]
            parts = gaps(later, new.start, new.end)
            if not parts:
                return Changes()
            inside = sa.or_(*(sa.and_(*created_within(start, end)) for start, end in parts))
            found = await connection.execute(sa.select(*COLUMNS).where(inside))
            before: dict[str, dict[str, Any]] = {row.id: dict(row._mapping) for row in found}
            brought = {
                id_: row
                for id_, row in rows.items()
                if any(start <= row["created_at"] < end for start, end in parts)
            }
            saved = [row for id_, row in brought.items() if before.get(id_) != row]
            gone = tuple(id_ for id_ in before if id_ not in brought)
            await _delete(connection, gone)
            await self._database.put(connection, practice_session, saved)
            kept = [each for each in sessions if each.id in brought]
            await learn_names(connection, self._database, kept)
            await _rewrite(connection, known, laid_over(known, new))
        changes = Changes(tuple(row["id"] for row in saved), gone)
        if saved or gone:
            self.changed_at = self._clock()
        return changes

    async def correct(
        self, new: Stretch, sessions: Sequence[Session], *theirs: sa.ColumnElement[bool]
    ) -> None:
        """Take over what Exec said of the sessions that meet the conditions, wherever it differs
        from what is stored: at each such instant, if there are no sessions of others."""
        known = await self.stretches(new.start, new.end)
        if not known:
            return
        found = {row["id"]: row for row in map(row_of, sessions)}
        query = sa.select(*COLUMNS).where(*created_within(new.start, new.end), *theirs)
        stored = {row.id: dict(row._mapping) for row in await self._database.rows(query)}
        differing = {
            row["created_at"]
            for id_ in found.keys() | stored.keys()
            if found.get(id_) != stored.get(id_)
            for row in (found.get(id_), stored.get(id_))
            if row is not None
        }
        for at in sorted(differing):
            if not any(each.start <= at < each.end for each in known):
                continue
            if await self.count(at, at + 1) == await self.count(at, at + 1, *theirs):
                there = [each for each in sessions if to_ms(each.created_at) == at]
                await self.put(Stretch(at, at + 1, new.as_of), there)

    async def forget_before(self, start: int) -> int:
        """Drop sessions created before `start`, and what was known of that time; how many sessions.

        The names of people without any sessions go too, and so do those who left before then.
        """
        async with self._database.transaction() as connection:
            await self._lock(connection)
            old = sa.delete(practice_session).where(session.created_at < start)
            gone = await connection.execute(old)
            await connection.execute(sa.delete(practice_stretch).where(stretch.end_at <= start))
            cut = sa.update(practice_stretch).where(stretch.start_at < start)
            await connection.execute(cut.values(start_at=start))
            named, listed = practice_person.c, exec_member.c
            for id_, condition in (
                (named.id, sa.true()),
                (listed.id, listed.gone_at < from_ms(start)),
            ):
                practiced = sa.exists().where(session.user_id == id_)
                await connection.execute(sa.delete(id_.table).where(condition, ~practiced))
        return gone.rowcount

    async def forget_people(self, user_ids: Collection[str]) -> int:
        """Drop the sessions of these people until they are read again; how many they were."""
        theirs = sa.select(session.id).where(session.user_id.in_(user_ids))
        async with self._database.transaction() as connection:
            await self._lock(connection)
            ids = (await connection.execute(theirs)).scalars().all()
            await _delete(connection, ids)
        return len(ids)

    async def _lock(self, connection: AsyncConnection) -> None:
        """Let one transaction at a time change sessions and stretches; SQLite does so anyway."""
        if not self._database.is_sqlite:
            await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def _reaching(start: int, end: int | None) -> sa.Select[Any]:
    # From the last stretch that begins before: none that ends earlier is looked at.
    first = sa.select(sa.func.max(stretch.start_at)).where(stretch.start_at <= start)
    query = sa.select(practice_stretch).where(
        stretch.start_at >= sa.func.coalesce(first.scalar_subquery(), start),
        stretch.end_at > start,
    )
    if end is not None:
        query = query.where(stretch.start_at < end)
    return query.order_by(stretch.start_at)


def _stretches(rows: Sequence[Any]) -> list[Stretch]:
    return [Stretch(row.start_at, row.end_at, row.as_of) for row in rows]


async def _delete(connection: AsyncConnection, ids: Sequence[str]) -> None:
    for column in (session.id, session_feedback.c.session_id):
        for some in chunks(ids):
            await connection.execute(sa.delete(column.table).where(column.in_(some)))


async def _rewrite(
    connection: AsyncConnection, before: Sequence[Stretch], after: Sequence[Stretch]
) -> None:
    """Store `after` in place of `before`, wherever they differ."""
    gone = [each.start for each in before if each not in after]
    for some in chunks(gone):
        await connection.execute(sa.delete(practice_stretch).where(stretch.start_at.in_(some)))
    rows = [
        {"start_at": each.start, "end_at": each.end, "as_of": each.as_of}
        for each in after
        if each not in before
    ]
    if rows:
        await connection.execute(sa.insert(practice_stretch), rows)


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values, as many at a time as one statement takes."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
