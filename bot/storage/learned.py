"""Facts learned about the outside world, kept with the moment they were learned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.storage.database import Database
from bot.storage.tables import learned as table

TOLD = "told: "


def home_of(team_id: str, user_id: str) -> str:
    """Under which name it is kept what somebody's Home tab says."""
    return f"home: {team_id} {user_id}"


def hello_of(team_id: str, user_id: str) -> str:
    """Under which name it is kept that somebody was greeted."""
    return f"hello: {team_id} {user_id}"


def told_of(subscription_id: str) -> str:
    """Under which name it is kept what a coach's last message said, in hashes."""
    return f"{TOLD}{subscription_id}"


@dataclass(frozen=True, slots=True)
class Fact:
    """A value, and the moment (aware, UTC) since which, or as of which, it is so."""

    value: str
    at: datetime


class Learned:
    """All raise StorageError."""

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

    async def read(self, name: str) -> Fact | None:
        """What is kept under `name`."""
        row = await self._database.row(sa.select(table).where(table.c.name == name))
        return None if row is None else Fact(row.value, row.at)

    async def change(self, name: str, before: Fact | None, now: Fact) -> bool:
        """Keep `now` in place of `before`; False where something else is kept by now."""
        row = {"name": name, "value": now.value, "at": now.at}
        if before is None:
            insert = self._database.insert(table).values(row)
            return bool(await self._database.write(insert.on_conflict_do_nothing()))
        same = (table.c.name == name, table.c.value == before.value, table.c.at == before.at)
        return bool(await self._database.write(sa.update(table).where(*same).values(row)))
