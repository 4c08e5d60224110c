"""Whom a coach coaches now: the people in their groups as Exec lists them, and those by name."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot import access
from bot.access import Asker, Sight
from bot.errors import ExecError
from bot.practice.rosters import Roster, Rosters
from bot.storage.coaches import Coach, Coaches


@dataclass(frozen=True, slots=True)
class Coaching:
    coaches: Coaches
    rosters: Rosters

    async def sight(self, asker: Asker, *, purpose: str = "question") -> Sight:
        """What `asker` may see, for every door.

        Raises NotAllowed for those who see nothing, and StorageError.
        """
        # Who sees nothing is told so before anything is looked up.
        access.sight(asker)
        coach = await self._coach(asker)
        users = (roster.users for roster in await self._rosters(coach, purpose))
        return access.sight(asker, coach.people.union(*users), coach.groups)

    async def reach(self, asker: Asker) -> Sight:
        """As `sight`, but whom somebody coaches who sees everyone is not looked up."""
        seen = access.sight(asker)
        return seen if seen.everyone else await self.sight(asker)

    async def coached(self, asker: Asker, *, purpose: str = "question") -> frozenset[str]:
        """The Exec ids of the people `asker` coaches: not of themselves, nor of Exec's own staff in
        their groups. Raises StorageError."""
        coach = await self._coach(asker)
        people = (roster.people for roster in await self._rosters(coach, purpose))
        return coach.people.union(*people) - {coach.id}

    async def _coach(self, asker: Asker) -> Coach:
        if asker.member is None or not access.may_coach(asker):
            return Coach("")
        return await self.coaches.of(asker.member.id)

    async def _rosters(self, coach: Coach, purpose: str) -> list[Roster]:
        """Those of the coach's groups that are known."""
        found = await asyncio.gather(*(self._roster(each, purpose) for each in coach.groups))
        return [roster for roster in found if roster is not None]

    async def _roster(self, group_id: str, purpose: str) -> Roster | None:
        try:
            held = await self.rosters.of((group_id,), purpose=purpose)
        except ExecError:
            # Nobody is seen because Exec is away; the coach's own questions go on.
            held = await self.rosters.of((group_id,), ask_exec=False)
        return held.get(group_id)
