"""Messages that the bot sends on its own: each arrives once, or not at all.

Slack has no idempotency keys. So a row in the database is marked before every attempt, and after
an attempt with an unknown outcome the message is looked up before the next one. An attempt begins
within FRESH_SECONDS of the mark and takes POST_SECONDS at most; a minute after the mark it is
looked up, not sooner.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.clock import elapsed
from bot.errors import RateLimited, SlackError, Unsure
from bot.messages.blocks import Message
from bot.slack.web import SlackWeb

# Slack will not take this message at this place, however often it is sent.
PERMANENT = frozenset(
    {
        "cannot_dm_bot",
        "channel_not_found",
        "invalid_arguments",
        "invalid_blocks",
        "is_archived",
        "messages_tab_disabled",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "not_in_channel",
        "restricted_action",
        "user_disabled",
        "user_not_found",
    }
)
# Slack will not let us read this history, however often it is asked. All else that it says passes.
UNREADABLE = frozenset(
    {
        "access_denied",
        "cannot_dm_bot",
        "channel_not_found",
        "history_too_long",
        "method_not_supported_for_channel_type",
        "missing_scope",
        "no_permission",
        "not_in_channel",
        "user_disabled",
        "user_not_found",
    }
)
# A process that was stopped for longer since it marked the row marks it again before it posts.
FRESH_SECONDS = 15.0
# From then on, by a clock that goes on while the process is stopped, no request leaves any more.
POST_SECONDS = 10.0
# Waits for a rate limit that are part of sending; a longer one is left to the schedule.
WAITS = 2
LONGEST_WAIT = 30.0  # seconds: less than until it is looked up


class Outcome(StrEnum):
    SENT = "sent"
    LATER = "later"  # definitely not sent: try again
    REFUSED = "refused"  # definitely not sent, and never will be
    UNSURE = "unsure"  # perhaps sent: look before anything else
    LOST = "lost"  # the row is another's by now: leave it alone


@dataclass(frozen=True, slots=True)
class Sent:
    """The outcome of sending. `ts` is the message's, "" unless sent; `code` is Slack's word for why
    not; `seconds` is how long Slack wants us to wait."""

    outcome: Outcome
    ts: str = ""
    code: str = ""
    seconds: float = 0.0


class PostLookup(StrEnum):
    THERE = "there"
    NOT_THERE = "not there"  # it may be sent again
    UNKNOWN = "unknown"  # Slack does not say just now
    UNREADABLE = "unreadable"  # the history can't be read: never send it again


class Sender:
    """`monotonic` are seconds that pass while the process is stopped, too."""

    def __init__(
        self,
        slack: SlackWeb,
        sleep: Callable[[float], Awaitable[None]],
        monotonic: Callable[[], float] = elapsed,
        fresh_seconds: float = FRESH_SECONDS,
        post_seconds: float = POST_SECONDS,
    ) -> None:
        self._slack = slack
        self._sleep = sleep
        self._monotonic = monotonic
        self._fresh_seconds = fresh_seconds
        self._post_seconds = post_seconds

    async def send(
        self, to: str, message: Message, delivery_id: str, begin: Callable[[], Awaitable[bool]]
    ) -> Sent:
        """Send `message` to a channel or a person, in plain blocks where Slack refuses the rich.

        `begin` is called before every attempt: it marks the row as being posted, and is False where
        the row belongs to another process by now. What it raises goes through, with nothing posted.
        """
        waits = 0
        while await self._begins(begin):
            try:
                async with asyncio.timeout(self._post_seconds):
                    ts = await self._slack.post(to, message, delivery_id=delivery_id)
            except (Unsure, TimeoutError) as error:
                return Sent(Outcome.UNSURE, code=str(error))
            except RateLimited as error:
                if waits >= WAITS or error.seconds > LONGEST_WAIT:
                    return Sent(Outcome.LATER, code=error.code, seconds=error.seconds)
                waits += 1
                await self._sleep(error.seconds)
            except SlackError as error:
                refused, message = message, message.plain()
                if error.code != "invalid_blocks" or message.blocks == refused.blocks:
                    permanent = error.code in PERMANENT
                    outcome = Outcome.REFUSED if permanent else Outcome.LATER
                    return Sent(outcome, code=error.code)
            else:
                return Sent(Outcome.SENT, ts=ts)
        return Sent(Outcome.LOST)

    async def _begins(self, begin: Callable[[], Awaitable[bool]]) -> bool:
        """Whether it may be posted, as of a moment ago."""
        while True:
            asked_at = self._monotonic()
            if not await begin():
                return False
            if self._monotonic() - asked_at <= self._fresh_seconds:
                return True

    async def look(self, to: str, delivery_id: str, since: datetime) -> tuple[PostLookup, str]:
        """Whether a message has arrived whose sending ended unknown, and its ts.

        Call it once no attempt can be under way any more. The second part is Slack's code where
        the history can't be read.
        """
        try:
            channel_id = await self._slack.open_dm(to) if _is_person(to) else to
            ts = await self._slack.find_post(channel_id, delivery_id, since)
        except SlackError as error:
            found = PostLookup.UNREADABLE if error.code in UNREADABLE else PostLookup.UNKNOWN
            return found, error.code
        return (PostLookup.NOT_THERE, "") if ts is None else (PostLookup.THERE, ts)


def _is_person(to: str) -> bool:
    return to.startswith(("U", "W"))
