"""The form that puts off a coach's messages, or one person in them, until a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.access import Asker
from bot.button_values import OwnMessage, Readers
from bot.commands.coach import CoachCommands
from bot.commands.coach_message import CoachReports
from bot.env import Env
from bot.errors import UserError
from bot.features import Errors, Filled, Form, Press
from bot.language.days import day_start
from bot.language.until import day_words
from bot.people.people import People
from bot.pipeline import Request
from bot.rendering.coach_views import SnoozeView
from bot.rendering.messages import View
from bot.rendering.views import notice
from bot.slack.modals import Modals, values_of
from bot.storage.handles import Person, Snooze, Stored
from bot.storage.payloads import Payload

USUAL_DAYS = 14
BLOCK = "until"


@dataclass(frozen=True, slots=True)
class SnoozeForm:
    env: Env
    modals: Modals
    readers: Readers
    people: People
    coach: CoachCommands
    reports: CoachReports

    @property
    def row(self) -> Form[Snooze]:
        return Form(Snooze, BLOCK, self.read)

    async def open_for_all(self, press: Press[OwnMessage]) -> None:
        """Until when no message comes? Raises UserError and SlackError."""
        await self.people.admitted(press.asker.team_id, press.asker.user_id)
        await self._open(press, Snooze(subscription=press.handle.subscription.id), None)

    async def open_for_one(self, press: Press[Stored[Person]]) -> None:
        """Until when nothing is asked of a person? Raises UserError and SlackError."""
        asker = await self.people.admitted(press.asker.team_id, press.asker.user_id)
        person = await self.reports.member(asker, press.handle.handle)
        await self._open(press, Snooze(person=press.handle.id), person.name)

    async def _open(self, press: Press[Any], about: Snooze, name: str | None) -> None:
        private = await self.modals.keep(press.payload, about)
        until = self.env.clock().astimezone(press.asker.zone).date() + timedelta(days=USUAL_DAYS)
        await self.modals.open(press.trigger_id, SnoozeView(private, name, until))

    async def read(
        self, payload: Payload, view: Mapping[str, Any], stored: Stored[Snooze]
    ) -> Filled | Errors:
        """Until when, which must be a day to come."""
        zone = await self.people.zone(payload.team_id, payload.user_id)
        chosen = _date(values_of(view).get(BLOCK))
        until = None if chosen is None else day_start(chosen, zone).astimezone(UTC)
        if until is None or until <= self.env.clock():
            return {BLOCK: "Choose a day to come."}
        about, moment = stored.handle, until

        async def snooze(request: Request) -> View:
            return await self._snooze(payload, request.asker, about, moment)

        return Filled(snooze)

    async def _snooze(self, payload: Payload, asker: Asker, about: Snooze, until: datetime) -> View:
        if about.subscription:
            message = await self.readers.own_message(payload, about.subscription)
            return await self.coach.snooze(asker, message.subscription, until)
        stored = await self.readers.person(payload, about.person)
        person = await self.reports.member(asker, stored.handle)

        if asker.member is None or person.id not in await self.coach.own.coaching.coached(asker):
            raise UserError("*{name}* is not among your people.", name=person.name)
        await self.coach.coaches.snooze(asker.member.id, person.id, until)
        return notice(
            "I won't flag *{name}* until {day}. You'll still see good news.",
            day=day_words(until, asker.zone),
            name=person.name,
        )


def _date(chosen: object) -> date | None:
    """The day that was chosen."""
    try:
        return date.fromisoformat(str(chosen))
    except ValueError:
        return None
