"""Who was in a group at a moment, so that two reports on one week are about the same people.

Exec tells who is in a group now, not since when. So those of a moment are those whom it listed
at the first look after that, but for who came into the workspace later than the moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.exec_api.models import WorkspaceMember
from bot.language.query import is_system
from bot.storage.database import Database
from bot.storage.tables import roster_member, roster_past

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stint:
    """A time in a group, by a person's Exec id.

    They were not in it at `unlisted_at` (None: nobody looked before), and still at `listed_at`
    (None: they are in it now).
    """

    user_id: str
    unlisted_at: datetime | None
    listed_at: datetime | None

    def covers(self, moment: datetime) -> bool:
        """Whether the first look at that moment or later found them in the group."""
        began = self.unlisted_at is None or self.unlisted_at < moment
        return began and (self.listed_at is None or moment <= self.listed_at)


@dataclass(frozen=True, slots=True)
class Membership:
    """Everyone who is or was in a group; Exec's own staff are not among them."""

    stints: tuple[Stint, ...]

    @property
    def ever(self) -> frozenset[str]:
        """The Exec ids of all of them."""
        return frozenset(stint.user_id for stint in self.stints)

    def at(self, moment: datetime) -> frozenset[str]:
        """The Exec ids of those who were in it then."""
        return frozenset(stint.user_id for stint in self.stints if stint.covers(moment))


class Memberships:
    """Keeps who is and was in a group. Asks nothing of Exec."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def store(
        self,
        connection: AsyncConnection,
        group_id: str,
        people: Iterable[WorkspaceMember],
        *,
        at: datetime,
        before: datetime | None,
    ) -> None:
        """Make `people` those who are in the group, as a look told `at` then; the one `before` it
        was at that moment, None if it is the first."""
        in_group = roster_member.c.group_id == group_id
        found = (await connection.execute(sa.select(roster_member).where(in_group))).all()
        held = {row.user_id: row._asdict() for row in found}
        listed = {person.id: person for person in people}
        is_one = sa.and_(in_group, roster_member.c.user_id == sa.bindparam("one"))
        if new := sorted(listed.keys() - held.keys()):
            joined = [_joined(group_id, listed[id_], at, before) for id_ in new]
            await connection.execute(sa.insert(roster_member), joined)
        if left := sorted(held.keys() - listed.keys()):
            past = self._database.insert(roster_past).on_conflict_do_nothing()
            await connection.execute(past, [_left(held[id_], before or at) for id_ in left])
            leaving = sa.delete(roster_member).where(is_one)
            await connection.execute(leaving, [{"one": id_} for id_ in left])
        if moved := _moved(held, listed):
            await connection.execute(sa.update(roster_member).where(is_one), moved)


def _joined(group_id: str, person: WorkspaceMember, at: datetime, before: datetime | None) -> Row:
    since, unlisted_at = (None if before is None else at), before
    added = person.created_at
    # Who came into the workspace since the look before was not in the group until then.
    if added is not None and added <= at and (before is None or added > before):
        since = unlisted_at = added
    return {
        "group_id": group_id,
        "user_id": person.id,
        "since": since,
        "unlisted_at": unlisted_at,
        "is_system": is_system(person.email),
    }


def _moved(held: Mapping[str, Row], listed: Mapping[str, WorkspaceMember]) -> list[Row]:
    """Those whose address became one of Exec's own staff, or is one no longer."""
    return [
        {"one": id_, "is_system": is_system(listed[id_].email)}
        for id_ in sorted(listed.keys() & held.keys())
        if held[id_]["is_system"] != is_system(listed[id_].email)
    ]


def _left(row: Row, listed_at: datetime) -> Row:
    kept = {name: row[name] for name in ("group_id", "user_id", "unlisted_at", "is_system")}
    return {**kept, "listed_at": listed_at}
