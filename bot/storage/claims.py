"""Claims for work that is done once, by the first process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.tables import claim

FOREVER = timedelta(days=36_500)


def hello_of(team_id: str, user_id: str) -> str:
    """The name of the claim for greeting somebody."""
    return f"hello: {team_id} {user_id}"


class Claims:
    """Claims by name. All methods raise StorageError."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def claim(
        self, name: str, length: timedelta = FOREVER, connection: AsyncConnection | None = None
    ) -> bool:
        """Claim a name for `length`. Returns True for the first caller in any process. With a
        connection, the claim is part of its transaction."""
        now = self._clock()
        insert = self._database.insert(claim).values(name=name, until=now + length)
        claiming = insert.on_conflict_do_update(
            index_elements=[claim.c.name],
            set_={"until": now + length},
            where=claim.c.until <= now,
        ).returning(claim.c.name)
        if connection is None:
            return await self._database.returned(claiming) is not None
        return (await connection.execute(claiming)).first() is not None

    async def is_claimed(self, name: str) -> bool:
        """Whether a claim is in force."""
        query = sa.select(claim.c.name).where(claim.c.name == name, claim.c.until > self._clock())
        return await self._database.scalar(query) is not None

    async def end(self, name: str, after: timedelta) -> None:
        """Shorten a claim to this time from now."""
        until = self._clock() + after
        longer = sa.update(claim).where(claim.c.name == name, claim.c.until > until)
        await self._database.write(longer.values(until=until))
