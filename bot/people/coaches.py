"""Coaches and the people they coach, and what people set for themselves. All ids are Exec's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from bot.errors import NotAllowed, TooOld
from bot.exec.lists import TEAM_MAX_AGE
from bot.language.query import Member
from bot.people import access
from bot.people.access import Asker, Visibility
from bot.people.directory import Directory, label_namesakes
from bot.storage.database import Database
from bot.storage.tables import coaching, person_setting, team, team_member


class CoachedKind(StrEnum):
    """The kind of an assignment to a coach."""

    GROUP = "group"
    PERSON = "person"


OWN = "own"  # the kind of a group that somebody is in


@dataclass(frozen=True, slots=True)
class Coach:
    """A coach, with the groups and people that an admin assigned."""

    id: str
    groups: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PersonSettings:
    """The settings under `/exec me`."""

    hides_name: bool = False
    mutes_nudges: bool = False


class Coaches:
    """Stores coaches and settings. All methods raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, coach: Coach) -> None:
        """Assign more groups and people to a coach."""
        values = [
            {"kind": kind, "subject_id": subject_id, "coach_id": coach.id}
            for kind, subject_id in _subjects(coach)
        ]
        insert = self._database.insert(coaching)
        async with self._database.transaction() as connection:
            await connection.execute(insert.on_conflict_do_nothing(), values)

    async def remove(self, coach: Coach) -> None:
        """Unassign these groups and people from a coach."""
        subject = sa.tuple_(coaching.c.kind, coaching.c.subject_id)
        gone = sa.delete(coaching).where(coaching.c.coach_id == coach.id)
        await self._database.write(gone.where(subject.in_(_subjects(coach))))

    async def of(self, coach_id: str) -> Coach:
        """A coach by their Exec id."""
        query = sa.select(coaching).where(coaching.c.coach_id == coach_id)
        return _coach(coach_id, await self._database.rows(query))

    async def listed(self) -> tuple[Coach, ...]:
        """Every coach, by id."""
        rows: dict[str, list[sa.Row[Any]]] = {}
        for row in await self._database.rows(sa.select(coaching).order_by(coaching.c.coach_id)):
            rows.setdefault(row.coach_id, []).append(row)
        return tuple(_coach(id_, own) for id_, own in rows.items())

    async def set_person(self, member_id: str, **flags: bool) -> None:
        """Change the settings of a person: `hides_name`, `mutes_nudges`."""
        async with self._database.transaction() as connection:
            row = {"member_id": member_id, **flags}
            await self._database.put(connection, person_setting, [row])

    async def person_settings(self, member_id: str) -> PersonSettings:
        """The settings of a person."""
        mine = person_setting.c.member_id == member_id
        row = await self._database.row(sa.select(person_setting).where(mine))
        return PersonSettings(row.hides_name, row.mutes_nudges) if row else PersonSettings()

    async def unnamed(self) -> frozenset[str]:
        """Everyone who hides their name in channels."""
        hiding = sa.select(person_setting.c.member_id).where(person_setting.c.hides_name)
        return frozenset(await self._database.scalars(hiding))


@dataclass(frozen=True, slots=True)
class Coaching:
    """What somebody can see now: the members of their groups, and assigned people.

    All methods raise StorageError.
    """

    database: Database
    directory: Directory
    clock: Callable[[], datetime]

    async def visibility(self, asker: Asker) -> Visibility:
        """What `asker` can see. Raises NotAllowed for people who see nothing."""
        seen = access.visibility(asker)  # raises before any look-up
        if asker.member is None:
            return seen
        rows = await self.database.rows(_rosters_of(asker.member.id))
        seen = access.visibility(asker, _stored(rows, self.clock() - TEAM_MAX_AGE))
        if seen.everyone:
            return seen
        return replace(seen, hidden=await self.directory.hidden_from(seen.members))

    async def person(self, asker: Asker, id_: str) -> Member:
        """The person of a button, with their address after the name if `asker` can see a namesake.
        Raises TooOld, and NotAllowed if `asker` can no longer see them."""
        visibility = await self.visibility(asker)
        person = await self.directory.person(id_=id_)
        if person is None:
            raise TooOld
        if not visibility.covers((person,)):
            if visibility.unsure:
                raise access.refuse("the person this was about", visibility)
            raise NotAllowed("You can no longer see the person this was about.")
        listed = await self.directory.members()
        return label_namesakes((person,), listed, visibility.knows)[0]


def _rosters_of(member_id: str) -> sa.Select[Any]:
    """A row for each person assigned to a coach, each group they are in, and each member of each
    group assigned to them."""
    assigned = sa.select(coaching.c.kind, coaching.c.subject_id.label("id"))
    own = sa.select(sa.literal(OWN), team_member.c.team_id)
    mine = sa.union_all(
        assigned.where(coaching.c.coach_id == member_id),
        own.where(team_member.c.member_id == member_id),
    ).subquery()
    is_coached = mine.c.kind == CoachedKind.GROUP
    return (
        sa.select(mine.c.kind, mine.c.id, team.c.members_at, team_member.c.member_id)
        .outerjoin(team, team.c.id == mine.c.id)
        .outerjoin(team_member, sa.and_(team_member.c.team_id == team.c.id, is_coached))
        .where(sa.or_(mine.c.kind == CoachedKind.PERSON, team.c.id.is_not(None)))
    )


def _stored(rows: Iterable[sa.Row[Any]], since: datetime) -> Visibility:
    """What somebody coaches, and the groups they are in. Groups whose members were read before
    `since` are unsure."""
    coached, groups, people, own, unsure = (set[str]() for _ in range(5))
    for row in rows:
        if row.kind == CoachedKind.PERSON:
            people.add(row.id)
        elif row.members_at is None or row.members_at <= since:
            unsure |= {row.id} if row.kind == CoachedKind.GROUP else set()
        elif row.kind == OWN:
            own.add(row.id)
        else:
            groups.add(row.id)
            coached |= {row.member_id} - {None}
    return Visibility(
        everyone=False,
        coached=frozenset(coached | people),
        groups=frozenset(groups),
        people=frozenset(people),
        own_groups=frozenset(own),
        unsure=frozenset(unsure),
    )


def _subjects(coach: Coach) -> list[tuple[str, str]]:
    groups = [(CoachedKind.GROUP.value, id_) for id_ in sorted(coach.groups)]
    return groups + [(CoachedKind.PERSON.value, id_) for id_ in sorted(coach.people)]


def _coach(id_: str, rows: Collection[sa.Row[Any]]) -> Coach:
    return Coach(
        id_,
        frozenset(row.subject_id for row in rows if row.kind == CoachedKind.GROUP),
        frozenset(row.subject_id for row in rows if row.kind == CoachedKind.PERSON),
    )
