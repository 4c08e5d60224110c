"""What Slack tells the bot of without being asked: messages, mentions, an opened Home, links.

To hear of another type of event: add it to EVENTS in `bot/manifest.py`, write a row whose `run`
does the work, and put it under the event's type into the table of `bot/slack_bot.py`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack import payloads
from bot.slack.reply import Reply
from bot.storage.payloads import Payload


@dataclass(frozen=True, slots=True)
class Heard:
    """An event to act on. `event` is Slack's own, as it came; `reply` answers who caused it."""

    payload: Payload
    event: Mapping[str, Any]
    reply: Reply


@dataclass(frozen=True, slots=True)
class EventRow:
    """What becomes of one type of event.

    `run` is called after the ack, once for all deliveries of an event in all processes, and only
    for events of the bot's own workspace. `read` makes the payload of Slack's whole body before
    the ack: it must be quick, and gives None for an event that is left alone. `is_asked`: a
    person waits for an answer, and hears of what goes wrong; otherwise that is only logged.
    """

    run: Callable[[Heard], Awaitable[None]]
    read: Callable[[Mapping[str, Any]], Payload | None] = payloads.of_event
    is_asked: bool = False
