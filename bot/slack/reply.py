"""Answering a person: within Slack's limits on a response_url, whatever Slack makes of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from bot.errors import NotAllowed, SlackError, StorageError
from bot.rendering.draw import Messages, View
from bot.rendering.views import Message, ProgressView
from bot.slack.response_url import MAX_USES, Outcome, ResponseUrl
from bot.slack.web import SlackWeb
from bot.storage.learned import Learned

log = logging.getLogger(__name__)

# Fallback levels: 0 in full, 1 without the newest blocks, 2 as text.
LEVELS = 3
NEW_BLOCKS = {"data_table", "data_visualization", "table"}

# When a person who still waits is told something, in seconds after the question.
TELL_AFTER = (2.0, 9.0, 30.0, 120.0)
SLOW_AFTER = 9.0
REMEMBER_LEVEL = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is: the conversation, and the address that reaches them in it.

    `public`: what they pressed stands in a message that others see as well.
    """

    team_id: str
    user_id: str
    channel_id: str
    response_url: str | None
    public: bool = False


class Replies:
    """Makes the Reply for each question; holds what they share."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        slack: SlackWeb,
        learned: Learned,
        messages: Messages,
        observe: Callable[[str], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.http = http
        self.slack = slack
        self.learned = learned
        self.messages = messages
        self.observe = observe
        self.sleep = sleep

    def to(self, place: Place, *, beneath: bool = False) -> Reply:
        return Reply(self, place, beneath=beneath)


class Reply:
    """The answer to one question. Use it as a context: inside, the person is kept informed.

    `beneath` shows the answer below the message whose button was pressed, which stays; there
    is then no telling of progress, since nothing could take it away again. `again` may be set
    to the command text that is offered if there is no answer.
    """

    def __init__(self, shared: Replies, place: Place, *, beneath: bool) -> None:
        self._shared = shared
        # No button of a message that others see puts anything in its place: who sends such a
        # press made it themselves.
        self._beneath = beneath or place.public
        self.place = place
        self.again: str | None = None
        self._url = ResponseUrl(
            place.response_url, shared.slack.api_url, shared.http, shared.observe, shared.sleep
        )
        self._progress = ProgressView()
        self._teller: asyncio.Task[None] | None = None
        self._sending = asyncio.Lock()

    async def __aenter__(self) -> Reply:
        if self._url.url is not None and not self._beneath:
            self._teller = asyncio.create_task(self._tell_while_waiting())
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._stop_telling()

    async def tell(self, progress: ProgressView) -> None:
        """Note how far we are; the person hears it the next time they are told something."""
        self._progress = progress

    async def answer(self, view: View, *, plainly: bool = False) -> None:
        """Show the answer to the asker alone, in place of what the bot said before.

        `plainly`: as text, which every workspace takes and which needs no database.
        """
        await self._stop_telling()
        first = LEVELS - 1 if plainly else await self._first_level()
        async with self._sending:
            outcome = Outcome.DEAD
            if self._url.url is not None:
                outcome = await self._down_the_levels(view, self._answer_here, first)
            if outcome is Outcome.SENT:
                return
            # The address is used up or too old: reach the person by the Web API instead.
            outcome = await self._down_the_levels(view, self._answer_by_api, first)
        if outcome is not Outcome.SENT:
            self._shared.observe("lost")
            raise SlackError(outcome.value)

    async def post_in_channel(self, view: View) -> Outcome:
        """Show something to everyone in the conversation, once: never sent again when unsure."""
        await self._stop_telling()

        async def post(message: Message) -> Outcome:
            return await self._post(
                message, once=True, response_type="in_channel", replace_original=False
            )

        return await self._down_the_levels(view, post, await self._first_level())

    async def close(self) -> None:
        """Take away the message whose button was pressed, which the presser alone sees.

        Raises NotAllowed for one that others see.
        """
        if self.place.public:
            raise NotAllowed("Others see this message too, so I leave it where it is.")
        await self.delete_original()

    async def delete_original(self) -> Outcome:
        """Take away the message whose button was pressed."""
        await self._stop_telling()
        return await self._url.send({"delete_original": True})

    async def _answer_here(self, message: Message) -> Outcome:
        return await self._post(
            message, response_type="ephemeral", replace_original=not self._beneath
        )

    async def _answer_by_api(self, message: Message) -> Outcome:
        try:
            await self._shared.slack.post_privately(
                self.place.channel_id, self.place.user_id, message
            )
        except SlackError as error:
            if error.code == "invalid_blocks":
                return Outcome.REFUSED_BLOCKS
            self._shared.observe("lost")
            raise
        self._shared.observe("by_api")
        return Outcome.SENT

    async def _down_the_levels(
        self, view: View, send: Callable[[Message], Awaitable[Outcome]], first: int
    ) -> Outcome:
        """Send in full; while Slack refuses the blocks, send what older workspaces know."""
        outcome = Outcome.REFUSED_BLOCKS
        for level in range(first, LEVELS):
            outcome = await send(self._shared.messages.draw(view, level))
            if outcome is Outcome.SENT and level > first and self._is_new(view, first):
                await self._remember_level(level)
            if outcome is not Outcome.REFUSED_BLOCKS:
                break
        return outcome

    async def _tell_while_waiting(self) -> None:
        waited = 0.0
        for moment in TELL_AFTER:
            await self._shared.sleep(moment - waited)
            waited = moment
            # Enough uses must be left for the answer itself, however Slack takes it.
            if self._url.uses + LEVELS - await self._first_level() >= MAX_USES:
                return
            progress = self._progress
            if waited >= SLOW_AFTER and progress == ProgressView():
                progress = ProgressView(slow=True)
            async with self._sending:
                await self._post(
                    self._shared.messages.draw(progress),
                    response_type="ephemeral",
                    replace_original=True,
                )

    async def _stop_telling(self) -> None:
        if self._teller is None:
            return
        async with self._sending:  # a message on its way must land before the answer does
            self._teller.cancel()
        teller, self._teller = self._teller, None
        await asyncio.wait({teller})
        if not teller.cancelled() and (error := teller.exception()):
            # Whoever waits gets the answer all the same.
            log.error("could not tell of progress: %s", type(error).__name__)

    async def _post(self, message: Message, *, once: bool = False, **how: Any) -> Outcome:
        body = {"text": message.text, "blocks": message.blocks, **how}
        return await self._url.send(body, once=once)

    async def _first_level(self) -> int:
        try:
            known = await self._shared.learned.recall(
                f"blocks:{self.place.team_id}", within=REMEMBER_LEVEL
            )
        except StorageError:
            return 0  # people hear of a database that is away in the words of the answer
        return int(known) if known else 0

    async def _remember_level(self, level: int) -> None:
        with suppress(StorageError):
            await self._shared.learned.learn(f"blocks:{self.place.team_id}", str(level))

    def _is_new(self, view: View, level: int) -> bool:
        """Does it hold blocks that some workspaces don't have yet?"""
        message = self._shared.messages.draw(view, level)
        return any(block["type"] in NEW_BLOCKS for block in message.blocks)
