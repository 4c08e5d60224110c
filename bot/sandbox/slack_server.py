"""A stand-in Slack on 127.0.0.1: Web API, response_urls, Socket Mode, and people.

    async with SlackServer(team, clock=clock, signing_secret="s", bot_token="xoxb-1",
                           app_token="xapp-1") as slack:
        slack.request_url = "http://127.0.0.1:3000/slack/events"
        await slack.command(jane.id, channel.id, "/exec", "sessions last 7d")
        answer = await slack.wait_for_message(jane.id, channel.id)

It knows nothing of the bot: it reads Slack's rules on its own, so that it finds
the bot's mistakes.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from bot.sandbox.slack_courier import Courier, Sockets
from bot.sandbox.slack_page import Page
from bot.sandbox.slack_people import People
from bot.sandbox.slack_records import ApiError, Call, Json
from bot.sandbox.slack_team import SlackTeam
from bot.sandbox.slack_web import WebApi, before, hang_up
from bot.sandbox.slack_workspace import Clock

MOST_USES = 5


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
        page: bool = False,
        ack_seconds: float = 3.0,
    ) -> None:
        super().__init__(team, clock=clock)
        self.acks = []
        self._marks = {}
        self._retries = set()
        self.page = Page(self)
        self._has_page = page
        self.sockets = Sockets(self)
        self._web = WebApi(self, bot_token, app_token, self.sockets.new_url)
        self._port, self._ack_seconds = port, ack_seconds
        self._signing_secret = signing_secret
        self._stack = AsyncExitStack()

    @property
    def api_url(self) -> str:
        """The `base_url` for slack_sdk, with its slash at the end."""
        return f"{self.base_url}/api/"

    @property
    def request_url(self) -> str | None:
        """The bot's own address for HTTP, `…/slack/events`."""
        return self.courier.request_url

    @request_url.setter
    def request_url(self, url: str | None) -> None:
        self.courier.request_url = url

    async def __aenter__(self) -> Self:
        session = await self._stack.enter_async_context(aiohttp.ClientSession())
        self.courier = Courier(self, self.sockets, self._signing_secret, session, self._ack_seconds)
        runner = web.AppRunner(self._app(), shutdown_timeout=0.5, access_log=None)
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

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop_retrying()
        await self.sockets.close()
        await self._stack.aclose()

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Send the app's sockets away, as Slack does now and then."""
        await self.sockets.disconnect(reason)

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=16 * 1024**2)
        app.router.add_route("*", "/api/{method}", self._web.handle)
        app.router.add_post("/commands/{team}/{secret}", self._take_answer)
        app.router.add_post("/actions/{team}/{secret}", self._take_answer)
        app.router.add_post("/upload/v1/{secret}", self._take_file)
        app.router.add_get("/link", self.sockets.handle)
        if self._has_page:
            self.page.add_routes(app)
        return app

    async def _take_answer(self, request: web.Request) -> web.StreamResponse:
        """One message through the response_url of a command or a click."""
        content = await _read(request)
        self.calls.append(Call("response_url", content or {}))
        fault = self.take_fault("response_url")
        answer = await before(fault, request)
        if answer is not None:
            return answer
        try:
            if fault is not None and fault.kind not in ("slow", "held", "drop"):
                raise ApiError("expired_url" if fault.kind == "dead_url" else fault.kind)
            self._answer(request.path, content)
        except ApiError as error:
            dead = error.code in ("expired_url", "used_url", "message_not_found")
            return web.Response(status=404 if dead else 400, text=error.code)
        if fault is not None and fault.kind == "drop":
            return hang_up(request)
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
        self.respond(url, content, via="response_url")
        url.uses += 1

    async def _take_file(self, request: web.Request) -> web.Response:
        """The content of a file that was named before."""
        secret = request.match_info["secret"]
        file = next((each for each in self.files.values() if each.secret == secret), None)
        content = await request.read()
        if file is None or len(content) != file.length:
            return web.Response(status=400, text="no such file, or another length")
        file.content = content
        return web.Response(text=f"OK - {file.length}")


async def _read(request: web.Request) -> Json | None:
    try:
        content: Any = await request.json()
    except ValueError:
        return None
    return content if isinstance(content, dict) else None
