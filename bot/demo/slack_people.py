"""What users do in the stand-in Slack: send messages and commands, click, submit forms."""

from __future__ import annotations

import asyncio
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from bot.demo import slack_payloads as payloads
from bot.demo.slack_workspace import (
    Ack,
    Envelope,
    Json,
    Notice,
    SlackMessage,
    SlackTeam,
    View,
    Workspace,
)


class SlackPeople(Workspace, ABC):
    """The actions of users. Each one is delivered to the bot once and returns the ack."""

    async def command(self, user_id: str, channel_id: str, name: str, text: str = "") -> Ack:
        """Send a slash command. `text` is as typed: `@jane`, `#sales`, `<`."""
        channel = self.team.channels[channel_id]
        line = f"{name} {text}".strip()
        sent = escape_typed(self.team, text, should_escape=self.should_escape)
        self.notice(user_id, channel.id, line, "typed")
        envelope = payloads.command(self, user_id, channel, name, sent)
        return await self._send_to_bot(envelope, label=name)

    async def click(
        self,
        user_id: str,
        where: str | SlackMessage,
        action_id: str,
        value: Any = None,
        *,
        values: Mapping[str, Any] | None = None,
    ) -> Ack:
        """Click a button, or choose an option by its value or text.

        `where` is a message, its ts, or the id of a view. `values` are those of the view's inputs.
        """
        place = where.ts if isinstance(where, SlackMessage) else where
        view = self.view_called(place)
        if view is not None:
            item = payloads.action_item(self, view.view["blocks"], action_id, value)
            envelope = payloads.view_action(self, user_id, view, item, values or {})
        else:
            message = self.message(place)
            if message is None:
                raise ValueError(f"no message or view has the id {place}")
            item = payloads.action_item(self, message.blocks, action_id, value)
            envelope = payloads.message_action(self, user_id, message, item)
        return await self._send_to_bot(envelope, label="This action")

    async def submit(
        self, user_id: str, view_id: str, values: Mapping[str, Any] | None = None
    ) -> Ack:
        """Submit a modal. `values` are keyed by block_id or action_id."""
        view = self._open_view(user_id, view_id)
        envelope = payloads.submission(self, user_id, view, values or {})
        state = envelope.payload["view"]["state"]["values"]
        view.errors = payloads.client_errors(view.view["blocks"], state)
        if view.errors:
            self.changed()
            return Ack(None, "", "not_sent", envelope, self.revision, view.errors)
        ack = await self._send_to_bot(envelope)
        if not ack.ok:
            return ack
        self._after_submit(user_id, view, json.loads(ack.body) if ack.body else {})
        return replace(ack, view_errors=dict(view.errors))

    def _after_submit(self, user_id: str, view: View, answer: Json) -> None:
        action = answer.get("response_action")
        if action == "errors":
            view.errors = dict(answer["errors"])
            known = {block["block_id"] for block in view.view["blocks"]}
            if not view.errors or not set(view.errors) <= known:
                raise ValueError(f"errors must name blocks of the view: {sorted(view.errors)}")
        elif self.views.get(user_id) is view:  # unless the bot has opened another one
            del self.views[user_id]
        self.changed()

    def close(self, user_id: str, view_id: str) -> None:
        """Close a modal; the bot isn't notified."""
        self._open_view(user_id, view_id)
        del self.views[user_id]
        self.changed()

    async def redeliver(self, last: Ack) -> Ack:
        """Redeliver a payload, with a new signature but the same envelope_id."""
        return await self._send_to_bot(last.envelope)

    async def send_message(
        self, user_id: str, channel_id: str, text: str, thread_ts: str | None = None
    ) -> SlackMessage:
        """Send a message, with `text` as typed. The bot gets an event if it's a DM to the bot or
        mentions the bot in one of its channels."""
        channel = self.team.channels[channel_id]
        content = {"text": escape_typed(self.team, text), "thread_ts": thread_ts}
        message = self.post(channel.id, content, user=user_id)
        inner: Json = {"type": "message", "user": user_id, "channel": channel.id}
        inner |= {"text": message.text, "ts": message.ts, "event_ts": message.ts}
        if thread_ts:
            inner["thread_ts"] = thread_ts
        if channel.is_im:
            inner["channel_type"] = "im"
            await self._send_event(user_id, inner, "im:history")
        elif channel.has_bot and f"<@{self.team.bot_user_id}>" in message.text:
            await self._send_event(user_id, inner | {"type": "app_mention"}, "app_mentions:read")
        return message

    async def home_opened(self, user_id: str, tab: str = "home") -> Ack | None:
        """Open the bot's "home" or "messages" tab."""
        inner: Json = {"type": "app_home_opened", "user": user_id, "tab": tab}
        inner["channel"] = self.team.dm_of(user_id).id
        return await self._send_event(user_id, inner)

    async def invite(self, user_id: str, channel_id: str, who: str | None = None) -> Ack | None:
        """Invite a user, or the bot, to a channel; returns None if the bot gets no event."""
        channel, bot = self.team.channels[channel_id], self.team.bot_user_id
        guest = who or bot
        if guest == bot:
            channel.has_bot = True
        else:
            channel.members.append(guest)
        self.changed()
        inner: Json = {"type": "member_joined_channel", "user": guest, "channel": channel.id}
        inner |= {"channel_type": "G" if channel.is_private else "C", "team": self.team.id}
        if not channel.has_bot:
            return None
        return await self._send_event(user_id, inner | {"inviter": user_id}, "channels:read")

    async def _send_event(self, user_id: str, inner: Json, scope: str = "") -> Ack | None:
        """Deliver an event if the bot has the scope for it."""
        if scope and scope not in self.scopes:
            return None
        return await self._send_to_bot(payloads.event(self, user_id, inner))

    async def wait_for_message(
        self,
        user_id: str,
        channel_id: str,
        *,
        after: Ack | SlackMessage,
        timeout: float = 5.0,  # noqa: ASYNC109
    ) -> SlackMessage:
        """The first message, or update, by the bot after `after` that a user sees in a channel.
        Raises TimeoutError."""
        since = after.mark if isinstance(after, Ack) else after.revision
        with self.watch() as event:
            async with asyncio.timeout(timeout):
                while True:
                    event.clear()
                    for message in self.appeared(since):
                        bots = message.user == self.team.bot_user_id
                        if bots and self.sees(user_id, message, channel_id):
                            return message
                    await event.wait()

    def mentions_of(self, message: SlackMessage) -> list[str]:
        """Who a message notifies: user ids, user group ids, "channel", "here", "everyone".

        In mrkdwn that isn't `verbatim`, a plain `@here` outside code counts as well.
        """
        mentions = dict.fromkeys(_mentions_in_text(message.text, with_plain=False))
        return list(mentions | dict.fromkeys(_mentions_in_blocks(message.blocks)))

    def notice(
        self, user_id: str, channel: str, text: str, kind: Literal["typed", "failed"]
    ) -> None:
        """Show a line from Slack to one user."""
        self.notices.append(Notice(self.next_ts(), channel, user_id, text, kind))
        self.changed()

    async def _send_to_bot(self, envelope: Envelope, *, label: str = "") -> Ack:
        """Deliver a payload. If that fails, show the user an error that starts with `label`."""
        user_id = envelope.user_id
        ack = await self.deliver(envelope)
        self.acks.append(ack)
        if label and not ack.ok:
            channel = envelope.channel or self.team.dm_of(user_id).id
            self.notice(user_id, channel, f"{label} failed with the error “{ack.error}”", "failed")
        return ack

    @abstractmethod
    async def deliver(self, envelope: Envelope) -> Ack:
        """Send a payload once and wait three seconds for the ack, as Slack does."""

    def _open_view(self, user_id: str, view_id: str) -> View:
        view = self.views.get(user_id)
        if view is None or view.id != view_id:
            raise ValueError(f"{user_id} has no open modal {view_id}")
        return view


# Escaping and mentions.

_TYPED = re.compile(
    r"(?P<url>https?://[^\s<>]+)"
    r"|(?<![\w.+-])@(?P<at>[\w][\w.-]*)"
    r"|(?<![\w&])#(?P<hash>[\w][\w-]*)"
    r"|(?P<char>[&<>])"
)
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)|<!subteam\^(S[A-Z0-9]+)|<!(channel|here|everyone)\b")
_PLAIN_MENTION = re.compile(r"(?<![\w<!])@(channel|here|everyone)\b")
_CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


def escape_typed(team: SlackTeam, text: str, *, should_escape: bool = True) -> str:
    """What the bot receives when a user types `text`; mentions and links are escaped if
    `should_escape`, and `&`, `<` and `>` always."""
    text = text.strip()
    if not should_escape:
        return _TYPED.sub(lambda match: _ESCAPES.get(match[0], match[0]), text)
    return _TYPED.sub(lambda match: _escape(team, match), text)


def _escape(team: SlackTeam, match: re.Match[str]) -> str:
    if match["char"]:
        return _ESCAPES[match["char"]]
    if match["url"]:
        url = match["url"].replace("&", "&amp;")
        return f"<{url}>"
    if match["at"]:
        name = match["at"].rstrip(".-")
        return (_mention_of(team, name) or f"@{name}") + match["at"][len(name) :]
    for channel in team.channels.values():
        if channel.name and channel.name == match["hash"]:
            # Slack omits the name of a private channel.
            return f"<#{channel.id}|{'' if channel.is_private else channel.name}>"
    return match[0]


def _mention_of(team: SlackTeam, name: str) -> str | None:
    if name in ("channel", "here", "everyone"):
        return f"<!{name}>"
    for user in team.users.values():
        if user.name == name.lower():  # "@Exec", too
            return f"<@{user.id}>"
    for group in team.usergroups.values():
        if group.handle == name:
            return f"<!subteam^{group.id}|@{group.handle}>"
    return None


def _mentions_in_text(text: str, *, with_plain: bool) -> Iterator[str]:
    for match in _MENTION.finditer(text):
        yield match[1] or match[2] or match[3]
    if with_plain:
        for match in _PLAIN_MENTION.finditer(_CODE.sub(" ", text)):
            yield match[1]


def _mentions_in_blocks(value: Any) -> Iterator[str]:
    if isinstance(value, dict) and value.get("type") == "mrkdwn":
        yield from _mentions_in_text(value["text"], with_plain=not value.get("verbatim"))
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _mentions_in_blocks(inner)
