"""What is held of Exec's sessions, and how far it may be trusted: always changed together.

A lesson and the coverage it gives are written in one transaction, so a process that dies at any
point leaves a mirror that is older, never one that is wrong.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.exec_api.models import Session
from bot.practice.coverage import Coverage, Piece, Span
from bot.practice.naming import learn_names
from bot.practice.reconcile import Changes, compare, follow, news
from bot.practice.rows import COLUMNS, light, stored_row, values_of
from bot.practice.scope import ALL, Scope
from bot.practice.walking import Lesson, Row
from bot.storage.database import Database
from bot.storage.tables import (
    practice_coverage,
    practice_membership,
    practice_scope,
    practice_session,
)

# As many values as go into one statement on every database we know.
CHUNK = 500
T = TypeVar("T")

session = practice_session.c
member = practice_membership.c
piece_of = practice_coverage.c


class Held:
    """The mirror's rows and coverage. All methods raise StorageError."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def known(self, start: int, end: int) -> dict[Scope, Coverage]:
        """What is covered of [start, end), by scope, with the pieces that reach into it whole."""
        async with self._database.transaction(reads=True) as connection:
            known, _ = await _known(connection, start, end)
        return known

    async def learn(self, scope: Scope, lesson: Lesson, sessions: Mapping[str, Session]) -> Changes:
        """Take in a lesson about `scope`; `sessions` are its rows by id. What it changed."""
        piece = lesson.piece
        async with self._database.transaction() as connection:
            await self._lock(connection)
            # The neighbours are joined with what is learned, so they are read as well.
            known, ids = await _known(connection, piece.start - 1, piece.end + 1)
            spans = news(known, scope, piece)
            if not spans:
                return Changes()
            if scope not in ids:
                ids[scope] = await self._scope_id(connection, scope)
            held, members = await _held(connection, scope, ids[scope], lesson, spans)
            changes = compare(scope, lesson, spans, held, members)
            instants = {row.created_at for row in (*changes.save, *changes.gone)}
            beside = await _rows_at(connection, instants)
            belonging = await _members_at(connection, instants, known, ids)
            after = follow(known, scope, lesson, spans, changes, beside, belonging)
            brought = [sessions[row.id] for row in lesson.rows]
            await learn_names(connection, self._database, brought)
            await self._write(connection, ids[scope], changes, lesson)
            for other, coverage in after.items():
                await _rewrite(connection, ids[other], known.get(other, Coverage()), coverage)
        return changes

    async def forget_before(self, instant: int) -> int:
        """Drop rows created before `instant`, and what was known of that time; how many."""
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
        return gone.rowcount

    async def forget_people(self, user_ids: Collection[str]) -> int:
        """Drop the rows of these people, and what was known of those instants; how many."""
        theirs = sa.select(*COLUMNS).where(session.user_id.in_(user_ids))
        async with self._database.transaction() as connection:
            await self._lock(connection)
            rows = [stored_row(row) for row in await connection.execute(theirs)]
            for row in rows:
                instant = row.created_at
                known, ids = await _known(connection, instant, instant + 1)
                for scope, coverage in known.items():
                    without = coverage.forget(instant, instant + 1)
                    await _rewrite(connection, ids[scope], coverage, without)
            await _delete(connection, rows)
        return len(rows)

    async def forget_scopes(self, unused_since: datetime) -> None:
        """Drop scopes that no question used, or of which nothing is held any more."""
        held = sa.select(piece_of.scope_id).where(piece_of.scope_id == practice_scope.c.id)
        old = sa.and_(
            practice_scope.c.key != ALL.key,
            sa.or_(practice_scope.c.used_at < unused_since, ~held.exists()),
        )
        async with self._database.transaction() as connection:
            await self._lock(connection)
            ids = (await connection.execute(sa.select(practice_scope.c.id).where(old))).scalars()
            for some in _chunks(list(ids)):
                for column in (piece_of.scope_id, member.scope_id, practice_scope.c.id):
                    await connection.execute(sa.delete(column.table).where(column.in_(some)))

    async def used(self, scopes: Collection[Scope]) -> None:
        """A question was answered from these scopes."""
        hashes = [_hash(scope) for scope in scopes]
        stamp = sa.update(practice_scope).where(practice_scope.c.key_hash.in_(hashes))
        async with self._database.transaction() as connection:
            await connection.execute(stamp.values(used_at=self._clock()))

    async def _lock(self, connection: AsyncConnection) -> None:
        """Let one transaction at a time change the mirror: what it claims hangs together."""
        lock = (
            sa.update(practice_scope)
            .where(practice_scope.c.key_hash == _hash(ALL))
            .values(used_at=self._clock())
            .returning(practice_scope.c.id)
        )
        if (await connection.execute(lock)).first() is None:
            await self._scope_id(connection, ALL)
            await connection.execute(lock)

    async def _scope_id(self, connection: AsyncConnection, scope: Scope) -> int:
        row = {"key_hash": _hash(scope), "key": scope.key, "used_at": self._clock()}
        insert = self._database.insert(practice_scope).values(**row).on_conflict_do_nothing()
        await connection.execute(insert)
        query = sa.select(practice_scope.c.id).where(practice_scope.c.key_hash == row["key_hash"])
        id_: int = (await connection.execute(query)).scalar_one()
        return id_

    async def _write(
        self, connection: AsyncConnection, scope_id: int, changes: Changes, lesson: Lesson
    ) -> None:
        await _delete(connection, changes.gone)
        if changes.save:
            insert = self._database.insert(practice_session)
            new = {column.name: insert.excluded[column.name] for column in COLUMNS[1:]}
            upsert = insert.on_conflict_do_update(index_elements=[session.id], set_=new)
            await connection.execute(upsert, [values_of(row) for row in changes.save])
        for some in _chunks(sorted(changes.left)):
            await connection.execute(
                sa.delete(practice_membership).where(
                    member.scope_id == scope_id, member.session_id.in_(some)
                )
            )
        if changes.joined:
            joined = [
                {"scope_id": scope_id, "created_at": row.created_at, "session_id": row.id}
                for row in lesson.rows
                if row.id in changes.joined
            ]
            join = self._database.insert(practice_membership).on_conflict_do_nothing()
            await connection.execute(join, joined)


def _hash(scope: Scope) -> str:
    return hashlib.sha256(scope.key.encode()).hexdigest()


async def _known(
    connection: AsyncConnection, start: int, end: int
) -> tuple[dict[Scope, Coverage], dict[Scope, int]]:
    """The coverage that reaches into [start, end), and the ids of these scopes."""
    # Of each scope, from the last piece that begins before: none that ends earlier is looked at.
    earlier = practice_coverage.alias()
    first = (
        sa.select(sa.func.max(earlier.c.start_at))
        .where(earlier.c.scope_id == practice_scope.c.id, earlier.c.start_at <= start)
        .correlate(practice_scope)
        .scalar_subquery()
    )
    query = (
        sa.select(
            practice_scope.c.id,
            practice_scope.c.key,
            piece_of.start_at,
            piece_of.end_at,
            piece_of.as_of,
        )
        .join_from(practice_coverage, practice_scope, piece_of.scope_id == practice_scope.c.id)
        .where(
            piece_of.start_at >= sa.func.coalesce(first, start),
            piece_of.start_at < end,
            piece_of.end_at > start,
        )
    )
    pieces: defaultdict[tuple[int, str], list[Piece]] = defaultdict(list)
    for id_, key, start_at, end_at, as_of in await connection.execute(query):
        pieces[id_, key].append(Piece(start_at, end_at, as_of))
    known: dict[Scope, Coverage] = {}
    ids: dict[Scope, int] = {}
    for (id_, key), some in pieces.items():
        scope = ALL if key == ALL.key else Scope.from_key(key)
        known[scope], ids[scope] = Coverage.of(some), id_
    return known, ids


async def _held(
    connection: AsyncConnection, scope: Scope, scope_id: int, lesson: Lesson, spans: Sequence[Span]
) -> tuple[list[Row], frozenset[str]]:
    """The rows held in `spans` that are in `scope` or in the lesson, and, for a dark scope, the
    ids of those that belong to it."""
    inside = sa.or_(*(session.created_at.between(each.start, each.end - 1) for each in spans))
    rows: dict[str, Row] = {}
    members: frozenset[str] = frozenset()
    if scope.is_dark:
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
        query = sa.select(*COLUMNS).where(inside, *light(scope))
        rows = {row.id: stored_row(row) for row in await connection.execute(query)}
    missing = [row.id for row in lesson.rows if row.id not in rows]
    for some in _chunks(missing):
        for row in await connection.execute(sa.select(*COLUMNS).where(session.id.in_(some))):
            rows[row.id] = stored_row(row)
    return list(rows.values()), members


async def _rows_at(connection: AsyncConnection, instants: Iterable[int]) -> list[Row]:
    rows = []
    for some in _chunks(sorted(instants)):
        query = sa.select(*COLUMNS).where(session.created_at.in_(some))
        rows += [stored_row(row) for row in await connection.execute(query)]
    return rows


async def _members_at(
    connection: AsyncConnection,
    instants: Collection[int],
    known: Mapping[Scope, Coverage],
    ids: Mapping[Scope, int],
) -> dict[Scope, frozenset[str]]:
    """The ids held at these instants of each dark scope that is known about."""
    dark = {ids[scope]: scope for scope in known if scope.is_dark}
    found: defaultdict[int, set[str]] = defaultdict(set)
    if dark:
        for some in _chunks(sorted(instants)):
            query = sa.select(member.scope_id, member.session_id).where(
                member.scope_id.in_(list(dark)), member.created_at.in_(some)
            )
            for scope_id, session_id in await connection.execute(query):
                found[scope_id].add(session_id)
    return {scope: frozenset(found[id_]) for id_, scope in dark.items()}


async def _delete(connection: AsyncConnection, rows: Sequence[Row]) -> None:
    for some in _chunks([row.id for row in rows]):
        await connection.execute(sa.delete(practice_session).where(session.id.in_(some)))
        await connection.execute(sa.delete(practice_membership).where(member.session_id.in_(some)))


async def _rewrite(
    connection: AsyncConnection, scope_id: int, before: Coverage, after: Coverage
) -> None:
    """Store `after` in place of `before`: the pieces of one scope, wherever they differ."""
    old, new = set(before.held), set(after.held)
    for some in _chunks(sorted(each.start for each in old - new)):
        await connection.execute(
            sa.delete(practice_coverage).where(
                piece_of.scope_id == scope_id, piece_of.start_at.in_(some)
            )
        )
    rows: list[dict[str, Any]] = [
        {"scope_id": scope_id, "start_at": each.start, "end_at": each.end, "as_of": each.as_of}
        for each in new - old
    ]
    if rows:
        await connection.execute(sa.insert(practice_coverage), rows)


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
