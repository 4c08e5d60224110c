"""Command texts behind buttons and forms. The button carries an opaque id, the row the words:
words hold names, and what a button carries can be read by every app in the channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.storage.database import Database
from bot.storage.tables import stored_command as table

KEEP = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class StoredCommand:
    """`words` are a whole command without the slash word, such as "sessions gold"."""

    id: str
    team_id: str
    user_id: str
    words: str
    channel_id: str = ""
    response_url: str | None = None


class StoredCommands:
    def __init__(
        self, database: Database, clock: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    async def keep(
        self,
        team_id: str,
        user_id: str,
        commands: tuple[str, ...],
        *,
        channel_id: str = "",
        response_url: str | None = None,
    ) -> tuple[str, ...]:
        """Store several command texts of one person; their ids in the same order."""
        if not commands:
            return ()
        rows = [
            {
                "id": self._new_id(),
                "team_id": team_id,
                "user_id": user_id,
                "words": words,
                "channel_id": channel_id,
                "response_url": response_url,
                "at": self._clock(),
            }
            for words in commands
        ]
        async with self._database.transaction() as connection:
            await connection.execute(sa.insert(table), rows)
        return tuple(str(row["id"]) for row in rows)

    async def find(self, id_: str, *, team_id: str, user_id: str) -> StoredCommand | None:
        """The command behind `id_`, if it is this person's own."""
        columns = [table.c[name] for name in StoredCommand.__dataclass_fields__]
        query = sa.select(*columns).where(
            table.c.id == id_, table.c.team_id == team_id, table.c.user_id == user_id
        )
        async with self._database.transaction(reads=True) as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return StoredCommand(**row) if row else None

    async def forget_old(self) -> None:
        old = sa.delete(table).where(table.c.at < self._clock() - KEEP)
        async with self._database.transaction() as connection:
            await connection.execute(old)
