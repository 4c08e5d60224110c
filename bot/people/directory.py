"""The people and things in Exec, from the stored lists, without requests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.exec.lists import BUNDLES, GROUPS, MEMBERS, PROGRAMS, SCENARIOS, TEAM_MAX_AGE
from bot.language.name_index import NameIndex
from bot.language.query import REMOVED, Kind, Member, ResolvedName, is_system
from bot.language.text import identifying
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


def _member(row: sa.Row[Any]) -> Member:
    return Member(row.id, row.email, row.name, row.role if row.is_listed else REMOVED)


_program = sa.func.max(assignment.c.program_name).label("name")
# By list: its query, and the person or thing of a row.
_NAMES: dict[str, tuple[sa.Select[Any], Callable[[sa.Row[Any]], Any]]] = {
    MEMBERS: (
        # Among namesakes, alex.kim@acme.com comes before alex.kim2@acme.com.
        sa.select(member)
        .where(member.c.is_listed)
        .order_by(member.c.name, sa.func.length(member.c.email), member.c.email),
        _member,
    ),
    GROUPS: (
        sa.select(team).order_by(team.c.name, team.c.id),
        lambda row: ResolvedName(Kind.GROUP, row.id, row.name),
    ),
    SCENARIOS: (
        sa.select(scenario).where(scenario.c.is_listed).order_by(scenario.c.name, scenario.c.id),
        lambda row: ResolvedName(Kind.SCENARIO, row.id, row.name, row.slug, row.url),
    ),
    BUNDLES: (
        sa.select(bundle).order_by(bundle.c.kind, bundle.c.name, bundle.c.id),
        lambda row: ResolvedName(Kind(row.kind), row.id, row.name, row.slug),
    ),
    # Programs are known by their assignments.
    PROGRAMS: (
        sa.select(assignment.c.program_id.label("id"), _program)
        .where(assignment.c.program_id != "")
        .group_by(assignment.c.program_id)
        .order_by(_program),
        lambda row: ResolvedName(Kind.PROGRAM, row.id, row.name or row.id),
    ),
}


class Directory:
    """Reads people and things. Names are cached in memory until their list is read again. All
    methods raise StorageError."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._read_at: dict[str, datetime] = {}  # when each cached list was read
        self._names: dict[str, tuple[Any, ...]] = {}
        self.index = NameIndex()  # of all names, hidden ones too, as of the last refresh

    # Names

    async def refresh(self) -> None:
        """Read the names in the lists that have changed."""
        rows = await self._database.rows(sa.select(window.c.name, window.c.end_at))
        changed = [
            (name, read_at)
            for name, read_at in rows
            if name in _NAMES and self._read_at.get(name) != read_at
        ]
        for name, read_at in changed:
            query, made = _NAMES[name]
            read = await self._database.rows(query)
            self._read_at[name], self._names[name] = read_at, tuple(map(made, read))
        if changed:
            # In a thread, because indexing thousands of names takes a while.
            self.index = await asyncio.to_thread(NameIndex, self.things(*Kind), self.listed)

    def is_read(self, *kinds: Kind) -> bool:
        """Whether the lists of these kinds had been read at the last refresh."""
        return {LIST_OF[kind] for kind in kinds if kind in LIST_OF} <= self._read_at.keys()

    @property
    def listed(self) -> tuple[Member, ...]:
        """Everyone in the Exec workspace, as of the last refresh."""
        return self._names.get(MEMBERS, ())

    def things(self, *kinds: Kind) -> tuple[ResolvedName, ...]:
        """The things of these kinds, as of the last refresh."""
        lists = (names for name, names in sorted(self._names.items()) if name != MEMBERS)
        return tuple(thing for names in lists for thing in names if thing.kind in kinds)

    async def members(self) -> tuple[Member, ...]:
        """Everyone in the Exec workspace."""
        await self.refresh()
        return self.listed

    async def items(self, *kinds: Kind) -> tuple[ResolvedName, ...]:
        """The things of these kinds, sorted by name."""
        await self.refresh()
        return self.things(*kinds)

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

    async def person(self, *, id_: str | None = None, email: str = "") -> Member | None:
        """The person with this id, or else this e-mail address: a member, or else somebody who left
        Exec (role "removed")."""
        # An empty address matches nobody.
        address = sa.and_(member.c.email == identifying(email), member.c.email != "")
        query = sa.select(member).where(address if id_ is None else member.c.id == id_)
        order = (member.c.is_listed.desc(), member.c.id)
        row = await self._database.row(query.order_by(*order).limit(1))
        return None if row is None else _member(row)

    async def people(self, ids: Collection[str]) -> tuple[Member, ...]:
        """The people with these ids, listed or not."""
        rows = await self._database.rows(sa.select(member).where(member.c.id.in_(ids)))
        return tuple(map(_member, rows))

    async def removed(self) -> tuple[Member, ...]:
        """Everyone who left Exec but is known from sessions or earlier lists."""
        query = sa.select(member).where(~member.c.is_listed).order_by(member.c.name, member.c.id)
        return tuple(map(_member, await self._database.rows(query)))

    # Groups

    async def teams(
        self, ids: Collection[str], max_age: timedelta = TEAM_MAX_AGE
    ) -> dict[str, frozenset[Member]]:
        """The members of these groups, without Exec's own staff; without groups whose members were
        read longer than `max_age` ago."""
        if not ids:
            return {}
        query = (
            sa.select(team.c.id.label("team_id"), member)
            .outerjoin(team_member, team_member.c.team_id == team.c.id)
            .outerjoin(member, member.c.id == team_member.c.member_id)
            .where(team.c.id.in_(ids), team.c.members_at > self._clock() - max_age)
        )
        by_name: dict[str, set[Member]] = {}
        for row in await self._database.rows(query):
            theirs = by_name.setdefault(row.team_id, set())
            if row.id is not None and not is_system(row.email):
                theirs.add(_member(row))
        return {id_: frozenset(theirs) for id_, theirs in by_name.items()}

    async def groups_of(self, member_id: str) -> frozenset[str]:
        """The groups that somebody is in, among those whose members were read."""
        query = sa.select(team_member.c.team_id).where(team_member.c.member_id == member_id)
        return frozenset(await self._database.scalars(query))


def ids_of(people: Iterable[Member]) -> frozenset[str]:
    """The Exec ids of people."""
    return frozenset(person.id for person in people)


def label_namesakes(
    people: Collection[Member], listed: Iterable[Member], sees: Callable[[Member], bool]
) -> tuple[Member, ...]:
    """The people, with the address after the name of everyone who has a namesake, also in `listed`,
    that the reader can see."""
    namesakes: dict[str, set[str]] = {person.name: set() for person in people}
    for person in (*people, *listed):
        if person.name in namesakes and sees(person):
            namesakes[person.name].add(person.id)
    return tuple(
        replace(person, name=f"{person.name} ({person.email or person.id})")
        if namesakes[person.name] - {person.id}
        else person
        for person in people
    )
