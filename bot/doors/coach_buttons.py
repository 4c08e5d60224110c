"""What the buttons of a coach's message and of one's own week lead to.

Rights are judged at every press: a message may be months old.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.button_values import OwnMessage
from bot.commands.coach import CoachCommands
from bot.commands.coach_message import CoachReports
from bot.errors import Sentence
from bot.features import Press
from bot.language.days import zone_of
from bot.outbox.plans import COACH
from bot.outbox.reasons import shown
from bot.pipeline import Pipeline
from bot.rendering.messages import View
from bot.rendering.views import AnswerView
from bot.reports.table import SESSIONS
from bot.storage.handles import Person, Stored

LAST_ONES = 5  # sessions of somebody who had none in the time of a message


@dataclass(frozen=True, slots=True)
class CoachButtons:
    pipeline: Pipeline
    coach: CoachCommands
    reports: CoachReports

    async def everyone(self, press: Press[OwnMessage]) -> View:
        message = press.handle
        await self.coach.own.allow(press.asker, COACH)
        view = shown(
            await self.reports.everyone(
                press.asker, message.subscription, message.delivery, message.id
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
        theirs = f'id:"{person.id}"'
        view = await self.pipeline.ask(request, f"{theirs} {first}..{last}", SESSIONS)
        if not (isinstance(view, AnswerView) and SESSIONS.is_nothing(view.found)):
            return view
        last_ones = await self.pipeline.ask(request, f"{theirs} top {LAST_ONES}", SESSIONS)
        if isinstance(last_ones, AnswerView) and not SESSIONS.is_nothing(last_ones.found):
            return replace(last_ones, note=Sentence("None in that time. The last ones before it:"))
        return last_ones

    async def choose(self, press: Press[Stored[Person]]) -> View:
        return await self.reports.person(press.asker, press.handle.id, press.handle.handle)
