"""Subscriptions as people read them: with names for ids, and how the last one went."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from bot.access import Visibility
from bot.errors import BotError, Sentence
from bot.language.filters import EVERYONE, FILTERS
from bot.language.query import Kind as NameKind
from bot.language.schedule_words import spoken_schedule
from bot.language.text import shortened
from bot.messages.render import Draft, draft
from bot.messages.words import send_time
from bot.outbox.deliveries import (
    CLOSED,
    LATE_AFTER,
    OPEN,
    Deliveries,
    Delivery,
    State,
)
from bot.outbox.due import next_times, schedule_of
from bot.outbox.plans import COACH, ME, TEAM, Subscription
from bot.outbox.questions import StoredQuestions
from bot.outbox.reasons import (
    REASONS,
    NotSentReason,
    paused_by_itself,
    personal_notice,
)
from bot.people.accounts import People
from bot.people.audience import Audiences
from bot.people.directory import Directory

EVERYTHING = Visibility(everyone=True)
# Of these their owner is told who may see no more what they set up.
LOST = (
    NotSentReason.NO_RIGHT,
    NotSentReason.NOT_ALL_THEIRS,
    NotSentReason.NOT_IN_EXEC,
    NotSentReason.OWNER_IS_GUEST,
)
KINDS: Mapping[str, Literal["coach", "me"]] = MappingProxyType({COACH: "coach", ME: "me"})


@dataclass(frozen=True, slots=True)
class SubscriptionTrouble:
    """Why a subscription isn't sent: a `code` of ours, the reason in words, and what its owner can
    do about it. `retry_may_help`: pressing *Send now* can fix it."""

    code: str
    why: Sentence
    remedy: Sentence
    retry_may_help: bool = False


@dataclass(frozen=True, slots=True)
class Last:
    """When a subscription was last due (UTC), and the outcome; "late" means sent, but late."""

    at: datetime
    outcome: Literal["sent", "late", "failed", "unsure"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that was due (UTC) and isn't sent yet; `reason` is what it waits for, "" while it
    is being sent."""

    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SubscriptionLine:
    """A subscription as people read it.

    `id` is opaque. `kind` "digest" goes to a channel; "coach" is a coach's message about their
    people, "me" a person's own week. `title` is the group of a digest, or with `is_question` the
    question in words; `place` is "#west-coast", or the receiver of a direct message. `when` is a
    schedule in words without its zone. `owner` is a name in Exec. `next` is None while the
    subscription is paused or ended. `trouble` is why it isn't sent, or why the bot paused it; None
    if a person did. The reader `can_change` it, or at least pause and remove it (`can_stop`).
    """

    id: str
    kind: Literal["digest", "coach", "me"]
    title: str
    place: str
    when: str
    zone: str
    owner: str
    paused: bool = False
    trouble: SubscriptionTrouble | None = None
    last: Last | None = None
    next: datetime | None = None
    waiting: Waiting | None = None
    can_change: bool = True
    can_stop: bool = True
    is_question: bool = False


class Done(StrEnum):
    """What was done to a subscription; NOTHING if it was only looked at."""

    SAVED = "saved"
    CHANGED = "changed"
    PAUSED = "paused"
    RESUMED = "resumed"
    WAS_PAUSED = "was_paused"
    WAS_ON = "was_on"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Subscribed:
    clock: Callable[[], datetime]
    directory: Directory
    people: People
    audiences: Audiences
    deliveries: Deliveries
    questions: StoredQuestions

    async def described(
        self, ones: Sequence[Subscription], reader: Visibility = EVERYTHING
    ) -> tuple[SubscriptionLine, ...]:
        """The subscriptions, described, in the given order; without the names in those of which
        their reader may not see all. Raises StorageError."""
        ids = [one.id for one in ones]
        last = await self.deliveries.last(ids, CLOSED)
        waiting = await self.deliveries.last(ids, OPEN)
        taken = await self.deliveries.taken(ids)
        groups = await self.directory.items(NameKind.GROUP)
        names = {group.id: group.name for group in groups}
        titles = [await self._title(one, names, reader) for one in ones]
        places = sorted({one.plan.place for one in ones if not one.is_personal})
        called = dict(
            zip(places, await asyncio.gather(*map(self.audiences.name, places)), strict=True)
        )
        owners = {(one.team_id, one.owner_id): "" for one in ones}
        for team_id, user_id in owners:
            owners[team_id, user_id] = await self._account(team_id, user_id)
        return tuple(
            self._described(
                one,
                title=title,
                owner=owners[one.team_id, one.owner_id],
                place=called.get(one.plan.place, ""),
                last=last.get(one.id),
                waiting=waiting.get(one.id),
                taken=taken[one.id],
            )
            for one, title in zip(ones, titles, strict=True)
        )

    async def saved(self, one: Subscription, told: SubscriptionLine, done: Done) -> Draft:
        """A subscription and its state, after this was done to it. Raises StorageError."""
        upcoming, now = await self.next_times(one), self.clock()
        return draft("subscribed", subscription=told, upcoming=upcoming, now=now, done=done)

    async def next_times(self, one: Subscription) -> tuple[datetime, ...]:
        """The next three times that it comes (UTC). Raises StorageError."""
        taken = await self.deliveries.taken([one.id])
        return next_times(one, self.clock(), taken=taken[one.id])

    async def tell(self, one: Subscription, delivery: Delivery) -> Draft:
        """What the owner reads about `delivery.why`. Raises StorageError."""
        why, now = NotSentReason(delivery.why), self.clock()
        reader = EVERYTHING
        if why in LOST:
            hidden = await self.directory.hidden_from(())
            reader = Visibility(everyone=False, hidden=hidden)
        (told,) = await self.described((one,), reader)
        if not one.is_personal:
            told = replace(told, trouble=trouble_of(why, told))
            return draft("subscription_trouble", subscription=told, due=delivery.at, now=now)
        is_owner = delivery.place == one.owner_id
        whose = "about your people" if is_owner else f"to {told.owner} about their people"
        sentence = personal_notice(
            why,
            one.plan.report,
            paused=bool(one.paused),
            what="your own week" if one.plan.kind == ME else f"the message {whose}",
            owner=told.owner,
            place=told.place,
            when=send_time(delivery.at, one.plan.zone, now),
        )
        return draft("notice", sentence=sentence, offers=())

    async def _title(self, one: Subscription, groups: Mapping[str, str], reader: Visibility) -> str:
        """A group's name, or a question in words; as stored where nobody can tell the names."""
        plan = one.plan
        if plan.kind == TEAM:
            if not reader.knows_group(plan.group_id):
                return "a group that is not yours"
            return groups.get(plan.group_id, "a group that is gone")
        if plan.kind in KINDS:
            return ""
        try:
            asked = await self.questions.resolve(one.team_id, plan.ask)
        except BotError:
            return plan.ask if reader.everyone else "a question about others"
        sees_people = asked.people is None or reader.covers(asked.people)
        if not (sees_people and all(map(reader.knows, asked.names))):
            return "a question about others"
        phrases = (row.phrase(asked, None) for row in FILTERS)
        said = [phrase for phrase in phrases if phrase]
        return f"{plan.report}: {', '.join(said) or EVERYONE.lower()}"

    async def _account(self, team_id: str, user_id: str) -> str:
        try:
            return await self.people.name(await self.people.account(team_id, user_id))
        except BotError:
            return "someone"  # an account that Slack shows no more, or not just now

    def _described(
        self,
        one: Subscription,
        *,
        title: str,
        owner: str,
        place: str,
        last: Delivery | None,
        waiting: Delivery | None,
        taken: Collection[str],
    ) -> SubscriptionLine:
        now = self.clock()
        told = SubscriptionLine(
            id=one.id,
            kind=KINDS.get(one.plan.kind, "digest"),
            title=title,
            is_question=not one.plan.kind,
            place=place or owner,
            when=spoken_schedule(schedule_of(one.plan), zone=False),
            zone=one.plan.zone,
            owner=owner,
            paused=bool(one.paused),
            last=_went(last),
            next=next(iter(next_times(one, now, 1, taken=taken)), None),
        )
        if waiting is not None:
            reason = REASONS[NotSentReason(waiting.why)].waits if waiting.why else ""
            told = replace(told, waiting=Waiting(waiting.at, reason))
        why = _why(one, last)
        return told if why is None else replace(told, trouble=trouble_of(why, told))


def trouble_of(why: NotSentReason, told: SubscriptionLine) -> SubscriptionTrouble:
    """Why a subscription does not arrive, in words about this one."""
    reason = REASONS[why]
    fields = {
        "place": shortened(told.place),
        "owner": shortened(told.owner),
        "what": shortened(told.title),
    }
    remedy = Sentence(reason.remedy, fields)
    return SubscriptionTrouble(why, Sentence(reason.why, fields), remedy, reason.retry_may_help)


def _went(last: Delivery | None) -> Last | None:
    """How the last one went; None while none was sent."""
    if last is None:
        return None
    match last.state:
        case State.SENT:
            late = last.done_at is not None and last.done_at - last.at >= LATE_AFTER
            return Last(last.at, "late" if late else "sent")
        case _:
            return Last(last.at, "unsure" if last.why == NotSentReason.UNSETTLED else "failed")


def _why(one: Subscription, last: Delivery | None) -> NotSentReason | None:
    """Why it waits for its owner, or why the last one did not come."""
    if one.paused:
        return NotSentReason(one.paused) if paused_by_itself(one.paused) else None
    if last is None or last.state is State.SENT:
        return None
    # The person who removed it knows why.
    wanted = last.why in (NotSentReason.REMOVED, "")
    return None if wanted else NotSentReason(last.why)
