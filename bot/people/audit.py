"""The access log: who looked at whose practice. The people looked at and admins can read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.language.query import ResolvedQuery
from bot.people.access import Asker
from bot.storage.database import Database, Row
from bot.storage.tables import access_log as table

EVERYBODY = "everybody"  # in place of a group's id


def groups_of(query: ResolvedQuery) -> frozenset[str]:
    """What the log has of a question that names nobody: its groups, or everybody."""
    return frozenset() if query.people is not None else query.groups or frozenset((EVERYBODY,))


@dataclass(frozen=True, slots=True)
class Look:
    """An answer about people and groups, by their Exec ids; the asker can be one of the people."""

    asker: Asker
    report: str
    people: frozenset[str]
    groups: frozenset[str] = frozenset()

    @property
    def others(self) -> frozenset[str]:
        """Whom and what the answer is about, without the asker."""
        own = self.asker.member.id if self.asker.member else ""
        return self.people - {own, ""} | self.groups


class Audit:
    """Writes and reads the log. All methods raise StorageError."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def note(self, look: Look) -> None:
        """Log a look, once per day, asker, person or group, and report."""
        if look.others:
            async with self._database.transaction() as connection:
                await self.write(connection, look)

    async def write(self, connection: AsyncConnection, look: Look) -> None:
        """As `note`, in the transaction of `connection`."""
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
        # Sorted, so that two transactions can't deadlock.
        rows = [{**entry, "person_id": id_} for id_ in sorted(look.others)]
        await connection.execute(self._database.insert(table).on_conflict_do_nothing(), rows)

    async def at(self, id_: str) -> Sequence[Row]:
        """Every look at a person or a group: its day, name, email and report; newest first."""
        query = (
            sa.select(table)
            .where(table.c.person_id == id_)
            .order_by(table.c.day.desc(), table.c.name, table.c.user_id, table.c.report)
        )
        return await self._database.rows(query)
