"""The statements by which the mirror's rows and coverage are read and changed.

For one transaction each, which `held.Held` opens.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.mirror.coverage import Coverage, Piece, Span
from bot.mirror.rows import COLUMNS, light, stored_row
from bot.mirror.scope import Scope
from bot.mirror.walking import Lesson, Row
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


def hash_of(scope: Scope) -> str:
    """What stands for the key of a scope in an index."""
    return hashlib.sha256(scope.key.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class About:
    """The coverage that reaches into an interval, and the ids of these scopes."""

    known: dict[Scope, Coverage]
    ids: dict[Scope, int]


async def known_about(connection: AsyncConnection, start: int, end: int) -> About:
    """What is known about [start, end)."""
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
    pieces: defaultdict[tuple[int, str], list[Piece]] = defaultdict(list)
    for id_, key, start_at, end_at, as_of in await connection.execute(query):
        if start_at is not None:
            pieces[id_, key].append(Piece(start_at, end_at, as_of))
    known: dict[Scope, Coverage] = {}
    ids: dict[Scope, int] = {}
    for (id_, key), some in pieces.items():
        scope = _scope_of(key)
        known[scope], ids[scope] = Coverage.of(some), id_
    return About(known, ids)


@lru_cache(maxsize=4096)
def _scope_of(key: str) -> Scope:
    """The scope with that key: of hundreds, every question reads the keys."""
    return Scope.from_key(key)


async def held_in(
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
    for some in chunks(missing):
        for row in await connection.execute(sa.select(*COLUMNS).where(session.id.in_(some))):
            rows[row.id] = stored_row(row)
    return list(rows.values()), members


async def rows_at(connection: AsyncConnection, instants: Iterable[int]) -> list[Row]:
    """The rows held that were created at these instants."""
    rows = []
    for some in chunks(sorted(instants)):
        query = sa.select(*COLUMNS).where(session.created_at.in_(some))
        rows += [stored_row(row) for row in await connection.execute(query)]
    return rows


async def members_at(
    connection: AsyncConnection,
    instants: Collection[int],
    known: Mapping[Scope, Coverage],
    ids: Mapping[Scope, int],
) -> dict[Scope, frozenset[str]]:
    """The ids held at these instants of each dark scope that is known about."""
    dark = {ids[scope]: scope for scope in known if scope.is_dark}
    found: defaultdict[int, set[str]] = defaultdict(set)
    if dark:
        for some in chunks(sorted(instants)):
            query = sa.select(member.scope_id, member.session_id).where(
                member.scope_id.in_(list(dark)), member.created_at.in_(some)
            )
            for scope_id, session_id in await connection.execute(query):
                found[scope_id].add(session_id)
    return {scope: frozenset(found[id_]) for id_, scope in dark.items()}


async def drop(connection: AsyncConnection, rows: Sequence[Row]) -> None:
    """Delete these rows, wherever they belonged."""
    for some in chunks([row.id for row in rows]):
        await connection.execute(sa.delete(practice_session).where(session.id.in_(some)))
        await connection.execute(sa.delete(practice_membership).where(member.session_id.in_(some)))


async def rewrite(
    connection: AsyncConnection, scope_id: int, before: Coverage, after: Coverage
) -> None:
    """Store `after` in place of `before`: the pieces of one scope, wherever they differ."""
    old, new = set(before.held), set(after.held)
    for some in chunks(sorted(each.start for each in old - new)):
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


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values, as many at a time as one statement takes."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
