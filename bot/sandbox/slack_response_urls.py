"""The response_url of a command or a click: five messages in thirty minutes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox.slack_records import ApiError, Call, Json, Message, ResponseUrl
from bot.sandbox.slack_web import before, hang_up
from bot.sandbox.slack_workspace import Workspace

MOST_USES = 5


@dataclass(slots=True)
class ResponseUrls:
    """Answers `POST /commands/…` and `POST /actions/…`."""

    slack: Workspace

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One message through a response_url."""
        content = await _read(request)
        self.slack.calls.append(Call("response_url", content or {}))
        fault = self.slack.take_fault("response_url")
        answer = await before(fault, request)
        if answer is not None:
            return answer
        if fault is not None and fault.kind == "dead_url":
            return _refusal(404, "expired_url")
        try:
            if fault is not None and fault.kind not in ("slow", "drop"):
                raise ApiError(fault.kind)
            self._take(request.path, content)
        except ApiError as error:
            dead = error.code in ("expired_url", "used_url", "message_not_found")
            return _refusal(404 if dead else 400, error.code)
        if fault is not None and fault.kind == "drop":
            return hang_up(request)
        return web.Response(text="ok")

    def _take(self, path: str, content: Json | None) -> None:
        url = self.slack.response_urls.get(path)
        if url is None or self.slack.now() > url.expires:
            raise ApiError("expired_url")
        if url.uses >= MOST_USES:
            raise ApiError("used_url")
        if content is None:
            raise ApiError("invalid_payload")
        respond(self.slack, url, content, via="response_url")
        url.uses += 1


async def _read(request: web.Request) -> Json | None:
    try:
        content: Any = await request.json()
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _refusal(status: int, code: str) -> web.Response:
    return web.Response(status=status, text=code)


def respond(slack: Workspace, url: ResponseUrl, content: Json, *, via: str) -> Message | None:
    """Do what a message to a response_url (or in a command's ack) asks for."""
    original = slack.message(url.message_ts) if url.message_ts else None
    if content.get("delete_original"):
        if original is None:
            raise ApiError("message_not_found")
        slack.remove(original)
        return None
    in_channel = content.get("response_type") == "in_channel"
    echo = in_channel and bool(url.typed) and not content.get("replace_original")
    bare = echo and not content.get("text") and not content.get("blocks")
    if not bare:
        slack.check(via, content)
    if echo:
        _echo(slack, url)
    if bare:
        return None
    if content.get("replace_original") and url.message_ts:
        if original is None:
            raise ApiError("message_not_found")
        # The replacement is seen by whoever saw the original: nothing private becomes public.
        return slack.replace(original, content, via=via)
    visible_to = None if in_channel else url.user_id
    message = slack.post(url.channel, content, via=via, visible_to=visible_to)
    if url.typed is not None:
        url.message_ts = message.ts
    return message


def _echo(slack: Workspace, url: ResponseUrl) -> None:
    """in_channel shows everybody what was typed, once."""
    typed, url.typed = url.typed, ""
    slack.post(url.channel, {"text": typed}, via="echo", user=url.user_id)


def ack_content(body: str) -> Json:
    """A command's ack is a JSON message or plain text."""
    try:
        content = json.loads(body)
    except ValueError:
        return {"text": body}
    return content if isinstance(content, dict) else {"text": body}
