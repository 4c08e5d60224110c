"""The request budget: 60 a minute and 1,000 a day, shared by all processes on this database.

The windows slide, so they hold wherever Exec's own minutes and days begin.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.errors import Limited
from bot.storage.database import Database
from bot.storage.tables import EPOCH, MILLISECOND, lease, request

# Exec counts a request on arrival, and this budget when it is sent: the extra seconds cover that.
MINUTE = timedelta(seconds=61)
DAY = timedelta(days=1, seconds=5)
PER_MINUTE, PER_DAY = 60, 1000
# The part of each limit that background jobs leave for people and due messages.
MINUTE_RESERVE, DAY_RESERVE = 20, 150
BLOCKED = "exec blocks requests"  # the lease after Exec answered 429


class Purpose(StrEnum):
    """The purpose of a request."""

    PEOPLE = "people"  # a person waits
    DIRECT = "direct"  # a person waits for sessions that aren't stored
    ASKED = "asked"  # a person waits for the newest sessions
    DUE = "due"  # a due message
    NEWEST = "newest"
    GRADES = "grades"
    LISTS = "lists"
    ASSIGNMENTS = "assignments"
    AGAIN = "again"
    OLDER = "older"

    @property
    def is_urgent(self) -> bool:
        """Whether the request can use the reserve."""
        return self in (Purpose.PEOPLE, Purpose.DIRECT, Purpose.ASKED, Purpose.DUE)


@dataclass(frozen=True, slots=True)
class BudgetLeft:
    """The requests left in the day and the minute, and until when Exec blocks all."""

    day: int
    minute: int
    blocked_until: datetime | None


class Budget:
    """Every request is counted here before it is sent. All methods raise StorageError."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime],
        per_minute: int = PER_MINUTE,
        per_day: int = PER_DAY,
    ) -> None:
        self._database = database
        self._clock = clock
        self.per_minute = per_minute
        self.per_day = per_day
        # Locks the budget for a transaction; returns until when Exec blocks requests.
        self._locking = (
            database.insert(lease)
            .values(name=BLOCKED, expires_at=EPOCH)
            .on_conflict_do_update(
                index_elements=[lease.c.name], set_={"expires_at": lease.c.expires_at}
            )
            .returning(lease.c.expires_at)
        )

    def share(self, of_day: int) -> int:
        """Scale a number of requests out of 1,000 a day to the configured limit."""
        return of_day * self.per_day // PER_DAY

    async def spend(self, job: Purpose) -> None:
        """Count a request that is sent now. Raises Limited with the time when the next one fits."""
        async with self._database.transaction() as connection:
            blocked_until: datetime = (await connection.execute(self._locking)).scalar_one()
            now = self._clock()
            if blocked_until > now:
                raise Limited(blocked_until, "exec")
            limits = self._limits(job)
            # The newest request, and for each limit the oldest one that counts. A limit of 0 would
            # block everybody forever.
            places = (0, *(max(limit, 1) - 1 for _, limit in limits))
            last, *oldest = (await connection.execute(_sent_at(*places))).one()
            # Another machine's clock may be ahead, and rows have to stay in order.
            now = max(now, last or now)
            for (span, _), at in zip(limits, oldest, strict=True):
                if at is not None and at >= now - span:
                    raise Limited(at + span + MILLISECOND, "minute" if span is MINUTE else "day")
            await connection.execute(sa.insert(request).values(sent_at=now, job=job))

    async def block(self, until: datetime) -> None:
        """Block requests in all processes until this moment; a longer block stays."""
        until = min(until, self._clock() + DAY)
        row = self._database.insert(lease).values(name=BLOCKED, expires_at=until)
        longer = row.on_conflict_do_update(
            index_elements=[lease.c.name],
            set_={"expires_at": until},
            where=lease.c.expires_at < until,
        )
        await self._database.write(longer)

    async def left(self) -> BudgetLeft:
        """The requests that people have left now."""
        now = self._clock()
        blocked = sa.select(lease.c.expires_at).where(
            lease.c.name == BLOCKED, lease.c.expires_at > now
        )
        sent = sa.select(
            sa.func.count().filter(request.c.sent_at >= now - MINUTE),
            sa.func.count(),
            blocked.scalar_subquery(),
        ).where(request.c.sent_at >= now - DAY)
        ((minute, day, until),) = await self._database.rows(sent)
        return BudgetLeft(max(0, self.per_day - day), max(0, self.per_minute - minute), until)

    async def left_to_jobs(self) -> int:
        """The requests that background jobs have left today."""
        return (await self.left()).day - self.share(DAY_RESERVE)

    async def used(self, job: Purpose, within: timedelta = DAY) -> int:
        """The requests of a job in the last day or minute."""
        since = self._clock() - within
        return await self._database.count(request, request.c.sent_at >= since, request.c.job == job)

    def _limits(self, job: Purpose) -> tuple[tuple[timedelta, int], ...]:
        minute = 0 if job.is_urgent else MINUTE_RESERVE * self.per_minute // PER_MINUTE
        day = 0 if job.is_urgent else self.share(DAY_RESERVE)
        return (MINUTE, self.per_minute - minute), (DAY, self.per_day - day)


@cache
def _sent_at(*places: int) -> sa.Select[Any]:
    """When the requests at these places were sent, counted from the newest."""
    newest = sa.select(request.c.sent_at).order_by(request.c.sent_at.desc()).limit(1)
    return sa.select(*(newest.offset(place).scalar_subquery() for place in places))
