"""Which of the sessions held have no grade yet and should be looked at again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from bot.mirror.coverage import Coverage
from bot.mirror.density import Counted
from bot.mirror.held import Held
from bot.mirror.rows import COLUMNS, instant, stored_row
from bot.mirror.scope import ALL, Scope, keeps
from bot.mirror.settling import (
    SETTLED_AGE,
    Unsettled,
    look_at_people,
    looks,
    waiting,
)
from bot.mirror.walking import Fetch, Row
from bot.storage.database import Database
from bot.storage.tables import practice_session

# A look counts as one at an age that it misses by up to a tenth.
NEARLY = 9

session = practice_session.c


@dataclass(frozen=True, slots=True)
class Aging:
    """Finds the next page of them. All methods raise StorageError."""

    database: Database
    held: Held
    clock: Callable[[], datetime]

    async def late_grades(self) -> Fetch | None:
        """The next page with sessions whose grade should be there by now."""
        now = instant(self.clock())
        since = now - SETTLED_AGE
        unsettled = [_nearly(each) for each in await self.unsettled(since, now)]
        if not looks(unsettled, now=now, count=_none):
            return None
        count = Counted(await self._instants(since, now))
        whole = next(iter(looks(unsettled, now=now, count=count)))
        first = next(each for each in unsettled if each.created_at >= whole.start)
        early = waiting(unsettled, now=now)
        if not first.user_id or not early:
            return whole
        people, served = look_at_people(early, await self._rows_of(early))
        end = whole.end or now
        by_page = sum(whole.start <= each.created_at < end for each in early)
        return people if served * whole.requests > by_page * people.requests else whole

    async def unsettled(self, since: int, now: int) -> tuple[Unsettled, ...]:
        """The sessions without a score that were created in [since, now), oldest first."""
        known = await self.held.known(since, now)
        query = (
            sa.select(*COLUMNS)
            .where(session.created_at >= since, session.created_at < now)
            .where(session.score.is_(None))
            .order_by(session.created_at)
        )
        async with self.database.transaction(reads=True) as connection:
            rows = [stored_row(row) for row in await connection.execute(query)]
        looked = _Looked.of(known)
        found = ((row, looked.at(row)) for row in rows)
        return tuple(
            Unsettled(row.created_at, at, row.user_id) for row, at in found if at is not None
        )

    async def _rows_of(self, sessions: Sequence[Unsettled]) -> dict[str, int]:
        """How many sessions each of their people had from the first to the last of them."""
        instants = [each.created_at for each in sessions]
        users = {each.user_id for each in sessions}
        query = (
            sa.select(session.user_id, sa.func.count())
            .where(session.created_at.between(min(instants), max(instants)))
            .group_by(session.user_id)
        )
        async with self.database.transaction(reads=True) as connection:
            counted = await connection.execute(query)
            return {row[0]: row[1] for row in counted if row[0] in users}

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


@dataclass(frozen=True, slots=True)
class _Looked:
    """When a row was last looked at, by any scope that tells of it; there may be hundreds."""

    everybody: Coverage
    others: tuple[Scope, ...]
    by_user: Mapping[str, Sequence[Scope]]
    known: Mapping[Scope, Coverage]

    @classmethod
    def of(cls, known: Mapping[Scope, Coverage]) -> _Looked:
        light = [scope for scope in known if scope != ALL and not scope.is_dark]
        by_user: defaultdict[str, list[Scope]] = defaultdict(list)
        for scope in light:
            for user_id in scope.users or ():
                by_user[user_id].append(scope)
        others = tuple(scope for scope in light if scope.users is None)
        return cls(known.get(ALL, Coverage()), others, by_user, known)

    def at(self, row: Row) -> int | None:
        """None for what is no longer held of everybody."""
        instant = row.created_at
        if not self.everybody.covers(instant, instant + 1):
            return None
        scopes = (*self.others, *self.by_user.get(row.user_id, ()))
        coverages = (
            self.known[scope]
            for scope in scopes
            if keeps(scope, row.user_id, row.scenario_id, row.is_system)
        )
        return max(
            piece.as_of
            for coverage in (self.everybody, *coverages)
            for piece in coverage.pieces(instant, instant + 1)
        )


def _none(_start: int, _end: int) -> int:
    """Counts nothing: to see whether there is any reason to count."""
    return 0
