"""Which intervals Exec's totals showed to be as held, and as of when.

Kept apart from the coverage: that promises what each session was, and totals do not tell scores.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.mirror.coverage import Coverage, Piece, Span
from bot.mirror.rows import instant
from bot.mirror.settling import DAY
from bot.storage.database import Database
from bot.storage.tables import practice_total

# What was shown before then tells nobody anything any more.
KEPT = 2 * DAY

piece_of = practice_total.c


async def totalled(database: Database, now: datetime) -> Coverage:
    """What was shown lately. Raises StorageError."""
    lately = piece_of.as_of >= instant(now) - KEPT
    async with database.transaction(reads=True) as connection:
        rows = await connection.execute(sa.select(practice_total).where(lately))
        return Coverage.of(Piece(row.start_at, row.end_at, row.as_of) for row in rows)


async def keep_totalled(database: Database, span: Span, as_of: int, now: datetime) -> None:
    """Totals showed [start, end) at `as_of` (ms) to be as held. Raises StorageError."""
    known = await totalled(database, now)
    pieces = known.learn(Piece(span.start, span.end, as_of)).held
    rows = [{"start_at": p.start, "end_at": p.end, "as_of": p.as_of} for p in pieces]
    async with database.transaction() as connection:
        await connection.execute(sa.delete(practice_total))
        await connection.execute(sa.insert(practice_total), rows)
