"""A question in words, through whichever door: who asks, where, and the answer."""

from __future__ import annotations

from dataclasses import dataclass

from bot.commands.table import Commands
from bot.language.text import refuse_long
from bot.people.audit import Door
from bot.people.people import People
from bot.pipeline import Request
from bot.slack.payloads import Conversation
from bot.slack.reply import Reply
from bot.storage.payloads import Payload


@dataclass(frozen=True, slots=True)
class Asking:
    """What a slash command, a direct message and a mention have in common."""

    people: People
    commands: Commands

    async def answer(
        self, payload: Payload, conversation: Conversation, reply: Reply, door: Door
    ) -> None:
        """Answer the payload's words. Raises what `Commands.hear` and `request` raise."""
        words = payload.words or ""
        refuse_long(words)
        in_exec = self.commands.needs_exec(words)
        request = await self.request(payload, conversation, reply, door, in_exec=in_exec)
        await reply.answer(await self.commands.hear(request, words))

    async def request(
        self,
        payload: Payload,
        conversation: Conversation,
        reply: Reply,
        door: Door,
        *,
        in_exec: bool = True,
    ) -> Request:
        """Who asks, and where. Raises NotAllowed for who may ask nothing; see `admitted`."""
        asker = await self.people.admitted(payload.team_id, payload.user_id, in_exec=in_exec)
        return Request(
            asker=asker,
            channel_id=payload.channel_id,
            can_share=not (payload.home or conversation.is_direct),
            tell=reply.tell,
            door=door,
        )
