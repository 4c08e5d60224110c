"""What the buttons of a coach's message and of one's own week lead to.

Rights are judged at every press: a message may be months old.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.access import AccountType, Asker
from bot.commands.coach import CoachCommands
from bot.commands.own_messages import USUAL
from bot.commands.table import Commands
from bot.doors.snooze_form import SnoozeForms
from bot.errors import NotAllowed, NotFound, UserError
from bot.gather.coach import GONE, CoachReports
from bot.language.query import Member
from bot.outbox.deliveries import State
from bot.outbox.plans import COACH, ME
from bot.outbox.reasons import REASONS, Why
from bot.people.people import People
from bot.pipeline import Request
from bot.rendering.coach_views import NudgePreviewView
from bot.rendering.draw import View
from bot.rendering.views import notice
from bot.reports.intervals import zone_of
from bot.slack.payloads import page_of
from bot.slack.reply import Reply
from bot.slack.web import SlackUser
from bot.slack.work import Work
from bot.storage.coaches import NUDGE_AGAIN_AFTER
from bot.storage.commands import StoredCommand, StoredCommands
from bot.storage.payloads import Payload

# These stand in messages that only the presser sees, and what they lead to takes their place.
IN_PLACE = frozenset({"nudge.send", "nudge.cancel"})
DETAILS = frozenset({"digest.details.previous", "digest.details.next"})
OF_COACH = "coach-"  # begins the id of the details of a coach's people
# Begins a stored command that runs nothing: whom a nudge is for.
NUDGE = "nudge"


@dataclass(frozen=True, slots=True)
class Pressed:
    payload: Payload
    asker: Asker
    value: str
    reply: Reply


class CoachButtons:
    def __init__(
        self,
        *,
        work: Work,
        people: People,
        snoozing: SnoozeForms,
        commands: Commands,
        coach: CoachCommands,
        reports: CoachReports,
        stored: StoredCommands,
    ) -> None:
        self._work = work
        self._people = people
        self._snoozing = snoozing
        self._commands = commands
        self._coach = coach
        self._own = coach.own
        self._reports = reports
        self._stored = stored
        self._buttons: Mapping[str, Callable[[Pressed], Awaitable[None]]] = {
            "coach.everyone": self._everyone,
            "coach.pause": self._pause,
            "coach.resume": self._resume,
            "coach.stop": self._stop,
            "coach.preview": self._preview,
            "coach.sessions": self._sessions,
            "coach.choose": self._choose,
            "coach.nudge": self._nudge,
            "nudge.send": self._send,
            "nudge.cancel": self._cancel,
            "me.monday_on": self._monday_on,
            "me.monday_off": self._monday_off,
            "me.named": self._named,
            "me.unnamed": self._unnamed,
        }

    def press(self, payload: Payload, name: str, value: str, trigger_id: str | None) -> bool:
        """A button of a coach's message or of one's own week; False if it is something else's."""
        if name in ("coach.snooze", "coach.snooze_all"):

            async def open_form(_reply: Reply) -> None:
                one = name == "coach.snooze"
                await self._snoozing.open(payload, value, str(trigger_id), one=one)

            self._work.start(payload, open_form, beneath=True, opens_form=True)
            return True
        run = self._buttons.get(name)
        if name in DETAILS and value.startswith(OF_COACH):
            run, value = self._everyone, value.removeprefix(OF_COACH)
        if run is None:
            return False
        known, carried = run, value

        async def job(reply: Reply) -> None:
            asker = await self._people.admitted(payload.team_id, payload.user_id)
            await known(Pressed(payload, asker, carried, reply))

        self._work.start(payload, job, beneath=name not in IN_PLACE | DETAILS)
        return True

    async def form(self, payload: Payload, view: Mapping[str, Any]) -> dict[str, str]:
        """A sent snooze form: what is wrong with it by block, or nothing and it is done."""
        return await self._snoozing.sent(payload, view)

    async def _everyone(self, pressed: Pressed) -> None:
        id_, start = page_of(pressed.value)
        one, delivery = await self._own.find(pressed.asker, id_)
        await self._own.allow(pressed.asker, COACH)
        view = await self._reports.everyone(pressed.asker, one, delivery, f"{OF_COACH}{id_}")
        if isinstance(view, Why):
            raise _nothing(view)
        await pressed.reply.answer(replace(view, start=start))

    async def _preview(self, pressed: Pressed) -> None:
        one, _ = await self._own.find(pressed.asker, pressed.value)
        await self._own.allow(pressed.asker, one.plan.ask)
        made = await self._reports.preview(pressed.asker, one.plan)
        if isinstance(made, Why):
            raise _nothing(made)
        await pressed.reply.answer(made)

    async def _pause(self, pressed: Pressed) -> None:
        one, _ = await self._own.find(pressed.asker, pressed.value)
        await pressed.reply.answer(await self._coach.pause(one))

    async def _resume(self, pressed: Pressed) -> None:
        one, _ = await self._own.find(pressed.asker, pressed.value)
        await pressed.reply.answer(await self._coach.resume(pressed.asker, one))

    async def _stop(self, pressed: Pressed) -> None:
        one, _ = await self._own.find(pressed.asker, pressed.value)
        await pressed.reply.answer(await self._coach.stop(one))

    async def _sessions(self, pressed: Pressed) -> None:
        handle, person = await self._reports.behind(pressed.asker, pressed.value)
        zone = zone_of(handle.zone)
        first = handle.interval.start.astimezone(zone).date()
        last = (handle.interval.end - timedelta(seconds=1)).astimezone(zone).date()
        who = f'id:"{person.id}"'
        request = Request(
            asker=pressed.asker,
            channel_id=pressed.payload.channel_id,
            can_share=False,
            tell=pressed.reply.tell,
        )
        words = f"sessions {who} {first}..{last}"
        await pressed.reply.answer(await self._commands.hear(request, words))

    async def _choose(self, pressed: Pressed) -> None:
        await pressed.reply.answer(await self._reports.person(pressed.asker, pressed.value))

    async def _nudge(self, pressed: Pressed) -> None:
        asker = pressed.asker
        _, person = await self._reports.behind(asker, pressed.value)
        await self._receiver(asker, person)
        nudge = await self._reports.nudge(asker, person, str(asker.zone))
        (id_,) = await self._stored.keep(
            asker.team_id, asker.user_id, (f"{NUDGE} {pressed.value}",)
        )
        await pressed.reply.answer(NudgePreviewView(id_, nudge))

    async def _send(self, pressed: Pressed) -> None:
        """Once: presses of one preview are one payload (payloads.ONCE), and those of several
        previews are told apart by the hour."""
        asker = pressed.asker
        stored = await self._find(pressed.payload, pressed.value)
        if stored is None or not stored.words.startswith(f"{NUDGE} "):
            raise NotFound(GONE)
        _, person = await self._reports.behind(asker, stored.words.removeprefix(f"{NUDGE} "))
        theirs = await self._receiver(asker, person)
        nudge = await self._reports.nudge(asker, person, theirs.tz)
        coach = asker.member.id if asker.member else asker.user_id
        before = await self._coach.coaches.nudge(coach, person.id)
        if before is not None:
            await pressed.reply.answer(self._too_soon(person, before, asker.zone))
            return
        state = await self._coach.telling.send(asker, theirs.id, nudge, stored.id)
        if state not in (State.SENT, State.POSTING):
            await self._coach.coaches.not_nudged(coach, person.id)
        said = {
            State.SENT: "Sent to *{name}*.",
            State.POSTING: "Slack broke off while I was sending. In a minute I look whether "
            "*{name}* got it, and only if not I send it again.",
        }.get(state, "Slack did not take it, so *{name}* got nothing. Try again in a minute.")
        await pressed.reply.answer(notice(said, name=person.name))

    async def _receiver(self, asker: Asker, person: Member) -> SlackUser:
        """The account that a nudge for `person` goes to. Raises NotFound, and NotAllowed for one
        that may not hear of practice."""
        account = await self._coach.telling.account(asker.team_id, person)
        if account is None:
            raise NotFound("I found no Slack account of *{name}*.", name=person.name)
        if account.account_type is not AccountType.FULL:
            raise NotAllowed(
                "I can't send *{name}* a nudge: that takes a full Slack account that is switched "
                "on.",
                name=person.name,
            )
        return account

    def _too_soon(self, person: Member, before: datetime, zone: ZoneInfo) -> View:
        again = before + NUDGE_AGAIN_AFTER
        return notice(
            "I already sent *{name}* a nudge from you at {at}, so I did not send this one. From "
            "{again} on you can send another.",
            name=person.name,
            at=f"{before.astimezone(zone):%H:%M}",
            again=f"{again.astimezone(zone):%H:%M}",
        )

    async def _cancel(self, pressed: Pressed) -> None:
        await pressed.reply.close()

    async def _monday_on(self, pressed: Pressed) -> None:
        one = await self._own.subscribe(pressed.asker, ME, USUAL, lead="me")
        await pressed.reply.answer(await self._own.saved(one))

    async def _monday_off(self, pressed: Pressed) -> None:
        asker = pressed.asker
        one = await self._own.of(asker.team_id, asker.user_id, ME)
        if one is not None:
            await self._own.subscriptions.remove(one.id)
        view = notice(
            "Stopped. `{command} me` shows your week any time, and brings the Monday message back.",
            command=self._coach.command,
        )
        await pressed.reply.answer(view)

    async def _named(self, pressed: Pressed) -> None:
        await pressed.reply.answer(await self._coach.name_me(pressed.asker, True))

    async def _unnamed(self, pressed: Pressed) -> None:
        await pressed.reply.answer(await self._coach.name_me(pressed.asker, False))

    async def _find(self, payload: Payload, id_: str) -> StoredCommand | None:
        return await self._stored.find(id_, team_id=payload.team_id, user_id=payload.user_id)


def _nothing(why: Why) -> UserError:
    return UserError(f"There is nothing to show: {REASONS[why].short}.")
