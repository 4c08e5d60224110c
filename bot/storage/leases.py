"""Who does what only one process at a time should do.

A lease ends by itself: a process that dies while it holds one is followed by another.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.storage.clocks import ahead
from bot.storage.database import Database
from bot.storage.tables import lease as table


class Leases:
    """Leases by name. `holder` is this process, a word of up to 32 characters of its own.

    Whoever takes a name takes it for the same length.

    All methods raise StorageError.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime], holder: str) -> None:
        self._database = database
        self._clock = clock
        self._holder = holder

    async def take(self, name: str, length: timedelta) -> bool:
        """Hold `name` from now on for `length`, or longer if it is held already; False if another
        process holds it."""
        now = self._clock()
        values = {"holder": self._holder, "until": now + length}
        insert = self._database.insert(table).values(name=name, **values)
        mine = insert.on_conflict_do_update(
            index_elements=[table.c.name],
            set_=values,
            # A lease that lasts for longer than any may was written by a clock that was wrong.
            where=sa.or_(
                table.c.holder == self._holder,
                table.c.until <= now,
                ahead(table.c.until, now + length),
            ),
        ).returning(table.c.name)
        async with self._database.transaction() as connection:
            return (await connection.execute(mine)).first() is not None

    async def give_back(self, name: str) -> None:
        """Let others have it at once."""
        mine = sa.delete(table).where(table.c.name == name, table.c.holder == self._holder)
        async with self._database.transaction() as connection:
            await connection.execute(mine)

    async def is_taken(self, name: str) -> bool:
        """Whether anybody holds it now."""
        query = sa.select(table.c.name).where(table.c.name == name, table.c.until > self._clock())
        async with self._database.transaction(reads=True) as connection:
            return (await connection.execute(query)).first() is not None
