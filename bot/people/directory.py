"""The people of the Exec workspace: who is in it, who joined, and who is there no longer."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.exec_api.models import User, WorkspaceMember
from bot.language.query import REMOVED, Member
from bot.language.text import identifying, kept_address
from bot.storage.database import Database
from bot.storage.tables import member, practice_person

Row = dict[str, Any]

_PRESENT = sa.select(member).where(member.c.gone_at.is_(None))
# An empty address is nobody's.
_WITH_ID = _PRESENT.where(member.c.id == sa.bindparam("value"))
_WITH_EMAIL = _PRESENT.where(member.c.email == sa.bindparam("value"), member.c.email != "")
_WITH_IDS = sa.select(member).where(member.c.id.in_(sa.bindparam("ids", expanding=True)))


class Directory:
    """Reads and keeps the members. Asks nothing of Exec."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def present(self) -> tuple[Member, ...]:
        """Everyone in the workspace."""
        return await self._present(sa.true())

    async def present_by(self, *, id_: str | None = None, email: str = "") -> Member | None:
        """The member with this id or else this e-mail, whatever its case."""
        query, value = (_WITH_ID, id_) if id_ is not None else (_WITH_EMAIL, identifying(email))
        for row in await self._database.rows(query, {"value": value}):
            return Member(row.id, row.email, row.name, row.role)
        return None

    async def present_called(self, names: Collection[str]) -> tuple[Member, ...]:
        """The members with exactly these names."""
        return await self._present(member.c.name.in_(names))

    async def with_ids(self, ids: Collection[str]) -> tuple[Member, ...]:
        """Those with these ids who are members, or are known to have left."""
        rows = await self._database.rows(_WITH_IDS, {"ids": list(ids)})
        return tuple(
            Member(row.id, row.email, row.name, row.role if row.gone_at is None else REMOVED)
            for row in rows
        )

    async def left_by(self, *, id_: str | None = None, email: str = "") -> Member | None:
        """Who had this id or e-mail, and is known to have left; the last one to leave."""
        found = await self._left(_is(member, id_, email))
        return found[0] if found else None

    async def practised_by(self, *, id_: str | None = None, email: str = "") -> Member | None:
        """Who is no member, as far as is known, but is named with this id or e-mail by sessions."""
        found = await self._practised(_is(practice_person, id_, email))
        return found[0] if found else None

    async def left(self) -> tuple[Member, ...]:
        """All who are known to have left, the last one to leave first."""
        return await self._left(sa.true())

    async def admins(self) -> tuple[str, ...]:
        """The e-mail addresses of Exec's admins."""
        return tuple(
            each.email for each in await self.present() if each.role == "admin" and each.email
        )

    async def removed(self) -> tuple[Member, ...]:
        """All who left, and all whom sessions name who are no members."""
        return (*await self.left(), *await self._practised(sa.true()))

    async def store(
        self, connection: AsyncConnection, people: Iterable[WorkspaceMember], now: datetime
    ) -> None:
        """Make `people` those who are in the workspace; who is not among them left at `now`."""
        held = {row.id: row._asdict() for row in await connection.execute(sa.select(member))}
        listed = [
            {"id": p.id, "email": kept_address(p.email), "name": p.name, "role": p.role}
            for p in people
        ]
        changed, gone = changes(held, listed, now)
        await self._database.put(connection, member, changed)
        if gone:
            leaving = sa.update(member).where(member.c.id == sa.bindparam("gone_id"))
            await connection.execute(
                leaving.values(gone_at=now), [{"gone_id": id_} for id_ in gone]
            )

    async def _present(self, condition: sa.ColumnElement[bool]) -> tuple[Member, ...]:
        rows = await self._database.rows(_PRESENT.where(condition))
        return tuple(Member(row.id, row.email, row.name, row.role) for row in rows)

    async def _left(self, condition: sa.ColumnElement[bool]) -> tuple[Member, ...]:
        query = sa.select(member).where(condition, member.c.gone_at.is_not(None))
        query = query.order_by(member.c.gone_at.desc(), member.c.id)
        rows = await self._database.rows(query)
        return tuple(Member(row.id, row.email, row.name, REMOVED) for row in rows)

    async def _practised(self, condition: sa.ColumnElement[bool]) -> tuple[Member, ...]:
        known = sa.select(member.c.id).where(member.c.id == practice_person.c.id)
        query = sa.select(practice_person).where(condition, ~known.exists())
        rows = await self._database.rows(query.order_by(practice_person.c.id))
        people = [
            User(id=row.id, email=row.email, first_name=row.first_name, last_name=row.last_name)
            for row in rows
        ]
        return tuple(Member(p.id, p.email, p.name, REMOVED) for p in people)


def changes(held: dict[str, Row], listed: list[Row], now: datetime) -> tuple[list[Row], list[str]]:
    """The rows to write after a reading, and the ids of those who left. Pure.

    `held` are the rows by id, `listed` the people as Exec lists them now, without `since` and
    `gone_at`. Who is new or comes back is in the workspace since `now`; of the first reading
    nobody can tell since when.
    """
    changed = []
    for person in listed:
        old = held.get(person["id"])
        is_back = old is not None and old["gone_at"] is not None
        is_new = old is None and bool(held)
        since = now if is_back or is_new else old and old["since"]
        row = {**person, "since": since, "gone_at": None}
        if row != old:
            changed.append(row)
    still_here = {person["id"] for person in listed}
    gone = [id_ for id_, row in held.items() if row["gone_at"] is None and id_ not in still_here]
    return changed, gone


def _is(table: sa.Table, id_: str | None, email: str) -> sa.ColumnElement[bool]:
    if id_ is not None:
        return table.c.id == id_
    # An empty address is nobody's.
    return sa.and_(table.c.email == identifying(email), table.c.email != "")
