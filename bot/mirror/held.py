"""What is held of Exec's sessions, and how far it may be trusted: always changed together.

A lesson and the coverage it gives are written in one transaction, so a process that dies at any
point leaves a mirror that is older, never one that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.exec_api.models import Session
from bot.mirror.coverage import Coverage, Piece
from bot.mirror.reconcile import Changes, agreed, compare, follow, news
from bot.mirror.rows import COLUMNS, moment, stored_row, values_of
from bot.mirror.scope import ALL, Scope
from bot.mirror.statements import (
    chunks,
    drop,
    hash_of,
    held_in,
    known_about,
    members_at,
    rewrite,
    rows_at,
)
from bot.mirror.walking import Lesson
from bot.people.naming import learn_names
from bot.storage.database import Database
from bot.storage.tables import member as exec_member
from bot.storage.tables import (
    practice_coverage,
    practice_membership,
    practice_person,
    practice_scope,
    practice_session,
)

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
            about = await known_about(connection, start, end)
        return about.known

    async def everybody(self) -> Coverage:
        """What is covered of everybody's sessions, of all time."""
        scope_id = sa.select(practice_scope.c.id).where(practice_scope.c.key_hash == hash_of(ALL))
        query = (
            sa.select(piece_of.start_at, piece_of.end_at, piece_of.as_of)
            .where(piece_of.scope_id == scope_id.scalar_subquery())
            .order_by(piece_of.start_at)
        )
        async with self._database.transaction(reads=True) as connection:
            return Coverage.of(Piece(*row) for row in await connection.execute(query))

    async def learn(self, scope: Scope, lesson: Lesson, sessions: Mapping[str, Session]) -> Changes:
        """Take in a lesson about `scope`; `sessions` are its rows by id. What it changed."""
        piece = lesson.piece
        async with self._database.transaction() as connection:
            await self._lock(connection)
            # The neighbours are joined with what is learned, so they are read as well.
            about = await known_about(connection, piece.start - 1, piece.end + 1)
            known, ids = about.known, about.ids
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
        return changes

    async def forget_before(self, instant: int) -> int:
        """Drop rows created before `instant`, and what was known of that time; how many rows.

        Whoever has none any more is no longer named, and not remembered if they left before then.
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
                about = await known_about(connection, instant, instant + 1)
                for scope, coverage in about.known.items():
                    without = coverage.forget(instant, instant + 1)
                    await rewrite(connection, about.ids[scope], coverage, without)
            await drop(connection, rows)
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
            for some in chunks(list(ids)):
                for column in (piece_of.scope_id, member.scope_id, practice_scope.c.id):
                    await connection.execute(sa.delete(column.table).where(column.in_(some)))

    async def used(self, scopes: Collection[Scope]) -> None:
        """A question was answered from these scopes."""
        hashes = [hash_of(scope) for scope in scopes]
        stamp = sa.update(practice_scope).where(practice_scope.c.key_hash.in_(hashes))
        async with self._database.transaction() as connection:
            await connection.execute(stamp.values(used_at=self._clock()))

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
        if changes.save:
            insert = self._database.insert(practice_session)
            new = {column.name: insert.excluded[column.name] for column in COLUMNS[1:]}
            upsert = insert.on_conflict_do_update(index_elements=[session.id], set_=new)
            await connection.execute(upsert, [values_of(row) for row in changes.save])
        for some in chunks(sorted(changes.left)):
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
