"""Socket Mode: connections of the app, envelopes, acks, disconnects."""

from __future__ import annotations

import asyncio
import json
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

from aiohttp import WSCloseCode, WSMsgType, web

from bot.sandbox.slack_records import Delivery, Json
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
