"""Praise in a channel, by a coach: they see and edit the words and choose the channel, and it is
posted once. It says who sends it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.access import Asker
from bot.button_values import Readers
from bot.commands.coach_message import CoachReports
from bot.commands.praise_places import PraisePlaces
from bot.env import Env
from bot.errors import NotAllowed, UserError
from bot.features import Button, Errors, Feature, Filled, Form, Press, Shows
from bot.language.locale import written_for
from bot.language.query import Member
from bot.language.text import shows
from bot.outbox.reasons import refusal
from bot.outbox.rights import why_not_there
from bot.people.audience import Audiences
from bot.people.coaching import Coaching
from bot.people.people import People
from bot.pipeline import Request
from bot.rendering.praise_views import PraiseFormView, PraisePostView, PraiseWordsView
from bot.rendering.views import MOST_CHOICES, Choice, NoticeView, notice
from bot.slack.modals import Modals, values_of
from bot.slack.send import Outcome, Sender
from bot.storage.handles import Praise, Stored
from bot.storage.payloads import Payload

LONGEST = 500  # characters
TEXT, CHANNEL = "text", "channel"  # the fields of the form
UNNAMED = "*{name}* asked not to be named in channels, so I post nothing about them."
OUTCOMES = {
    Outcome.SENT: "Posted in *{channel}*.",
    Outcome.UNSURE: "Slack broke off while I was posting, so I can't tell whether it went through. "
    "Look in *{channel}* before you post it again.",
}
FAILED = "Slack didn't take the post, so *{channel}* got nothing. Try again in a minute."


@dataclass(frozen=True, slots=True)
class PraiseForm:
    """All raise UserError with what to do instead, SlackError, ExecError and StorageError.

    Rights are judged when the form opens and again when it is sent: a message may be months old.
    """

    env: Env
    people: People
    coaching: Coaching
    audiences: Audiences
    places: PraisePlaces
    reports: CoachReports
    modals: Modals
    sender: Sender
    values: Readers

    @property
    def feature(self) -> Feature:
        return Feature(
            buttons={"coach.praise": Button(self.offered, self.open, Shows.FORM)},
            forms={"praise.form": Form(Praise, CHANNEL, self.read)},
        )

    async def offered(self, payload: Payload, value: str) -> Praise:
        """Reads the value of the button."""
        return (await self.values.own(payload, value, Praise)).handle

    async def open(self, press: Press[Praise]) -> None:
        """The form, with the usual words in it."""
        asker = await self.people.admitted(press.asker.team_id, press.asker.user_id)
        praise = press.handle
        person = await self._person(asker, praise)
        found = (await self.places.of(asker, (person.id,)))[person.id][:MOST_CHOICES]
        names = await asyncio.gather(*map(self.places.name, found))
        words = PraiseWordsView(person.name, praise.what, praise.scenario, praise.number)
        form = PraiseFormView(
            private=await self.modals.keep(press.payload, praise),
            text=self.env.messages.words(words)[:LONGEST],
            most=LONGEST,
            channels=tuple(
                Choice(name, id_) for name, id_ in zip(names, found, strict=True) if name
            ),
            channel=praise.place,
        )
        await self.modals.open(press.trigger_id, form)

    async def read(
        self, payload: Payload, view: Mapping[str, Any], stored: Stored[Praise]
    ) -> Filled | Errors:
        """The words and the channel."""
        values = values_of(view)
        text, place = str(values.get(TEXT) or "").strip(), values.get(CHANNEL)
        if not shows(text):
            return {TEXT: "Write a few words."}
        if len(text) > LONGEST:
            return {TEXT: f"Write at most {LONGEST} characters."}
        if not isinstance(place, str) or not place:
            return {CHANNEL: "Choose a channel."}
        channel_id = place

        async def post(request: Request) -> NoticeView:
            return await self._post(request.asker, stored, text, channel_id)

        return Filled(post)

    async def _post(
        self, asker: Asker, stored: Stored[Praise], text: str, place: str
    ) -> NoticeView:
        person = await self._person(asker, stored.handle)
        channel = await self._channel(asker, person.id, place)
        with written_for(self.env.locale):
            message = self.env.messages.draw(PraisePostView(asker.name, text))
        sent = await self.sender.send(place, message, stored.id, _nobody_else)
        return notice(OUTCOMES.get(sent.outcome, FAILED), channel=channel)

    async def _person(self, asker: Asker, praise: Praise) -> Member:
        """Whom it is about, if the asker coaches them and they may be named."""
        person = await self.reports.member(asker, praise)
        if asker.member is None or person.id not in await self.coaching.coached(asker):
            raise UserError("*{name}* is not among your people.", name=person.name)
        if not await self.coaching.coaches.may_name(person.id):
            raise UserError(UNNAMED, name=person.name)
        return person

    async def _channel(self, asker: Asker, person_id: str, place: str) -> str:
        """What the channel is called, if the asker may post practice there: those in it may hear
        of it, the bot is one of them, and so is the asker or it gets the digest of the person's
        group. Raises NotAllowed, and UserError where that can't be told."""
        seen = await self.audiences.seen(asker.team_id, place)
        if (why := why_not_there(seen.audience)) is not None:
            raise refusal(why)
        if not seen.has_bot:
            raise UserError("I am not in that channel. Invite me there with `/invite` first.")
        if asker.user_id not in seen.ids:
            places = await self.places.of(asker, (person_id,))
            if place not in places[person_id]:
                raise NotAllowed("You are not in that channel. Choose one that you are in.")
        return seen.channel


async def _nobody_else() -> bool:
    """A sent form is worked on once, so nobody else posts it."""
    return True
