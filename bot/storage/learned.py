"""Facts learned about the outside world, kept with the moment they were learned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.storage.database import Database
from bot.storage.tables import learned as table


def home_of(team_id: str, user_id: str) -> str:
    """Under which name it is kept what somebody's Home tab says."""
    return f"home: {team_id} {user_id}"


class Learned:
    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def recall(self, name: str, *, within: timedelta) -> str | None:
        """The value of `name` if it was learned less than `within` ago."""
        query = sa.select(table.c.value).where(
            table.c.name == name, table.c.at > self._clock() - within
        )
        return await self._database.scalar(query)

    async def learn(self, name: str, value: str) -> None:
        row = {"name": name, "value": value, "at": self._clock()}
        async with self._database.transaction() as connection:
            await self._database.put(connection, table, [row])
