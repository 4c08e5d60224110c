"""Whether what falls due may still be sent: judged each time, for its owner as they are now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.access import AccountType, Asker, Visibility
from bot.errors import NotAllowed, NotFound, SlackError
from bot.outbox.ledger import Delivery
from bot.outbox.plans import Kind, Subscription
from bot.outbox.reasons import SLACK_SAYS, Why
from bot.outbox.rights import why_not
from bot.people.audience import Place


class Askers(Protocol):
    async def asker(self, team_id: str, user_id: str) -> Asker: ...


class Sights(Protocol):
    async def visibility(self, asker: Asker, *, purpose: str = ...) -> Visibility: ...


class Places(Protocol):
    async def place(self, team_id: str, channel_id: str) -> Place: ...


@dataclass(frozen=True, slots=True)
class Owners:
    people: Askers
    coaching: Sights
    places: Places

    async def judge(self, one: Subscription, delivery: Delivery) -> Why | None:
        """Why it may not be sent; None if it may.

        Whoever pressed a button is judged in place of the owner. Raises ExecError, SlackError
        and StorageError when that can't be told just now.
        """
        one = delivery.posted_of(one)
        try:
            asker = await self.people.asker(one.team_id, delivery.asked_by or one.owner_id)
        except NotFound:
            return Why.OWNER_LEFT
        visibility = None
        if asker.account_type is AccountType.FULL:
            try:
                visibility = await self.coaching.visibility(asker, purpose="digest")
            except NotAllowed:
                visibility = None
        why = why_not(asker, visibility, one.kind, one.plan.group_id)
        if why is not None or one.kind is not Kind.GROUP:
            return why
        # Last, since it may take a request for each person there.
        place = await self._place(one.team_id, delivery.place)
        if isinstance(place, Why):
            return place
        return why_not(asker, visibility, one.kind, one.plan.group_id, place)

    async def _place(self, team_id: str, channel_id: str) -> Place | Why:
        try:
            return await self.places.place(team_id, channel_id)
        except SlackError as error:
            if error.code in SLACK_SAYS:
                return SLACK_SAYS[error.code]
            raise
