"""What the stand-in Slack writes down: messages, calls, views, acks, planned faults."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Json = dict[str, Any]


class ApiError(Exception):
    """Slack answers `ok: false` with this code."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


class Call(NamedTuple):
    """One request of the bot. `method` is a Web API method or "response_url"."""

    method: str
    args: Json


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stands now; a replacement is a new object with the same `ts`."""

    ts: str
    channel: str
    user: str
    """Who wrote it: the bot's user id, or a person's."""
    visible_to: str | None
    """The one person who sees it (ephemeral), or None."""
    text: str
    blocks: list[Json]
    via: str
    """chat.postMessage · chat.postEphemeral · chat.update · response_url · ack · human · echo."""
    revision: int
    """Grows with every change in the workspace."""
    thread_ts: str | None = None
    edited: bool = False
    extra: Json = field(default_factory=dict)
    """Other fields the bot sent: metadata, parse, link_names, unfurl_links …"""


class Gone(NamedTuple):
    """A message that was taken away at a revision."""

    revision: int
    channel: str
    ts: str


@dataclass(slots=True)
class File:
    """A file of the app's: named first, then uploaded by its secret, then shared."""

    id: str
    name: str
    length: int
    secret: str
    content: bytes | None = None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A line that Slack itself shows to one person."""

    ts: str
    channel: str
    user_id: str
    text: str
    kind: Literal["typed", "failed"]
    revision: int


@dataclass(slots=True)
class View:
    """An open modal (or a Home tab) of one person."""

    id: str
    user_id: str
    view: Json
    """As the bot sent it, with the block ids and action ids that Slack fills in."""
    revision: int
    errors: dict[str, str] = field(default_factory=dict)
    """block_id → message, from the last refused submission."""

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.view["blocks"]
        return blocks


@dataclass(slots=True)
class ResponseUrl:
    """A response_url: good for five messages in thirty minutes."""

    url: str
    user_id: str
    channel: str
    expires: float
    message_ts: str | None
    """What replace_original replaces: the clicked message, or the last one posted here."""
    typed: str | None = None
    """The command as typed, for the echo that in_channel brings."""
    uses: int = 0


@dataclass(slots=True)
class Trigger:
    """A trigger_id: good once, until it expires."""

    user_id: str
    expires: float
    used: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """A payload on its way to the bot, kept so that it can be sent again."""

    kind: Literal["slash_commands", "interactive", "events_api"]
    payload: Json
    envelope_id: str
    user_id: str
    channel: str | None


@dataclass(frozen=True, slots=True)
class Ack:
    """How the bot answered a payload."""

    status: int | None
    """The HTTP status (200 for an acked envelope), None when none came."""
    body: str
    took: float
    """Seconds until the ack, on the real clock."""
    error: str | None
    """None, "operation_timeout", "unreachable" or "not_sent" (Slack's client refused it)."""
    delivery: Delivery | None
    mark: int
    """The workspace's revision before the payload left: pass it as `after`."""
    view_errors: dict[str, str] = field(default_factory=dict)
    """block_id → message, when a submission was refused."""

    @property
    def ok(self) -> bool:
        """Acked with 200 in time."""
        return self.error is None


@dataclass(slots=True)
class Fault:
    """Something to go wrong in the next `times` calls of a method."""

    kind: str
    """ratelimited · drop (done, then no answer) · reset (not done, no answer) · slow · held ·
    dead_url (response_url only) · any error code of Slack's."""
    times: int = 1
    seconds: float = 0.0
    """How long `slow` waits, or the Retry-After of `ratelimited`."""
    released: asyncio.Event = field(default_factory=asyncio.Event, compare=False)
    """Until this is set, `held` waits."""
