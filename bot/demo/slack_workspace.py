"""The state of the stand-in Slack: users, channels, messages, views, files and API calls."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, NamedTuple

from bot.demo.block_rules import cells_of, elements_of, problems
from bot.demo.faults import Fault, take

Json = dict[str, Any]
Clock = Callable[[], datetime]

TRIGGER_SECONDS = 3
RESPONSE_URL_SECONDS = 30 * 60
ALL_SCOPES = (
    "app_mentions:read channels:history channels:read chat:write chat:write.public commands"
    " files:write groups:history groups:read im:history im:read im:write usergroups:read"
    " users:read users:read.email"
)
# The arguments that a message keeps besides text, blocks and thread.
EXTRA_FIELDS = ("metadata", "unfurl_links", "unfurl_media", "files")

# Users, channels and user groups.


@dataclass(slots=True)
class TeamUser:
    """A person or a bot. `role` is shown on the demo's page and isn't part of Slack."""

    id: str
    name: str
    real_name: str
    email: str | None = None
    tz: str = "Europe/Berlin"
    role: str = "rep"
    is_bot: bool = False
    deleted: bool = False
    is_restricted: bool = False
    is_stranger: bool = False  # from another workspace (Slack Connect)
    is_email_confirmed: bool | None = None  # None omits the field
    locale: str = ""  # "" is the workspace's


@dataclass(slots=True)
class SlackChannel:
    """A public or private channel, or a DM. `members` are the user ids of people, not bots."""

    id: str
    name: str
    members: list[str] = field(default_factory=list)
    has_bot: bool = True
    is_private: bool = False
    is_im: bool = False
    is_ext_shared: bool = False
    is_archived: bool = False


@dataclass(slots=True)
class SlackUserGroup:
    """A user group; people mention it as `@handle`."""

    id: str
    handle: str
    users: list[str]


class SlackTeam:
    """A workspace in which one app, the bot, is installed."""

    id = "T0EXECDEMO"
    domain = "exec-demo"
    name = "Exec Demo"
    app_id = "A0EXECBOT"
    bot_id = "B0EXECBOT"
    bot_user_id = "U0EXECBOT"
    bot_name = "Exec"

    def __init__(
        self,
        people: Iterable[tuple[str, str, str]],
        *,
        channels: Mapping[str, Sequence[str] | None],
        usergroups: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """`people` are (full name, email, role). `channels` and `usergroups` map names to members,
        each as `user_called` accepts; None means everyone."""
        self.locale = "en-US"
        self.users: dict[str, TeamUser] = {}
        self.channels: dict[str, SlackChannel] = {}
        self.usergroups: dict[str, SlackUserGroup] = {}
        for index, (real_name, email, role) in enumerate(people, start=1):
            name = re.sub(r"[^a-z0-9._-]+", ".", email.split("@")[0].lower())
            self.add_user(TeamUser(f"U{1000 + index}", name, real_name, email, role=role))
        everyone = list(self.users)
        for channel, members in channels.items():
            ids = everyone if members is None else [self.user_called(who).id for who in members]
            self.add_channel(channel, list(ids))
        for number, (handle, members) in enumerate((usergroups or {}).items(), start=1):
            ids = [self.user_called(who).id for who in members]
            self.usergroups[f"S{3000 + number}"] = SlackUserGroup(f"S{3000 + number}", handle, ids)
        self.add_user(TeamUser(self.bot_user_id, "exec", self.bot_name, is_bot=True))

    def add_user(self, user: TeamUser) -> TeamUser:
        """Add a user to the workspace."""
        self.users[user.id] = user
        return user

    def add_channel(
        self, name: str, members: list[str], *, private: bool = False, **more: bool
    ) -> SlackChannel:
        """Add a channel with the next free id."""
        id_ = f"C{2000 + len(self.channels) + 1}"
        self.channels[id_] = SlackChannel(id_, name, members, is_private=private, **more)
        return self.channels[id_]

    def user_called(self, who: str) -> TeamUser:
        """The first user with this id, username, full name or email. Raises KeyError."""
        for user in self.users.values():
            if who in (user.id, user.name, user.real_name, user.email):
                return user
        raise KeyError(who)

    def channel_called(self, name: str) -> SlackChannel:
        """The channel with this id or name. Raises KeyError."""
        by_name = {channel.name: channel for channel in self.channels.values()}
        return {**by_name, **self.channels}[name.removeprefix("#")]

    def dm_of(self, user_id: str) -> SlackChannel:
        """The DM of a user with the bot, opened if necessary."""
        for channel in self.channels.values():
            if channel.is_im and channel.has_bot and channel.members == [user_id]:
                return channel
        channel = SlackChannel(f"D{4000 + len(self.channels) + 1}", "", [user_id], is_im=True)
        self.channels[channel.id] = channel
        return channel

    def can_see(self, user_id: str, channel_id: str) -> bool:
        """Whether a user can open a channel: it's public, or they are a member."""
        channel = self.channels[channel_id]
        return user_id in channel.members or not (channel.is_private or channel.is_im)


# Messages, API calls, views and deliveries.


class ApiError(Exception):
    """A Web API error: Slack answers `ok: false` with this code."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


class Call(NamedTuple):
    """A request from the bot. `method` is a Web API method or "response_url"."""

    method: str
    args: Json


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """A version of a message. An update is a new version with the same `ts`."""

    ts: str
    channel: str
    user: str
    visible_to: str | None  # the user who sees it, if it's ephemeral
    text: str
    blocks: list[Json]
    revision: int  # of the workspace
    thread_ts: str | None = None
    edited: bool = False
    extra: Json = field(default_factory=dict)


@dataclass(slots=True)
class File:
    """A file from the bot: registered, then uploaded, then shared."""

    id: str
    name: str
    length: int
    content: bytes | None = None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A line from Slack itself, shown to one user."""

    ts: str
    channel: str
    user_id: str
    text: str
    kind: Literal["typed", "failed"]


@dataclass(slots=True)
class View:
    """An open modal or a Home tab. `errors` of the last submission are keyed by block_id."""

    id: str
    user_id: str
    view: Json
    revision: int
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.view["blocks"]
        return blocks


@dataclass(slots=True)
class ResponseUrl:
    """A response_url. It accepts five messages within 30 minutes.

    `message_ts` is the message that replace_original replaces: the clicked one, or for a command
    the last one posted through this URL.
    """

    user_id: str
    channel: str
    expires: float
    message_ts: str | None
    is_for_command: bool
    uses: int = 0


class Trigger(NamedTuple):
    """A trigger_id. It can be used once until it expires."""

    user_id: str
    expires: float


@dataclass(frozen=True, slots=True)
class Envelope:
    """A payload for the bot, kept so that it can be redelivered."""

    kind: Literal["slash_commands", "interactive", "events_api"]
    payload: Json
    user_id: str
    channel: str | None = None
    envelope_id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True, slots=True)
class Ack:
    """The bot's answer to a payload.

    `error` is None, "operation_timeout" or "not_sent" (Slack's client found invalid input). `mark`
    is the workspace's revision before the delivery. `view_errors` are keyed by block_id.
    """

    status: int | None
    body: str
    error: str | None
    envelope: Envelope
    mark: int
    view_errors: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the bot answered with 200 in time."""
        return self.error is None


class Workspace:
    """A workspace in memory, with the time of the given clock."""

    def __init__(self, team: SlackTeam, *, clock: Clock) -> None:
        self.team = team
        self.clock = clock
        self.base_url = ""
        self.scopes: set[str] = set(ALL_SCOPES.split())
        self.unsupported_blocks: set[str] = set()
        self.should_escape = True
        self.calls: list[Call] = []
        self.acks: list[Ack] = []
        self.messages: list[SlackMessage] = []
        self.history: list[SlackMessage] = []  # every version of every message
        self.notices: list[Notice] = []
        self.read: dict[tuple[str, str], float] = {}  # the last read ts by user and channel
        self.problems: list[tuple[str, list[str]]] = []  # method and errors of rejected content
        self.views: dict[str, View] = {}  # the open modal by user id
        self.homes: dict[str, View] = {}
        self.files: dict[str, File] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.triggers: dict[str, Trigger] = {}
        self.trigger_seconds: float = TRIGGER_SECONDS
        self.revision = 0
        self._faults: list[Fault] = []
        self._last_ts = 0.0
        self._watchers: set[asyncio.Event] = set()

    def now(self) -> float:
        """The clock's time in Unix seconds."""
        return self.clock().timestamp()

    def next_ts(self) -> str:
        """A new message ts, later than all before it even if the clock stands still."""
        self._last_ts = max(self.now(), self._last_ts + 0.000_01)
        return f"{self._last_ts:.6f}"

    def changed(self) -> int:
        """Count a change and wake the watchers; returns the new revision."""
        self.revision += 1
        for event in self._watchers:
            event.set()
        return self.revision

    @contextmanager
    def watch(self) -> Iterator[asyncio.Event]:
        """An event that is set with every change."""
        event = asyncio.Event()
        self._watchers.add(event)
        try:
            yield event
        finally:
            self._watchers.discard(event)

    def fault(self, method: str, kind: str, *, times: int = 1, seconds: float = 0.0) -> Fault:
        """Make the next `times` calls of a method (or "response_url") fail.

        Besides the kinds in `Fault`, `kind` can be "ratelimited" (for `seconds`), "drop" (the call
        succeeds but the connection breaks), "dead_url" (for a response_url) or any Slack error.
        """
        fault = Fault(kind, times, method, seconds)
        self._faults.append(fault)
        return fault

    def take_fault(self, method: str) -> Fault | None:
        """The fault planned for this call, counted as used."""
        return take(self._faults, method)

    def check(self, method: str, message_or_view: Json) -> None:
        """Raise ApiError with Slack's code if Slack would reject this content."""
        violations = problems(message_or_view) or [
            f"/blocks: {kind} is not supported in this workspace"
            for block in message_or_view.get("blocks") or []
            for kind in {block["type"], *(cell["type"] for cell in cells_of(block))}
            if kind in self.unsupported_blocks
        ]
        if not violations:
            return
        self.problems.append((method, violations))
        in_blocks = any(problem.startswith("/blocks") for problem in violations)
        is_view = "type" in message_or_view
        code = "invalid_blocks" if in_blocks and not is_view else "invalid_arguments"
        if all(problem.startswith("/text") for problem in violations):
            code = "no_text" if not message_or_view.get("text") else "msg_too_long"
        raise ApiError(code, errors=violations)

    def post(
        self,
        channel: str,
        content: Json,
        *,
        user: str | None = None,
        visible_to: str | None = None,
    ) -> SlackMessage:
        """Post a message in a channel, as the bot unless `user` is given."""
        message = SlackMessage(
            ts=self.next_ts(),
            channel=channel,
            user=user or self.team.bot_user_id,
            visible_to=visible_to,
            text=content.get("text") or "",
            blocks=with_ids(content.get("blocks") or []),
            revision=self.changed(),
            thread_ts=content.get("thread_ts"),
            extra=_extra(content),
        )
        self.messages.append(message)
        self.history.append(message)
        return message

    def replace(self, old: SlackMessage, content: Json) -> SlackMessage:
        """Replace the content of a message."""
        message = replace(
            old,
            text=content.get("text") or "",
            blocks=with_ids(content.get("blocks") or []),
            revision=self.changed(),
            edited=True,
            extra={**old.extra, **_extra(content)},
        )
        self.messages[self.messages.index(old)] = message
        self.history.append(message)
        return message

    def respond(self, url: ResponseUrl, content: Json) -> None:
        """Handle a message sent to a response_url. Raises ApiError."""
        original = self.message(url.message_ts) if url.message_ts else None
        replaces = bool(content.get("replace_original") and url.message_ts)
        if original is None and (replaces or content.get("delete_original")):
            raise ApiError("message_not_found")
        if original is not None and content.get("delete_original"):
            self.remove(original)
            return
        self.check("response_url", content)
        if original is not None and replaces:
            # An ephemeral message stays ephemeral: `response_type` is ignored.
            self.replace(original, content)
            return
        visible_to = None if content.get("response_type") == "in_channel" else url.user_id
        message = self.post(url.channel, content, visible_to=visible_to)
        if url.is_for_command:
            url.message_ts = message.ts

    def remove(self, message: SlackMessage) -> None:
        """Delete a message."""
        self.messages.remove(message)
        self.changed()

    def message(self, ts: str) -> SlackMessage | None:
        """The current version of a message, if it exists."""
        return next((message for message in self.messages if message.ts == ts), None)

    def visible(self, user_id: str, channel: str) -> list[SlackMessage]:
        """The messages that a user sees in a channel, oldest first."""
        return [message for message in self.messages if self.sees(user_id, message, channel)]

    def sees(self, user_id: str, message: SlackMessage, channel: str) -> bool:
        """Whether a message is in this channel and visible to a user."""
        return (
            message.channel == channel
            and message.visible_to in (None, user_id)
            and self.team.can_see(user_id, channel)
        )

    def view_called(self, view_id: str) -> View | None:
        """The open modal or Home tab with this id."""
        opened = [*self.views.values(), *self.homes.values()]
        return next((view for view in opened if view.id == view_id), None)

    def mark_read(self, user_id: str, channel: str, ts: str) -> None:
        """Mark a channel as read by a user up to `ts`; never moves backward."""
        if float(ts) > self.read.get((user_id, channel), 0.0):
            self.read[user_id, channel] = float(ts)
            self.changed()

    def has_read(self, user_id: str, message: SlackMessage) -> bool:
        """Whether a user has read this message's channel up to it."""
        return self.read.get((user_id, message.channel), 0.0) >= float(message.ts)

    def appeared(self, since: int) -> list[SlackMessage]:
        """The message versions posted after a revision."""
        return [event for event in self.history if event.revision > since]

    def new_trigger(self, user_id: str) -> str:
        """Issue a trigger_id for a user's action."""
        name = uuid.uuid4().hex
        self.triggers[name] = Trigger(user_id, self.now() + self.trigger_seconds)
        return name

    def new_response_url(
        self, user_id: str, channel: str, clicked: SlackMessage | None = None
    ) -> str:
        """Issue a response_url for a command, or for a click in a message."""
        kind = "commands" if clicked is None else "actions"
        path = f"/{kind}/{self.team.id}/{uuid.uuid4().hex}"
        expires = self.now() + RESPONSE_URL_SECONDS
        message_ts = None if clicked is None else clicked.ts
        url = ResponseUrl(user_id, channel, expires, message_ts, is_for_command=clicked is None)
        self.response_urls[path] = url
        return self.base_url + path


def _extra(content: Json) -> Json:
    return {name: content[name] for name in EXTRA_FIELDS if content.get(name) is not None}


def with_ids(blocks: list[Any]) -> list[Json]:
    """A copy of the blocks in which Slack has added missing ids."""
    # Ten times faster than deepcopy.
    filled: list[Json] = json.loads(json.dumps(blocks))
    for block in filled:
        block.setdefault("block_id", uuid.uuid4().hex[:5])
        for element in elements_of(block):
            element.setdefault("action_id", uuid.uuid4().hex[:5])
    return filled
