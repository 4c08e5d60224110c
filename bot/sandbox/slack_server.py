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
from typing import Self

import aiohttp
from aiohttp import web

from bot.sandbox.slack_courier import Courier
from bot.sandbox.slack_events import SlackEvents
from bot.sandbox.slack_page import Page
from bot.sandbox.slack_response_urls import ResponseUrls
from bot.sandbox.slack_socket import Sockets
from bot.sandbox.slack_team import SlackTeam
from bot.sandbox.slack_web import WebApi
from bot.sandbox.slack_web_files import Uploads
from bot.sandbox.slack_workspace import Clock

_ANY_HOST = "0.0.0.0"  # noqa: S104 - only compared with


class SlackServer(SlackEvents):
    """The workspace with its HTTP door; see `Workspace`, `SlackActors` and `SlackEvents`."""

    def __init__(
        self,
        team: SlackTeam,
        *,
        clock: Clock,
        signing_secret: str,
        bot_token: str,
        app_token: str,
        host: str = "127.0.0.1",
        port: int = 0,
        page: bool = False,
        request_url: str | None = None,
        ack_seconds: float = 3.0,
    ) -> None:
        super().__init__(team, clock=clock)
        self.acks = []
        self._marks = {}
        self._retries = set()
        self.page = page
        self.sockets = Sockets(self)
        self._web = WebApi(self, bot_token, app_token, self.sockets.new_url)
        self._host, self._port = host, port
        self._first_url, self._ack_seconds = request_url, ack_seconds
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
        self.courier.request_url = self._first_url
        runner = web.AppRunner(self._app(), shutdown_timeout=0.5, access_log=None)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, self._host, self._port)
        try:
            await site.start()
        except OSError:
            await self._stack.aclose()
            raise
        port = runner.addresses[0][1]
        # "0.0.0.0" is a place to listen at, not an address to call.
        host = "127.0.0.1" if self._host == _ANY_HOST else self._host
        self.base_url = f"http://{host}:{port}"
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
        urls = ResponseUrls(self)
        app.router.add_route("*", "/api/{method}", self._web.handle)
        app.router.add_post("/commands/{team}/{secret}", urls.handle)
        app.router.add_post("/actions/{team}/{secret}", urls.handle)
        app.router.add_post("/upload/v1/{secret}", Uploads(self).handle)
        app.router.add_get("/link", self.sockets.handle)
        if self.page:
            Page(self).add_routes(app)
        return app
