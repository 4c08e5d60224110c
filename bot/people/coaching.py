"""Whom a coach coaches now: the people in their groups as Exec lists them, and those by name."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import access
from bot.access import Asker, Visibility
from bot.errors import ExecError, NotAllowed, TooOld
from bot.language.query import Member
from bot.people.catalogue import Catalogue
from bot.people.groups import Roster, Rosters
from bot.storage.coaches import Coach, Coaches

EVER = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Coaching:
    coaches: Coaches
    rosters: Rosters
    catalogue: Catalogue

    async def visibility(
        self, asker: Asker, *, purpose: str = "question", ask_exec: bool = True
    ) -> Visibility:
        """What `asker` may see, for every door; without `ask_exec` as far as that is held.

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
        seen = access.visibility(asker, _people(coach, rosters), known, own)
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
        their groups; without `ask_exec` as far as that is held. Raises StorageError."""
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
            held = await self.rosters.of((group_id,), purpose=purpose, ask_exec=ask_exec)
        except ExecError:
            # Nobody is seen because Exec is away; the coach's own questions go on.
            held = await self.rosters.of((group_id,), ask_exec=False)
        return held.get(group_id)

    async def _seen_at(self, groups: frozenset[str]) -> datetime | None:
        """When it was last known who is in all of these; None if it never was."""
        held = await self.rosters.of(groups, ask_exec=False, max_age=EVER)
        return None if groups - held.keys() else min(each.as_of for each in held.values())


def _people(coach: Coach, rosters: Mapping[str, Roster]) -> frozenset[str]:
    return coach.people.union(*(roster.users for roster in rosters.values()))
