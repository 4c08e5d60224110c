"""A stand-in Slack on 127.0.0.1: Web API, response_urls, Socket Mode, and people.

It knows nothing of the bot: it reads Slack's rules on its own, so that it finds the bot's mistakes.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSCloseCode, WSMsgType, web

from bot.demo.faults import reset
from bot.demo.slack_people import People
from bot.demo.slack_web import call, read_args, refuse_for, trouble
from bot.demo.slack_workspace import (
    Ack,
    ApiError,
    Call,
    Clock,
    Delivery,
    Json,
    SlackTeam,
    Workspace,
)

MOST_USES = 5
ACK_SECONDS = 3.0


class SlackServer(People):
    """The workspace with its HTTP door; see `Workspace` and `People`."""

    def __init__(
        self,
        team: SlackTeam,
        *,
        clock: Clock,
        signing_secret: str,
        bot_token: str,
        app_token: str,
        port: int = 0,
    ) -> None:
        super().__init__(team, clock=clock)
        self.sockets = Sockets(self)
        self.app = web.Application(client_max_size=16 * 1024**2)
        self._bot_token, self._app_token = bot_token, app_token
        self.app.router.add_route("*", "/api/{method}", self._take_call)
        self.app.router.add_post("/commands/{team}/{secret}", self._take_answer)
        self.app.router.add_post("/actions/{team}/{secret}", self._take_answer)
        self.app.router.add_post("/upload/v1/{id}", self._take_file)
        self.app.router.add_get("/link", self.sockets.handle)
        self._port = port
        self.signing_secret, self.request_url = signing_secret, ""
        self._stack = AsyncExitStack()

    @property
    def api_url(self) -> str:
        """The `base_url` for slack_sdk, with its slash at the end."""
        return f"{self.base_url}/api/"

    async def __aenter__(self) -> Self:
        self._session = await self._stack.enter_async_context(aiohttp.ClientSession())
        runner = web.AppRunner(self.app, shutdown_timeout=0.5, access_log=None)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, "127.0.0.1", self._port)
        try:
            await site.start()
        except OSError:
            await self._stack.aclose()
            raise
        self.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.sockets.close()
        await self._stack.aclose()

    async def _take_call(self, request: web.Request) -> web.StreamResponse:
        """One call of the Web API, with the fault that is planned for it."""
        method = request.match_info["method"]
        args = await read_args(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        self.calls.append(Call(method, args))
        fault = self.take_fault(method)
        answer = await trouble(fault, request)
        if answer is not None:
            return answer
        try:
            refuse_for(fault)
            body = {"ok": True, **self._called(method, args, token)}
        except ApiError as error:
            body = {"ok": False, "error": error.code, **error.more}
        if fault is not None and fault.kind == "drop":
            return reset(request)
        scopes = ",".join(sorted(self.scopes))
        headers = {"x-oauth-scopes": scopes} if token == self._bot_token else {}
        return web.json_response(body, headers=headers)

    def _called(self, method: str, args: Json, token: str) -> Json:
        if not token:
            raise ApiError("not_authed")
        if token not in (self._bot_token, self._app_token):
            raise ApiError("invalid_auth")
        if (method == "apps.connections.open") != (token == self._app_token):
            raise ApiError("not_allowed_token_type")
        if token == self._app_token:
            return {"url": f"{self.base_url.replace('http', 'ws', 1)}/link"}
        return call(self, method, args)

    async def _take_answer(self, request: web.Request) -> web.StreamResponse:
        """One message through the response_url of a command or a click."""
        content = await _read(request)
        self.calls.append(Call("response_url", content or {}))
        fault = self.take_fault("response_url")
        answer = await trouble(fault, request)
        if answer is not None:
            return answer
        try:
            refuse_for(fault)
            self._answer(request.path, content)
        except ApiError as error:
            dead = error.code in ("dead_url", "expired_url", "used_url", "message_not_found")
            return web.Response(status=404 if dead else 400, text=error.code)
        if fault is not None and fault.kind == "drop":
            return reset(request)
        return web.Response(text="ok")

    def _answer(self, path: str, content: Json | None) -> None:
        """It is good for five messages in thirty minutes."""
        url = self.response_urls.get(path)
        if url is None or self.now() > url.expires:
            raise ApiError("expired_url")
        if url.uses >= MOST_USES:
            raise ApiError("used_url")
        if content is None:
            raise ApiError("invalid_payload")
        self.respond(url, content)
        url.uses += 1

    async def _take_file(self, request: web.Request) -> web.Response:
        """The content of a file that was named before."""
        file = self.files.get(request.match_info["id"])
        content = await request.read()
        if file is None or len(content) != file.length:
            return web.Response(status=400, text="no such file, or another length")
        file.content = content
        return web.Response(text=f"OK - {file.length}")

    async def deliver(self, delivery: Delivery) -> Ack:
        """Send a payload once and wait for the ack as long as Slack does."""
        mark, started = self.revision, time.perf_counter()
        status, body = None, ""
        with suppress(TimeoutError, ConnectionError, aiohttp.ClientError):
            if self.sockets.open:
                payload = await self.sockets.send(delivery, ACK_SECONDS)
                status, body = 200, json.dumps(payload) if payload else ""
            else:
                status, body = await self._post(delivery)
        took = time.perf_counter() - started
        error = None if status == 200 and took <= ACK_SECONDS else "operation_timeout"
        return Ack(status, body, took, error, delivery, mark)

    async def _post(self, delivery: Delivery) -> tuple[int, str]:
        """The status and body with which the bot answers a signed request."""
        kind = "application/x-www-form-urlencoded"
        if delivery.kind == "slash_commands":
            body = urlencode(delivery.payload)
        elif delivery.kind == "interactive":
            body = urlencode({"payload": json.dumps(delivery.payload)})
        else:
            body, kind = json.dumps(delivery.payload), "application/json"
        # The wall clock: the bot compares the signature's time with it.
        stamp = str(int(time.time()))
        base = f"v0:{stamp}:{body}".encode()
        digest = hmac.new(self.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest}",
        }
        limit = aiohttp.ClientTimeout(total=ACK_SECONDS)
        async with self._session.post(
            self.request_url, data=body.encode(), headers=headers, timeout=limit
        ) as answer:
            return answer.status, await answer.text()


async def _read(request: web.Request) -> Json | None:
    try:
        content: Any = await request.json()
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


@dataclass(slots=True)
class Sockets:
    """The open connections; each envelope goes to the newest."""

    slack: Workspace
    open: list[web.WebSocketResponse] = field(default_factory=list)
    _waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to its end."""
        socket = web.WebSocketResponse(timeout=0.5)
        await socket.prepare(request)
        self.open.append(socket)
        self.slack.changed()
        try:
            app = {"app_id": self.slack.team.app_id}
            hello = {"num_connections": len(self.open), "connection_info": app}
            await socket.send_json({"type": "hello", **hello})
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._heard(json.loads(frame.data))
        finally:
            self._forget(socket)
        return socket

    def _heard(self, frame: Json) -> None:
        waiting = self._waiting.pop(str(frame.get("envelope_id")), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(frame.get("payload") or {})

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if socket in self.open:
            self.open.remove(socket)
            self.slack.changed()

    async def send(self, delivery: Delivery, timeout: float) -> Json:  # noqa: ASYNC109
        """Send an envelope and return the payload of its ack; TimeoutError when none came."""
        socket = self.open[-1]
        acked: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[delivery.envelope_id] = acked
        envelope: Json = {
            "envelope_id": delivery.envelope_id,
            "type": delivery.kind,
            "payload": delivery.payload,
            "accepts_response_payload": delivery.kind != "events_api",
        }
        await socket.send_json(envelope)
        return await asyncio.wait_for(acked, timeout)

    async def disconnect(self) -> None:
        """Tell every connection to go, as Slack does every few hours, and close it."""
        for socket in list(self.open):
            with suppress(ConnectionError):
                await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
            self._forget(socket)
            await socket.close()

    async def close(self) -> None:
        """End of the server."""
        for socket in list(self.open):
            await socket.close(code=WSCloseCode.GOING_AWAY)
