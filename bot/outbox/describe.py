"""Subscriptions as people read them: with names for ids, and how the last one went."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from bot.errors import BotError
from bot.language.query import Kind as NameKind
from bot.language.schedule_words import spoken
from bot.outbox.deliveries import Deliveries
from bot.outbox.due import next_times, schedule_of
from bot.outbox.ledger import CLOSED, LATE_AFTER, OPEN, Delivery, State
from bot.outbox.plans import Kind
from bot.outbox.plans import Subscription as Stored
from bot.outbox.reasons import REASONS, Why, notice
from bot.outbox.subscriptions import ASKED
from bot.people.audience import Audiences
from bot.people.catalogue import Catalogue
from bot.people.people import People
from bot.rendering.messages import Messages
from bot.rendering.periods import send_time
from bot.rendering.subscription_views import (
    Last,
    Subscription,
    Trouble,
    TroubleView,
    Waiting,
)
from bot.rendering.views import Message, NoticeView

KINDS: Mapping[Kind, Literal["digest", "coach", "me"]] = MappingProxyType(
    {Kind.GROUP: "digest", Kind.COACH: "coach", Kind.OWN: "me"}
)
# The words people read of a group's digest for a reason.
TROUBLES: Mapping[Why, Trouble] = MappingProxyType(
    {
        Why.NOT_IN_CHANNEL: Trouble.NOT_IN_CHANNEL,
        Why.ARCHIVED: Trouble.ARCHIVED,
        Why.NO_CHANNEL: Trouble.CHANNEL_GONE,
        Why.NOT_ALLOWED_THERE: Trouble.MAY_NOT_POST,
        Why.SHARED_CHANNEL: Trouble.OUTSIDERS,
        Why.GUESTS: Trouble.OUTSIDERS,
        Why.CROWDED: Trouble.CROWDED,
        Why.OWNER_LEFT: Trouble.OWNER_LEFT,
        Why.OWNER_IS_GUEST: Trouble.NO_RIGHTS,
        Why.NOT_IN_EXEC: Trouble.NO_RIGHTS,
        Why.NO_RIGHT: Trouble.NO_RIGHTS,
        Why.NO_PEOPLE: Trouble.NO_RIGHTS,
        Why.GROUP_GONE: Trouble.GROUP_GONE,
        Why.EMPTY_GROUP: Trouble.GROUP_EMPTY,
        Why.EXEC_AWAY: Trouble.EXEC_AWAY,
        Why.UNSETTLED: Trouble.UNSURE,
        Why.REFUSED: Trouble.SLACK,
        Why.SLACK_AWAY: Trouble.SLACK_AWAY,
        Why.BROKEN: Trouble.BROKEN,
    }
)


@dataclass(frozen=True, slots=True)
class Subscribed:
    catalogue: Catalogue
    people: People
    audiences: Audiences
    deliveries: Deliveries
    messages: Messages
    command: str
    clock: Callable[[], datetime]

    async def described(self, ones: Sequence[Stored]) -> tuple[Subscription, ...]:
        """They in the same order. Raises StorageError."""
        ids = [one.id for one in ones]
        last = await self.deliveries.last(ids, CLOSED)
        waiting = await self.deliveries.last(ids, OPEN)
        taken = await self.deliveries.taken(ids)
        groups = await self.catalogue.items(NameKind.GROUP, ask_exec=False)
        names = {group.id: group.name for group in groups}
        places = sorted({one.plan.place for one in ones if one.kind is Kind.GROUP})
        called = dict(
            zip(places, await asyncio.gather(*map(self.audiences.name, places)), strict=True)
        )
        owners = {(one.team_id, one.owner_id): "" for one in ones}
        for team_id, user_id in owners:
            owners[team_id, user_id] = await self._account(team_id, user_id)
        return tuple(
            self._described(
                one,
                group=names.get(one.plan.group_id, "a group that is gone"),
                owner=owners[one.team_id, one.owner_id],
                place=called.get(one.plan.place, ""),
                last=last.get(one.id),
                waiting=waiting.get(one.id),
                taken=taken[one.id],
            )
            for one in ones
        )

    async def next_times(self, one: Stored) -> tuple[datetime, ...]:
        """The next three times that it comes (UTC). Raises StorageError."""
        taken = await self.deliveries.taken([one.id])
        return next_times(one, self.clock(), taken=taken[one.id])

    async def tell(self, one: Stored, delivery: Delivery) -> Message:
        """What the owner reads about `delivery.why`. Raises StorageError."""
        why, now = Why(delivery.why), self.clock()
        (told,) = await self.described((one,))
        if one.kind is Kind.GROUP:
            view = TroubleView(replace(told, trouble=TROUBLES[why]), delivery.at, now, self.command)
            return self.messages.draw(view)
        is_owner = delivery.place == one.owner_id
        whose = "about your people" if is_owner else f"to {told.owner} about their people"
        what = {
            Kind.GROUP: f"the digest of {told.group}",
            Kind.COACH: f"the message {whose}",
            Kind.OWN: "your own week",
        }[one.kind]
        sentence = notice(
            why,
            one.kind,
            paused=bool(one.paused),
            what=what,
            owner=told.owner,
            place=told.place,
            when=send_time(delivery.at, one.plan.zone, now),
            command=self.command,
        )
        return self.messages.draw(NoticeView(sentence))

    async def _account(self, team_id: str, user_id: str) -> str:
        try:
            return (await self.people.slack_user(team_id, user_id)).name
        except BotError:
            return "someone"  # an account that Slack shows no more, or not just now

    def _described(
        self,
        one: Stored,
        *,
        group: str,
        owner: str,
        place: str,
        last: Delivery | None,
        waiting: Delivery | None,
        taken: Collection[str],
    ) -> Subscription:
        now = self.clock()
        went = _went(last)
        return Subscription(
            id=one.id,
            kind=KINDS[one.kind],
            group=group if one.kind is Kind.GROUP else "",
            place=place or owner,
            when=spoken(schedule_of(one.plan), zone=False),
            zone=one.plan.zone,
            owner=owner,
            paused=bool(one.paused),
            trouble=_trouble(one, last),
            last=went,
            next=next(iter(next_times(one, now, 1, taken=taken)), None),
            snoozed_until=one.snoozed_until if one.is_snoozed(now) else None,
            waiting=Waiting(waiting.at, _reason(waiting.why)) if waiting else None,
        )


def _went(last: Delivery | None) -> Last | None:
    """How the last one went; None while none was sent."""
    if last is None:
        return None
    match last.state:
        case State.SENT:
            late = last.done_at is not None and last.done_at - last.at >= LATE_AFTER
            return Last(last.at, "late" if late else "sent")
        case State.MISSED:
            return Last(last.at, "missed")
        case _:
            return Last(last.at, "unsure" if last.why == Why.UNSETTLED else "failed")


def _trouble(one: Stored, last: Delivery | None) -> Trouble | None:
    """Why it waits for its owner, or why the last one did not come."""
    if one.paused:
        return TROUBLES[Why(one.paused)] if one.paused in REASONS else None
    if last is None or last.state is State.SENT:
        return None
    return Trouble.MISSED if last.state is State.MISSED else _reason(last.why)


def _reason(why: str) -> Trouble | None:
    if why == ASKED:
        return Trouble.PAUSED
    return TROUBLES[Why(why)] if why in REASONS else None
