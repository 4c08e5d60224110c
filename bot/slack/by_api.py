"""Answers a person by the Web API, where there is no response_url.

In a direct conversation with the bot messages stay: an answer takes the place of what was said
before. In a channel it is shown to the person alone, or sent by direct message where the bot
can't do that. No message is sent twice where nobody knows whether it arrived.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from bot.errors import RateLimited, SlackError, Unsure
from bot.messages.blocks import Message
from bot.observe.logs import new_reference
from bot.slack.payloads import Payload
from bot.slack.response_url import MAX_RATE_WAIT, PostOutcome
from bot.slack.web import SlackWeb

log = logging.getLogger(__name__)

T = TypeVar("T")

WAITS = 2  # for Slack's rate limit, for one message
# The message to change is gone, or Slack takes no more changes of it.
NOT_CHANGED = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
# The thread is gone, or takes no more answers.
NO_THREAD = frozenset(
    {"thread_not_found", "cannot_reply_to_message", "restricted_action_thread_locked"}
)
# The direct conversation is not one with the bot.
NOT_HERE = frozenset({"channel_not_found", "not_in_channel"})


@dataclass(slots=True)
class ByApi:
    """Answers one payload. `message_ts` is the message whose place the next one takes, if any."""

    slack: SlackWeb
    payload: Payload
    sleep: Callable[[float], Awaitable[None]]
    message_ts: str | None

    @property
    def is_direct(self) -> bool:
        """Whether nobody but the person and the bot reads along there."""
        return self.payload.channel_id.startswith("D")

    async def send(self, message: Message) -> PostOutcome:
        """Send, or change what was sent. Raises SlackError where it is definitely not sent."""
        try:
            if self.is_direct:
                await self._in_conversation(message)
            else:
                await self._in_channel(message)
        except Unsure:
            return PostOutcome.UNSURE
        except SlackError as error:
            if error.code == "invalid_blocks":
                return PostOutcome.REFUSED_BLOCKS
            raise
        return PostOutcome.SENT

    async def delete(self) -> PostOutcome:
        """Take away the message whose button was pressed."""
        if self.message_ts is None:
            return PostOutcome.DEAD
        try:
            await self.slack.take_away(self.payload.channel_id, self.message_ts)
        except SlackError:
            return PostOutcome.DEAD
        return PostOutcome.SENT

    async def _in_channel(self, message: Message) -> None:
        channel_id, user_id = self.payload.channel_id, self.payload.user_id
        show = partial(self.slack.show, channel_id, user_id, message, self.payload.thread_ts)
        try:
            await self._patiently(show)
        except (Unsure, RateLimited):
            raise
        except SlackError as error:
            if error.code == "invalid_blocks":
                raise
            await self._patiently(partial(self.slack.say, user_id, message))

    async def _in_conversation(self, message: Message) -> None:
        if self.message_ts is None or not await self._changed(self.message_ts, message):
            self.message_ts = await self._said(message, self.payload.thread_ts)

    async def _changed(self, ts: str, message: Message) -> bool:
        change = partial(self.slack.change, self.payload.channel_id, ts, message)
        try:
            await self._patiently(change)
        except SlackError as error:
            if error.code in NOT_CHANGED:
                return False
            raise
        return True

    async def _said(self, message: Message, thread_ts: str | None) -> str:
        say = partial(self.slack.say, self.payload.channel_id, message, thread_ts)
        try:
            return await self._patiently(say)
        except SlackError as error:
            if error.code in NO_THREAD and thread_ts is not None:
                return await self._said(message, None)
            if error.code in NOT_HERE:
                return await self._patiently(partial(self.slack.say, self.payload.user_id, message))
            raise

    async def _patiently(self, send: Callable[[], Awaitable[T]]) -> T:
        """Wait out a rate limit, unless it is a long one."""
        for _ in range(WAITS):
            try:
                return await send()
            except RateLimited as error:
                reference = new_reference()
                log.warning("slack: no more for %.0f s (reference %s)", error.seconds, reference)
                if error.seconds > MAX_RATE_WAIT:
                    raise
                await self.sleep(error.seconds)
        return await send()
