"""Where somebody can be praised: the channels that have digests of their group."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.access import Asker
from bot.outbox.plans import TEAM
from bot.outbox.subscriptions import Subscriptions
from bot.people.audience import Audiences
from bot.people.rosters import Rosters
from bot.storage.coaches import Coaches


@dataclass(frozen=True, slots=True)
class PraisePlaces:
    subscriptions: Subscriptions
    coaches: Coaches
    rosters: Rosters
    audiences: Audiences

    async def of(self, asker: Asker, people: Collection[str]) -> dict[str, tuple[str, ...]]:
        """The channels that get the digest of a group that the asker coaches and the person is in,
        by the person's Exec id, as far as is held. Raises StorageError."""
        if asker.member is None or not people:
            return dict.fromkeys(people, ())
        groups = (await self.coaches.of(asker.member.id)).groups
        rosters = await self.rosters.of(groups, ask_exec=False)
        listed = await self.subscriptions.listed(asker.team_id)
        digests = [one.plan for one in listed if one.is_on and one.plan.kind == TEAM]
        found: dict[str, tuple[str, ...]] = {}
        for id_ in people:
            theirs = {group for group, roster in rosters.items() if id_ in roster.people}
            places = (plan.place for plan in digests if plan.group_id in theirs)
            found[id_] = tuple(dict.fromkeys(places))
        return found

    async def name(self, place: str) -> str:
        """What a channel is called, with its #; "" where the bot can't see it."""
        name = await self.audiences.name(place)
        return name if name.startswith("#") else ""
