"""When to look again at sessions that wait for a grade, and which of those held do.

Instants and durations are milliseconds. A session may be created first and graded minutes or hours
later, and Exec tells nobody: it is looked at again as it ages, until it is a day old and looked at
every day like all others. A request brings a hundred sessions or one, so a look waits for others
that can share it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from bot.mirror.coverage import DAY, HOUR, MINUTE
from bot.mirror.held import Held
from bot.mirror.rows import instant
from bot.mirror.scope import ALL
from bot.mirror.walking import PAGE_SIZE, Count, Fetch, requests
from bot.storage.database import Database
from bot.storage.tables import practice_session

# The ages at which a session without a score is looked at again, and that at which it is settled.
CHECKPOINTS = (2 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR)
SETTLED_AGE = DAY
# A look counts as one at an age that it misses by up to a tenth.
NEARLY = 9

session = practice_session.c


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A session held without a score: when it was created, and when it was last looked at."""

    created_at: int
    as_of: int


def latest(session: Unsettled) -> int | None:
    """Until when the next look at a session may wait; None after the last checkpoint.

    It is due at the first checkpoint since the last look, and may wait until the following one.
    """
    number = bisect_right(CHECKPOINTS, session.as_of - session.created_at)
    if number == len(CHECKPOINTS):
        return None
    return session.created_at + (*CHECKPOINTS, SETTLED_AGE)[number + 1]


def looks(
    unsettled: Iterable[Unsettled], *, now: int, count: Count, page_size: int = PAGE_SIZE
) -> tuple[Fetch, ...]:
    """The pages to read again now, as few as possible, newest first.

    `count` says how many sessions are held in an interval. A page begins with a session that can
    wait no longer and goes on to newer ones until it is full: these are the next that would have
    to be looked at. It has no end if it reaches up to now, and so brings the newest sessions too.
    """
    times = ((each.created_at, latest(each)) for each in unsettled)
    packed: list[Fetch] = []
    known = 0
    for start in sorted(at for at, until in times if until is not None and now >= until):
        if start >= known:
            known = _full_from(start, now, count, page_size)
            cost = requests(count(start, known), page_size)
            packed.append(Fetch(ALL, start, known if known < now else None, True, cost))
    return tuple(reversed(packed))


def _full_from(start: int, now: int, count: Count, page_size: int) -> int:
    """Where a page ends that begins with `start`; one instant is read whole."""
    # The oldest row of a full page makes nothing known, so that one row less counts.
    ends = range(start + 1, now + 1)
    fitting = bisect_left(ends, True, key=lambda end: count(start, end) > page_size - 1)
    return start + max(1, fitting)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows are held in an interval, from the sorted instants of all of them."""

    instants: Sequence[int]

    def __call__(self, start: int, end: int) -> int:
        return bisect_left(self.instants, end) - bisect_left(self.instants, start)


@dataclass(frozen=True, slots=True)
class Settling:
    """Finds the sessions that wait for a grade. All methods raise StorageError."""

    database: Database
    held: Held
    clock: Callable[[], datetime]

    async def late_grades(self) -> Fetch | None:
        """The next page with sessions whose grade should be there by now."""
        now = instant(self.clock())
        since = now - SETTLED_AGE
        unsettled = [_nearly(each) for each in await self.unsettled(since, now)]
        due = [each for each in unsettled if (latest(each) or now + 1) <= now]
        if not due:
            return None
        count = Counted(await self._instants(since, now))
        return looks(due, now=now, count=count)[0]

    async def unsettled(self, since: int, now: int) -> tuple[Unsettled, ...]:
        """The sessions without a score that were created in [since, now), oldest first; without
        those of an interval that is no longer held of everybody."""
        everybody = (await self.held.known(since, now)).get(ALL)
        waiting = await self._instants(since, now, session.score.is_(None))
        if everybody is None:
            return ()
        looked = ((at, everybody.pieces(at, at + 1)) for at in waiting)
        return tuple(Unsettled(at, pieces[0].as_of) for at, pieces in looked if pieces)

    async def _instants(
        self, start: int, end: int, *conditions: sa.ColumnElement[bool]
    ) -> Sequence[int]:
        """When the rows were created that are held from [start, end), oldest first."""
        query = (
            sa.select(session.created_at)
            .where(session.created_at >= start, session.created_at < end, *conditions)
            .order_by(session.created_at)
        )
        return await self.database.scalars(query)


def _nearly(session: Unsettled) -> Unsettled:
    """As if looked at a little later: a look that serves a page of sessions comes a little early
    for the newest of them, which must not cost another one soon."""
    return replace(session, as_of=session.as_of + (session.as_of - session.created_at) // NEARLY)
