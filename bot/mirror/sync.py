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
from bot.mirror import polling
from bot.mirror.aging import Aging
from bot.mirror.coverage import Coverage, Span
from bot.mirror.density import HOUR
from bot.mirror.fetching import Fetched, Fetching
from bot.mirror.freshness import USUAL, within
from bot.mirror.held import Held
from bot.mirror.mirror import Mirror
from bot.mirror.revalidating import Revalidating
from bot.mirror.rows import instant
from bot.mirror.scope import ALL
from bot.mirror.settling import DAY, Unsettled
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
# With nothing to do, look again after this long.
REST = timedelta(minutes=1)
# After Exec failed: a little later, then later and later.
BACK_OFF = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
# Pages of the past that are read before somebody else who wants to read gets a turn.
PAGES_AT_ONCE = 3
# While no look at late grades was due, it is looked up this often whether one has become so.
SETTLE_EVERY = timedelta(minutes=3)
# After so long without a question nobody needs them: not at the weekend. The next one makes them
# due.
UNUSED = timedelta(hours=6)
# While nothing was missing, the past is looked through for gaps this often.
FILL_EVERY = timedelta(minutes=10)
# Lists grow old over hours: whether one has is looked up this often.
PEOPLE_EVERY = timedelta(minutes=5)

Choose = Callable[[], Awaitable[Fetch | None]]


@dataclass(slots=True)
class _State:
    """What a process remembers between its runs; nothing is lost with it."""

    not_before: datetime | None = None
    failures: int = 0
    settled_at: datetime | None = None
    people_at: datetime | None = None
    filled_at: datetime | None = None
    ran_at: datetime | None = None
    trouble: ExecError | None = None
    # The step that last failed in a way that nobody foresaw.
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Sync:
    """`asked_at` says when somebody last asked a question, None for never."""

    database: Database
    held: Held
    mirror: Mirror
    fetching: Fetching
    catalogue: Catalogue
    rosters: Rosters
    leases: Leases
    revalidating: Revalidating
    history_days: int
    asked_at: Callable[[], datetime | None]
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
        try:
            while self.clock() - now < RUN:
                await self.leases.take(LEASE_NAME, LEASE)
                if not await self._step():
                    state.not_before = self.clock() + REST
                    break
            state.failures, state.trouble, state.ran_at = 0, None, self.clock()
        except Limited as error:
            state.not_before, state.trouble = error.until, error
        except ExecError as error:
            pause = BACK_OFF[min(state.failures, len(BACK_OFF) - 1)]
            state.not_before, state.trouble = self.clock() + pause, error
            state.failures += 1
            log.warning("sync: %s, again in %d s", type(error).__name__, pause.total_seconds())
        except Exception:
            # Whatever it is, in two seconds it is likely to be the same.
            state.not_before = self.clock() + REST
            raise
        finally:
            await self.leases.give_back(LEASE_NAME)

    async def _step(self) -> bool:
        """Do the most urgent thing, if there is any. Raises ExecError."""
        fill = (self._fill,) if self.history_days else ()
        duties = (self._poll, self._settle, self._people, *fill, self._look_again)
        # What is broken must not keep the others from their turn.
        for duty in sorted(duties, key=lambda each: each.__name__ == self.state.broken):
            try:
                if await duty():
                    return True
            except ExecError:
                raise
            except Exception:
                self.state.broken = duty.__name__
                raise
        return False

    async def _poll(self) -> bool:
        return await self._read(self._new_sessions, "poll") is not None

    async def _new_sessions(self) -> Fetch | None:
        """The newest page, if it is time to look at it."""
        now = instant(self.clock())
        coverage = await self._coverage(now - 2 * DAY, now)
        if not coverage.held:
            return Fetch(ALL, now - HOUR, None, True, 1)
        known_to = coverage.held[-1].end
        expected = (await self.mirror.density())(ALL, known_to, now)
        asked_at = self.asked_at()
        age = timedelta(milliseconds=now - known_to)
        since_asked = None if asked_at is None else self.clock() - asked_at
        if not polling.is_due(age, expected=expected, since_asked=since_asked):
            return None
        return Fetch(ALL, known_to, None, True, PAGES_AT_ONCE)

    async def _settle(self) -> bool:
        now = self.clock()
        if within(SETTLE_EVERY, self.state.settled_at, now):
            return False
        is_due = await self._read(self._aging.late_grades, "settle") is not None
        if not is_due:
            self.state.settled_at = now
        return is_due

    async def _people(self) -> bool:
        """Read again the lists that are in use and old."""
        now = self.clock()
        if within(PEOPLE_EVERY, self.state.people_at, now) or not await self._asked_lately(now):
            return False
        if await self.catalogue.refresh_if_due("member", purpose="people"):
            return True
        for kind in Kind:
            if await self.catalogue.refresh_if_due(kind, purpose="people"):
                return True
        due = await self.rosters.due(now, unused=False)
        for group_id in due[:1]:
            await self.rosters.refresh(group_id, purpose="roster")
        if not due:
            self.state.people_at = now
        return bool(due)

    async def _asked_lately(self, now: datetime) -> bool:
        """Whether somebody asked in the last hours, this process or another one."""
        if within(UNUSED, self.asked_at(), now):
            return True
        answered = stored_answer.c.at
        query = sa.select(answered).where(answered > now - UNUSED).limit(1)
        async with self.database.transaction(reads=True) as connection:
            return (await connection.execute(query)).first() is not None

    async def _fill(self) -> bool:
        now = self.clock()
        if within(FILL_EVERY, self.state.filled_at, now):
            return False
        is_missing = await self.fill(instant(now) - self.history_days * DAY, "history") is not None
        if not is_missing:
            self.state.filled_at = now
        return is_missing

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

    async def _look_again(self) -> bool:
        return await self.revalidating.step()

    async def unsettled(self, since: int, now: int) -> tuple[Unsettled, ...]:
        """The sessions without a score that were created in [since, now), oldest first."""
        return await self._aging.unsettled(since, now)

    @property
    def _aging(self) -> Aging:
        return Aging(self.database, self.held, self.clock)

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
