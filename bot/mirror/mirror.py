"""What the bot holds of Exec's sessions: plans from it, reads what is missing, and counts it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.mirror.coverage import Coverage
from bot.mirror.density import HOUR, Density, density_of
from bot.mirror.held import Held
from bot.mirror.planning import Plan, plan
from bot.mirror.rows import instant, light
from bot.mirror.scope import ALL, Scope
from bot.storage.database import Database
from bot.storage.tables import practice_session

# What the estimate of costs looks back at, and how long it stands.
LOOK_BACK = 28 * 24 * HOUR
ESTIMATE_STANDS = timedelta(minutes=10)
NOTE_EVERY = timedelta(days=1)
# Of sessions of which only Exec can tell whether they belong, expect so many.
DARK_SHARE = 0.3

# What most questions are about: all but Exec's own staff.
EVERYBODY = Scope(system=False)

session = practice_session.c


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the mirror sees it: the sessions of `scope` created in [start, end).

    `rostered` is the same with groups as the people in them, where these are known, and
    `rostered_at` when Exec told who they are.
    """

    scope: Scope
    rostered: Scope | None
    start: int
    end: int
    rostered_at: int = 0


class Mirror:
    """Plans and counts. All methods raise StorageError."""

    def __init__(self, database: Database, held: Held, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._held = held
        self._clock = clock
        self._total: int | None = None
        self._used_at: dict[Scope, datetime] = {}
        self._profile: tuple[datetime, dict[int, int], Coverage] | None = None

    async def plan(self, asked: Asked, *, now: int, freshness: int, not_before: int = 0) -> Plan:
        """How to know what is asked, as of `now`; see `planning.plan`."""
        # From a little before, for a look that ended just before the question begins.
        start = min(asked.start, max(0, now - freshness - 1))
        known = await self._held.known(start, now + 1)

        def with_density(density: Density) -> Plan:
            return plan(
                asked.scope,
                asked.start,
                asked.end,
                now=now,
                freshness=freshness,
                known=known,
                density=density,
                rostered=asked.rostered,
                rostered_at=min(asked.rostered_at, now),
                not_before=min(not_before, now),
            )

        # Most often everything is held, and no estimate is needed.
        first = with_density(_NO_ESTIMATE)
        return first if first.answerable else with_density(await self.density(asked))

    async def density(self, asked: Asked | None = None) -> Density:
        """About how many sessions there are of everybody, and of what is asked for."""
        counts, coverage = await self._recent()
        shares: dict[Scope, float] = {}
        if asked is not None and asked.scope != ALL:
            shares[asked.scope] = await self._share(asked, sum(counts.values()))
        now = instant(self._clock())
        return density_of(counts, coverage, shares, now=now, total=self._total)

    async def note_use(self, scopes: Iterable[Scope]) -> None:
        """A question was answered from these; noted now and then, as most questions only read."""
        now = self._clock()
        self._used_at = {s: at for s, at in self._used_at.items() if now - at < NOTE_EVERY}
        new = {scope for scope in scopes if scope != ALL} - self._used_at.keys()
        if new:
            await self._held.used(new)
            self._used_at |= dict.fromkeys(new, now)

    def note_total(self, total: int) -> None:
        """How many sessions Exec holds in all, as it said with a page."""
        self._total = total

    async def hours(self, start: int, end: int) -> dict[int, int]:
        """The sessions held that were created in [start, end), by hour since 1970."""
        # Written out: PostgreSQL takes two parameters for two different expressions.
        hour = session.created_at // sa.literal_column(str(HOUR), sa.BigInteger)
        query = (
            sa.select(hour, sa.func.count())
            .where(session.created_at >= start, session.created_at < end)
            .group_by(hour)
        )
        async with self._database.transaction(reads=True) as connection:
            return {row[0]: row[1] for row in await connection.execute(query)}

    async def _recent(self) -> tuple[dict[int, int], Coverage]:
        now = self._clock()
        if self._profile is None or now - self._profile[0] >= ESTIMATE_STANDS:
            end = instant(now)
            counts = await self.hours(end - LOOK_BACK, end)
            known = await self._held.known(end - LOOK_BACK, end)
            # Cut: of what is older, nothing was counted.
            coverage = Coverage(known.get(ALL, Coverage()).pieces(end - LOOK_BACK, end))
            if not coverage.covers(end - LOOK_BACK // 4, end - HOUR):
                # Little to go by yet: look again when there is more.
                return counts, coverage
            self._profile = (now, counts, coverage)
        return self._profile[1:]

    async def _share(self, asked: Asked, total: int) -> float:
        """Which part of all sessions is likely to be among those asked for."""
        narrow = asked.scope if asked.rostered is None else asked.rostered
        if narrow == EVERYBODY:
            # Exec's own staff are few: their sessions are not worth a reading apart.
            return 1.0
        end = instant(self._clock())
        query = (
            sa.select(sa.func.count())
            .select_from(practice_session)
            .where(session.created_at >= end - LOOK_BACK, session.created_at < end)
            .where(*light(narrow))
        )
        async with self._database.transaction(reads=True) as connection:
            matching: int = (await connection.execute(query)).scalar_one()
        # One more than were seen: that somebody never practised is not sure yet.
        share = (matching + 1) / (total + 20)
        return share * DARK_SHARE if narrow.is_dark else min(1.0, share)


_NO_ESTIMATE = Density((0.0,) * 168, {})
