"""Answers to a person: by response_url or the Web API, and plainer if Slack refuses."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from bot.errors import NotAllowed, SlackError
from bot.messages.blocks import Message
from bot.messages.render import Messages, View, draft
from bot.slack.by_api import ByApi
from bot.slack.home import HomeTabs
from bot.slack.payloads import Payload
from bot.slack.response_url import PostOutcome, ResponseUrl
from bot.slack.web import SlackWeb

log = logging.getLogger(__name__)

LOOKING_AFTER = 2.0  # seconds
# How long a workspace that refused rich blocks gets plain ones: it may know them soon.
PLAIN_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Replies:
    """Makes the Reply to each question, and holds what all replies share."""

    http: aiohttp.ClientSession
    slack: SlackWeb
    messages: Messages
    observe: Callable[[str], None]
    homes: HomeTabs
    clock: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    # When a workspace refused rich blocks, by its id.
    refused_at: dict[str, datetime] = field(default_factory=dict)

    def to(self, payload: Payload, *, beneath: bool = False, shows_looking: bool = True) -> Reply:
        return Reply(self, payload, beneath=beneath, shows_looking=shows_looking)

    def gets_plain(self, team_id: str) -> bool:
        """Whether a workspace gets plain blocks."""
        at = self.refused_at.get(team_id)
        return at is not None and self.clock() - at < PLAIN_FOR


class Reply:
    """The answer to one question. As a context it says *Looking…* if that takes two seconds.

    `beneath` shows the answer below the message whose button was pressed, which stays.
    It `shows_looking` only if the answer can take its place. `again` may be set to the command
    text that is offered if there is no answer.
    """

    def __init__(
        self, shared: Replies, payload: Payload, *, beneath: bool, shows_looking: bool
    ) -> None:
        self._shared = shared
        # A button never replaces a message that others see: such a press was forged.
        self._beneath = beneath or payload.public
        self._shows_looking = shows_looking
        self._payload = payload
        self.again: str | None = None
        self._url = ResponseUrl(
            payload.response_url, shared.slack.api_url, shared.http, shared.observe, shared.sleep
        )
        self._api = ByApi(
            shared.slack,
            payload,
            shared.sleep,
            message_ts=None if self._beneath else payload.message_ts,
        )
        self._showing: asyncio.Task[None] | None = None
        self._sending = asyncio.Lock()

    async def __aenter__(self) -> Reply:
        can_show = self._api.is_direct if self._url.url is None else not self._beneath
        if self._shows_looking and can_show:
            self._showing = asyncio.create_task(self._show_while_waiting())
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._stop_looking()

    async def in_messages(self) -> Reply:
        """The same in the person's conversation with the bot. Raises SlackError."""
        channel_id = await self._shared.slack.open_dm(self._payload.user_id)
        payload = replace(self._payload, home=False, channel_id=channel_id)
        return Reply(self._shared, payload, beneath=True, shows_looking=False)

    async def answer(self, view: View, *, plainly: bool = False) -> None:
        """Show the answer to the asker alone, in place of what the bot said before.

        Raises SlackError where it could not be shown, or nobody knows whether it was.

        `plainly`: as text, which every workspace takes and which needs no database. What goes wrong
        in the Home tab is shown there.
        """
        if self._payload.home:
            await self._shared.homes.publish(self._payload.user_id, view)
            return
        await self._stop_looking()
        plain = plainly or self._shared.gets_plain(self._payload.team_id)
        async with self._sending:
            outcome = PostOutcome.DEAD
            if self._url.url is not None:
                outcome = await self._send(view, self._answer_here, plain=plain)
            if outcome is PostOutcome.SENT:
                return
            # The address is used up or too old: reach the person by the Web API instead.
            outcome = await self._send(view, self._answer_by_api, plain=plain)
        if outcome is not PostOutcome.SENT:
            self._shared.observe("lost")
            raise SlackError(outcome.value)

    async def post_in_channel(self, view: View) -> PostOutcome:
        """Show something to everyone in the conversation, once: never sent again when unsure."""
        await self._stop_looking()

        async def post(message: Message) -> PostOutcome:
            return await self._post(
                message, once=True, response_type="in_channel", replace_original=False
            )

        return await self._send(view, post, plain=self._shared.gets_plain(self._payload.team_id))

    async def close(self) -> None:
        """Take away the message whose button was pressed, which the presser alone sees.

        Raises NotAllowed for one that others see.
        """
        if self._payload.public:
            raise NotAllowed("Others see this message too, so I leave it where it is.")
        await self.delete_original()

    async def delete_original(self) -> PostOutcome:
        """Take away the message whose button was pressed."""
        await self._stop_looking()
        if self._url.url is None:
            return await self._api.delete()
        return await self._url.send({"delete_original": True})

    async def _answer_here(self, message: Message) -> PostOutcome:
        how: dict[str, Any] = {"replace_original": not self._beneath}
        if self._beneath and self._payload.thread_ts is not None:
            how["thread_ts"] = self._payload.thread_ts
        return await self._post(message, response_type="ephemeral", **how)

    async def _answer_by_api(self, message: Message) -> PostOutcome:
        try:
            outcome = await self._api.send(message)
        except SlackError:
            self._shared.observe("lost")
            raise
        if outcome is PostOutcome.SENT:
            self._shared.observe("by_api")
        return outcome

    async def _send(
        self, view: View, send: Callable[[Message], Awaitable[PostOutcome]], *, plain: bool
    ) -> PostOutcome:
        """Send a message, and once more in plain blocks if Slack refuses the rich ones."""
        message = self._shared.messages.message(view)
        if plain:
            return await send(message.plain())
        outcome = await send(message)
        if outcome is not PostOutcome.REFUSED_BLOCKS or message.plain() == message:
            return outcome
        outcome = await send(message.plain())
        if outcome is PostOutcome.SENT:
            self._shared.refused_at[self._payload.team_id] = self._shared.clock()
        return outcome

    async def _show_while_waiting(self) -> None:
        await self._shared.sleep(LOOKING_AFTER)
        message = self._shared.messages.message(draft("looking"))
        async with self._sending:
            if self._url.url is None:
                await self._api.send(message)
            else:
                await self._post(message, response_type="ephemeral", replace_original=True)

    async def _stop_looking(self) -> None:
        if self._showing is None:
            return
        async with self._sending:  # a message on its way must land before the answer does
            self._showing.cancel()
        showing, self._showing = self._showing, None
        await asyncio.wait({showing})
        if not showing.cancelled() and (error := showing.exception()):
            # The answer is sent regardless.
            log.error("could not show that it takes a while: %s", type(error).__name__)

    async def _post(self, message: Message, *, once: bool = False, **how: Any) -> PostOutcome:
        body = {"text": message.text, "blocks": message.blocks, **how}
        return await self._url.send(body, once=once)
