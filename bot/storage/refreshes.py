"""When somebody last had a question read anew from Exec: once a minute, over all processes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.storage.clocks import ahead
from bot.storage.database import Database
from bot.storage.tables import refresh as table

AGAIN_AFTER = timedelta(minutes=1)


class Refreshes:
    """All methods raise StorageError."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, team_id: str, user_id: str, words: str) -> datetime | None:
        """Note that this person has these words read anew now; or when they last had that done,
        if it is too soon to do it again (aware)."""
        key = hashlib.sha256(f"{team_id}\n{user_id}\n{words}".encode()).hexdigest()
        now = self._clock()
        noting = (
            self._database.insert(table)
            .values(key=key, at=now)
            .on_conflict_do_update(
                index_elements=[table.c.key],
                set_={"at": now},
                where=sa.or_(table.c.at <= now - AGAIN_AFTER, ahead(table.c.at, now)),
            )
            .returning(table.c.key)
        )
        before = sa.select(table.c.at).where(table.c.key == key)
        async with self._database.transaction() as connection:
            if (await connection.execute(noting)).first() is not None:
                return None
            last: datetime = (await connection.execute(before)).scalar_one()
        return last

    async def forget_old(self) -> None:
        """Delete what says no to nobody any more."""
        old = sa.delete(table).where(table.c.at < self._clock() - AGAIN_AFTER)
        async with self._database.transaction() as connection:
            await connection.execute(old)
