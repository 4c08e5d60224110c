"""What the buttons of praise lead to: the coach's, and those of the person who is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.button_values import OfferedPraise, Readers
from bot.commands.coach_message import CoachReports
from bot.commands.praise import Praising
from bot.features import Errors, Filled, Form, Press
from bot.outbox.praises import Praise
from bot.people.people import People
from bot.pipeline import Request
from bot.rendering.messages import View
from bot.rendering.praise_views import PraiseFormView
from bot.rendering.views import MOST_CHOICES, Choice
from bot.slack.modals import Modals, values_of
from bot.storage.handles import Person, PraiseWhere, Stored
from bot.storage.payloads import Payload

BLOCK = "channel"


@dataclass(frozen=True, slots=True)
class PraiseButtons:
    """All raise UserError with what to do instead, SlackError, ExecError and StorageError."""

    modals: Modals
    readers: Readers
    people: People
    reports: CoachReports
    praising: Praising

    @property
    def row(self) -> Form[PraiseWhere]:
        return Form(PraiseWhere, BLOCK, self.read)

    async def ask(self, press: Press[OfferedPraise]) -> View:
        return await self.praising.ask(press.asker, press.handle.person, press.handle.place)

    async def where(self, press: Press[Stored[Person]]) -> None:
        """In which channel?"""
        asker = await self.people.admitted(press.asker.team_id, press.asker.user_id)
        person = await self.reports.member(asker, press.handle.handle)
        places = self.praising.places
        found = (await places.of(asker, (person.id,)))[person.id][:MOST_CHOICES]
        names = await asyncio.gather(*map(places.name, found))
        channels = (Choice(name, id_) for name, id_ in zip(names, found, strict=True) if name)
        private = await self.modals.keep(press.payload, PraiseWhere(press.handle.id))
        form = PraiseFormView(private, person.name, tuple(channels))
        await self.modals.open(press.trigger_id, form)

    async def read(
        self, payload: Payload, view: Mapping[str, Any], stored: Stored[PraiseWhere]
    ) -> Filled | Errors:
        """The channel."""
        place = values_of(view).get(BLOCK)
        if not isinstance(place, str) or not place:
            return {BLOCK: "Choose a channel."}
        chosen = place

        async def ask(request: Request) -> View:
            person = await self.readers.person(payload, stored.handle.person)
            return await self.praising.ask(request.asker, person.handle, chosen)

        return Filled(ask)

    async def yes(self, press: Press[Praise]) -> View:
        return await self.praising.agree(press.asker, press.handle)

    async def no(self, press: Press[Praise]) -> View:
        return await self.praising.decline(press.handle)
