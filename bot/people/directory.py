"""The people and things in Exec, from the stored lists, without requests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.language.query import REMOVED, Kind, Member, Named, is_system
from bot.language.text import identifying
from bot.mirror.lists import BUNDLES, GROUPS, MEMBERS, PROGRAMS, SCENARIOS, TEAM_MAX_AGE
from bot.storage.database import Database
from bot.storage.tables import (
    assignment,
    bundle,
    member,
    scenario,
    session,
    team,
    team_member,
    window,
)

ANY_AGE = timedelta(days=3650)  # of the members of a group
# The list that has the things of a kind.
LIST_OF = {
    Kind.GROUP: GROUPS,
    Kind.SCENARIO: SCENARIOS,
    Kind.SKILL: BUNDLES,
    Kind.COLLECTION: BUNDLES,
}
# Programs are known by their assignments.
SOURCE_OF = {**LIST_OF, Kind.PROGRAM: PROGRAMS}


@dataclass(frozen=True, slots=True)
class Team:
    """The members of a group by Exec id, as read at `as_of`; `staff` are Exec's own people."""

    id: str
    users: frozenset[str]
    staff: frozenset[str]
    as_of: datetime

    @property
    def people(self) -> frozenset[str]:
        """The members without Exec's own staff."""
        return self.users - self.staff


class Directory:
    """Reads people and things. Names are cached in memory until their list is read again. All
    methods raise StorageError."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._members: tuple[datetime, tuple[Member, ...]] | None = None
        self._items: dict[Kind, tuple[datetime | None, tuple[Named, ...]]] = {}

    async def is_read(self, *kinds: Kind) -> bool:
        """Whether the lists of these kinds have been read."""
        names = {LIST_OF[kind] for kind in kinds if kind in LIST_OF}
        return names <= (await self._versions()).keys()

    async def _versions(self) -> dict[str, datetime]:
        """When each list was last read."""
        rows = await self._database.rows(sa.select(window.c.name, window.c.end_at))
        return {row.name: row.end_at for row in rows}

    # Things

    async def names(self) -> tuple[tuple[Named, ...], tuple[Member, ...]]:
        """All things with a name, and everyone in the Exec workspace."""
        versions = await self._versions()
        return await self._items_of(versions, Kind), await self._members_of(versions)

    async def items(self, *kinds: Kind) -> tuple[Named, ...]:
        """The things of these kinds, sorted by kind and name."""
        return await self._items_of(await self._versions(), kinds)

    async def _items_of(
        self, versions: Mapping[str, datetime], kinds: Iterable[Kind]
    ) -> tuple[Named, ...]:
        found: list[Named] = []
        for kind in sorted(set(kinds)):
            read_at, cached = versions.get(SOURCE_OF[kind]), self._items.get(kind)
            if cached is None or cached[0] != read_at:
                cached = self._items[kind] = (read_at, await self._read_items(kind))
            found += cached[1]
        return tuple(found)

    async def _read_items(self, kind: Kind) -> tuple[Named, ...]:
        if kind is Kind.GROUP:
            rows = await self._database.rows(sa.select(team).order_by(team.c.name, team.c.id))
            return tuple(Named(kind, row.id, row.name) for row in rows)
        if kind is Kind.SCENARIO:
            listed = sa.select(scenario).where(scenario.c.is_listed)
            rows = await self._database.rows(listed.order_by(scenario.c.name, scenario.c.id))
            return tuple(Named(kind, row.id, row.name, row.slug, row.url) for row in rows)
        if kind is Kind.PROGRAM:
            name = sa.func.max(assignment.c.program_name).label("name")
            programs = sa.select(assignment.c.program_id, name).group_by(assignment.c.program_id)
            named = programs.where(assignment.c.program_id != "").order_by(name)
            rows = await self._database.rows(named)
            return tuple(Named(kind, row[0], row[1] or row[0]) for row in rows)
        query = sa.select(bundle).where(bundle.c.kind == kind.value)
        rows = await self._database.rows(query.order_by(bundle.c.name, bundle.c.id))
        return tuple(Named(kind, row.id, row.name, row.slug) for row in rows)

    async def hidden_from(self, people: Collection[str]) -> frozenset[str]:
        """The private scenarios that none of these people practiced."""
        practiced = sa.exists().where(
            session.c.scenario_id == scenario.c.id, session.c.member_id.in_(people)
        )
        query = sa.select(scenario.c.id).where(
            scenario.c.is_listed, scenario.c.visibility != "workspace", ~practiced
        )
        return frozenset(await self._database.scalars(query))

    # People

    @property
    def known_members(self) -> tuple[Member, ...]:
        """Everyone in the Exec workspace, as cached in this process."""
        return self._members[1] if self._members else ()

    async def members(self) -> tuple[Member, ...]:
        """Everyone in the Exec workspace."""
        return await self._members_of(await self._versions())

    async def _members_of(self, versions: Mapping[str, datetime]) -> tuple[Member, ...]:
        read_at = versions.get(MEMBERS)
        if read_at is None:
            return ()
        if self._members is None or self._members[0] != read_at:
            query = sa.select(member).where(member.c.is_listed)
            # Among namesakes, alex.kim@acme.com comes before alex.kim2@acme.com.
            order = (member.c.name, sa.func.length(member.c.email), member.c.email)
            rows = await self._database.rows(query.order_by(*order))
            self._members = (read_at, tuple(map(_member, rows)))
        return self._members[1]

    async def member(self, *, id_: str | None = None, email: str = "") -> Member | None:
        """The member with this id, or else this e-mail address."""
        row = await self._database.row(_with(id_, email).where(member.c.is_listed))
        return None if row is None else _member(row)

    async def person(self, *, id_: str | None = None, email: str = "") -> Member | None:
        """As `member`, or else somebody who left Exec (role "removed")."""
        query = _with(id_, email).order_by(member.c.is_listed.desc(), member.c.id)
        row = await self._database.row(query.limit(1))
        return None if row is None else _member(row)

    async def people(self, ids: Collection[str]) -> tuple[Member, ...]:
        """The people with these ids, listed or not."""
        rows = await self._database.rows(sa.select(member).where(member.c.id.in_(ids)))
        return tuple(map(_member, rows))

    async def removed(self) -> tuple[Member, ...]:
        """Everyone who left Exec but is known from sessions or earlier lists."""
        query = sa.select(member).where(~member.c.is_listed).order_by(member.c.name, member.c.id)
        return tuple(map(_member, await self._database.rows(query)))

    async def admins(self) -> tuple[str, ...]:
        """The e-mail addresses of Exec's admins."""
        return tuple(x.email for x in await self.members() if x.role == "admin" and x.email)

    async def label_namesakes(
        self, people: Collection[Member], sees: Callable[[Member], bool]
    ) -> tuple[Member, ...]:
        """As the function `label_namesakes`, among everyone in the Exec workspace."""
        return label_namesakes(people, await self.members(), sees)

    # Groups

    async def teams(
        self, ids: Collection[str], max_age: timedelta = TEAM_MAX_AGE
    ) -> dict[str, Team]:
        """These groups with their members, by id; without groups read longer than `max_age` ago."""
        if not ids:
            return {}
        query = (
            sa.select(team.c.id, team.c.members_at, team_member.c.member_id, member.c.email)
            .outerjoin(team_member, team_member.c.team_id == team.c.id)
            .outerjoin(member, member.c.id == team_member.c.member_id)
            .where(team.c.id.in_(ids), team.c.members_at > self._clock() - max_age)
        )
        found: dict[str, Team] = {}
        inside: dict[str, list[sa.Row[Any]]] = {}
        for row in await self._database.rows(query):
            inside.setdefault(row.id, []).append(row)
        for id_, rows in inside.items():
            users = frozenset(row.member_id for row in rows if row.member_id is not None)
            staff = frozenset(row.member_id for row in rows if is_system(row.email or ""))
            found[id_] = Team(id_, users, staff, rows[0].members_at)
        return found

    async def groups_of(self, member_id: str) -> frozenset[str]:
        """The groups that somebody is in, among those whose members were read."""
        query = sa.select(team_member.c.team_id).where(team_member.c.member_id == member_id)
        return frozenset(await self._database.scalars(query))


def label_namesakes(
    people: Collection[Member], listed: Iterable[Member], sees: Callable[[Member], bool]
) -> tuple[Member, ...]:
    """The people, with the address after the name of everyone who has a namesake in `listed` that
    the reader can see."""
    names = {person.name for person in people}
    seen = [each for each in listed if each.name in names and sees(each)]

    def labeled(person: Member) -> Member:
        if all(other.name != person.name or other.id == person.id for other in seen):
            return person
        return replace(person, name=f"{person.name} ({person.email or person.id})")

    return tuple(map(labeled, people))


def _with(id_: str | None, email: str) -> sa.Select[Any]:
    if id_ is not None:
        return sa.select(member).where(member.c.id == id_)
    # An empty address matches nobody.
    address = identifying(email)
    return sa.select(member).where(member.c.email == address, member.c.email != "")


def _member(row: sa.Row[Any]) -> Member:
    return Member(row.id, row.email, row.name, row.role if row.is_listed else REMOVED)
