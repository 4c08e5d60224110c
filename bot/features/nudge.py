"""A nudge: shown to the coach first, in their own words if they like, and sent once.

Rights are judged at every step: between two of them anything may have changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.access import AccountType, Asker, is_present
from bot.answer import Request
from bot.button_values import ButtonValues
from bot.env import Env
from bot.errors import NotAllowed, NotFound
from bot.facts import ReadFacts, Sources
from bot.features import Button, Errors, Feature, Filled, FormHandler, Press, Shows, close, nothing
from bot.language import dates
from bot.language.query import Member, ResolvedQuery
from bot.language.text import shows
from bot.mirror.sessions import ReadOptions
from bot.outbox.deliver import Delivering
from bot.outbox.deliveries import State
from bot.outbox.plans import COACH
from bot.people.accounts import People
from bot.people.audit import Audit, Door, Look
from bot.people.coaches import NUDGE_AGAIN_AFTER, Coaching
from bot.rendering.coach_views import (
    NudgeFormView,
    NudgePreviewView,
    NudgeView,
    NudgeWordsView,
)
from bot.rendering.messages import View
from bot.rendering.views import NoticeView, notice
from bot.reports.intervals import Interval, last_days, period_of, today
from bot.reports.tasks import tasks_of
from bot.slack.modals import Modals, values_of
from bot.slack.web import SlackUser
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

    env: Env
    modals: Modals
    values: ButtonValues
    people: People
    coaching: Coaching
    sources: Sources
    audit: Audit
    delivering: Delivering

    @property
    def feature(self) -> Feature:
        return Feature(
            buttons={
                "coach.nudge": Button(self.values.person, self.preview, Shows.BENEATH),
                "nudge.send": Button(self.waiting, self.send, once=True),
                "nudge.edit": Button(self.waiting, self.edit, Shows.FORM),
                "nudge.cancel": Button(nothing, close),
            },
            forms={"nudge.form": FormHandler(NudgeText, BLOCK, self.read)},
        )

    async def waiting(self, payload: Payload, value: str) -> WaitingNudge:
        """Reads the value of a button under a preview."""
        nudge = await self.values.own(payload, value, Nudge)
        person = await self.values.person(payload, nudge.handle.person)
        return WaitingNudge(nudge.id, person.handle)

    async def preview(self, press: Press[Stored[Person]]) -> View:
        """The nudge as it will be sent, and whether to send it."""
        asker = press.asker
        person = await self.coaching.person(asker, press.handle.handle.person_id)
        await self._receiver(asker.team_id, person)
        nudge = await self._nudge(asker, person, str(asker.zone))
        handle = Nudge(press.handle.id)
        (id_,) = await self.modals.handles.keep(asker.team_id, asker.user_id, handle)
        return NudgePreviewView(id_, nudge)

    async def edit(self, press: Press[WaitingNudge]) -> None:
        """Open the form in which the words of the nudge are changed."""
        asker = await self.people.admitted(press.asker.team_id, press.asker.user_id)
        person = await self.coaching.person(asker, press.handle.person.person_id)
        nudge = await self._nudge(asker, person, str(asker.zone))
        text = self.env.messages.words(NudgeWordsView(nudge))[:LONGEST]
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
        person = await self.coaching.person(asker, to.person_id)
        theirs = await self._receiver(asker.team_id, person)
        nudge = await self._nudge(asker, person, theirs.tz)
        coach = asker.member.id if asker.member else asker.user_id
        before = await self.coaching.coaches.nudge(coach, person.id)
        if before is not None:
            return _too_soon(person, before, asker.zone)
        said = replace(nudge, typed=typed)
        state = await self.delivering.send(
            asker.team_id, theirs.id, said, id_=id_, by=asker.user_id
        )
        if state not in (State.SENT, State.POSTING):
            await self.coaching.coaches.not_nudged(coach, person.id)
        told = {
            State.SENT: "Sent to *{name}*.",
            State.POSTING: "Slack broke off while I was sending. In a minute I look whether "
            "*{name}* got it, and only if not I send it again.",
        }.get(state, "Slack did not take it, so *{name}* got nothing. Try again in a minute.")
        return notice(told, name=person.name)

    async def _receiver(self, team_id: str, person: Member) -> SlackUser:
        """The account to which it goes. Raises NotFound, and NotAllowed for one that may not hear
        of practice."""
        user_id = await self.people.account_of(team_id, person)
        if user_id is None:
            raise NotFound("I found no Slack account of *{name}*.", name=person.name)
        account = await self.people.slack_user(team_id, user_id)
        if account.account_type is not AccountType.FULL:
            raise NotAllowed(
                "I can't write to *{name}* for you: that takes a full Slack account that is "
                "switched on.",
                name=person.name,
            )
        return account

    async def _nudge(self, asker: Asker, person: Member, zone: str) -> NudgeView:
        """A friendly word to `person` that names the asker. Raises NotFound for who has left."""
        if not is_present(person):
            raise NotFound("*{name}* is not in Exec any more.", name=person.name)
        now = self.env.clock()
        window = last_days(zone, now)
        up_to_now = Interval(window.interval.start, today(zone, now).end)
        query = ResolvedQuery((person,), period=period_of(up_to_now, zone))
        options = ReadOptions(everything=True, needs_exec=True)
        facts = ReadFacts(self.sources, query, options, zone, now=now)
        practice = await facts.sessions(of_people=True, before=True)
        assigned = await facts.tasks() or ()
        tasks = tasks_of(assigned, {person.id: person}, now, zone, await facts.links(assigned))
        look = Look(f"person {person.id}", asker, COACH, Door.BUTTON, frozenset((person.id,)))
        await self.audit.note_of_day(look)
        return NudgeView(
            coach=asker.name,
            person=person.name,
            overdue=tasks.overdue,
            due=tasks.due,
            last=max((row.created_at for row in practice.all_rows), default=None),
            since=practice.since,
            zone=zone,
            now=now,
        )


def _too_soon(person: Member, before: datetime, zone: ZoneInfo) -> NoticeView:
    again = before + NUDGE_AGAIN_AFTER
    return notice(
        "I already sent *{name}* a nudge from you at {at}, so I did not send this one. From "
        "{again} on you can send another.",
        name=person.name,
        at=dates.write_hour(before.astimezone(zone)),
        again=dates.write_hour(again.astimezone(zone)),
    )
