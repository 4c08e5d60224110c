"""What the buttons of a coach's message and of one's own week lead to.

Rights are judged at every press: a message may be months old.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.access import AccountType, Asker
from bot.commands.coach import CoachCommands
from bot.commands.coach_message import CoachReports
from bot.commands.own_messages import USUAL
from bot.commands.table import Commands
from bot.doors.handles import OF_COACH, OwnMessage, WaitingNudge
from bot.doors.press import Press, shown
from bot.errors import NotAllowed, NotFound
from bot.language import dates
from bot.language.days import zone_of
from bot.language.query import Member
from bot.outbox.deliveries import State
from bot.outbox.plans import COACH, ME
from bot.rendering.coach_views import NudgePreviewView
from bot.rendering.messages import View
from bot.rendering.views import NoticeView, notice
from bot.slack.api import SlackUser
from bot.storage.coaches import NUDGE_AGAIN_AFTER
from bot.storage.handles import Handles, Nudge, Person, Stored


@dataclass(frozen=True, slots=True)
class CoachButtons:
    commands: Commands
    coach: CoachCommands
    reports: CoachReports
    handles: Handles

    async def everyone(self, press: Press[OwnMessage]) -> View:
        message = press.handle
        await self.coach.own.allow(press.asker, COACH)
        view = shown(
            await self.reports.everyone(
                press.asker, message.subscription, message.delivery, f"{OF_COACH}{message.id}"
            )
        )
        return replace(view, start=message.start)

    async def preview(self, press: Press[OwnMessage]) -> View:
        one = press.handle.subscription
        await self.coach.own.allow(press.asker, one.plan.ask)
        return shown(await self.reports.preview(press.asker, one.plan))

    async def pause(self, press: Press[OwnMessage]) -> View:
        return await self.coach.pause(press.handle.subscription)

    async def resume(self, press: Press[OwnMessage]) -> View:
        return await self.coach.resume(press.asker, press.handle.subscription)

    async def stop(self, press: Press[OwnMessage]) -> View:
        return await self.coach.stop(press.handle.subscription)

    async def sessions(self, press: Press[Stored[Person]]) -> View:
        handle = press.handle.handle
        person = await self.reports.member(press.asker, handle)
        zone = zone_of(handle.zone)
        first = handle.start.astimezone(zone).date()
        last = (handle.end - timedelta(seconds=1)).astimezone(zone).date()
        request = replace(press.request, can_share=False)
        return await self.commands.hear(request, f'sessions id:"{person.id}" {first}..{last}')

    async def choose(self, press: Press[Stored[Person]]) -> View:
        return await self.reports.person(press.asker, press.handle.id, press.handle.handle)

    async def nudge(self, press: Press[Stored[Person]]) -> View:
        """The nudge as it will be sent, and whether to send it."""
        asker = press.asker
        person = await self.reports.member(asker, press.handle.handle)
        await self._receiver(asker, person)
        nudge = await self.reports.nudge(asker, person, str(asker.zone))
        (id_,) = await self.handles.keep(asker.team_id, asker.user_id, Nudge(press.handle.id))
        return NudgePreviewView(id_, nudge)

    async def send_nudge(self, press: Press[WaitingNudge]) -> View:
        """Once: presses of one preview are one payload (payloads.ONCE), and those of several
        previews are told apart by the hour."""
        asker = press.asker
        person = await self.reports.member(asker, press.handle.person)
        theirs = await self._receiver(asker, person)
        nudge = await self.reports.nudge(asker, person, theirs.tz)
        coach = asker.member.id if asker.member else asker.user_id
        before = await self.coach.coaches.nudge(coach, person.id)
        if before is not None:
            return _too_soon(person, before, asker.zone)
        state = await self.coach.telling.send(asker, theirs.id, nudge, press.handle.id)
        if state not in (State.SENT, State.POSTING):
            await self.coach.coaches.not_nudged(coach, person.id)
        said = {
            State.SENT: "Sent to *{name}*.",
            State.POSTING: "Slack broke off while I was sending. In a minute I look whether "
            "*{name}* got it, and only if not I send it again.",
        }.get(state, "Slack did not take it, so *{name}* got nothing. Try again in a minute.")
        return notice(said, name=person.name)

    async def monday_on(self, press: Press[None]) -> View:
        one = await self.coach.own.subscribe(press.asker, ME, USUAL, lead="me")
        return await self.coach.own.saved(one)

    async def monday_off(self, press: Press[None]) -> View:
        asker, own = press.asker, self.coach.own
        one = await own.of(asker.team_id, asker.user_id, ME)
        if one is not None:
            await own.subscriptions.remove(one.id)
        return notice(
            "Stopped. `{command} me` shows your week any time, and brings the Monday message back.",
        )

    async def named(self, press: Press[None]) -> View:
        return await self.coach.name_me(press.asker, True)

    async def unnamed(self, press: Press[None]) -> View:
        return await self.coach.name_me(press.asker, False)

    async def _receiver(self, asker: Asker, person: Member) -> SlackUser:
        """The account that a nudge for `person` goes to. Raises NotFound, and NotAllowed for one
        that may not hear of practice."""
        account = await self.coach.telling.account(asker.team_id, person)
        if account is None:
            raise NotFound("I found no Slack account of *{name}*.", name=person.name)
        if account.account_type is not AccountType.FULL:
            raise NotAllowed(
                "I can't send *{name}* a nudge: that takes a full Slack account that is switched "
                "on.",
                name=person.name,
            )
        return account


def _too_soon(person: Member, before: datetime, zone: ZoneInfo) -> NoticeView:
    again = before + NUDGE_AGAIN_AFTER
    return notice(
        "I already sent *{name}* a nudge from you at {at}, so I did not send this one. From "
        "{again} on you can send another.",
        name=person.name,
        at=dates.hour(before.astimezone(zone)),
        again=dates.hour(again.astimezone(zone)),
    )
