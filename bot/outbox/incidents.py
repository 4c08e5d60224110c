"""Exec refuses our key, and since when: shared by every process and kept over restarts. Rows of
the table `learned`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.outbox import deliveries
from bot.outbox.reasons import Why
from bot.storage.database import Database, Row
from bot.storage.tables import learned as table

INCIDENT, WELL, TOLD = "exec_key:incident", "exec_key:well", "exec_key:told"
# While an incident lasts, it is looked so often whether there are more admins to tell.
LOOK_AGAIN_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Incident:
    """`id` is opaque, `kind` a word of our own."""

    id: str
    kind: str
    since: datetime


class Incidents:
    """One at a time. All raise StorageError."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    async def current(self) -> Incident | None:
        """The incident that is open."""
        row = await self._read(INCIDENT)
        if row is None:
            return None
        id_, _, kind = row.value.partition(" ")
        return Incident(id_, kind, row.at)

    async def open(self, kind: str, since: datetime) -> Incident:
        """A new incident, or the one that another process opened meanwhile."""
        mine = Incident(self._new_id(), kind, since)
        row = {"name": INCIDENT, "value": f"{mine.id} {kind}", "at": since}
        insert = self._database.insert(table).values(row)
        await self._database.write(insert.on_conflict_do_nothing())
        return await self.current() or mine

    async def well(self, at: datetime) -> None:
        """All was well at `at`: what began before is over, and nobody is told of it any more."""
        over = sa.delete(table).where(table.c.name == INCIDENT, table.c.at < at)
        async with self._database.transaction() as connection:
            await self._keep(connection, WELL, "well", at)
            value = (await connection.execute(over.returning(table.c.value))).scalar()
            if value is not None:
                id_ = value.partition(" ")[0]
                await deliveries.skip(connection, id_, Why.REMOVED, self._clock())

    async def last_well(self) -> datetime | None:
        """When any process last found all well."""
        row = await self._read(WELL)
        return None if row is None else row.at

    async def is_to_tell(self, incident: Incident) -> bool:
        """Whether somebody may not have been told yet."""
        row = await self._read(TOLD)
        return row is None or row.value != incident.id or row.at <= self._clock() - LOOK_AGAIN_AFTER

    async def told(self, incident: Incident) -> None:
        """The outbox holds a message to everybody who is to be told of it now."""
        async with self._database.transaction() as connection:
            await self._keep(connection, TOLD, incident.id, self._clock())

    async def _keep(self, connection: AsyncConnection, name: str, value: str, at: datetime) -> None:
        row = {"name": name, "value": value, "at": at}
        await self._database.put(connection, table, [row])

    async def _read(self, name: str) -> Row | None:
        return await self._database.row(sa.select(table).where(table.c.name == name))
