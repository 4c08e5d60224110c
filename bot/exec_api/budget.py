"""The account of requests: 60 a minute and 1,000 a day, shared by all processes.

Exec does not say where its minutes and days begin. Counting in sliding windows is right
whatever it does: no 60 seconds and no 24 hours ever hold more than the limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Limited
from bot.storage.database import Database
from bot.storage.tables import EPOCH, MILLISECOND, budget_account, budget_request

ACCOUNT = 1
DAY = timedelta(hours=24)
# No request of ours and no block of Exec's can lie further ahead than this, unless the clock
# was wrong when it was written: several hosts' clocks agree to a few seconds.
CLOCKS_AGREE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` requests in any `length` of time, both ends included."""

    whose: Literal["minute", "day"]
    length: timedelta
    limit: int

    def opens(self, nth_newest: datetime | None) -> datetime | None:
        """When the next request fits, by the instant of the `limit`-th newest one.

        None when there are fewer requests than that: it fits at any time.
        """
        # One more millisecond: instants are kept rounded down to it.
        return None if nth_newest is None else nth_newest + self.length + MILLISECOND


@dataclass(frozen=True, slots=True)
class Left:
    """Requests left in the last 24 hours and the last minute, and Exec's own block if any."""

    day: int
    minute: int
    blocked_until: datetime | None


def refusal(
    now: datetime,
    windows: Iterable[tuple[Window, datetime | None]],
    blocked_until: datetime | None,
) -> Limited | None:
    """Why no request may leave at `now`, or None when one may.

    Each window comes with the instant of its `limit`-th newest request. The `until` of the
    answer is the earliest moment at which everything allows a request.
    """
    shut: list[tuple[datetime, Literal["exec", "minute", "day"]]] = []
    if blocked_until is not None and now < blocked_until:
        shut.append((blocked_until, "exec"))
    for window, nth_newest in windows:
        opens = window.opens(nth_newest)
        if opens is not None and now < opens:
            shut.append((opens, window.whose))
    return Limited(*max(shut)) if shut else None


def believable(now: datetime, blocked_until: datetime | None) -> datetime | None:
    """The block if it still holds and is one that Exec can have meant (24 hours at most)."""
    if blocked_until is None or not now < blocked_until <= now + DAY + CLOCKS_AGREE:
        return None
    return blocked_until


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
        self._windows = (
            Window("minute", timedelta(seconds=60), per_minute),
            Window("day", DAY, per_day),
        )
        self._newest = _nth_newest([1, *(window.limit for window in self._windows)])

    async def take(self, purpose: str) -> None:
        """Record a request that leaves now, for `purpose` (a word of up to 32 characters).

        Raises Limited with the moment the next request becomes possible.
        """
        async with self._database.transaction() as connection:
            blocked_until = await self._lock(connection)
            # Read under the lock: instants then grow in the order of the requests.
            now = _floor(self._clock())
            newest, *nths = (await connection.execute(self._newest)).one()
            if newest is not None and newest > now + CLOCKS_AGREE:
                blocked_until = await _step_back(connection, now, newest - now, blocked_until)
                nths = (await connection.execute(self._newest)).one()[1:]
            limited = refusal(
                now, zip(self._windows, nths, strict=True), believable(now, blocked_until)
            )
            if limited is None:
                await connection.execute(
                    budget_request.insert(), {"at": now, "purpose": purpose[:32]}
                )
        # Raised out here, since raising inside would undo the mending of the clock's step.
        if limited is not None:
            raise limited

    async def block(self, until: datetime) -> None:
        """Remember, for all processes, that Exec wants no request before `until` (aware).

        More than 24 hours are cut to that; a shorter block does not end a longer one.
        """
        async with self._database.transaction() as connection:
            now = self._clock()
            known = believable(now, await self._lock(connection))
            wanted = min(until, now + DAY)
            await connection.execute(_account_update(max(wanted, known or wanted)))

    async def left(self) -> Left:
        """What may still be asked now."""
        now = _floor(self._clock())
        async with self._database.transaction(reads=True) as connection:
            newest, blocked_until, *used = (await connection.execute(self._counts(now))).one()
        if newest is not None and newest > now + CLOCKS_AGREE:
            async with self._database.transaction() as connection:
                await _step_back(connection, now, newest - now, await self._lock(connection))
                _, blocked_until, *used = (await connection.execute(self._counts(now))).one()
        minute, day = (
            max(0, window.limit - count) for window, count in zip(self._windows, used, strict=True)
        )
        return Left(day, minute, believable(now, blocked_until))

    async def forget_old(self) -> None:
        """Delete the rows that no window needs any more: those older than a day."""
        old = budget_request.c.at < _floor(self._clock()) - DAY
        async with self._database.transaction() as connection:
            await connection.execute(budget_request.delete().where(old))

    async def _lock(self, connection: AsyncConnection) -> datetime | None:
        """Lock the account until the transaction ends; its `blocked_until`."""
        lock = _account_update(budget_account.c.blocked_until).returning(
            budget_account.c.blocked_until
        )
        row = (await connection.execute(lock)).one_or_none()
        if row is None:
            first = self._database.insert(budget_account).values(id=ACCOUNT)
            await connection.execute(first.on_conflict_do_nothing())
            row = (await connection.execute(lock)).one()
        blocked_until: datetime | None = row[0]
        return blocked_until

    def _counts(self, now: datetime) -> sa.Select[Any]:
        at = budget_request.c.at
        return sa.select(
            sa.select(sa.func.max(at)).scalar_subquery(),
            sa.select(budget_account.c.blocked_until)
            .where(budget_account.c.id == ACCOUNT)
            .scalar_subquery(),
            *(
                sa.select(sa.func.count())
                .select_from(budget_request)
                .where(at >= now - window.length)
                .scalar_subquery()
                for window in self._windows
            ),
        )


def _nth_newest(ranks: Sequence[int]) -> sa.Select[Any]:
    """The instants of the n-th newest requests, one column each, walking the index on `at`."""
    at = budget_request.c.at
    newest_first = sa.select(at).order_by(at.desc()).limit(1)
    return sa.select(*(newest_first.offset(rank - 1).scalar_subquery() for rank in ranks))


def _account_update(blocked_until: Any) -> sa.Update:
    return (
        budget_account.update()
        .where(budget_account.c.id == ACCOUNT)
        .values(blocked_until=blocked_until)
    )


async def _step_back(
    connection: AsyncConnection, now: datetime, step: timedelta, blocked_until: datetime | None
) -> datetime | None:
    """Follow a clock that was `step` ahead and was put right; the block as it is then.

    Rows of the future would otherwise count until that future is over. Their real age is at
    least what this gives them, so no window is ever overrun.
    """
    at = sa.type_coerce(budget_request.c.at, sa.BigInteger)
    await connection.execute(
        budget_request.update()
        .where(budget_request.c.at > now + CLOCKS_AGREE)
        .values(at=at - step // MILLISECOND)
    )
    if blocked_until is None or blocked_until <= now:
        return None
    await connection.execute(_account_update(blocked_until - step))
    return blocked_until - step


def _floor(moment: datetime) -> datetime:
    return EPOCH + (moment - EPOCH) // MILLISECOND * MILLISECOND
