"""Whom a coach coaches now: the people in their groups as Exec lists them, and those by name."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass

from bot import access
from bot.access import Asker, Sight
from bot.errors import ExecError
from bot.exec_api.spending import spent_for_all
from bot.practice.rosters import Rosters
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
        return access.sight(asker, await self._people(coach, purpose), coach.groups)

    async def reach(self, asker: Asker) -> Sight:
        """As `sight`, but whom somebody coaches who sees everyone is not looked up."""
        seen = access.sight(asker)
        return seen if seen.everyone else await self.sight(asker)

    async def coached(self, asker: Asker, *, purpose: str = "question") -> frozenset[str]:
        """The Exec ids of the people `asker` coaches, themselves left out. Raises StorageError."""
        coach = await self._coach(asker)
        return await self._people(coach, purpose) - {coach.id}

    async def _coach(self, asker: Asker) -> Coach:
        if asker.member is None or not access.may_coach(asker):
            return Coach("")
        return await self.coaches.of(asker.member.id)

    async def _people(self, coach: Coach, purpose: str) -> frozenset[str]:
        rosters = await asyncio.gather(*(self._roster(each, purpose) for each in coach.groups))
        return coach.people.union(*rosters)

    async def _roster(self, group_id: str, purpose: str) -> Collection[str]:
        try:
            # Whom somebody sees does not depend on how much they ask.
            with spent_for_all():
                held = await self.rosters.of((group_id,), purpose=purpose)
        except ExecError:
            # Nobody is seen because Exec is away; the coach's own questions go on.
            held = await self.rosters.of((group_id,), ask_exec=False)
        return held[group_id].users if group_id in held else ()
