"""Coaches and the people they coach, nudges, and people who hide their name. All ids are Exec's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from bot import access
from bot.access import Asker, Visibility
from bot.errors import ExecError, NotAllowed, TooOld
from bot.language.query import Member
from bot.people.catalogue import Catalogue
from bot.people.groups import Roster, Rosters
from bot.storage.database import Database
from bot.storage.keeping import NUDGE_REMEMBERED
from bot.storage.tables import coaching, nudge, opt_out

# A coach nudges the same person no sooner again.
NUDGE_AGAIN_AFTER = timedelta(hours=1)
EVER = timedelta(days=3650)
_OF_COACH = sa.select(coaching).where(coaching.c.coach_id == sa.bindparam("of"))
_OPTED_OUT = sa.select(opt_out.c.member_id)


class Subject(StrEnum):
    GROUP = "group"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Coach:
    """A coach, with the groups and the people that they were given by name."""

    id: str
    groups: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()


class Coaches:
    """All methods raise StorageError."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def add(self, coach: Coach, *, by: str) -> None:
        """Give a coach these groups and people, at least one, as well. `by` is the Slack account of
        the admin."""
        values = [
            {"kind": kind, "subject_id": subject_id, "coach_id": coach.id}
            for kind, subject_id in _subjects(coach)
        ]
        insert = self._database.insert(coaching).values(added_by=by, added_at=self._clock())
        async with self._database.transaction() as connection:
            await connection.execute(insert.on_conflict_do_nothing(), values)

    async def remove(self, coach: Coach) -> Coach:
        """Take these groups and people from a coach; what of it they had."""
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
        """What someone coaches; nothing for those who are no coach."""
        return _coach(coach_id, await self._database.rows(_OF_COACH, {"of": coach_id}))

    async def all(self) -> tuple[Coach, ...]:
        """Every coach, by id."""
        query = sa.select(coaching).order_by(coaching.c.coach_id)
        rows: dict[str, list[sa.Row[Any]]] = {}
        for row in await self._database.rows(query):
            rows.setdefault(row.coach_id, []).append(row)
        return tuple(_coach(id_, own) for id_, own in rows.items())

    async def nudge(self, coach_id: str, person_id: str) -> datetime | None:
        """Note that the coach nudges this person now; None if they may.

        Otherwise it is too soon: the moment at which they did so before.
        """
        now = self._clock()
        mine = (nudge.c.coach_id == coach_id, nudge.c.person_id == person_id)
        note = self._database.insert(nudge).values(coach_id=coach_id, person_id=person_id, at=now)
        # Of two presses at once one finds the row of the other.
        step = note.on_conflict_do_update(
            index_elements=["coach_id", "person_id"],
            set_={"at": now},
            where=nudge.c.at <= now - NUDGE_AGAIN_AFTER,
        ).returning(nudge.c.at)
        async with self._database.transaction() as connection:
            if (await connection.execute(step)).first() is not None:
                return None
            query = sa.select(nudge.c.at).where(*mine)
            before: datetime | None = (await connection.execute(query)).scalar_one_or_none()
        return before

    async def nudges(self, coach_id: str) -> dict[str, datetime]:
        """Whom the coach nudged of late, and when they did so last."""
        query = sa.select(nudge.c.person_id, nudge.c.at).where(
            nudge.c.coach_id == coach_id, nudge.c.at > self._clock() - NUDGE_REMEMBERED
        )
        return {row.person_id: row.at for row in await self._database.rows(query)}

    async def not_nudged(self, coach_id: str, person_id: str) -> None:
        """It was not sent after all."""
        mine = (nudge.c.coach_id == coach_id, nudge.c.person_id == person_id)
        await self._database.write(sa.delete(nudge).where(*mine))

    async def name_me(self, member_id: str, wanted: bool) -> None:
        """Whether this person may be named in a channel. Everybody may until they say no."""
        change: sa.Executable = sa.delete(opt_out).where(opt_out.c.member_id == member_id)
        if not wanted:
            insert = self._database.insert(opt_out).values(member_id=member_id, at=self._clock())
            change = insert.on_conflict_do_nothing()
        await self._database.write(change)

    async def may_name(self, member_id: str) -> bool:
        """Whether this person may be named in a channel."""
        return not await self.unnamed({member_id})

    async def unnamed(self, among: Collection[str]) -> frozenset[str]:
        """Who of these people does not want to be named in a channel."""
        unnamed = await self._database.scalars(_OPTED_OUT)
        return frozenset(unnamed) & frozenset(among)


@dataclass(frozen=True, slots=True)
class Coaching:
    """Whom a coach coaches now: those in their groups as Exec lists them, and those by name."""

    coaches: Coaches
    rosters: Rosters
    catalogue: Catalogue

    async def visibility(
        self, asker: Asker, *, purpose: str = "question", ask_exec: bool = True
    ) -> Visibility:
        """What `asker` may see, for every door; without `ask_exec` as far as that is stored.

        Raises NotAllowed for those who see nothing, and StorageError.
        """
        # Who sees nothing is told so before anything is looked up.
        access.visibility(asker)
        coach = await self._coach(asker)
        rosters = await self._rosters(coach, purpose, ask_exec=ask_exec)
        own = frozenset[str]()
        if asker.member is not None:
            own = await self.rosters.groups_of(asker.member.id)
        known = frozenset(rosters)
        people = coach.people.union(*(roster.users for roster in rosters.values()))
        seen = access.visibility(asker, people, known, own)
        if not seen.everyone:
            seen = replace(seen, hidden=await self.catalogue.hidden_from(seen.members))
        if unsure := coach.groups - known:
            at = await self._seen_at(unsure)
            return replace(seen, unsure=unsure, seen_at=at and at.astimezone(asker.zone))
        return seen

    async def reach(self, asker: Asker, *, ask_exec: bool = True) -> Visibility:
        """As `visibility`, but whom somebody coaches who sees everyone is not looked up."""
        seen = access.visibility(asker)
        return seen if seen.everyone else await self.visibility(asker, ask_exec=ask_exec)

    async def coached(
        self, asker: Asker, *, purpose: str = "question", ask_exec: bool = True
    ) -> frozenset[str]:
        """The Exec ids of the people `asker` coaches: not of themselves, nor of Exec's own staff in
        their groups; without `ask_exec` as far as that is stored. Raises StorageError."""
        coach = await self._coach(asker)
        rosters = await self._rosters(coach, purpose, ask_exec=ask_exec)
        people = (roster.people for roster in rosters.values())
        return coach.people.union(*people) - {coach.id}

    async def person(self, asker: Asker, id_: str) -> Member:
        """The person of an Exec id that a button stands for, if `asker` may see them. Raises
        TooOld, NotAllowed, ExecError and StorageError."""
        visibility = await self.visibility(asker)
        person = await self.catalogue.person(id_=id_, ask_exec=False)
        if person is None:
            raise TooOld
        if not visibility.covers((person,)):
            if visibility.unsure:
                raise access.refuse("the person this was about", visibility)
            raise NotAllowed("I can't show you the person this was about any more.")
        return person

    async def _coach(self, asker: Asker) -> Coach:
        if asker.member is None or not access.may_coach(asker):
            return Coach("")
        return await self.coaches.of(asker.member.id)

    async def _rosters(
        self, coach: Coach, purpose: str, *, ask_exec: bool = True
    ) -> dict[str, Roster]:
        """Who is in each of a coach's groups; without those of which nobody can tell."""
        found = await asyncio.gather(
            *(self._roster(each, purpose, ask_exec) for each in coach.groups)
        )
        return {roster.group_id: roster for roster in found if roster is not None}

    async def _roster(self, group_id: str, purpose: str, ask_exec: bool) -> Roster | None:
        try:
            stored = await self.rosters.of((group_id,), purpose=purpose, ask_exec=ask_exec)
        except ExecError:
            # Nobody is seen because Exec is away; the coach's own questions go on.
            stored = await self.rosters.of((group_id,), ask_exec=False)
        return stored.get(group_id)

    async def _seen_at(self, groups: frozenset[str]) -> datetime | None:
        """When it was last known who is in all of these; None if it never was."""
        stored = await self.rosters.of(groups, ask_exec=False, max_age=EVER)
        return None if groups - stored.keys() else min(each.as_of for each in stored.values())


def _subjects(coach: Coach) -> list[tuple[str, str]]:
    groups = [(Subject.GROUP.value, id_) for id_ in sorted(coach.groups)]
    return groups + [(Subject.PERSON.value, id_) for id_ in sorted(coach.people)]


def _coach(id_: str, rows: Collection[sa.Row[Any]]) -> Coach:
    return Coach(
        id_,
        frozenset(row.subject_id for row in rows if row.kind == Subject.GROUP),
        frozenset(row.subject_id for row in rows if row.kind == Subject.PERSON),
    )
