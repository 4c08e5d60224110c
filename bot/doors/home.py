"""The Home tab: shown when it is opened, and anew after each press in it."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot import access
from bot.commands.digest import DigestCommands
from bot.commands.home import Homes
from bot.errors import BotError
from bot.features import Event, Heard, Press
from bot.people.catalogue import as_held
from bot.people.people import People
from bot.refreshing import Refreshing
from bot.rendering.messages import View
from bot.rendering.views import NoticeView, notice
from bot.slack import payloads
from bot.slack.home import HomeTabs
from bot.slack.problems import Explainer
from bot.slack.reply import Reply
from bot.storage.payloads import Payload

# Why Exec was not asked, where what is held stays as it was.
AWAY = MappingProxyType(
    {
        "unreachable": "Exec can't be reached just now, so this is as it was.",
        "limited": "Exec takes no more requests just now, so this is as it was.",
        "questions": "Today's requests for questions are used up, so this is as it was.",
        "key": "Exec does not accept my key, so this is as it was; the admins have been told.",
    }
)


@dataclass(frozen=True, slots=True)
class HomeDoor:
    people: People
    homes: Homes
    tabs: HomeTabs
    explainer: Explainer

    @property
    def row(self) -> Event:
        return Event(self.opened, payloads.of_home, is_asked=True)

    async def opened(self, heard: Heard) -> None:
        """Show it as far as it is held. Raises NotAllowed, SlackError, ExecError, StorageError."""
        await self._show(heard.payload)

    async def tell(
        self, payload: Payload, reply: Reply, answering: Awaitable[View | None], *, here: bool
    ) -> None:
        """What comes of a press in it: told there with `here`, otherwise in Messages; then it is
        shown as it is now. Nothing where a form opened."""
        try:
            above = await answering
            if above is not None and not here:
                await (await reply.in_messages()).answer(above)
                above = notice("I answered in *Messages*.")
            elif isinstance(above, NoticeView):
                above = NoticeView(above.sentence)  # what else there is stands in the tab itself
        except BotError as error:
            above = await self.explainer.explain(error, replace(payload, words=reply.again))
        if above is not None:
            await self._show(payload, above)

    async def _show(self, payload: Payload, above: View = ()) -> None:
        team_id, user_id = payload.team_id, payload.user_id
        with as_held():
            asker = await self.people.admitted(team_id, user_id)

            async def draw(is_new: bool) -> View:
                parts = above if isinstance(above, tuple) else (above,)
                return (*parts, await self.homes.view(asker, is_new=is_new))

            await self.tabs.show(team_id, user_id, draw)


@dataclass(frozen=True, slots=True)
class HomeButtons:
    """What the buttons lead to that stand in Home tabs only."""

    homes: Homes
    digests: DigestCommands
    refreshing: Refreshing

    async def look(self, press: Press[None]) -> NoticeView:
        """Ask Exec for what is new."""
        why_not = await self.refreshing.why_not(press.asker, "home")
        if why_not is not None:
            return NoticeView(why_not)
        week = await self.homes.look(press.asker)
        if week is not None and week.away is not None:
            return notice(AWAY[week.away.kind])
        if week is not None and week.week.tasks is None:
            return notice("Exec didn't list what's due just now. Try again in a minute.")
        return notice("Up to date.")

    async def manage(self, press: Press[str]) -> View:
        """The list of all digests, from the page of this one."""
        access.require_admin(press.asker)
        return await self.digests.listed(press.asker, "", around=press.handle)
