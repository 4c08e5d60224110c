"""Who does what only one process at a time should do, or what nobody should do too often.

A lease ends by itself: a process that dies while it holds one is followed by another.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.tables import lease as table

LEADER = "leader"
# A leader that dies is followed within half a minute.
LEAD = timedelta(seconds=20)
# In parts of that: how often a leader renews its lease, and how often the others try to get it.
RENEWS = 4
TRIES = 10


class Leases:
    """Leases by name. `holder` is this process, a word of up to 32 characters of its own.

    All methods raise StorageError.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime], holder: str) -> None:
        self._database = database
        self._clock = clock
        self._holder = holder

    async def take(self, name: str, length: timedelta) -> bool:
        """Hold `name` from now on for `length`, or longer if it is held already; False if another
        process holds it."""
        async with self._database.transaction() as connection:
            return await self._take(connection, name, length, table.c.holder == self._holder)

    async def take_once(self, name: str, length: timedelta) -> datetime | None:
        """Hold `name` for `length` if nobody does, this process neither; else until when it is
        held (aware)."""
        query = sa.select(table.c.until).where(table.c.name == name)
        async with self._database.transaction() as connection:
            if await self._take(connection, name, length, sa.false()):
                return None
            until: datetime = (await connection.execute(query)).scalar_one()
        return until

    async def give_back(self, name: str) -> None:
        """Let others have it at once."""
        mine = sa.delete(table).where(table.c.name == name, table.c.holder == self._holder)
        await self._database.write(mine)

    async def is_mine(self, name: str) -> bool:
        """Whether nobody else has held it since this process took it, over or not."""
        query = sa.select(table.c.name).where(table.c.name == name, table.c.holder == self._holder)
        return await self._database.scalar(query) is not None

    async def is_taken(self, name: str) -> bool:
        """Whether anybody holds it now."""
        query = sa.select(table.c.name).where(table.c.name == name, table.c.until > self._clock())
        return await self._database.scalar(query) is not None

    async def _take(
        self,
        connection: AsyncConnection,
        name: str,
        length: timedelta,
        is_mine: sa.ColumnElement[bool],
    ) -> bool:
        now = self._clock()
        values = {"holder": self._holder, "until": now + length}
        insert = self._database.insert(table).values(name=name, **values)
        taking = insert.on_conflict_do_update(
            index_elements=[table.c.name],
            set_=values,
            where=sa.or_(is_mine, table.c.until <= now),
        ).returning(table.c.name)
        return (await connection.execute(taking)).first() is not None


class Leader:
    """The lead as one process sees it, under a lease by the time of the database.

    All methods raise StorageError.
    """

    def __init__(
        self, leases: Leases, clock: Callable[[], datetime], length: timedelta = LEAD
    ) -> None:
        self._leases = leases
        self._clock = clock
        self._length = length
        self._leads = False
        self._asked_at: datetime | None = None

    async def leads(self) -> bool:
        """Whether this process leads, as of a few seconds ago; it does if no other one does."""
        now, valid_for = self._clock(), self._length / (RENEWS if self._leads else TRIES)
        if self._asked_at is None or not timedelta() <= now - self._asked_at < valid_for:
            self._asked_at = None  # where the database does not say, it is asked again
            self._leads = await self._leases.take(LEADER, self._length)
            self._asked_at = now
        return self._leads

    async def confirm(self) -> bool:
        """Whether no other process has taken the lead since this one did, by the database. It only
        reads, so that many posts can ask at once."""
        if not await self._leases.is_mine(LEADER):
            self._asked_at = None
            return False
        return True

    async def resign(self) -> None:
        """Let another one lead at once."""
        self._leads = False
        await self._leases.give_back(LEADER)
