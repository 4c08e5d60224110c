"""A mirror as it is after months of running, written straight into its tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from bot.mirror.coverage import Coverage, Piece
from bot.mirror.scope import ALL
from bot.mirror.settling import SETTLED_AGE
from bot.mirror.walking import PAGE_SIZE
from bot.sandbox.world import World
from bot.storage.database import Database
from bot.storage.tables import (
    practice_coverage,
    practice_person,
    practice_scenario,
    practice_scope,
    practice_session,
)
from tests.bench.company import Life, moment_of

CHUNK = 20_000
# How often what is older than a day was read again in a company of that size.
ROUND = 13 * SETTLED_AGE
Rows = Iterable[dict[str, Any]]


async def hold(
    database: Database, world: World, sessions: Rows, coverage: Coverage, now: int
) -> None:
    """Let the mirror hold these rows of `practice_session`, and this coverage of everybody's."""
    await _insert(database, practice_session, sessions)
    people = (
        {"id": p.id, "email": p.email, "first_name": p.first_name, "last_name": p.last_name}
        for p in world.people.values()
    )
    await _insert(database, practice_person, people)
    scenarios = ({"id": s.id, "name": s.name, "slug": s.slug} for s in world.scenarios.values())
    await _insert(database, practice_scenario, scenarios)
    async with database.transaction() as connection:
        scope_id = await _everybody(connection, database, now)
    pieces = (
        {"scope_id": scope_id, "start_at": each.start, "end_at": each.end, "as_of": each.as_of}
        for each in coverage.held
    )
    await _insert(database, practice_coverage, pieces)


def rolled(created: Sequence[int], now: int) -> Coverage:
    """The coverage that pages of sessions created then (oldest first) have got: looked at for
    grades until a day old, and once more in each round of re-reading since."""
    pieces, start = [], 0
    for place in range(PAGE_SIZE - 1, len(created) + PAGE_SIZE - 1, PAGE_SIZE - 1):
        end = created[place] if place < len(created) else now - 1
        if start < end:
            looked = end + SETTLED_AGE
            looked += max(0, now - looked) // ROUND * ROUND
            pieces.append(Piece(start, end, min(looked, now)))
            start = end
    return Coverage.of(pieces)


async def _everybody(connection: Any, database: Database, now: int) -> int:
    key_hash = hashlib.sha256(ALL.key.encode()).hexdigest()
    row = {"key_hash": key_hash, "key": ALL.key, "used_at": moment_of(now)}
    await connection.execute(database.insert(practice_scope).values(**row).on_conflict_do_nothing())
    found = sa.select(practice_scope.c.id).where(practice_scope.c.key_hash == key_hash)
    id_: int = (await connection.execute(found)).scalar_one()
    return id_


def row_of(world: World, life: Life, now: int) -> dict[str, Any]:
    """A session as it is stored, by what it is at `now`."""
    content = life.at(now)
    if content is None:
        raise ValueError("only what Exec holds can be held")
    score, rank, seconds, is_valid = content
    return {
        "id": life.id,
        "created_at": life.created,
        "user_id": life.user_id,
        "scenario_id": life.scenario_id,
        "is_system": world.people[life.user_id].is_system,
        "score": score,
        "rank": rank,
        "seconds": seconds,
        "is_valid": is_valid,
    }


async def _insert(database: Database, table: sa.Table, rows: Rows) -> None:
    """In chunks, so that a million rows are never held at once."""
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            await _write(database, table, chunk)
            chunk = []
    if chunk:
        await _write(database, table, chunk)


async def _write(database: Database, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    async with database.transaction() as connection:
        await connection.execute(sa.insert(table), rows)
