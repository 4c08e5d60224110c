"""A nudge: shown to the coach first, in their own words if they like, and sent once.

Rights are judged at every step: between two of them anything may have changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.access import Asker
from bot.button_values import Readers
from bot.commands.coach_message import CoachReports
from bot.commands.coach_telling import CoachTelling
from bot.features import Button, Errors, Feature, Filled, Form, Press, Shows, close, nothing
from bot.language import dates
from bot.language.query import Member
from bot.language.text import shows
from bot.outbox.deliveries import State
from bot.people.people import People
from bot.pipeline import Request
from bot.rendering.coach_views import NudgeFormView, NudgePreviewView, NudgeWordsView
from bot.rendering.messages import View
from bot.rendering.views import NoticeView, notice
from bot.slack.modals import Modals, values_of
from bot.storage.coaches import NUDGE_AGAIN_AFTER, Coaches
from bot.storage.handles import Nudge, NudgeText, Person, Stored
from bot.storage.payloads import Payload

LONGEST = 500  # characters
BLOCK = "text"


@dataclass(frozen=True, slots=True)
class WaitingNudge:
    """A nudge that the presser has seen and not sent yet."""

    id: str
    person: Person


@dataclass(frozen=True, slots=True)
class NudgeSending:
    """All raise UserError with what to do instead, SlackError, ExecError and StorageError."""

    modals: Modals
    values: Readers
    people: People
    coaches: Coaches
    telling: CoachTelling
    reports: CoachReports

    @property
    def feature(self) -> Feature:
        return Feature(
            buttons={
                "coach.nudge": Button(self.values.person, self.preview, Shows.BENEATH),
                "nudge.send": Button(self.waiting, self.send, once=True),
                "nudge.edit": Button(self.waiting, self.edit, Shows.FORM),
                "nudge.cancel": Button(nothing, close),
            },
            forms={"nudge.form": Form(NudgeText, BLOCK, self.read)},
        )

    async def waiting(self, payload: Payload, value: str) -> WaitingNudge:
        """Reads the value of a button under a preview."""
        nudge = await self.values.own(payload, value, Nudge)
        person = await self.values.person(payload, nudge.handle.person)
        return WaitingNudge(nudge.id, person.handle)

    async def preview(self, press: Press[Stored[Person]]) -> View:
        """The nudge as it will be sent, and whether to send it."""
        asker = press.asker
        person = await self.reports.member(asker, press.handle.handle)
        await self.telling.receiver(asker.team_id, person)
        nudge = await self.reports.nudge(asker, person, str(asker.zone))
        handle = Nudge(press.handle.id)
        (id_,) = await self.modals.handles.keep(asker.team_id, asker.user_id, handle)
        return NudgePreviewView(id_, nudge)

    async def edit(self, press: Press[WaitingNudge]) -> None:
        """Other words?"""
        asker = await self.people.admitted(press.asker.team_id, press.asker.user_id)
        person = await self.reports.member(asker, press.handle.person)
        nudge = await self.reports.nudge(asker, person, str(asker.zone))
        text = self.modals.messages.words(NudgeWordsView(nudge))[:LONGEST]
        private = await self.modals.keep(press.payload, NudgeText(press.handle.id))
        await self.modals.open(press.trigger_id, NudgeFormView(private, nudge, text, LONGEST))

    async def read(
        self, payload: Payload, view: Mapping[str, Any], stored: Stored[NudgeText]
    ) -> Filled | Errors:
        """The words of the coach."""
        typed = str(values_of(view).get(BLOCK) or "").strip()
        if not shows(typed):
            return {BLOCK: "Write a few words."}
        if len(typed) > LONGEST:
            return {BLOCK: f"Write at most {LONGEST} characters."}

        async def send(request: Request) -> View:
            nudge = await self.waiting(payload, stored.handle.nudge)
            return await self._send(request.asker, nudge.person, stored.id, typed)

        # In place of the preview, which said something else.
        return Filled(send, beneath=False)

    async def send(self, press: Press[WaitingNudge]) -> View:
        return await self._send(press.asker, press.handle.person, press.handle.id)

    async def _send(self, asker: Asker, to: Person, id_: str, typed: str = "") -> View:
        """Once: presses of one preview are one payload (`once`), a form has one delivery,
        `id_`, and all of them are told apart by the hour."""
        person = await self.reports.member(asker, to)
        theirs = await self.telling.receiver(asker.team_id, person)
        nudge = await self.reports.nudge(asker, person, theirs.tz)
        coach = asker.member.id if asker.member else asker.user_id
        before = await self.coaches.nudge(coach, person.id)
        if before is not None:
            return _too_soon(person, before, asker.zone)
        said = replace(nudge, typed=typed)
        state = await self.telling.send(asker, theirs.id, said, id_)
        if state not in (State.SENT, State.POSTING):
            await self.coaches.not_nudged(coach, person.id)
        told = {
            State.SENT: "Sent to *{name}*.",
            State.POSTING: "Slack broke off while I was sending. In a minute I look whether "
            "*{name}* got it, and only if not I send it again.",
        }.get(state, "Slack did not take it, so *{name}* got nothing. Try again in a minute.")
        return notice(told, name=person.name)


def _too_soon(person: Member, before: datetime, zone: ZoneInfo) -> NoticeView:
    again = before + NUDGE_AGAIN_AFTER
    return notice(
        "I already sent *{name}* a nudge from you at {at}, so I did not send this one. From "
        "{again} on you can send another.",
        name=person.name,
        at=dates.hour(before.astimezone(zone)),
        again=dates.hour(again.astimezone(zone)),
    )
