"""Leases for work that one process at a time does. They expire, so a dead holder is replaced."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.tables import lease

TURN = timedelta(minutes=5)


class LeaseLost(Exception):
    """Another process took over the work."""


class Leases:
    """Leases by name; `holder` names this process. All methods raise StorageError."""

    def __init__(self, database: Database, clock: Callable[[], datetime], holder: str) -> None:
        self._database = database
        self._clock = clock
        self._holder = holder
        self._turns = set[str]()

    async def acquire(self, name: str, duration: timedelta) -> bool:
        """Acquire or renew a lease; False if another process holds it."""
        async with self._database.transaction() as connection:
            return await self._acquire(connection, name, duration, lease.c.holder == self._holder)

    async def acquire_once(self, name: str, duration: timedelta) -> datetime | None:
        """Acquire a lease that nobody holds, not even this process; returns None, or when it
        expires."""
        expires_at = sa.select(lease.c.expires_at).where(lease.c.name == name)
        async with self._database.transaction() as connection:
            if await self._acquire(connection, name, duration, sa.false()):
                return None
            held_until: datetime = (await connection.execute(expires_at)).scalar_one()
        return held_until

    async def release(self, name: str) -> None:
        """Release a lease."""
        mine = sa.delete(lease).where(lease.c.name == name, lease.c.holder == self._holder)
        await self._database.write(mine)

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[bool]:
        """Hold a lease; yields False if another process or task holds it. LeaseLost ends the body
        quietly, because another process continues its work."""
        # The lease of a running task may have expired, so that this process could acquire it twice.
        if name in self._turns or await self.acquire_once(name, TURN) is not None:
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

    async def _acquire(
        self,
        connection: AsyncConnection,
        name: str,
        duration: timedelta,
        is_mine: sa.ColumnElement[bool],
    ) -> bool:
        now = self._clock()
        values = {"holder": self._holder, "expires_at": now + duration}
        insert = self._database.insert(lease).values(name=name, **values)
        acquiring = insert.on_conflict_do_update(
            index_elements=[lease.c.name],
            set_=values,
            where=sa.or_(is_mine, lease.c.expires_at <= now),
        ).returning(lease.c.name)
        return (await connection.execute(acquiring)).first() is not None
