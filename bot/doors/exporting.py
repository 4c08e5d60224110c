"""Sending the table of an answer to its asker as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.button_values import Asked
from bot.commands.export import Exports
from bot.errors import BotError, SlackError, UserError
from bot.features import Press
from bot.rendering.messages import Messages, View
from bot.rendering.numbers import count
from bot.rendering.views import notice
from bot.slack.api import Slack
from bot.slack.call import Unsure
from bot.storage.leases import Leases

AGAIN_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Exporting:
    exports: Exports
    slack: Slack
    leases: Leases
    messages: Messages

    async def export(self, press: Press[Asked]) -> View:
        """Make the file and send it, once for presses that are close together."""
        name = f"export:{press.handle.id}"
        if await self.leases.take_once(name, AGAIN_AFTER) is not None:
            raise UserError(
                "You asked for this file a moment ago: it is on its way, or in your direct "
                "messages with me already."
            )
        try:
            return await self._export(press)
        except BotError:
            await self.leases.give_back(name)
            raise

    async def _export(self, press: Press[Asked]) -> View:
        async def tell(rows: int) -> None:
            await press.reply.answer(
                notice(f"{count(rows, 'row')} take a moment. The file comes as a direct message.")
            )

        made = await self.exports.of_answer(press.asker, press.handle.id, tell)
        said = self.messages.draw(made.view)
        try:
            await self.slack.send_file(press.asker.user_id, made.name, made.content, said)
        except Unsure:
            return notice(
                "Slack broke off while I was sending the file, so I can't tell whether it went "
                "through. Look at your direct messages with me before you export again."
            )
        except SlackError as error:
            if error.code != "missing_scope":
                raise
            raise UserError(
                "Slack does not let me send files here yet. Ask the person who runs me to add "
                "`files:write` to the app and to install it again."
            ) from None
        return notice(
            f"Sent: {count(made.view.rows, 'row')} are in your direct messages with me, as "
            "*{name}*.",
            name=made.name,
        )
