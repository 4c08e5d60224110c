"""Whose turn it is to read a list from Exec: one reader at a time, over all processes.

Works on any table with a key, `fetched_at` (read last) and `tried_at` (a reading last begun).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.errors import ExecError
from bot.exec_api.single_flight import SingleFlight
from bot.storage.database import Database

# A question waits so long for another process that reads what it needs, then reads it itself:
# that process may be dead.
LOOK_EVERY = 0.25  # seconds
LOOKS = 40
RETRY = timedelta(minutes=1)

Read = Callable[[], Coroutine[Any, Any, None]]
Sleep = Callable[[float], Awaitable[None]]


class Turns:
    def __init__(
        self,
        database: Database,
        table: sa.Table,
        clock: Callable[[], datetime],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._database = database
        self._table = table
        self._key = table.primary_key.columns[0]
        self._clock = clock
        self._sleep = sleep
        self._flight: SingleFlight[None] = SingleFlight(finishes=True)

    async def take(self, key: str, *, after: timedelta) -> bool:
        """Begin a reading, unless one was begun or finished less than `after` ago.

        Looked up and noted in one statement: of two processes only one is let through.
        """
        columns, now = self._table.c, self._clock()
        insert = self._database.insert(self._table).values({self._key.name: key, "tried_at": now})
        taking = insert.on_conflict_do_update(
            index_elements=[self._key],
            set_={"tried_at": now},
            where=sa.and_(
                *(
                    sa.or_(moment.is_(None), moment <= now - after)
                    for moment in (columns.tried_at, columns.fetched_at)
                )
            ),
        ).returning(self._key)
        return await self._database.returned(taking) is not None

    async def read(self, key: str, read: Read, *, after: timedelta) -> bool:
        """Read, if it can be the turn (see `take`); whether it was. Everyone in this process who
        has to be waited for meanwhile shares the reading and its fate.
        """
        if not await self.take(key, after=after):
            return False
        await self._flight.join(key, lambda _tell: read())
        return True

    async def share_awaited(
        self, key: str, read: Read, *, since: datetime, flight: str = ""
    ) -> None:
        """Read what a question cannot do without, or see another process read it.

        A reading that was finished after `since` will do. Once one has failed, the next
        question may try at once. Only those of the same `flight` share one in this process.
        """
        await self._flight.join(f"{key}{flight}", lambda _tell: self._read_or_see(key, read, since))

    async def _read_or_see(self, key: str, read: Read, since: datetime) -> None:
        for _ in range(LOOKS):
            if await self.take(key, after=RETRY):
                break
            if await self._is_read(key, since):
                return
            await self._sleep(LOOK_EVERY)
        try:
            await read()
        except ExecError:
            await self.give_back(key)
            raise

    async def _is_read(self, key: str, since: datetime) -> bool:
        query = sa.select(self._key).where(self._key == key, self._table.c.fetched_at > since)
        return await self._database.scalar(query) is not None

    async def give_back(self, key: str) -> None:
        """Let the next one read at once."""
        update = sa.update(self._table).where(self._key == key).values(tried_at=None)
        await self._database.write(update)
