"""The access log: who looked at whose practice, so that those people and the admins can read it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import Asker
from bot.storage.database import Database
from bot.storage.tables import access_log as table


@dataclass(frozen=True, slots=True)
class Look:
    """An answer that names people, by their Exec ids; the asker can be one of them."""

    asker: Asker
    report: str
    people: frozenset[str]

    @property
    def others(self) -> frozenset[str]:
        """The people it names, without the asker."""
        own = self.asker.member.id if self.asker.member else ""
        return self.people - {own, ""}


@dataclass(frozen=True, slots=True)
class Noted:
    """Who looked at a person, in which report, on which day."""

    day: date
    name: str
    email: str
    report: str


class Audit:
    """All methods raise StorageError."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def note(self, look: Look) -> None:
        """Log a look, once for each day, asker, person and report."""
        if look.others:
            async with self._database.transaction() as connection:
                await self.write(connection, look)

    async def write(self, connection: AsyncConnection, look: Look) -> None:
        """The same in the transaction of `connection`."""
        if not look.others:
            return
        asker = look.asker
        entry = {
            "day": self._clock().astimezone(asker.zone).date(),
            "team_id": asker.team_id,
            "user_id": asker.user_id,
            "member_id": asker.member.id if asker.member else "",
            "name": asker.name,
            "email": asker.email,
            "report": look.report,
        }
        # In one order, so that no two transactions that add people wait for each other.
        rows = [{**entry, "person_id": id_} for id_ in sorted(look.others)]
        await connection.execute(self._database.insert(table).on_conflict_do_nothing(), rows)

    async def at(self, person_id: str) -> tuple[Noted, ...]:
        """Every look at a person, newest first."""
        query = (
            sa.select(table)
            .where(table.c.person_id == person_id)
            .order_by(table.c.day.desc(), table.c.name, table.c.user_id, table.c.report)
        )
        return tuple(
            Noted(row.day, row.name, row.email, row.report)
            for row in await self._database.rows(query)
        )

    async def forget_old(self, kept: timedelta) -> None:
        """Forget the looks on days that are at least `kept` ago."""
        newest = (self._clock() - kept).date()
        await self._database.write(sa.delete(table).where(table.c.day <= newest))

    async def forget(
        self, ids: Collection[str], accounts: Collection[tuple[str, str]], email: str
    ) -> None:
        """Forget a person by their Exec ids, accounts and address: that they were looked at, and
        that they looked."""
        of_accounts = [
            sa.and_(table.c.team_id == team_id, table.c.user_id == user_id)
            for team_id, user_id in accounts
        ]
        # Somebody at the command line goes by their address.
        own = (table.c.user_id == email, table.c.email == email)
        theirs = (table.c.person_id.in_(ids), table.c.member_id.in_(ids), *own, *of_accounts)
        await self._database.write(sa.delete(table).where(sa.or_(*theirs)))
