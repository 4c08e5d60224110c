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
