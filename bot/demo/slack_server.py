"""The stand-in Slack on 127.0.0.1: Web API, response_urls, file uploads and Socket Mode.

It implements Slack's documentation independently of the bot, so that it finds the bot's mistakes.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSCloseCode, WSMsgType, web

from bot.demo.faults import Fault, reset
from bot.demo.slack_people import SlackPeople
from bot.demo.slack_web import call
from bot.demo.slack_workspace import (
    Ack,
    ApiError,
    Call,
    Clock,
    Envelope,
    Json,
    SlackTeam,
    Workspace,
)

MAX_RESPONSES = 5
ACK_SECONDS = 3.0


class SlackServer(SlackPeople):
    """The workspace over HTTP; `SlackPeople` has its users' actions, `Workspace` its state."""

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
        self.app.router.add_route("*", "/api/{method}", self._handle_call)
        self.app.router.add_post("/commands/{team}/{secret}", self._handle_response)
        self.app.router.add_post("/actions/{team}/{secret}", self._handle_response)
        self.app.router.add_post("/upload/v1/{id}", self._handle_upload)
        self.app.router.add_get("/link", self.sockets.handle)
        self._port = port
        self.signing_secret, self.request_url = signing_secret, ""
        self._stack = AsyncExitStack()

    @property
    def api_url(self) -> str:
        """The `base_url` for slack_sdk, with a trailing slash."""
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

    async def _handle_call(self, request: web.Request) -> web.Response:
        """Answer a call of the Web API."""
        method, args = request.match_info["method"], await _read_args(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        self.calls.append(Call(method, args))

        def answer(body: Json) -> web.Response:
            scopes = ",".join(sorted(self.scopes))
            headers = {"x-oauth-scopes": scopes} if token == self._bot_token else {}
            return web.json_response(body, headers=headers)

        return await self._answer(
            request,
            method,
            lambda: answer({"ok": True, **self._call(method, args, token)}),
            lambda error: answer({"ok": False, "error": error.code, **error.more}),
        )

    async def _handle_response(self, request: web.Request) -> web.Response:
        """Answer a message to a response_url."""
        content = await _read_object(request)
        self.calls.append(Call("response_url", content or {}))

        def accept() -> web.Response:
            self._use_response_url(request.path, content)
            return web.Response(text="ok")

        def refuse(error: ApiError) -> web.Response:
            is_dead = error.code in ("dead_url", "expired_url", "used_url", "message_not_found")
            return web.Response(status=404 if is_dead else 400, text=error.code)

        return await self._answer(request, "response_url", accept, refuse)

    async def _answer(
        self,
        request: web.Request,
        method: str,
        accept: Callable[[], web.Response],
        refuse: Callable[[ApiError], web.Response],
    ) -> web.Response:
        """Answer with `accept`, or with `refuse` if it raises ApiError, unless a fault is planned
        for the method."""
        fault = self.take_fault(method) or Fault("")
        await fault.wait()
        match fault.kind:
            case "ratelimited":
                headers = {"Retry-After": f"{fault.seconds or 1:g}"}
                body = {"ok": False, "error": "ratelimited"}
                return web.json_response(body, status=429, headers=headers)
            case "reset":
                return reset(request)
            case kind if kind not in ("", "slow", "held", "drop"):
                return refuse(ApiError(kind))
        try:
            answer = accept()
        except ApiError as error:
            answer = refuse(error)
        return reset(request) if fault.kind == "drop" else answer

    def _call(self, method: str, args: Json, token: str) -> Json:
        """Run a method if the token allows it. Raises ApiError."""
        if not token:
            raise ApiError("not_authed")
        if token not in (self._bot_token, self._app_token):
            raise ApiError("invalid_auth")
        if (method == "apps.connections.open") != (token == self._app_token):
            raise ApiError("not_allowed_token_type")
        if token == self._app_token:
            return {"url": f"{self.base_url.replace('http', 'ws', 1)}/link"}
        return call(self, method, args)

    def _use_response_url(self, path: str, content: Json | None) -> None:
        """Handle a message to a response_url. Raises ApiError."""
        url = self.response_urls.get(path)
        if url is None or self.now() > url.expires:
            raise ApiError("expired_url")
        if url.uses >= MAX_RESPONSES:
            raise ApiError("used_url")
        if content is None:
            raise ApiError("invalid_payload")
        self.respond(url, content)
        url.uses += 1

    async def _handle_upload(self, request: web.Request) -> web.Response:
        """Receive the content of a registered file."""
        file = self.files.get(request.match_info["id"])
        content = await request.read()
        if file is None or len(content) != file.length:
            return web.Response(status=400, text="unknown file or wrong length")
        file.content = content
        return web.Response(text=f"OK - {file.length}")

    async def deliver(self, envelope: Envelope) -> Ack:
        """Send a payload once and wait three seconds for the ack, as Slack does."""
        mark, status, body = self.revision, None, ""
        with suppress(TimeoutError, ConnectionError, aiohttp.ClientError):
            if self.sockets.open:
                payload = await self.sockets.send(envelope, ACK_SECONDS)
                status, body = 200, json.dumps(payload) if payload else ""
            else:
                status, body = await self._post(envelope)
        error = None if status == 200 else "operation_timeout"
        return Ack(status, body, error, envelope, mark)

    async def _post(self, envelope: Envelope) -> tuple[int, str]:
        """POST a signed request to the bot; returns the status and body of its answer."""
        kind = "application/x-www-form-urlencoded"
        if envelope.kind == "slash_commands":
            body = urlencode(envelope.payload)
        elif envelope.kind == "interactive":
            body = urlencode({"payload": json.dumps(envelope.payload)})
        else:
            body, kind = json.dumps(envelope.payload), "application/json"
        # Not the workspace's clock: the bot compares the timestamp with the real time.
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


async def _read_args(request: web.Request) -> Json:
    """The arguments of a call from its query and its form or JSON body."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        raw = await request.text()
        return args | (json.loads(raw) if raw else {})
    form = await request.post()
    args |= {name: value for name, value in form.items() if isinstance(value, str)}
    return {name: json.loads(value) if name == "files" else value for name, value in args.items()}


async def _read_object(request: web.Request) -> Json | None:
    try:
        content: Any = await request.json()
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


@dataclass(slots=True)
class Sockets:
    """The bot's open Socket Mode connections; each envelope goes to the newest one."""

    slack: Workspace
    open: list[web.WebSocketResponse] = field(default_factory=list)
    _waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it closes."""
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
                    self._take_ack(json.loads(frame.data))
        finally:
            self._remove(socket)
        return socket

    def _take_ack(self, frame: Json) -> None:
        waiting = self._waiting.pop(str(frame.get("envelope_id")), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(frame.get("payload") or {})

    def _remove(self, socket: web.WebSocketResponse) -> None:
        if socket in self.open:
            self.open.remove(socket)
            self.slack.changed()

    async def send(self, envelope: Envelope, timeout: float) -> Json:  # noqa: ASYNC109
        """Send an envelope; returns the payload of its ack. Raises TimeoutError."""
        socket = self.open[-1]
        acked: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope.envelope_id] = acked
        message: Json = {
            "envelope_id": envelope.envelope_id,
            "type": envelope.kind,
            "payload": envelope.payload,
            "accepts_response_payload": envelope.kind != "events_api",
        }
        await socket.send_json(message)
        return await asyncio.wait_for(acked, timeout)

    async def disconnect(self) -> None:
        """Ask every connection to reconnect and close it, as Slack does every few hours."""
        for socket in list(self.open):
            with suppress(ConnectionError):
                await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
            self._remove(socket)
            await socket.close()

    async def close(self) -> None:
        """Close all connections."""
        for socket in list(self.open):
            await socket.close(code=WSCloseCode.GOING_AWAY)
