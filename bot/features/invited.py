"""The bot is invited to a channel: whoever invited it hears what it does there, and nobody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from bot.button_values import ButtonCommand, ButtonValues
from bot.errors import Sentence, SlackError, UserError
from bot.features import Button, Event, Feature, Press, ReceivedEvent, Shows
from bot.messages.render import Draft, View, draft
from bot.outbox.deliver import Delivering
from bot.outbox.deliveries import delivery_id
from bot.outbox.reasons import not_allowed
from bot.outbox.rights import why_not_there
from bot.people.accounts import People
from bot.people.audience import Audiences
from bot.people.coaches import Coaching
from bot.slack import payloads
from bot.slack.payloads import Payload

FOR_COACHES = Sentence("A digest there is for admins and coaches to set up.")


@dataclass(frozen=True, slots=True)
class Invited:
    """`run` answers the command behind a button. All raise SlackError, ExecError and
    StorageError."""

    people: People
    coaching: Coaching
    audiences: Audiences
    delivering: Delivering
    values: ButtonValues
    run: Callable[[Press[ButtonCommand]], Awaitable[View]]

    @property
    def feature(self) -> Feature:
        return Feature(
            events={"member_joined_channel": Event(self.invited, invitation)},
            buttons={"invited.help": Button(self.values.words, self.run, Shows.BENEATH)},
        )

    async def invited(self, received: ReceivedEvent) -> None:
        """Tell who invited it, once, in their conversation with the bot: what only one person sees
        in a channel is lost to who looks elsewhere just then, or loads Slack anew."""
        payload = received.payload
        to, id_ = payload.user_id, delivery_id(payload.key)
        message = await self._message(payload)
        await self.delivering.send(payload.team_id, to, message, id_=id_, by=to)

    async def _message(self, payload: Payload) -> Draft:
        """What the bot does there, or why the inviter gets no answers or no digest."""
        refusal, may_ask = await self._refusal(payload)
        return draft(
            "invited",
            channel=await self.audiences.name(payload.channel_id),
            channel_id=payload.channel_id,
            refusal=refusal,
            may_ask=may_ask,
        )

    async def _refusal(self, payload: Payload) -> tuple[Sentence | None, bool]:
        """Why the inviter can have no digest there, and whether they get answers."""
        try:
            asker = await self.people.admitted(payload.team_id, payload.user_id)
            visibility = await self.coaching.visibility(asker)
        except UserError as refused:
            return refused.sentence, False
        if not visibility.covers_groups:
            return FOR_COACHES, True
        why = None
        with suppress(UserError, SlackError):  # then the form says what is wrong
            seen = await self.audiences.seen(payload.team_id, payload.channel_id)
            why = why_not_there(seen.audience)
        return None if why is None else not_allowed(why).sentence, True


def invitation(body: Mapping[str, Any]) -> Payload | None:
    """The payload of an invitation, as of who invited; None for anybody else who joined, and where
    nobody invited."""
    payload, event = payloads.of_event(body), body["event"]
    if payload is None or payload.user_id not in payloads.bots_of(body):
        return None
    inviter = event.get("inviter")
    return replace(payload, user_id=inviter) if isinstance(inviter, str) and inviter else None
