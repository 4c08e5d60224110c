"""The budget of requests: 60 a minute and 1,000 a day, shared by all processes.

Exec does not say where its minutes and days begin. Counting in sliding windows is right
whatever it does: no 60 seconds and no 24 hours ever hold more than the limit. A third of the day
is kept for new sessions, late grades and due messages; people may take all the rest together, and
what is less urgent leaves them some (`purposes.py`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Limited
from bot.exec_api.purposes import PEOPLE, RESERVED, Urgency, urgency_of
from bot.storage.database import Database
from bot.storage.tables import EPOCH, MILLISECOND, budget_account, budget_request

DAY = timedelta(hours=24)
# A request is counted here when it leaves, but by Exec when it arrives. One that was long on its
# way and a later one that was not lie closer together there than here, so the windows here are
# longer by what a way may take: 1 s of a minute, where every second counts. A day can spare 5 s
# and does, for over a day clocks drift apart as well.
MINUTE_WINDOW = timedelta(seconds=60 + 1)
DAY_WINDOW = DAY + timedelta(seconds=5)
RESERVE = 3  # of a day, the third that is kept for what is `reserved`

ACCOUNT = budget_account.c.id == 1
AT = budget_request.c.at

Whose = Literal["minute", "day", "questions"]


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` requests in any `length` of time, both ends included.

    That of `questions` holds all but those that have a reserve; the others hold all.
    """

    whose: Whose
    length: timedelta
    limit: int

    def opens(self, nth_newest: datetime | None) -> datetime | None:
        """When the next request fits, by the instant of the `limit`-th newest one.

        None when there are fewer requests than that: it fits at any time.
        """
        # One more millisecond: instants are kept rounded down to it.
        return None if nth_newest is None else nth_newest + self.length + MILLISECOND


def windows_of(urgency: Urgency, *, per_minute: int, per_day: int) -> tuple[Window, ...]:
    """The windows that a request of this urgency has to fit into."""
    windows = (
        Window("minute", MINUTE_WINDOW, per_minute - _kept(per_minute, urgency.free_of_minute)),
        Window("day", DAY_WINDOW, per_day - _kept(per_day, urgency.free_of_day)),
    )
    if urgency.reserved:
        return windows
    unreserved = per_day - per_day // RESERVE - _kept(per_day, urgency.free_for_people)
    return (*windows, Window("questions", DAY_WINDOW, unreserved))


def _kept(limit: int, free: Fraction) -> int:
    """How many of a limit are left to the more urgent: at least one, if it is more than one."""
    return math.ceil(limit * free) if limit > 1 else 0


def refusal(
    now: datetime,
    windows: Iterable[tuple[Window, datetime | None]],
    blocked_until: datetime | None,
) -> Limited | None:
    """Why no request may leave at `now`, or None when one may.

    Each window comes with the instant of its `limit`-th newest request. The `until` of the
    answer is the earliest moment at which everything allows a request.
    """
    blocked: list[tuple[datetime, Literal["exec"] | Whose]] = []
    if blocked_until is not None and now < blocked_until:
        blocked.append((blocked_until, "exec"))
    for window, nth_newest in windows:
        available_at = window.opens(nth_newest)
        if available_at is not None and now < available_at:
            blocked.append((available_at, window.whose))
    return Limited(*max(blocked)) if blocked else None


@dataclass(frozen=True, slots=True)
class Left:
    """Requests left in the last 24 hours and the last minute, how many of the day's are left for
    `questions`, and Exec's own block if any."""

    day: int
    minute: int
    questions: int
    blocked_until: datetime | None


@dataclass(frozen=True, slots=True)
class _Taken:
    """The requests of the last day, newest first: their instants, and those without a reserve."""

    all: tuple[datetime, ...]
    unreserved: tuple[datetime, ...]

    def nth_newest(self, window: Window) -> datetime | None:
        """The instant of the request that fills a window, None where there is room."""
        counted = self.unreserved if window.whose == "questions" else self.all
        return counted[window.limit - 1] if len(counted) >= window.limit else None

    def left(self, window: Window, now: datetime) -> int:
        """How many more fit into a window now."""
        counted = self.unreserved if window.whose == "questions" else self.all
        return max(0, window.limit - sum(now - window.length <= at for at in counted))


class Budget:
    """Every request to Exec is taken from here first, by every process on this database.

    All methods raise StorageError when the database does not answer.
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime],
        per_minute: int = 60,
        per_day: int = 1000,
    ) -> None:
        self._database = database
        self._clock = clock
        self._per_minute = per_minute
        self._per_day = per_day

    async def take(self, purpose: str) -> None:
        """Record a request that leaves now, for `purpose` (a word of up to 32 characters).

        Raises Limited with the moment the next request of its urgency becomes possible.
        """
        windows = self._windows(urgency_of(purpose))
        async with self._database.transaction() as connection:
            blocked_until = await self._lock(connection)
            # Read under the lock: instants then grow in the order of the requests.
            now = self._now()
            taken = await self._taken(connection, now)
            filled = [(window, taken.nth_newest(window)) for window in windows]
            limited = refusal(now, filled, blocked_until)
            if limited is not None:
                raise limited
            # Never before the newest one, which another machine's clock may have given.
            at = max((now, *taken.all[:1]))
            await connection.execute(budget_request.insert(), {"at": at, "purpose": purpose[:32]})

    async def block(self, until: datetime) -> None:
        """Heed a 429: remember, for all processes, that Exec wants no request before `until`.

        `until` (aware) is cut to 24 hours from now; a shorter block does not end a longer one.
        """
        async with self._database.transaction() as connection:
            known = await self._lock(connection)
            wanted = min(until, self._now() + DAY)
            longest = wanted if known is None else max(wanted, known)
            update = budget_account.update().where(ACCOUNT).values(blocked_until=longest)
            await connection.execute(update)

    async def left(self) -> Left:
        """What may still be asked now."""
        now = self._now()
        async with self._database.transaction(reads=True) as connection:
            blocked = sa.select(budget_account.c.blocked_until).where(ACCOUNT)
            until: datetime | None = (await connection.execute(blocked)).scalar()
            taken = await self._taken(connection, now)
        minute, day, questions = (taken.left(each, now) for each in self._windows(PEOPLE))
        return Left(
            day=day,
            minute=minute,
            questions=min(day, questions),
            blocked_until=until if until is not None and now < until else None,
        )

    async def used(self, *, ago: timedelta = timedelta()) -> dict[str, int]:
        """The requests of the 24 hours that ended so long ago, by purpose, the most first."""
        purpose, count = budget_request.c.purpose, sa.func.count()
        end = self._now() - ago
        by_purpose = (
            sa.select(purpose, count.label("requests"))
            .where(end - DAY_WINDOW <= AT, end >= AT if ago else sa.true())
            .group_by(purpose)
            .order_by(count.desc(), purpose)
        )
        return {row.purpose: row.requests for row in await self._database.rows(by_purpose)}

    def _now(self) -> datetime:
        return EPOCH + (self._clock() - EPOCH) // MILLISECOND * MILLISECOND

    def _windows(self, urgency: Urgency) -> tuple[Window, ...]:
        return windows_of(urgency, per_minute=self._per_minute, per_day=self._per_day)

    async def _taken(self, connection: AsyncConnection, now: datetime) -> _Taken:
        """What was asked in the day up to `now`."""
        query = sa.select(AT, budget_request.c.purpose).where(now - DAY_WINDOW <= AT)
        rows = (await connection.execute(query.order_by(AT.desc()))).all()
        unreserved = tuple(row.at for row in rows if row.purpose not in RESERVED)
        return _Taken(tuple(row.at for row in rows), unreserved)

    async def _lock(self, connection: AsyncConnection) -> datetime | None:
        """Lock the account until the transaction ends; Exec's own block."""
        row = (await connection.execute(LOCKING)).one_or_none()
        if row is None:
            first = self._database.insert(budget_account).values(id=1)
            await connection.execute(first.on_conflict_do_nothing())
            row = (await connection.execute(LOCKING)).one()
        until: datetime | None = row.blocked_until
        return until


# Writes what is there, so that others wait; gives Exec's block.
LOCKING = (
    budget_account.update()
    .where(ACCOUNT)
    .values(blocked_until=budget_account.c.blocked_until)
    .returning(budget_account.c.blocked_until)
)
