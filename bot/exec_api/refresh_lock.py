"""Which process reads a list from Exec again, one at a time; and which lists are in use.

Works on any table with a key, `fetched_at` (read last), `tried_at` (a reading last begun) and
`asked_at` (when a question last needed it).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine
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
# That a list is in use is noted for all processes, once an hour, as most questions only read.
NOTE_EVERY = timedelta(hours=1)

Read = Callable[[], Coroutine[Any, Any, None]]
Sleep = Callable[[float], Awaitable[None]]


class RefreshLock:
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
        self._noted_at: dict[str, datetime] = {}

    async def note_use(self, keys: Collection[str]) -> None:
        """Note that these are needed: the others are not kept fresh."""
        now = self._clock()
        recent = {key for key, at in self._noted_at.items() if now - at < NOTE_EVERY}
        if new := sorted(set(keys) - recent):
            rows = [{self._key.name: key, "asked_at": now} for key in new]
            async with self._database.transaction() as connection:
                await self._database.put(connection, self._table, rows)
            self._noted_at |= dict.fromkeys(new, now)

    async def refresh(self, key: str, read: Read, *, after: timedelta) -> bool:
        """Read, unless a reading was begun or finished less than `after` ago; whether it was.

        Everyone in this process who has to be waited for meanwhile shares the reading and its fate.
        """
        if not await self._take(key, after):
            return False
        await self._flight.join(key, read)
        return True

    async def refresh_awaited(
        self, key: str, read: Read, *, since: datetime, flight: str = ""
    ) -> None:
        """Read what a question cannot do without, or wait for another process that reads it.

        A reading that was finished after `since` will do. Once one has failed, the next
        question may try at once. Only those of the same `flight` share one in this process.
        """
        await self._flight.join(f"{key}{flight}", lambda: self._read_or_wait(key, read, since))

    async def release(self, key: str) -> None:
        """Let the next one read at once."""
        update = sa.update(self._table).where(self._key == key).values(tried_at=None)
        await self._database.write(update)

    async def _read_or_wait(self, key: str, read: Read, since: datetime) -> None:
        is_read = sa.select(self._key).where(self._key == key, self._table.c.fetched_at > since)
        for _ in range(LOOKS):
            if await self._take(key, RETRY):
                break
            if await self._database.scalar(is_read) is not None:
                return
            await self._sleep(LOOK_EVERY)
        try:
            await read()
        except ExecError:
            await self.release(key)
            raise

    async def _take(self, key: str, after: timedelta) -> bool:
        """Looked up and noted in one statement: of two processes only one is let through."""
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
