"""Carries payloads to the bot, over signed HTTP or Socket Mode, and times the ack."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSCloseCode, WSMsgType, web

from bot.sandbox.slack_records import Ack, Delivery, Json
from bot.sandbox.slack_workspace import Workspace


@dataclass(slots=True)
class Sockets:
    """The open connections; each envelope goes to one of them, in turn."""

    slack: Workspace
    open: list[web.WebSocketResponse] = field(default_factory=list)
    _tickets: set[str] = field(default_factory=set)
    _waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    _turn: count[int] = field(default_factory=count)

    def new_url(self) -> str:
        """The address for one new connection."""
        ticket = secrets.token_urlsafe(12)
        self._tickets.add(ticket)
        return f"{self.slack.base_url.replace('http', 'ws', 1)}/link?ticket={ticket}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or self.slack.take_fault("socket") is not None:
            return web.Response(status=409, text="the ticket is used up")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(timeout=0.5)
        await socket.prepare(request)
        self.open.append(socket)
        self.slack.changed()
        try:
            await socket.send_json(self._hello())
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._heard(json.loads(frame.data))
        finally:
            self._forget(socket)
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.open),
            "debug_info": {"host": "stand-in", "approximate_connection_time": 3600},
            "connection_info": {"app_id": self.slack.team.app_id},
        }

    def _heard(self, frame: Json) -> None:
        waiting = self._waiting.pop(str(frame.get("envelope_id")), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(frame.get("payload") or {})

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if socket in self.open:
            self.open.remove(socket)
            self.slack.changed()

    async def send(
        self,
        delivery: Delivery,
        timeout: float,  # noqa: ASYNC109
        retry: tuple[int, str] | None = None,
    ) -> Json:
        """Send an envelope and return the payload of its ack; TimeoutError when none came."""
        socket = self.open[next(self._turn) % len(self.open)]
        acked: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[delivery.envelope_id] = acked
        envelope: Json = {
            "envelope_id": delivery.envelope_id,
            "type": delivery.kind,
            "payload": delivery.payload,
            "accepts_response_payload": delivery.kind != "events_api",
        }
        if retry is not None:
            envelope["retry_attempt"], envelope["retry_reason"] = retry
        await socket.send_json(envelope)
        return await asyncio.wait_for(acked, timeout)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to go, as Slack does every few hours, and close it."""
        for socket in list(self.open):
            with suppress(ConnectionError):
                await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})
            self._forget(socket)
            await socket.close()

    async def close(self) -> None:
        """End of the server."""
        for socket in list(self.open):
            await socket.close(code=WSCloseCode.GOING_AWAY)


def encoded(delivery: Delivery) -> tuple[str, str]:
    """The HTTP body and content type of a payload."""
    if delivery.kind == "slash_commands":
        return urlencode(delivery.payload), "application/x-www-form-urlencoded"
    if delivery.kind == "interactive":
        body = urlencode({"payload": json.dumps(delivery.payload)})
        return body, "application/x-www-form-urlencoded"
    return json.dumps(delivery.payload), "application/json"


@dataclass(slots=True)
class Courier:
    """`request_url` is where the bot listens for HTTP; an open socket goes before it."""

    slack: Workspace
    sockets: Sockets
    signing_secret: str
    session: aiohttp.ClientSession
    ack_seconds: float = 3.0
    request_url: str | None = None

    async def deliver(
        self, delivery: Delivery, *, later: int = 0, retry: tuple[int, str] | None = None
    ) -> Ack:
        """Send a payload once and wait for the ack as long as Slack does.

        It is signed as if it were `later`, in seconds. `retry` says which one it is, and why.
        """
        mark, started = self.slack.revision, time.perf_counter()
        status, body, error = await self._send(delivery, later, retry)
        took = time.perf_counter() - started
        if error is None and (status != 200 or took > self.ack_seconds):
            error = "operation_timeout"
        return Ack(status, body, took, error, delivery, mark)

    async def _send(
        self, delivery: Delivery, later: int, retry: tuple[int, str] | None
    ) -> tuple[int | None, str, str | None]:
        if self.sockets.open:
            try:
                payload = await self.sockets.send(delivery, self.ack_seconds, retry)
            except (TimeoutError, ConnectionError):
                return None, "", "operation_timeout"
            return 200, json.dumps(payload) if payload else "", None
        if self.request_url is None:
            return None, "", "unreachable"
        try:
            return await self._post(self.request_url, *encoded(delivery), later, retry)
        except aiohttp.ClientConnectorError:
            return None, "", "unreachable"
        except (TimeoutError, aiohttp.ClientError):
            return None, "", "operation_timeout"

    async def _post(
        self, url: str, body: str, kind: str, later: int, retry: tuple[int, str] | None
    ) -> tuple[int, str, None]:
        # The wall clock: the bot compares the signature's time with it.
        stamp = str(int(time.time()) + later)
        base = f"v0:{stamp}:{body}".encode()
        digest = hmac.new(self.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": kind,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest}",
        }
        if retry is not None:
            number, reason = retry
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        limit = aiohttp.ClientTimeout(total=self.ack_seconds)
        async with self.session.post(
            url, data=body.encode(), headers=headers, timeout=limit
        ) as answer:
            return answer.status, await answer.text(), None
