"""Direct messages to the bot, and mentions of it in channels: what is said is a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from bot.commands.digest import DigestCommands
from bot.doors.asking import Asking
from bot.doors.digest_form import said_for_form
from bot.doors.events import EventRow, Heard
from bot.errors import UserError
from bot.people.audit import Door
from bot.rendering.subscription_views import DigestOfferView
from bot.slack import payloads
from bot.slack.payloads import Conversation
from bot.storage.handles import Handles

ONLY_WORDS = "I read words, not files. Ask me in a message, like `how is my team doing`."


@dataclass(frozen=True, slots=True)
class MessageEvents:
    """The rows of events in which somebody says something to the bot."""

    asking: Asking
    digests: DigestCommands
    handles: Handles

    @property
    def rows(self) -> Mapping[str, EventRow]:
        """By the type of event."""
        direct, mention = (
            partial(self.hear, door=Door.MESSAGE),
            partial(self.hear, door=Door.MENTION),
        )
        return {
            "message": EventRow(direct, payloads.of_direct_message, is_asked=True),
            "app_mention": EventRow(mention, payloads.of_mention, is_asked=True),
        }

    async def hear(self, heard: Heard, *, door: Door) -> None:
        """Answer what somebody said."""
        payload, reply = heard.payload, heard.reply
        if not payload.words and heard.event.get("files"):
            raise UserError(ONLY_WORDS)
        place = Conversation(payload.channel_id, "")
        if (said := said_for_form(payload.words or "")) is None:
            await self.asking.answer(payload, place, reply, door)
            return
        # A form opens when somebody presses a button, and not when they say something.
        asker = (await self.asking.request(payload, place, reply, door)).asker
        if said:
            await self.digests.wanted(asker, said)
        else:
            await self.digests.visibility(asker)
        words = payload.words or ""
        (id_,) = await self.handles.keep_commands(asker.team_id, asker.user_id, (words,))
        await reply.answer(DigestOfferView(id_))
