"""The Events API: what the app hears of when people write, open its Home, or share a link.

An event that is not acked within Slack's three seconds comes again: at once, after a minute, and
after five; see `retry_after`.
"""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.sandbox import slack_payloads as payloads
from bot.sandbox import slack_text
from bot.sandbox.slack_actors import SlackActors
from bot.sandbox.slack_records import Ack, Delivery, Json, Message
from bot.sandbox.slack_team import SlackChannel

# event: (scope or "" for none)
SCOPES = {
    "message.im": "im:history",
    "app_mention": "app_mentions:read",
    "app_home_opened": "",
    "link_shared": "links:read",
}
_LINK = re.compile(r"<(https?://[^|>\s]+)")


class SlackEvents(SlackActors):
    """What people do that the app hears of by an event."""

    subscribed: frozenset[str] = frozenset(SCOPES)
    """The events of the app's manifest."""
    unfurl_domains: Sequence[str] = ()
    """The domains of the app's manifest; those below them count too."""
    retry_after: Sequence[float] = (0.0, 60.0, 300.0)
    """When an event that was not acked comes again, in seconds after the attempt before."""
    _retries: set[asyncio.Task[None]]

    async def said(
        self, user_id: str, channel_id: str, text: str, thread_ts: str | None = None
    ) -> str:
        """Write an ordinary message, `text` as typed; its ts, once the app was told of it."""
        return (await self.write(user_id, channel_id, text, thread_ts)).ts

    async def write(
        self,
        user_id: str,
        channel_id: str,
        text: str,
        thread_ts: str | None = None,
        *,
        files: Sequence[str] = (),
    ) -> Message:
        """The same with the names of files; the message."""
        channel = self._place(user_id, channel_id)
        if thread_ts is not None and self.thread(channel.id, thread_ts) is None:
            raise ValueError(f"{thread_ts} is not in {channel_id}")
        content: Json = {"text": slack_text.typed(self.team, text), "thread_ts": thread_ts}
        if files:
            content["files"] = [{"id": f"F{uuid.uuid4().hex[:8]}", "name": name} for name in files]
        message = self.post(channel.id, content, via="human", user=user_id)
        self._marks[user_id] = self.revision
        told = [self._message_event(channel, message), self._link_event(channel, message)]
        await asyncio.gather(*(self._tell(user_id, inner) for inner in told if inner))
        return message

    async def edit(self, user_id: str, ts: str, text: str) -> None:
        """Change an own message."""
        old = self._seen(user_id, ts)
        new = self.replace(old, {"text": slack_text.typed(self.team, text)}, via="human")
        await self._tell_of_change(
            user_id, old, "message_changed", message=_described(self, new) | {"edited": {}}
        )

    async def take_back(self, user_id: str, ts: str) -> None:
        """Delete an own message."""
        old = self._seen(user_id, ts)
        self.remove(old)
        await self._tell_of_change(user_id, old, "message_deleted", deleted_ts=ts)

    async def home_opened(self, user_id: str, tab: str = "home") -> Ack | None:
        """Open the app's own page at its "home" or its "messages"; None where it is not told."""
        inner: Json = {"type": "app_home_opened", "user": user_id, "tab": tab}
        inner["channel"] = self.team.dm_of(user_id).id
        return await self._tell(user_id, inner)

    def hears(self, name: str) -> bool:
        """Whether the app is told of an event: it asked to be, and has the scope."""
        return name in self.subscribed and SCOPES[name] in {"", *self.scopes}

    async def all_told(self) -> None:
        """Wait until no event is to come again."""
        await asyncio.gather(*self._retries)

    async def stop_retrying(self) -> None:
        """Let no event come again."""
        for task in list(self._retries):
            task.cancel()
        await asyncio.gather(*self._retries, return_exceptions=True)

    def _message_event(self, channel: SlackChannel, message: Message) -> Json | None:
        if not channel.has_bot:
            return None
        inner = _described(self, message) | {"channel": channel.id, "event_ts": message.ts}
        if channel.is_im:
            inner |= {"channel_type": "im"}
            return inner if self.hears("message.im") else None
        if f"<@{self.team.bot_user_id}>" not in message.text or not self.hears("app_mention"):
            return None
        inner.pop("subtype", None)
        return inner | {"type": "app_mention"}

    def _link_event(self, channel: SlackChannel, message: Message) -> Json | None:
        urls = dict.fromkeys(url.replace("&amp;", "&") for url in _LINK.findall(message.text))
        found = {url: self._unfurl_domain(url) for url in urls}
        links = [{"url": url, "domain": domain} for url, domain in found.items() if domain]
        if not links or not self.hears("link_shared"):
            return None
        inner: Json = {
            "type": "link_shared",
            "channel": channel.id,
            "is_bot_user_member": channel.has_bot,
            "user": message.user,
            "message_ts": message.ts,
            "unfurl_id": f"{channel.id}.{message.ts}.{uuid.uuid4().hex}",
            "source": "conversations_history",
            "links": links,
        }
        return inner | ({"thread_ts": message.thread_ts} if message.thread_ts else {})

    def _unfurl_domain(self, url: str) -> str | None:
        host = urlsplit(url).hostname or ""
        for domain in self.unfurl_domains:
            if host == domain or host.endswith(f".{domain}"):
                return domain
        return None

    async def _tell_of_change(self, user_id: str, old: Message, kind: str, **more: object) -> None:
        channel = self.team.channels[old.channel]
        if not (channel.is_im and channel.has_bot and self.hears("message.im")):
            return
        inner: Json = {"type": "message", "subtype": kind, "hidden": True, "channel": channel.id}
        inner |= {"channel_type": "im", "ts": self.next_ts(), **more}
        await self._tell(user_id, inner | {"previous_message": _described(self, old)})

    async def _tell(self, user_id: str, inner: Json) -> Ack | None:
        """Send an event, and let it come again for as long as it is not acked."""
        if inner["type"] in SCOPES and not self.hears(inner["type"]):
            return None
        delivery = payloads.event(self, user_id, inner)
        ack = await self._deliver(delivery)
        if not ack.ok:
            task = asyncio.create_task(self._tell_again(delivery, ack))
            self._retries.add(task)
            task.add_done_callback(self._retries.discard)
        return ack

    async def _tell_again(self, delivery: Delivery, ack: Ack) -> None:
        for number, seconds in enumerate(self.retry_after, start=1):
            await asyncio.sleep(seconds)
            ack = await self.courier.deliver(delivery, retry=(number, _reason(ack)))
            self.acks.append(ack)
            if ack.ok:
                return


def _described(slack: SlackEvents, message: Message) -> Json:
    """A person's message as it stands in an event."""
    described: Json = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "client_msg_id": str(uuid.uuid4()),
        "team": slack.team.id,
    }
    if message.thread_ts:
        described |= {"thread_ts": message.thread_ts}
    if files := message.extra.get("files"):
        described |= {"subtype": "file_share", "files": files, "upload": False}
    return described


def _reason(ack: Ack) -> str:
    """Why an event comes again, in Slack's words."""
    if ack.error == "unreachable":
        return "connection_failed"
    return "http_timeout" if ack.status in (None, 200) else "http_error"
