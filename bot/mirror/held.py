"""The rows and the coverage held of Exec's sessions: always changed together.

A lesson and the coverage it gives are written in one transaction, so a process that dies at any
point leaves a mirror that is older, never one that is wrong.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.exec_api.models import Session
from bot.mirror.coverage import Coverage, Piece, Span
from bot.mirror.reconcile import Changes, agreed, compare, follow, news
from bot.mirror.rows import COLUMNS, local_filters, moment, session, stored_row, values_of
from bot.mirror.scope import ALL, Scope
from bot.mirror.walking import Lesson, Row
from bot.people.naming import learn_names
from bot.storage.database import Database
from bot.storage.tables import member as exec_member
from bot.storage.tables import (
    practice_coverage,
    practice_membership,
    practice_person,
    practice_scope,
    practice_session,
    session_feedback,
)

# As many values as one statement takes on every database.
CHUNK = 500
T = TypeVar("T")

member = practice_membership.c
piece_of = practice_coverage.c


def _bounds(start: int, end: int) -> dict[str, int]:
    return {"start": start, "end": end}


def hash_of(scope: Scope) -> str:
    """What stands for the key of a scope in an index."""
    return hashlib.sha256(scope.key.encode()).hexdigest()


COUNTING = sa.select(sa.func.count()).where(
    session.created_at >= sa.bindparam("start"), session.created_at < sa.bindparam("end")
)
COUNTING_AND_FIRST = COUNTING.add_columns(sa.func.min(session.created_at))
OF_EVERYBODY = (
    sa.select(piece_of.start_at, piece_of.end_at, piece_of.as_of)
    .where(
        piece_of.scope_id
        == sa.select(practice_scope.c.id)
        .where(practice_scope.c.key_hash == hash_of(ALL))
        .scalar_subquery(),
        piece_of.end_at > sa.bindparam("start"),
    )
    .order_by(piece_of.start_at)
)


def _reaching() -> sa.Select[Any]:
    """The pieces of each scope that reach into [`start`, `end`)."""
    start, end = (sa.bindparam(name, type_=sa.BigInteger) for name in ("start", "end"))
    # Of each scope, from the last piece that begins before: none that ends earlier is looked at.
    earlier = practice_coverage.alias()
    first = (
        sa.select(sa.func.max(earlier.c.start_at))
        .where(earlier.c.scope_id == practice_scope.c.id, earlier.c.start_at <= start)
        .correlate(practice_scope)
        .scalar_subquery()
    )
    return (
        sa.select(
            practice_scope.c.id,
            practice_scope.c.key,
            piece_of.start_at,
            piece_of.end_at,
            piece_of.as_of,
        )
        # An outer join, so that SQLite goes scope by scope and not through all pieces.
        .join_from(
            practice_scope,
            practice_coverage,
            sa.and_(
                piece_of.scope_id == practice_scope.c.id,
                piece_of.start_at >= sa.func.coalesce(first, start),
                piece_of.start_at < end,
                piece_of.end_at > start,
            ),
            isouter=True,
        )
    )


# Every question asks this: to make it anew takes longer than to have it answered.
REACHING = _reaching()


async def known_about(
    connection: AsyncConnection, start: int, end: int
) -> tuple[dict[Scope, Coverage], dict[Scope, int]]:
    """The coverage that reaches into [start, end), by scope, and the ids of these scopes."""
    return _known(await connection.execute(REACHING, {"start": start, "end": end}))


def _known(rows: Iterable[Sequence[Any]]) -> tuple[dict[Scope, Coverage], dict[Scope, int]]:
    pieces: defaultdict[tuple[int, str], list[Piece]] = defaultdict(list)
    for id_, key, start_at, end_at, as_of in rows:
        if start_at is not None:
            pieces[id_, key].append(Piece(start_at, end_at, as_of))
    known: dict[Scope, Coverage] = {}
    ids: dict[Scope, int] = {}
    for (id_, key), some in pieces.items():
        scope = _scope_of(key)
        known[scope], ids[scope] = Coverage.of(some), id_
    return known, ids


@lru_cache(maxsize=4096)
def _scope_of(key: str) -> Scope:
    """The scope with that key: of hundreds, every question reads the keys."""
    return Scope.from_key(key)


async def held_in(
    connection: AsyncConnection, scope: Scope, scope_id: int, lesson: Lesson, spans: Sequence[Span]
) -> tuple[list[Row], frozenset[str]]:
    """The rows held in `spans` that are in `scope` or in the lesson, and, for a remote scope, the
    ids of those that belong to it."""
    inside = sa.or_(*(session.created_at.between(each.start, each.end - 1) for each in spans))
    rows: dict[str, Row] = {}
    members: frozenset[str] = frozenset()
    if scope.is_remote:
        belong = sa.select(*COLUMNS).join_from(
            practice_membership,
            practice_session,
            sa.and_(member.session_id == session.id, member.scope_id == scope_id),
        )
        in_spans = (member.created_at.between(each.start, each.end - 1) for each in spans)
        for row in await connection.execute(belong.where(sa.or_(*in_spans))):
            rows[row.id] = stored_row(row)
        members = frozenset(rows)
    else:
        query = sa.select(*COLUMNS).where(inside, *local_filters(scope))
        rows = {row.id: stored_row(row) for row in await connection.execute(query)}
    missing = [row.id for row in lesson.rows if row.id not in rows]
    moved = [stored_row(row) for row in await _select_among(connection, session.id, missing)]
    return [*rows.values(), *moved], members


async def rows_at(connection: AsyncConnection, instants: Iterable[int]) -> list[Row]:
    """The rows held that were created at these instants."""
    found = await _select_among(connection, session.created_at, sorted(instants))
    return [stored_row(row) for row in found]


async def _select_among(
    connection: AsyncConnection, column: sa.Column[T], values: Sequence[T]
) -> Sequence[Any]:
    rows: list[Any] = []
    for some in chunks(values):
        rows += await connection.execute(sa.select(*COLUMNS).where(column.in_(some)))
    return rows


async def _delete_among(
    connection: AsyncConnection,
    column: sa.Column[T],
    values: Sequence[T],
    *conditions: sa.ColumnElement[bool],
) -> None:
    for some in chunks(values):
        await connection.execute(sa.delete(column.table).where(column.in_(some), *conditions))


async def members_at(
    connection: AsyncConnection,
    instants: Collection[int],
    known: Mapping[Scope, Coverage],
    ids: Mapping[Scope, int],
) -> dict[Scope, frozenset[str]]:
    """The ids held at these instants of each remote scope that is known about."""
    remote = {ids[scope]: scope for scope in known if scope.is_remote}
    found: defaultdict[int, set[str]] = defaultdict(set)
    if remote:
        for some in chunks(sorted(instants)):
            query = sa.select(member.scope_id, member.session_id).where(
                member.scope_id.in_(list(remote)), member.created_at.in_(some)
            )
            for scope_id, session_id in await connection.execute(query):
                found[scope_id].add(session_id)
    return {scope: frozenset(found[id_]) for id_, scope in remote.items()}


async def drop(connection: AsyncConnection, rows: Sequence[Row]) -> None:
    """Delete these rows, wherever they belonged."""
    for column in (session.id, member.session_id, session_feedback.c.session_id):
        await _delete_among(connection, column, [row.id for row in rows])


async def rewrite(
    connection: AsyncConnection, scope_id: int, before: Coverage, after: Coverage
) -> None:
    """Store `after` in place of `before`: the pieces of one scope, wherever they differ."""
    old, new = set(before.held), set(after.held)
    gone = sorted(each.start for each in old - new)
    await _delete_among(connection, piece_of.start_at, gone, piece_of.scope_id == scope_id)
    rows: list[dict[str, Any]] = [
        {"scope_id": scope_id, "start_at": each.start, "end_at": each.end, "as_of": each.as_of}
        for each in new - old
    ]
    if rows:
        await connection.execute(sa.insert(practice_coverage), rows)


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values, as many at a time as one statement takes."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


class Held:
    """The mirror's rows and coverage. All methods raise StorageError."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        # When something that came was new to this process, for those who wait for it.
        self.changed_at: datetime | None = None

    async def known(self, start: int, end: int) -> dict[Scope, Coverage]:
        """What is covered of [start, end), by scope, with the pieces that reach into it whole."""
        known, _ = _known(await self._database.rows(REACHING, {"start": start, "end": end}))
        return known

    async def everybody(self, start: int = 0) -> Coverage:
        """What is covered of everybody's sessions, with the pieces that reach beyond `start`."""
        rows = await self._database.rows(OF_EVERYBODY, {"start": start})
        return Coverage.of(Piece(*row) for row in rows)

    async def count(self, start: int, end: int, *conditions: sa.ColumnElement[bool]) -> int:
        """How many rows are held that were created in [start, end) and meet these conditions."""
        inside = (session.created_at >= start, session.created_at < end)
        return await self._database.count(practice_session, *inside, *conditions)

    async def count_both(
        self, start: int, end: int, *conditions: sa.ColumnElement[bool]
    ) -> tuple[int, int]:
        """How many rows are held that were created in [start, end), and how many of them meet these
        conditions."""
        matching = sa.func.count().filter(sa.and_(sa.true(), *conditions))
        ((held, met),) = await self._database.rows(
            COUNTING.add_columns(matching), _bounds(start, end)
        )
        return held, met

    async def count_and_first(self, start: int, end: int) -> tuple[int, int | None]:
        """How many rows are held that were created in [start, end), and when the first of them was;
        None without one."""
        ((count, first),) = await self._database.rows(COUNTING_AND_FIRST, _bounds(start, end))
        return count, first

    async def nth(self, start: int, end: int, number: int) -> int | None:
        """When the row with that number (from 0) of [start, end) was created; None without it."""
        query = (
            sa.select(session.created_at)
            .where(session.created_at >= start, session.created_at < end)
            .order_by(session.created_at)
            .offset(number)
            .limit(1)
        )
        return await self._database.scalar(query)

    async def learn(self, scope: Scope, lesson: Lesson, sessions: Mapping[str, Session]) -> Changes:
        """Take in a lesson about `scope`; `sessions` are its rows by id. What it changed."""
        piece = lesson.piece
        async with self._database.transaction() as connection:
            await self._lock(connection)
            # The neighbours are joined with what is learned, so they are read as well.
            known, ids = await known_about(connection, piece.start - 1, piece.end + 1)
            spans = news(known, scope, piece)
            if not spans:
                return Changes()
            if scope not in ids:
                ids[scope] = await self._scope_id(connection, scope)
            held, members = await held_in(connection, scope, ids[scope], lesson, spans)
            changes = compare(scope, lesson, spans, held, members)
            instants = {row.created_at for row in (*changes.save, *changes.gone)}
            beside = await rows_at(connection, instants)
            belonging = await members_at(connection, instants, known, ids)
            spans = agreed(known, lesson, spans, changes, belonging)
            changes = compare(scope, lesson, spans, held, members)
            after = follow(known, scope, lesson, spans, changes, beside, belonging)
            brought = [sessions[row.id] for row in lesson.rows]
            await learn_names(connection, self._database, brought)
            await self._write(connection, ids[scope], changes, lesson)
            for other, coverage in after.items():
                await rewrite(connection, ids[other], known.get(other, Coverage()), coverage)
        if changes.save or changes.gone:
            self.changed_at = self._clock()
        return changes

    async def forget_before(self, instant: int) -> int:
        """Drop rows created before `instant`, and what was known of that time; how many rows.

        The names of people without any sessions go too, and so do those who left before then.
        """
        async with self._database.transaction() as connection:
            await self._lock(connection)
            gone = await connection.execute(
                sa.delete(practice_session).where(session.created_at < instant)
            )
            await connection.execute(
                sa.delete(practice_membership).where(member.created_at < instant)
            )
            await connection.execute(sa.delete(practice_coverage).where(piece_of.end_at <= instant))
            await connection.execute(
                sa.update(practice_coverage)
                .where(piece_of.start_at < instant)
                .values(start_at=instant)
            )
            named, listed = practice_person.c, exec_member.c
            for id_, condition in (
                (named.id, sa.true()),
                (listed.id, listed.gone_at < moment(instant)),
            ):
                practised = sa.exists().where(session.user_id == id_)
                await connection.execute(sa.delete(id_.table).where(condition, ~practised))
        return gone.rowcount

    async def forget_people(self, user_ids: Collection[str]) -> int:
        """Drop the rows of these people, and what was known of those instants; how many."""
        theirs = sa.select(*COLUMNS).where(session.user_id.in_(user_ids))
        async with self._database.transaction() as connection:
            await self._lock(connection)
            rows = [stored_row(row) for row in await connection.execute(theirs)]
            for row in rows:
                instant = row.created_at
                known, ids = await known_about(connection, instant, instant + 1)
                for scope, coverage in known.items():
                    without = coverage.forget(instant, instant + 1)
                    await rewrite(connection, ids[scope], coverage, without)
            await drop(connection, rows)
            key = practice_scope.c.key
            named = (key.contains(id_, autoescape=True) for id_ in user_ids)
            await self._drop_scopes(connection, sa.or_(sa.false(), *named))
        return len(rows)

    async def forget_scopes(self, before: int) -> None:
        """Drop scopes of which nothing was read since then."""
        read = sa.exists().where(piece_of.scope_id == practice_scope.c.id, piece_of.as_of >= before)
        old = sa.and_(practice_scope.c.key != ALL.key, ~read)
        async with self._database.transaction() as connection:
            await self._lock(connection)
            await self._drop_scopes(connection, old)

    async def _drop_scopes(
        self, connection: AsyncConnection, condition: sa.ColumnElement[bool]
    ) -> None:
        found = sa.select(practice_scope.c.id).where(condition)
        ids = list((await connection.execute(found)).scalars())
        for column in (piece_of.scope_id, member.scope_id, practice_scope.c.id):
            await _delete_among(connection, column, ids)

    async def _lock(self, connection: AsyncConnection) -> None:
        """Let one transaction at a time change the mirror: what it claims hangs together."""
        everybody = sa.update(practice_scope).where(practice_scope.c.key_hash == hash_of(ALL))
        lock = everybody.values(used_at=self._clock()).returning(practice_scope.c.id)
        if (await connection.execute(lock)).first() is None:
            await self._scope_id(connection, ALL)
            await connection.execute(lock)

    async def _scope_id(self, connection: AsyncConnection, scope: Scope) -> int:
        row = {"key_hash": hash_of(scope), "key": scope.key, "used_at": self._clock()}
        insert = self._database.insert(practice_scope).values(**row).on_conflict_do_nothing()
        await connection.execute(insert)
        query = sa.select(practice_scope.c.id).where(practice_scope.c.key_hash == row["key_hash"])
        id_: int = (await connection.execute(query)).scalar_one()
        return id_

    async def _write(
        self, connection: AsyncConnection, scope_id: int, changes: Changes, lesson: Lesson
    ) -> None:
        await drop(connection, changes.gone)
        rows = [values_of(row) for row in changes.save]
        await self._database.put(connection, practice_session, rows)
        left = sorted(changes.left)
        await _delete_among(connection, member.session_id, left, member.scope_id == scope_id)
        if changes.joined:
            joined = [
                {"scope_id": scope_id, "created_at": row.created_at, "session_id": row.id}
                for row in lesson.rows
                if row.id in changes.joined
            ]
            join = self._database.insert(practice_membership).on_conflict_do_nothing()
            await connection.execute(join, joined)
