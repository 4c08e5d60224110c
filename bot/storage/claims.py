"""Claims: what is done once, by whichever process is first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.tables import claim as table

FOREVER = timedelta(days=36_500)


def hello_of(team_id: str, user_id: str) -> str:
    """The name of the claim that says that somebody was greeted."""
    return f"hello: {team_id} {user_id}"


class Claims:
    """Claims by name, of up to 80 characters. All methods raise StorageError."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def claim(
        self, name: str, length: timedelta = FOREVER, connection: AsyncConnection | None = None
    ) -> bool:
        """True for the one caller, among all processes, who claims `name`; nobody else can for
        `length`. With a connection it is part of its transaction."""
        now = self._clock()
        insert = self._database.insert(table).values(name=name, until=now + length)
        claiming = insert.on_conflict_do_update(
            index_elements=[table.c.name],
            set_={"until": now + length},
            where=table.c.until <= now,
        ).returning(table.c.name)
        if connection is None:
            return await self._database.returned(claiming) is not None
        return (await connection.execute(claiming)).first() is not None

    async def is_claimed(self, name: str) -> bool:
        query = sa.select(table.c.name).where(table.c.name == name, table.c.until > self._clock())
        return await self._database.scalar(query) is not None

    async def end(self, name: str, after: timedelta) -> None:
        """End a claim after this time, if there is one."""
        until = self._clock() + after
        is_longer = sa.and_(table.c.name == name, table.c.until > until)
        await self._database.write(sa.update(table).where(is_longer).values(until=until))
