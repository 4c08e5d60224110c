"""What the buttons of digests lead to: of those in channels, and of the list of them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.access import require_admin
from bot.button_values import ListPage, Posted
from bot.commands.digest import DigestCommands
from bot.features import Press
from bot.outbox.plans import Subscription
from bot.outbox.reasons import shown
from bot.outbox.rights import may_change, require
from bot.rendering.messages import View
from bot.rendering.subscription_views import Done
from bot.rendering.views import notice


@dataclass(frozen=True, slots=True)
class DigestButtons:
    commands: DigestCommands

    async def details(self, press: Press[Posted]) -> View:
        posted, commands = press.handle, self.commands
        one = posted.delivery.posted_of(posted.subscription)
        visibility = await commands.coaching.visibility(press.asker)
        if visibility.covers_group(one.plan.group_id):
            return shown(
                await commands.reports.details(
                    press.asker, one, posted.delivery, visibility, posted.start
                )
            )
        # Nobody else's figures, but the group's as all who are in its channel read them.
        if posted.delivery.place != press.payload.channel_id:
            await self._require(press, one)
        return shown(await commands.reports.own_share(one, posted.delivery, press.asker.member))

    async def counted(self, press: Press[Posted]) -> View:
        delivery = press.handle.delivery
        one = delivery.posted_of(press.handle.subscription)
        if delivery.place != press.payload.channel_id:
            # Those in its channel read the same numbers there.
            await self._require(press, one)
        return shown(await self.commands.reports.counted(one, delivery))

    async def manage(self, press: Press[Posted]) -> View:
        """The digests of the channel it stands in; without rights, of no other channel."""
        one, commands = press.handle.subscription, self.commands
        asker, here = press.asker, press.payload.channel_id
        visibility = await commands.coaching.visibility(asker)
        moved = one.removed_at is None and one.plan.place != here
        if moved and not visibility.everyone and may_change(asker, visibility, one):
            return notice(
                "This digest comes to *{channel}* now: `{command} digest list` shows it there.",
                channel=await commands.audiences.name(one.plan.place),
            )
        return await commands.listed(asker, here, around=one.id)

    async def manage_all(self, press: Press[str]) -> View:
        """The list of all digests, from the page of this one; for admins, at their Home."""
        require_admin(press.asker)
        return await self.commands.listed(press.asker, "", around=press.handle)

    async def list_page(self, press: Press[ListPage]) -> View:
        page = press.handle
        return await self.commands.listed(press.asker, page.channel_id, start=page.start)

    async def pause(self, press: Press[str]) -> View:
        return await self._changed(press, await self.commands.pause(press.asker, press.handle))

    async def resume(self, press: Press[str]) -> View:
        return await self._changed(press, await self.commands.resume(press.asker, press.handle))

    async def _require(self, press: Press[Posted], one: Subscription) -> None:
        visibility = await self.commands.coaching.visibility(press.asker)
        require(press.asker, visibility, one.plan.ask)

    async def _changed(self, press: Press[str], one: Subscription) -> View:
        """The list as it is now, or what was changed."""
        if press.listed:
            place = press.payload.channel_id
            return await self.commands.listed(press.asker, place, around=one.id)
        done = Done.PAUSED if one.paused else Done.RESUMED
        return await self.commands.saved(press.asker, one, done)
