"""Something is wrong with the outside world, since when, and who was told: shared by every
process and kept over restarts. Rows of the table `learned`.

A row says who is told of an incident and how far that is, as `posting`, `sent` or `refused`; its
moment is the lease. Like every delivery it is marked before it is sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from bot.storage.database import Database
from bot.storage.tables import learned as table

# The part of the outside world that is Exec's taking of our key.
EXEC_KEY = "exec_key"
LEASE = timedelta(minutes=1)
# After a post that surely failed.
AGAIN_AFTER = timedelta(minutes=15)
# Between two incidents that the same person is told of: one that comes and goes is one.
QUIET = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Incident:
    """`id` is opaque, `kind` a word of our own."""

    id: str
    kind: str
    since: datetime


class Told(StrEnum):
    POSTING = "posting"
    SENT = "sent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Telling:
    """One person to be told of one incident. `unsure`: they may have been told already."""

    name: str
    incident: Incident
    at: datetime
    unsure: bool


class Incidents:
    """The incidents of one part of the outside world, one at a time. All raise StorageError."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        part: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id
        self._part = part

    async def current(self) -> Incident | None:
        """The incident that is open."""
        row = await self._read("incident")
        if row is None:
            return None
        id_, _, kind = row[0].partition(" ")
        return Incident(id_, kind, row[1])

    async def open(self, kind: str, since: datetime) -> Incident:
        """A new incident, or the one that another process opened meanwhile."""
        mine = Incident(self._new_id(), kind, since)
        insert = self._database.insert(table).values(
            name=self._name("incident"), value=f"{mine.id} {kind}", at=since
        )
        async with self._database.transaction() as connection:
            await connection.execute(insert.on_conflict_do_nothing())
        return await self.current() or mine

    async def well(self, at: datetime) -> None:
        """All was well at `at`: what began before is over."""
        values = {"value": "well", "at": at}
        insert = self._database.insert(table).values(name=self._name("well"), **values)
        over = sa.delete(table).where(table.c.name == self._name("incident"), table.c.at < at)
        async with self._database.transaction() as connection:
            await connection.execute(
                insert.on_conflict_do_update(
                    index_elements=[table.c.name],
                    set_=values,
                    where=table.c.at < at,
                )
            )
            await connection.execute(over)

    async def last_well(self) -> datetime | None:
        """When any process last found all well; None if never."""
        row = await self._read("well")
        return None if row is None else row[1]

    async def tell(self, incident: Incident, person: str) -> Telling | None:
        """For the one caller who shall tell `person` now; None if there is nothing to do."""
        now = self._clock()
        name = self._name(f"told:{hashlib.sha256(person.lower().encode()).hexdigest()[:24]}")
        mine = {"value": f"{Told.POSTING} {incident.id}", "at": now}
        query = sa.select(table.c.value, table.c.at).where(table.c.name == name).with_for_update()
        async with self._database.transaction() as connection:
            row = (await connection.execute(query)).first()
            if row is not None and not _is_due(row.value, row.at, incident, now):
                return None
            if row is None:
                insert = self._database.insert(table).values(name=name, **mine)
                # Two may insert at once; one of them does.
                step = insert.on_conflict_do_nothing().returning(table.c.name)
                if (await connection.execute(step)).first() is None:
                    return None
            else:
                update = sa.update(table).where(table.c.name == name).values(mine)
                await connection.execute(update)
        unsure = row is not None and row.value == f"{Told.POSTING} {incident.id}"
        return Telling(name, incident, now, unsure)

    async def hold(self, telling: Telling) -> Telling | None:
        """Go on telling for another lease; None if that is another's by now."""
        now = self._clock()
        return replace(telling, at=now) if await self._change(telling, Told.POSTING, now) else None

    async def close(self, telling: Telling, told: Told) -> None:
        """They were told, or surely not."""
        await self._change(telling, told, self._clock())

    async def _change(self, telling: Telling, told: Told, now: datetime) -> bool:
        update = (
            sa.update(table)
            .where(
                table.c.name == telling.name,
                table.c.value == f"{Told.POSTING} {telling.incident.id}",
                table.c.at == telling.at,
            )
            .values(value=f"{told} {telling.incident.id}", at=now)
            .returning(table.c.name)
        )
        async with self._database.transaction() as connection:
            return (await connection.execute(update)).first() is not None

    async def _read(self, what: str) -> tuple[str, datetime] | None:
        query = sa.select(table.c.value, table.c.at).where(table.c.name == self._name(what))
        async with self._database.transaction(reads=True) as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else (row.value, row.at.astimezone(UTC))

    def _name(self, what: str) -> str:
        return f"{self._part}:{what}"


def _is_due(value: str, at: datetime, incident: Incident, now: datetime) -> bool:
    told, _, id_ = value.partition(" ")
    if id_ != incident.id:
        return at <= now - QUIET
    waits = {Told.POSTING: LEASE, Told.REFUSED: AGAIN_AFTER}
    return told in waits and at <= now - waits[Told(told)]
