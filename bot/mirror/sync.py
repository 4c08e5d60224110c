"""Keeps what is held true, in the background: one process at a time, within the spare requests.

Every step is kept at once, so that a process that stops anywhere leaves nothing to be done again.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.errors import ExecError, Limited
from bot.language.query import Kind
from bot.mirror.coverage import DAY, HOUR, Coverage, Span
from bot.mirror.fetching import Fetched, Fetching
from bot.mirror.held import Held
from bot.mirror.planning import USUAL, within
from bot.mirror.revalidating import Revalidating
from bot.mirror.rows import instant
from bot.mirror.scenario_sets import ScenarioSets
from bot.mirror.scope import ALL
from bot.mirror.settling import Settling
from bot.mirror.walking import Fetch
from bot.people.catalogue import Catalogue
from bot.people.rosters import Rosters
from bot.storage.database import Database
from bot.storage.leases import Leases
from bot.storage.tables import stored_answer

log = logging.getLogger(__name__)

LEASE_NAME = "sync"
# Longer than any step may take: a list of people waits for the minute to end.
LEASE = timedelta(minutes=3)
# One run is no longer than this, so that another process, or the operator, gets a turn.
RUN = timedelta(seconds=10)
# How old the newest look for new sessions may be: while somebody waits to be told of them, while
# people ask, for some hours after, and when nobody asks. For so long after a question, others are
# likely to follow.
WHILE_AWAITED = timedelta(minutes=15)
WHILE_ASKED = timedelta(minutes=20)
QUIET = timedelta(hours=2)
NIGHT = timedelta(hours=6)
ASKED_LATELY = timedelta(minutes=30)
# With nothing to do, look again after this long.
REST = timedelta(minutes=1)
# After Exec failed: a little later, then later and later.
BACK_OFF = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
# Pages of the past that are read before somebody else who wants to read gets a turn.
PAGES_AT_ONCE = 3
# Without a question for so long (at a weekend), lists are not kept fresh until the next one.
UNUSED = timedelta(hours=6)
# While a duty had nothing to do, it is looked up this often whether it has.
REST_OF = {
    "settle": timedelta(minutes=3),
    "people": timedelta(minutes=5),
    "sets": timedelta(minutes=5),
    "fill": timedelta(minutes=10),
}

Choose = Callable[[], Awaitable[Fetch | None]]


@dataclass(slots=True)
class _State:
    """What a process remembers between its runs; nothing is lost with it."""

    not_before: datetime | None = None
    failures: int = 0
    idle_since: dict[str, datetime] = field(default_factory=dict)
    # The duty under way. One that is still noted when a run begins broke the run before.
    doing: str = ""


@dataclass(frozen=True, slots=True)
class Sync:
    """`asked_at` says when somebody last asked a question, None for never; `is_awaited` whether
    somebody waits to be told of new sessions just now."""

    database: Database
    held: Held
    settling: Settling
    fetching: Fetching
    catalogue: Catalogue
    rosters: Rosters
    sets: ScenarioSets
    leases: Leases
    revalidating: Revalidating
    history_days: int
    asked_at: Callable[[], datetime | None]
    is_awaited: Callable[[], Awaitable[bool]]
    clock: Callable[[], datetime]
    state: _State = field(default_factory=_State)

    async def run(self) -> None:
        """Do what is due, for a while. Raises StorageError."""
        now, state = self.clock(), self.state
        if state.not_before is not None and now < state.not_before:
            return
        if not await self.leases.take(LEASE_NAME, LEASE):
            state.not_before = now + REST
            return
        # For a run that ends in a way that nobody foresaw: the next one is likely to, as well.
        state.not_before, broken = now + REST, state.doing
        try:
            while self.clock() - now < RUN:
                await self.leases.take(LEASE_NAME, LEASE)
                if not await self._step(broken):
                    state.not_before = self.clock() + REST
                    break
            else:
                state.not_before = None
            state.failures = 0
        except Limited as error:
            state.not_before = error.until
        except ExecError as error:
            pause = BACK_OFF[min(state.failures, len(BACK_OFF) - 1)]
            state.not_before = self.clock() + pause
            state.failures += 1
            log.warning("sync: %s, again in %d s", type(error).__name__, pause.total_seconds())
        finally:
            await self.leases.give_back(LEASE_NAME)
        state.doing = ""

    async def _step(self, broken: str) -> bool:
        """Do the most urgent thing, if there is any, `broken` last. Raises ExecError."""
        # A duty that is broken must not hold up the others.
        for name, duty in sorted(self._duties, key=lambda each: each[0] == broken):
            if within(
                REST_OF.get(name, timedelta()), self.state.idle_since.get(name), self.clock()
            ):
                continue
            self.state.doing = name
            if await duty():
                return True
            self.state.idle_since[name] = self.clock()
        return False

    @property
    def _duties(self) -> tuple[tuple[str, Callable[[], Awaitable[bool]]], ...]:
        """What there is to do, the most urgent first."""
        return (
            ("poll", self._poll),
            ("settle", self._settle),
            ("people", self._people),
            ("sets", self.sets.refresh),
            ("fill", self._fill),
            ("look again", self.revalidating.step),
        )

    async def _poll(self) -> bool:
        return await self._read(self._new_sessions, "poll") is not None

    async def _new_sessions(self) -> Fetch | None:
        """The newest page, if it is time to look at it."""
        now = instant(self.clock())
        coverage = await self._coverage(now - 2 * DAY, now)
        if not coverage.held:
            return Fetch(ALL, now - HOUR, None, True, 1)
        known_to = coverage.held[-1].end
        age = timedelta(milliseconds=now - known_to)
        if age < WHILE_AWAITED or age < await self._poll_every():
            return None
        return Fetch(ALL, known_to, None, True, PAGES_AT_ONCE)

    async def _poll_every(self) -> timedelta:
        """How old the newest look may be."""
        now = self.clock()
        if await self.is_awaited():
            return WHILE_AWAITED
        if within(ASKED_LATELY, self.asked_at(), now):
            return WHILE_ASKED
        return QUIET if await self._asked_lately(now) else NIGHT

    async def _settle(self) -> bool:
        return await self._read(self.settling.late_grades, "settle") is not None

    async def _people(self) -> bool:
        """Read again the lists that are in use and old."""
        now = self.clock()
        if not await self._asked_lately(now):
            return False
        if await self.catalogue.refresh_if_due("member", purpose="people"):
            return True
        for kind in Kind:
            if await self.catalogue.refresh_if_due(kind, purpose="people"):
                return True
        due = await self.rosters.due(now, unused=False)
        for group_id in due[:1]:
            await self.rosters.refresh(group_id, purpose="roster")
        return bool(due)

    async def _asked_lately(self, now: datetime) -> bool:
        """Whether somebody asked in the last hours, this process or another one."""
        if within(UNUSED, self.asked_at(), now):
            return True
        answered = stored_answer.c.at
        query = sa.select(answered).where(answered > now - UNUSED).limit(1)
        return await self.database.scalar(query) is not None

    async def _fill(self) -> bool:
        since = instant(self.clock()) - self.history_days * DAY
        return bool(self.history_days) and await self.fill(since, "history") is not None

    async def fill(
        self,
        since: int,
        purpose: str,
        until: int | None = None,
        *,
        pages: int | None = None,
        looked_since: int = 0,
    ) -> Fetched | None:
        """Read up to `pages` pages (some) of what is `missing` since then, newest first; None if
        nothing is.

        Without `until` what came after the newest look is left out: that is for the polls. What
        was last looked at before `looked_since` is missing, too. Raises ExecError.
        """

        async def choose() -> Fetch | None:
            now = instant(self.clock())
            coverage = (await self._coverage(since, now)).since(looked_since)
            if not coverage.held:
                # The newest page tells how many there are.
                return Fetch(ALL, max(since, now - HOUR), None, True, 1)
            known_to = coverage.held[-1].end
            gaps = missing(coverage, since, known_to if until is None else min(until, now))
            if not gaps:
                return None
            end = None if gaps[-1].end > known_to else gaps[-1].end
            return Fetch(ALL, gaps[-1].start, end, True, PAGES_AT_ONCE)

        return await self._read(choose, purpose, pages)

    async def _coverage(self, start: int, end: int) -> Coverage:
        known = await self.held.known(start, end)
        return known.get(ALL, Coverage())

    async def _read(self, choose: Choose, purpose: str, pages: int | None = None) -> Fetched | None:
        """Read what `choose` says, if anything."""
        if await choose() is None:
            return None
        async with self.fetching.turn(ALL), self.fetching.alone(ALL):
            # Somebody who asked may have read it meanwhile.
            fetch = await choose()
            if fetch is None:
                return None
            most = pages or max(PAGES_AT_ONCE, fetch.requests + 1)
            return await self.fetching.run(fetch, purpose=purpose, pages=most)


def missing(coverage: Coverage, since: int, until: int) -> tuple[Span, ...]:
    """The parts of [since, until) that are not held, oldest first.

    As for a question, a look that ended shortly before `until` is new enough.
    """
    known_to = coverage.held[-1].end if coverage.held else since
    is_new = 0 <= until - known_to <= USUAL // timedelta(milliseconds=1)
    return coverage.gaps(since, known_to if is_new else until)
