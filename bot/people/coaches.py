"""Coaches and the people they coach, and what people set for themselves. All ids are Exec's."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from bot import access
from bot.access import Asker, Visibility
from bot.errors import NotAllowed, TooOld
from bot.language.query import Kind, Member
from bot.people.directory import ANY_AGE, Directory, Team
from bot.storage.database import Database
from bot.storage.tables import coaching, person_setting


class Subject(StrEnum):
    """The kind of an assignment to a coach."""

    GROUP = "group"
    PERSON = "person"


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

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def add(self, coach: Coach, *, by: str) -> None:
        """Assign more groups and people to a coach; `by` is the Slack id of the admin."""
        values = [
            {"kind": kind, "subject_id": subject_id, "coach_id": coach.id}
            for kind, subject_id in _subjects(coach)
        ]
        insert = self._database.insert(coaching).values(added_by=by, added_at=self._clock())
        async with self._database.transaction() as connection:
            await connection.execute(insert.on_conflict_do_nothing(), values)

    async def remove(self, coach: Coach) -> Coach:
        """Unassign these groups and people from a coach; returns those that were assigned."""
        gone = (
            sa.delete(coaching)
            .where(
                coaching.c.coach_id == coach.id,
                sa.tuple_(coaching.c.kind, coaching.c.subject_id).in_(_subjects(coach)),
            )
            .returning(coaching)
        )
        async with self._database.transaction() as connection:
            rows = (await connection.execute(gone)).all() if _subjects(coach) else []
        return _coach(coach.id, rows)

    async def of(self, coach_id: str) -> Coach:
        """A coach by their Exec id."""
        query = sa.select(coaching).where(coaching.c.coach_id == coach_id)
        return _coach(coach_id, await self._database.rows(query))

    async def all(self) -> tuple[Coach, ...]:
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

    async def unnamed(self, among: Collection[str]) -> frozenset[str]:
        """The people among these who hide their name in channels."""
        hiding = sa.select(person_setting.c.member_id).where(person_setting.c.hides_name)
        return frozenset(await self._database.scalars(hiding)) & frozenset(among)


@dataclass(frozen=True, slots=True)
class Coaching:
    """The people that somebody coaches now: the members of their groups, and assigned people.

    All methods raise StorageError.
    """

    coaches: Coaches
    directory: Directory

    async def visibility(self, asker: Asker) -> Visibility:
        """What `asker` can see. Raises NotAllowed for people who see nothing."""
        access.visibility(asker)  # raises before any look-up
        coach, own = await self._assigned(asker), frozenset[str]()
        if asker.member is not None:
            own = await self.directory.groups_of(asker.member.id)
        teams = await self.directory.teams(coach.groups | own)
        groups = coach.groups & teams.keys()
        people = coach.people.union(*(teams[id_].users for id_ in groups))
        seen = access.visibility(asker, people, groups, own & teams.keys())
        if not seen.everyone:
            seen = replace(seen, hidden=await self.directory.hidden_from(seen.members))
        if groups != coach.groups and (unsure := (await self.coach(asker)).groups - groups):
            known = await self.directory.teams(unsure, ANY_AGE)
            at = min((each.as_of for each in known.values()), default=None)
            at = at if known.keys() == unsure else None
            seen = replace(seen, unsure=unsure, seen_at=at and at.astimezone(asker.zone))
        return seen

    async def reach(self, asker: Asker) -> Visibility:
        """As `visibility`, but for admins without the people they coach, which saves a look-up."""
        seen = access.visibility(asker)
        return seen if seen.everyone else await self.visibility(asker)

    async def coached(self, asker: Asker) -> frozenset[str]:
        """The people `asker` coaches, without themselves and Exec's own staff."""
        coach = await self.coach(asker)
        teams: dict[str, Team] = await self.directory.teams(coach.groups)
        return coach.people.union(*(each.people for each in teams.values())) - {coach.id}

    async def person(self, asker: Asker, id_: str) -> Member:
        """The person of a button. Raises TooOld, and NotAllowed if `asker` can no longer see
        them."""
        visibility = await self.visibility(asker)
        person = await self.directory.person(id_=id_)
        if person is None:
            raise TooOld
        if not visibility.covers((person,)):
            if visibility.unsure:
                raise access.refuse("the person this was about", visibility)
            raise NotAllowed("You can no longer see the person this was about.")
        return person

    async def coach(self, asker: Asker) -> Coach:
        """What `asker` coaches, without groups that are gone from Exec."""
        coach = await self._assigned(asker)
        listed = {each.id for each in await self.directory.items(Kind.GROUP)}
        return replace(coach, groups=coach.groups & listed)

    async def _assigned(self, asker: Asker) -> Coach:
        if asker.member is None or not access.may_coach(asker):
            return Coach("")
        return await self.coaches.of(asker.member.id)


def _subjects(coach: Coach) -> list[tuple[str, str]]:
    groups = [(Subject.GROUP.value, id_) for id_ in sorted(coach.groups)]
    return groups + [(Subject.PERSON.value, id_) for id_ in sorted(coach.people)]


def _coach(id_: str, rows: Collection[sa.Row[Any]]) -> Coach:
    return Coach(
        id_,
        frozenset(row.subject_id for row in rows if row.kind == Subject.GROUP),
        frozenset(row.subject_id for row in rows if row.kind == Subject.PERSON),
    )
