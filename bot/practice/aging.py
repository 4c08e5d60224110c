"""What is held and should be looked at again: sessions without a score, and what was settled long
ago."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from bot.practice.coverage import Coverage
from bot.practice.density import Counted
from bot.practice.held import Held
from bot.practice.rows import instant
from bot.practice.scope import ALL
from bot.practice.settling import DAY, SETTLED_AGE, Unsettled, looks, rereads
from bot.practice.walking import PAGE_SIZE, Fetch
from bot.storage.database import Database
from bot.storage.tables import practice_session

# A look counts as one at an age that it misses by up to a tenth.
NEARLY = 9

session = practice_session.c


@dataclass(frozen=True, slots=True)
class Aging:
    """Finds the next page of each kind. All methods raise StorageError.

    What is settled comes round once in `reread_round` milliseconds, as far back as
    `history_days`.
    """

    database: Database
    held: Held
    history_days: int
    reread_round: int
    clock: Callable[[], datetime]

    async def late_grades(self) -> Fetch | None:
        """The next page with sessions whose score should be there by now."""
        now = instant(self.clock())
        since = now - 2 * SETTLED_AGE
        unsettled = [_nearly(each) for each in await self.unsettled(since, now)]
        if not looks(unsettled, now=now, count=_none):
            return None
        count = Counted(await self._instants(since, now))
        return next(iter(looks(unsettled, now=now, count=count)), None)

    async def longest_unseen(self) -> Fetch | None:
        """The next page of settled sessions, if any are due."""
        now = instant(self.clock())
        coverage = await self._coverage(now - self.history_days * DAY, now)
        found = rereads(coverage, now=now, pages=1, count=_none, every=self.reread_round)
        return await self._one_page(found[0]) if found else None

    async def unsettled(self, since: int, now: int) -> tuple[Unsettled, ...]:
        """The sessions without a score that were created in [since, now), oldest first."""
        coverage = await self._coverage(since, now)
        query = (
            sa.select(session.created_at)
            .where(session.created_at >= since, session.created_at < now, session.score.is_(None))
            .order_by(session.created_at)
        )
        async with self.database.transaction(reads=True) as connection:
            instants = (await connection.execute(query)).scalars().all()
        return tuple(
            Unsettled(created_at, piece.as_of)
            for created_at in instants
            for piece in coverage.pieces(created_at, created_at + 1)
        )

    async def _one_page(self, fetch: Fetch) -> Fetch:
        """A full page that begins where `fetch` does: what is newer is due next, too."""
        row_after = (
            sa.select(session.created_at)
            .where(session.created_at >= fetch.start)
            .order_by(session.created_at)
            .offset(PAGE_SIZE - 1)
            .limit(1)
        )
        async with self.database.transaction(reads=True) as connection:
            end = (await connection.execute(row_after)).scalar_one_or_none()
        if end is None or end <= fetch.start:
            return fetch
        return replace(fetch, end=end)

    async def _coverage(self, start: int, end: int) -> Coverage:
        known = await self.held.known(start, end)
        return known.get(ALL, Coverage())

    async def _instants(self, start: int, end: int) -> list[int]:
        query = (
            sa.select(session.created_at)
            .where(session.created_at >= start, session.created_at < end)
            .order_by(session.created_at)
        )
        async with self.database.transaction(reads=True) as connection:
            return list((await connection.execute(query)).scalars())


def _nearly(session: Unsettled) -> Unsettled:
    """As if looked at a little later: a look that serves a page of sessions comes a little early
    for the newest of them, which must not cost another one soon."""
    return replace(session, as_of=session.as_of + (session.as_of - session.created_at) // NEARLY)


def _none(_start: int, _end: int) -> int:
    """Counts nothing: to see whether there is any reason to count."""
    return 0
