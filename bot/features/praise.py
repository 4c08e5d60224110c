"""Praise in a channel, by a coach: they see and edit the words and choose the channel, and it is
posted once. It says who sends it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.access import Asker
from bot.answer import Request
from bot.button_values import ButtonValues
from bot.env import Env
from bot.errors import NotAllowed, UserError
from bot.features import Button, Errors, Feature, Filled, FormHandler, Press, Shows
from bot.language.locale import written_for
from bot.language.query import Member
from bot.language.text import shows
from bot.outbox.plans import TEAM
from bot.outbox.reasons import not_allowed
from bot.outbox.rights import why_not_there
from bot.outbox.subscriptions import Subscriptions
from bot.people.accounts import People
from bot.people.audience import Audiences
from bot.people.coaches import Coaching
from bot.rendering.praise_views import (
    PraiseFormView,
    PraiseOffer,
    PraisePostView,
    PraiseWordsView,
)
from bot.rendering.views import MOST_CHOICES, Choice, NoticeView, notice
from bot.reports.findings import Best, Gold
from bot.reports.praise import achievement
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

    Rights are judged when the form opens and again before every attempt to post it: a message may
    be months old.
    """

    env: Env
    people: People
    coaching: Coaching
    audiences: Audiences
    subscriptions: Subscriptions
    modals: Modals
    sender: Sender
    values: ButtonValues

    @property
    def feature(self) -> Feature:
        return Feature(
            buttons={"coach.praise": Button(self.offered, self.open, Shows.FORM)},
            forms={"praise.form": FormHandler(Praise, CHANNEL, self.read)},
        )

    async def offered(self, payload: Payload, value: str) -> Praise:
        """Reads the value of the button."""
        return (await self.values.own(payload, value, Praise)).handle

    async def offers(
        self, asker: Asker, praised: Iterable[Gold | Best], unnamed: Collection[str]
    ) -> dict[str, PraiseOffer]:
        """What offers to praise people in a channel, by their Exec ids; not who hides their
        name."""
        found: dict[str, list[Gold | Best]] = {}
        for each in praised:
            if each.person.id not in unnamed:
                found.setdefault(each.person.id, []).append(each)
        achievements = {id_: one for id_, theirs in found.items() if (one := achievement(theirs))}
        places = await self._places(asker, achievements)
        only = {id_: found[0] for id_, found in places.items() if len(found) == 1}
        names = {place: await self._name(place) for place in set(only.values())}
        known = {id_: place for id_, place in only.items() if names[place]}
        kept = await self.modals.handles.keep(
            asker.team_id,
            asker.user_id,
            *(
                Praise(id_, known.get(id_, ""), one.what.value, one.scenario, one.number)
                for id_, one in achievements.items()
            ),
        )
        return {
            id_: PraiseOffer(handle, names.get(known.get(id_, ""), ""))
            for id_, handle in zip(achievements, kept, strict=True)
        }

    async def open(self, press: Press[Praise]) -> None:
        """The form, with the usual words in it."""
        asker = await self.people.admitted(press.asker.team_id, press.asker.user_id)
        praise = press.handle
        person = await self._person(asker, praise)
        found = (await self._places(asker, (person.id,)))[person.id][:MOST_CHOICES]
        names = await asyncio.gather(*map(self._name, found))
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
        channel = ""

        async def is_allowed() -> bool:
            """Before every attempt; a sent form is worked on once, so nobody else posts it."""
            nonlocal channel
            person = await self._person(asker, stored.handle)
            channel = await self._channel(asker, person.id, place)
            return True

        with written_for(self.env.locale):
            message = self.env.messages.draw(PraisePostView(asker.name, text))
        sent = await self.sender.send(place, message, stored.id, is_allowed)
        return notice(OUTCOMES.get(sent.outcome, FAILED), channel=channel)

    async def _person(self, asker: Asker, praise: Praise) -> Member:
        """Whom it is about, if the asker coaches them and they may be named."""
        person = await self.coaching.person(asker, praise.person_id)
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
            raise not_allowed(why)
        if not seen.has_bot:
            raise UserError("I am not in that channel. Invite me there with `/invite` first.")
        if asker.user_id not in seen.ids:
            places = await self._places(asker, (person_id,))
            if place not in places[person_id]:
                raise NotAllowed("You are not in that channel. Choose one that you are in.")
        return seen.channel

    async def _places(self, asker: Asker, people: Collection[str]) -> dict[str, tuple[str, ...]]:
        """The channels that get the digest of a group that the asker coaches and the person is in,
        by the person's Exec id, as far as is stored. Raises StorageError."""
        if asker.member is None or not people:
            return dict.fromkeys(people, ())
        groups = (await self.coaching.coaches.of(asker.member.id)).groups
        rosters = await self.coaching.rosters.of(groups, ask_exec=False)
        listed = await self.subscriptions.listed(asker.team_id)
        digests = [one.plan for one in listed if one.is_on and one.plan.kind == TEAM]
        found: dict[str, tuple[str, ...]] = {}
        for id_ in people:
            theirs = {group for group, roster in rosters.items() if id_ in roster.people}
            places = (plan.place for plan in digests if plan.group_id in theirs)
            found[id_] = tuple(dict.fromkeys(places))
        return found

    async def _name(self, place: str) -> str:
        """What a channel is called, with its #; "" where the bot can't see it."""
        name = await self.audiences.name(place)
        return name if name.startswith("#") else ""
