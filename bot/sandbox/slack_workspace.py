"""The state of the stand-in Slack: what was said, what is open, what was asked."""

from __future__ import annotations

import asyncio
import json
import uuid
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from bot.sandbox import slack_text
from bot.sandbox.block_rules import cells_of, elements_of, problems
from bot.sandbox.slack_records import (
    ApiError,
    Call,
    Fault,
    File,
    Gone,
    Json,
    Message,
    Notice,
    ResponseUrl,
    Trigger,
    View,
)
from bot.sandbox.slack_team import SlackTeam

Clock = Callable[[], datetime]

TRIGGER_SECONDS = 3
RESPONSE_URL_SECONDS = 30 * 60
ALL_SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "links:read",
    "links:write",
    "usergroups:read",
    "users:read",
    "users:read.email",
)


class Workspace:
    """A workspace in memory. Times are the given clock's; ids are never used twice."""

    def __init__(self, team: SlackTeam, *, clock: Clock) -> None:
        self.team = team
        self.clock = clock
        self.base_url = ""
        self.scopes: set[str] = set(ALL_SCOPES)
        self.unsupported_blocks: set[str] = set()
        self.should_escape = True
        self.calls: list[Call] = []
        self.messages: list[Message] = []
        self.history: list[Message] = []
        """Every version of every message, in the order in which they appeared."""
        self.gone: list[Gone] = []
        """Messages that were taken away, in that order."""
        self.notices: list[Notice] = []
        self.read: dict[tuple[str, str], float] = {}
        """(user id, channel) → the time of the last message there that they have read."""
        self.problems: list[tuple[str, list[str]]] = []
        """(method, problems) of every message or view that was refused."""
        self.views: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.files: dict[str, File] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.triggers: dict[str, Trigger] = {}
        self.trigger_seconds: float = TRIGGER_SECONDS
        self.revision = 0
        self._faults: dict[str, list[Fault]] = {}
        self._last_ts = 0.0
        self._watchers: set[asyncio.Event] = set()

    def now(self) -> float:
        """The clock, as a Unix time."""
        return self.clock().timestamp()

    def next_ts(self) -> str:
        """A message time that is later than all before, even when the clock stands still."""
        self._last_ts = max(self.now(), self._last_ts + 0.000_01)
        return f"{self._last_ts:.6f}"

    def changed(self) -> int:
        """Count a change and wake all who watch."""
        self.revision += 1
        for event in self._watchers:
            event.set()
        return self.revision

    @contextmanager
    def watch(self) -> Iterator[asyncio.Event]:
        """An event that is set at every change."""
        event = asyncio.Event()
        self._watchers.add(event)
        try:
            yield event
        finally:
            self._watchers.discard(event)

    def fault(self, method: str, kind: str, *, times: int = 1, seconds: float = 0.0) -> Fault:
        """Let the next `times` calls of a method (or of "response_url") go wrong."""
        fault = Fault(kind, times, seconds)
        self._faults.setdefault(method, []).append(fault)
        return fault

    def take_fault(self, method: str) -> Fault | None:
        """The fault planned for this call, used up by one."""
        planned = self._faults.get(method)
        if not planned:
            return None
        fault = planned[0]
        fault.times -= 1
        if fault.times <= 0:
            planned.pop(0)
        return fault

    def check(self, method: str, message_or_view: Json) -> None:
        """Refuse what Slack would refuse, with Slack's codes."""
        found = problems(message_or_view)
        if not found:
            for block in message_or_view.get("blocks") or []:
                kinds = {block["type"], *(cell["type"] for cell in cells_of(block))}
                unknown = kinds & self.unsupported_blocks
                found += [f"/blocks: {kind} is not rolled out here" for kind in unknown]
        if not found:
            return
        self.problems.append((method, found))
        in_blocks = any(problem.startswith("/blocks") for problem in found)
        is_view = "type" in message_or_view
        code = "invalid_blocks" if in_blocks and not is_view else "invalid_arguments"
        if all(problem.startswith("/text") for problem in found):
            code = "no_text" if not message_or_view.get("text") else "msg_too_long"
        messages = [f"[ERROR] {problem}" for problem in found]
        raise ApiError(code, errors=found, response_metadata={"messages": messages})

    def post(
        self,
        channel: str,
        content: Json,
        *,
        via: str,
        user: str | None = None,
        visible_to: str | None = None,
    ) -> Message:
        """Put a new message into a channel."""
        message = Message(
            ts=self.next_ts(),
            channel=channel,
            user=user or self.team.bot_user_id,
            visible_to=visible_to,
            text=content.get("text") or "",
            blocks=with_ids(content.get("blocks") or []),
            via=via,
            revision=self.changed(),
            thread_ts=content.get("thread_ts"),
            extra=_extra(content),
        )
        self.messages.append(message)
        self.history.append(message)
        return message

    def replace(self, old: Message, content: Json, *, via: str) -> Message:
        """Put new content in the place of a message."""
        message = replace(
            old,
            text=content.get("text") or "",
            blocks=with_ids(content.get("blocks") or []),
            via=via,
            revision=self.changed(),
            edited=True,
            extra={**old.extra, **_extra(content)},
        )
        self.messages[self.messages.index(old)] = message
        self.history.append(message)
        return message

    def unfurl(self, old: Message, cards: Json) -> Message:
        """Put cards below the links of a message, by the links."""
        held = {card["from_url"]: card for card in old.extra.get("attachments", ())}
        for url, card in cards.items():
            held[url] = {"from_url": url, "is_app_unfurl": True, "blocks": with_ids(card["blocks"])}
        extra = {**old.extra, "attachments": list(held.values())}
        message = replace(old, revision=self.changed(), extra=extra)
        self.messages[self.messages.index(old)] = message
        self.history.append(message)
        return message

    def respond(self, url: ResponseUrl, content: Json, *, via: str) -> None:
        """Do what a message to a response_url (or in a command's ack) asks for."""
        original = self.message(url.message_ts) if url.message_ts else None
        replaces = bool(content.get("replace_original") and url.message_ts)
        if original is None and (replaces or content.get("delete_original")):
            raise ApiError("message_not_found")
        if original is not None and content.get("delete_original"):
            self.remove(original)
            return
        in_channel = content.get("response_type") == "in_channel"
        is_bare = not content.get("text") and not content.get("blocks")
        echo = url.typed if in_channel and not content.get("replace_original") else ""
        if not (echo and is_bare):
            self.check(via, content)
        if echo:
            # in_channel shows everybody what was typed, once.
            url.typed = ""
            self.post(url.channel, {"text": echo}, via="echo", user=url.user_id)
            if is_bare:
                return
        if original is not None and replaces:
            # Seen by whoever saw the original: nothing private becomes public.
            self.replace(original, content, via=via)
            return
        visible_to = None if in_channel else url.user_id
        message = self.post(url.channel, content, via=via, visible_to=visible_to)
        if url.typed is not None:
            url.message_ts = message.ts

    def remove(self, message: Message) -> None:
        """Take a message away."""
        self.messages.remove(message)
        self.gone.append(Gone(self.changed(), message.channel, message.ts))

    def thread(self, channel: str, ts: str) -> Message | None:
        """The message under which one may answer in a thread of this channel."""
        root = self.message(ts)
        private = root is None or root.visible_to is not None or root.channel != channel
        return None if private else root

    def message(self, ts: str) -> Message | None:
        """The message as it stands now."""
        return next((each for each in self.messages if each.ts == ts), None)

    def visible(self, user_id: str, channel: str) -> list[Message]:
        """What a person sees in a channel, oldest first."""
        return [each for each in self.messages if self.sees(user_id, each, channel)]

    def sees(self, user_id: str, message: Message, channel: str) -> bool:
        """Whether a person sees this message in this channel."""
        return (
            message.channel == channel
            and message.visible_to in (None, user_id)
            and self.team.can_see(user_id, channel)
        )

    def view_called(self, view_id: str) -> View | None:
        """An open modal or a Home tab."""
        opened = [view for views in self.views.values() for view in views]
        return next((each for each in [*opened, *self.homes.values()] if each.id == view_id), None)

    def mark_read(self, user_id: str, channel: str, ts: str) -> None:
        """A person has read a channel up to a message; earlier marks change nothing."""
        if float(ts) > self.read.get((user_id, channel), 0.0):
            self.read[user_id, channel] = float(ts)
            self.changed()

    def has_read(self, user_id: str, message: Message) -> bool:
        """Whether a person has read a channel as far as this message."""
        return self.read.get((user_id, message.channel), 0.0) >= float(message.ts)

    def appeared(self, since: int) -> list[Message]:
        """The versions of messages that appeared after a revision."""
        return self.history[bisect_right(self.history, since, key=attrgetter("revision")) :]

    def mentions_of(self, message: Message) -> list[str]:
        """Whom a message pings; empty when nobody."""
        return slack_text.mentions(message)

    def new_trigger(self, user_id: str) -> str:
        """A trigger_id for something that a person just did."""
        name = f"{len(self.triggers) + 1}.{uuid.uuid4().hex}"
        self.triggers[name] = Trigger(user_id, self.now() + self.trigger_seconds)
        return name

    def new_response_url(
        self, kind: str, user_id: str, channel: str, *, message_ts: str | None, typed: str | None
    ) -> str:
        """A response_url of this server."""
        path = f"/{kind}/{self.team.id}/{uuid.uuid4().hex}"
        url = self.base_url + path
        expires = self.now() + RESPONSE_URL_SECONDS
        self.response_urls[path] = ResponseUrl(url, user_id, channel, expires, message_ts, typed)
        return url


_EXTRA = (
    "metadata",
    "parse",
    "link_names",
    "unfurl_links",
    "unfurl_media",
    "mrkdwn",
    "reply_broadcast",
    "response_type",
    "files",
)


def _extra(content: Json) -> Json:
    return {name: content[name] for name in _EXTRA if content.get(name) is not None}


def with_ids(blocks: list[Any]) -> list[Json]:
    """A copy of the blocks with the ids that Slack fills in where the bot gave none."""
    # They came as JSON; Python's own deepcopy is ten times slower.
    filled: list[Json] = json.loads(json.dumps(blocks))
    for block in filled:
        block.setdefault("block_id", uuid.uuid4().hex[:5])
        for element in elements_of(block):
            element.setdefault("action_id", uuid.uuid4().hex[:5])
    return filled
