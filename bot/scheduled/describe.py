"""Subscriptions in words, and the notice to the owner of sub that failed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.clock import Now
from bot.errors import NotFound, Sentence, SlackError
from bot.language.locale import written_for
from bot.messages.render import Messages, draft
from bot.people.access import Visibility
from bot.people.accounts import Accounts
from bot.people.audience import Audiences
from bot.scheduled.delivery import (
    REASONS,
    Deliveries,
    Delivery,
    DeliveryKind,
    Reason,
    State,
    one_time,
)
from bot.scheduled.stored_words import OTHERS, StoredWords
from bot.scheduled.subscriptions import Subscription, Subscriptions

# The titles of messages to their owner alone.
PERSONAL = {"coach": "Your message about your people", "me": "Your own week"}


@dataclass(frozen=True, slots=True)
class Line:
    """A subscription in words.

    `title` is a group or a question. `place` is a channel, "" for a message to the owner. `last` is
    the newest delivery. `trouble` says why that wasn't sent, or why the subscription is paused.
    """

    sub: Subscription
    title: str
    place: str
    owner: str
    last: Delivery | None
    trouble: Sentence | None


@dataclass(frozen=True, slots=True)
class Describer:
    """Describes subscriptions in words."""

    subscriptions: Subscriptions
    deliveries: Deliveries
    stored_words: StoredWords
    accounts: Accounts
    audiences: Audiences
    messages: Messages
    clock: Now

    async def describe(self, sub: Subscription, reader: Visibility | None = None) -> Line:
        """A subscription in words, without names that the `reader` can't see."""
        name, last = PERSONAL.get(sub.report), await self.deliveries.newest(sub.id)
        place = "" if sub.is_personal else await self.audiences.name(sub.place)
        owner = await self.owner_name(sub.team_id, sub.owner_id)
        reason = sub.reason or (last.reason if last and last.state is State.FAILED else "")
        why = REASONS[Reason(reason)].why if reason else ""
        return Line(
            sub,
            title=name or await self.stored_words.title(sub.team_id, sub.words, reader),
            place=place,
            owner=owner,
            last=last,
            trouble=Sentence(why, {"place": place, "owner": owner}) if why else None,
        )

    async def owner_name(self, team_id: str, user_id: str) -> str:
        """The name of an account."""
        try:
            return (await self.accounts.account(team_id, user_id)).name
        except (NotFound, SlackError):
            return "someone"  # Slack is down or hides the account

    async def failure_notice(self, row: Delivery, reason: Reason) -> Delivery | None:
        """The notice to the owner of a failed delivery; None if there is no subscription, or if
        this bot wasn't running, which only the list says."""
        sub = await self.subscriptions.find(row.subscription_id)
        if sub is None or reason is Reason.LATE:
            return None
        why, remedy = REASONS[reason]
        if remedy and row.kind is DeliveryKind.SCHEDULED:
            sub = replace(sub, next_at=None)
        line = await self.describe(sub)
        if reason is Reason.OWNER and not sub.is_personal:
            line = replace(line, title=OTHERS)
        names = {"place": line.place, "owner": line.owner}
        view = draft(
            "subscription_trouble",
            line=line,
            why=Sentence(why, names),
            remedy=Sentence(remedy or "The next sub is sent as planned.", names),
            reason=reason,
            due=row.planned_at,
            now=self.clock(),
        )
        with written_for(await self.accounts.locale(row.team_id, row.owner_id)):
            message = self.messages.message(view)
            return one_time(row.team_id, row.owner_id, message, self.clock())
