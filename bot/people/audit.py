"""Who looked at whose practice: so that those who were looked at, and admins, can hear of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import Asker
from bot.storage.database import Database
from bot.storage.tables import audit_look as looks
from bot.storage.tables import audit_person as people


class Door(StrEnum):
    """How an answer was asked for."""

    COMMAND = "command"
    MESSAGE = "message"
    MENTION = "mention"
    BUTTON = "button"
    FORM = "form"
    CLOCK = "clock"
    TERMINAL = "terminal"
    EXPORT = "export"
    SHARE = "share"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody's look at the practice of others.

    `id` is that of the answer or message: under one id nothing is noted twice. `people` are the
    Exec ids of those whom it names, the asker perhaps among them.
    """

    id: str
    asker: Asker
    report: str
    door: Door
    people: frozenset[str]

    @property
    def others(self) -> frozenset[str]:
        """Those who are not the asker."""
        own = self.asker.member.id if self.asker.member else ""
        return self.people - {own, ""}


@dataclass(frozen=True, slots=True)
class Noted:
    """A look at one person: when (aware, UTC), by whom ("" once they are forgotten), at which
    report, and by which door."""

    at: datetime
    name: str
    email: str
    report: str
    door: Door


class Audit:
    """All methods raise StorageError."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def note(self, look: Look) -> None:
        """Note a look, once under its id; nothing where it is at nobody else."""
        if look.others:
            async with self._database.transaction() as connection:
                await self.write(connection, look)

    async def note_of_day(self, look: Look) -> None:
        """As `note`, for what has no answer of its own: once a day for each asker. The id says
        what it is."""
        asker = look.asker
        day = self._clock().astimezone(asker.zone).date()
        words = f"{look.id}\n{asker.team_id}\n{asker.user_id}\n{day}"
        await self.note(replace(look, id=hashlib.sha256(words.encode()).hexdigest()))

    async def write(self, connection: AsyncConnection, look: Look) -> None:
        """The same in the transaction of `connection`."""
        if not look.others:
            return
        asker = look.asker
        row = {
            "id": look.id,
            "at": self._clock(),
            "team_id": asker.team_id,
            "user_id": asker.user_id,
            "member_id": asker.member.id if asker.member else "",
            "name": asker.name,
            "email": asker.email,
            "report": look.report,
            "door": look.door.value,
        }
        # What is built anew, or looked at again, may name others than before. In one order, so
        # that no two of those who add people wait for each other.
        named = [{"look_id": look.id, "person_id": id_} for id_ in sorted(look.others)]
        await connection.execute(self._database.insert(looks).on_conflict_do_nothing(), row)
        await connection.execute(self._database.insert(people).on_conflict_do_nothing(), named)

    async def at(self, person_id: str) -> tuple[Noted, ...]:
        """Every look at a person that is noted, newest first."""
        query = (
            sa.select(looks)
            .join(people, people.c.look_id == looks.c.id)
            .where(people.c.person_id == person_id)
            .order_by(looks.c.at.desc(), looks.c.id)
        )
        return tuple(
            Noted(row.at, row.name, row.email, row.report, Door(row.door))
            for row in await self._database.rows(query)
        )

    async def forget_old(self, kept: timedelta) -> None:
        """Forget the looks that are older than `kept`."""
        is_old = looks.c.at < self._clock() - kept
        of_old = people.c.look_id.in_(sa.select(looks.c.id).where(is_old))
        await self._database.write(sa.delete(people).where(of_old), sa.delete(looks).where(is_old))

    async def forget(
        self, ids: Collection[str], accounts: Collection[tuple[str, str]], email: str
    ) -> None:
        """Forget a person by their Exec ids, accounts and address: that they were looked at, and
        that it was they who looked. That somebody looked stays for those who were looked at."""
        of_accounts = [
            sa.and_(looks.c.team_id == team_id, looks.c.user_id == user_id)
            for team_id, user_id in accounts
        ]
        # Somebody at the command line goes by their address.
        own = (looks.c.user_id == email, looks.c.email == email)
        theirs = sa.or_(looks.c.member_id.in_(ids), *own, *of_accounts)
        nobody = {"team_id": "", "user_id": "", "member_id": "", "name": "", "email": ""}
        await self._database.write(
            sa.delete(people).where(people.c.person_id.in_(ids)),
            sa.update(looks).where(theirs).values(nobody),
        )
