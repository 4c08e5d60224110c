"""What the buttons of an answer lead to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.commands.table import Commands, named
from bot.doors.handles import Asked
from bot.doors.press import Press
from bot.doors.refreshing import Refreshing
from bot.errors import Suggestion, UserError
from bot.mirror.mirror import ReadOptions
from bot.rendering.messages import View
from bot.rendering.views import AnswerView


@dataclass(frozen=True, slots=True)
class AnswerButtons:
    commands: Commands
    refreshing: Refreshing

    async def run(self, press: Press[Asked]) -> View:
        # Also *Try again*, a moment after Exec failed.
        options = replace(press.request.options, insists=True)
        return await self.commands.hear(replace(press.request, options=options), press.handle.words)

    async def refresh(self, press: Press[Asked]) -> View:
        words = press.handle.words
        why_not = await self.refreshing.why_not(press.asker, words)
        if why_not is not None:
            shown = await self.commands.page(press.request, press.handle.id, press.handle.start)
            return replace(shown, note=why_not)
        request = replace(press.request, options=ReadOptions(fresh=True))
        view: View | None = None
        try:
            view = await self.commands.hear(request, words)
        finally:
            if view is None or (isinstance(view, AnswerView) and view.away is not None):
                await self.refreshing.failed(press.asker, words)
        return view

    async def look_again(self, press: Press[Asked]) -> View:
        return await self.commands.look_again(press.request, press.handle.id)

    async def turn_audit(self, press: Press[Asked]) -> View:
        _, rest = named(press.handle.words)
        return await self.commands.audit(press.request, rest, press.handle.start)

    async def count_all(self, press: Press[Asked]) -> View:
        return await self.commands.count_all(press.request, press.handle.id)

    async def no_longer_at_night(self, press: Press[Asked]) -> View:
        """A button of messages that earlier versions sent."""
        raise UserError(
            "I no longer run questions at night. Ask again, about a shorter time if you can.",
            (Suggestion("Ask again", press.handle.words),),
        )

    async def counted(self, press: Press[Asked]) -> View:
        return await self.commands.counted(press.request, press.handle.id)

    async def row(self, press: Press[Asked]) -> View:
        """More of one row of an answer."""
        words = await self.commands.row(press.request, press.handle.id, press.handle.start)
        return await self.commands.hear(press.request, words)

    async def page(self, press: Press[Asked]) -> View:
        return await self.commands.page(press.request, press.handle.id, press.handle.start)
