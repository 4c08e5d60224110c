"""Leases: names that one process at a time holds, for work that only one may do. They expire, so a
dead holder is replaced."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.tables import lease

TURN = timedelta(minutes=5)
FOREVER = timedelta(days=36_500)
NEVER = sa.false()


class LeaseLost(Exception):
    """Another process took over the work."""


def hello_of(team_id: str, user_id: str) -> str:
    """The name of the lease for greeting somebody."""
    return f"hello: {team_id} {user_id}"


class Leases:
    """Leases by name; `holder` names this process. All methods raise StorageError."""

    def __init__(self, database: Database, clock: Callable[[], datetime], holder: str) -> None:
        self._database = database
        self._clock = clock
        self._holder = holder
        self._turns = set[str]()

    async def claim(
        self, name: str, length: timedelta = FOREVER, connection: AsyncConnection | None = None
    ) -> bool:
        """Acquire a lease that nobody holds, not even this process. Returns True for the first
        caller in any process. With a connection, this is part of its transaction."""
        claiming = self._acquiring(name, length)
        if connection is None:
            return await self._database.returned(claiming) is not None
        return (await connection.execute(claiming)).first() is not None

    async def renew(self, name: str, length: timedelta) -> bool:
        """Acquire or renew a lease; False if another process holds it."""
        is_mine = lease.c.holder == self._holder
        return await self._database.returned(self._acquiring(name, length, is_mine)) is not None

    def _acquiring(
        self, name: str, length: timedelta, or_if: sa.ColumnElement[bool] = NEVER
    ) -> sa.Executable:
        now = self._clock()
        values = {"holder": self._holder, "expires_at": now + length}
        insert = self._database.insert(lease).values(name=name, **values)
        is_free = lease.c.expires_at <= now
        return insert.on_conflict_do_update(
            index_elements=[lease.c.name],
            set_=values,
            where=is_free | or_if,
        ).returning(lease.c.name)

    async def held_until(self, name: str) -> datetime | None:
        """When a lease expires; None if nobody holds it."""
        held = lease.c.name == name, lease.c.expires_at > self._clock()
        return await self._database.scalar(sa.select(lease.c.expires_at).where(*held))

    async def shorten(self, name: str, length: timedelta) -> None:
        """Let a lease expire after this time, if it is longer, no matter who holds it."""
        until = self._clock() + length
        longer = sa.update(lease).where(lease.c.name == name, lease.c.expires_at > until)
        await self._database.write(longer.values(expires_at=until))

    async def release(self, name: str) -> None:
        """Release a lease."""
        mine = sa.delete(lease).where(lease.c.name == name, lease.c.holder == self._holder)
        await self._database.write(mine)

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[bool]:
        """Hold a lease; yields False if another process or task holds it. LeaseLost ends the body
        quietly, because another process continues its work."""
        # The lease of a running task may have expired, so that this process could claim it twice.
        if name in self._turns or not await self.claim(name, TURN):
            yield False
            return
        self._turns.add(name)
        try:
            yield True
        except LeaseLost:
            return
        finally:
            self._turns.remove(name)
            await self.release(name)

    async def extend(self, connection: AsyncConnection, name: str) -> None:
        """Extend the lease of a turn within a transaction. Raises LeaseLost if another process took
        it over."""
        mine = sa.update(lease).where(lease.c.name == name, lease.c.holder == self._holder)
        extended = await connection.execute(mine.values(expires_at=self._clock() + TURN))
        if not extended.rowcount:
            raise LeaseLost
