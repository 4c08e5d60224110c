"""The server: Slack's requests by HTTP or Socket Mode, health, and metrics."""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.clock import Now
from bot.errors import BotError, SlackError
from bot.exec.budget import Budget
from bot.observe.health import Check, Health
from bot.observe.logs import log_unexpected
from bot.observe.telemetry import Telemetry
from bot.settings import Settings
from bot.slack.payload import is_well_formed
from bot.slack.turn import Listeners
from bot.slack.web import SlackWeb
from bot.storage.server_clock import ServerClock

if TYPE_CHECKING:
    from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient

log = logging.getLogger(__name__)

MAX_BODY = 1024**2
BODY_SECONDS = 10.0  # to receive a body
# Seconds without a connection before the process ends, and between checks: slack_sdk may retry an
# expired ticket forever, and a new process gets a new one.
LOST_AFTER, CHECK_EVERY = 120, 10
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class CannotServe(Exception):
    """The sentence for the person who runs the bot: it can't start, or it has lost Slack."""


@dataclass(frozen=True, slots=True)
class Server:
    """Receives Slack's requests, and answers what is asked about the bot's health and metrics."""

    settings: Settings
    slack: SlackWeb
    listeners: Listeners
    telemetry: Telemetry
    budget: Budget
    checks: Mapping[str, Check]
    clock: Now

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Listen on the port that it returns; at the end, stop accepting requests, then wait for
        those that run. Raises CannotServe."""
        # Bodies stay compressed until their signature is verified.
        runner = web.AppRunner(
            self.routes(), access_log=None, auto_decompress=False, shutdown_timeout=2
        )
        try:
            await runner.setup()
            await _listen(runner, self.settings)
            port: int = runner.addresses[0][1]
            mode = "HTTP" if self.settings.slack_app_token is None else "Socket Mode"
            log.info("listening on port %d (%s)", port, mode)
            yield port
        finally:
            await runner.cleanup()
            await self.listeners.drain()

    async def receive(self, stop: asyncio.Event) -> None:
        """Receive requests until `stop`. Raises CannotServe."""
        token = self.settings.slack_app_token
        if token is not None:
            await self._serve_socket(token.get_secret_value(), stop)
        else:
            await stop.wait()

    def routes(self) -> web.Application:
        """The routes: Slack's requests (in HTTP mode), health, and metrics."""
        server = web.Application(middlewares=[_hide_errors], client_max_size=MAX_BODY)
        settings = self.settings
        health = Health(self.checks, self.clock)

        async def healthz(_request: web.Request) -> web.Response:
            return web.json_response({"status": "up"})

        async def readyz(_request: web.Request) -> web.Response:
            state = await health.state()
            ready = all(result == "ok" for result in state.values())
            if isinstance(self.clock, ServerClock) and self.clock.trouble:
                state["clock"] = self.clock.trouble  # the database's clock is used
            answer = {"ready": ready, "checks": state}
            return web.json_response(answer, status=200 if ready else 503)

        async def metrics(request: web.Request) -> web.Response:
            if settings.execbot_metrics_token is None:
                raise web.HTTPNotFound
            if not _has_token(request, settings.execbot_metrics_token.get_secret_value()):
                raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
            with suppress(BotError):  # the last known figures stay
                left = await self.budget.left()
                self.telemetry.requests_left.labels("minute").set(left.minute)
                self.telemetry.requests_left.labels("day").set(left.day)
            body = generate_latest(self.telemetry.registry)
            return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

        if settings.slack_app_token is None and settings.slack_signing_secret is not None:
            secret = settings.slack_signing_secret.get_secret_value()
            server.router.add_post("/slack/events", self._receiver(SignatureVerifier(secret)))
        server.router.add_get("/healthz", healthz)
        server.router.add_get("/readyz", readyz)
        server.router.add_get("/metrics", metrics)
        return server

    def _receiver(self, verifier: SignatureVerifier) -> Handler:
        """A handler that verifies Slack's signature before Bolt parses the request."""

        async def receive(request: web.Request) -> web.Response:
            started = time.perf_counter()
            body = await _read(request)
            if not _is_signed(verifier, body, request):
                raise web.HTTPUnauthorized(text="This is not from Slack.")
            # Only the content type: other headers aren't signed.
            kind = request.headers.get("Content-Type", "")
            try:
                made = AsyncBoltRequest(body=body.decode(), headers={"content-type": kind})
                is_known = is_well_formed(made.body)
            except (ValueError, TypeError, AttributeError, RecursionError):
                is_known = False
            if not is_known:
                log.warning("a malformed request was refused")
                raise web.HTTPBadRequest(text="This is not a request of Slack's.")
            response = await to_aiohttp_response(await self.listeners.bolt.async_dispatch(made))
            self.telemetry.acks.observe(time.perf_counter() - started)
            return response

        return receive

    async def _serve_socket(self, token: str, stop: asyncio.Event) -> None:
        """Receive requests by Socket Mode until `stop`. Raises CannotServe if Slack refuses the
        connection, or if it stays lost."""
        # Imported here, because HTTP mode starts faster without it.
        from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

        handler = AsyncSocketModeHandler(self.listeners.bolt, token)
        connecting: asyncio.Task[None] | None = None
        try:
            # slack_sdk itself would retry a wrong token forever.
            handler.client.wss_uri = await self.slack.socket_url(token)
            connecting = asyncio.create_task(handler.connect_async())
            await _watch(handler.client, stop)
        except SlackError as error:
            raise CannotServe(
                f"Slack refuses the Socket Mode connection ({error.code}). Check SLACK_APP_TOKEN, "
                "that Socket Mode is on, and that this machine reaches Slack. To find out more: "
                "execbot doctor"
            ) from None
        finally:
            if connecting is not None:
                connecting.cancel()
                await asyncio.wait({connecting})
            await handler.close_async()


def _is_signed(verifier: SignatureVerifier, body: bytes, request: web.Request) -> bool:
    stamp = request.headers.get("X-Slack-Request-Timestamp")
    signature = request.headers.get("X-Slack-Signature")
    try:
        return verifier.is_valid(body, stamp, signature)
    except (ValueError, TypeError):
        # The body isn't UTF-8, the time isn't a number, or the signature isn't ASCII.
        return False


async def _read(request: web.Request) -> bytes:
    """The body. Raises HTTPException if it is too big, too slow or cut off."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="The body took too long.") from None
    except (web.RequestPayloadError, ConnectionError):
        raise web.HTTPBadRequest(text="The body can't be read.") from None


def _has_token(request: web.Request, token: str) -> bool:
    # Bytes, because compare_digest refuses strings that aren't ASCII.
    given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
    return hmac.compare_digest(given, f"Bearer {token}".encode())


@web.middleware
async def _hide_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer an unexpected error with its reference in the log."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception as error:  # noqa: BLE001 - the edge
        reference = log_unexpected(log, error, "an HTTP request")
        return web.json_response({"error": "internal", "reference": reference}, status=500)


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    """Accept connections. Raises CannotServe."""
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        raise CannotServe(
            f"I can't listen on {settings.host}:{settings.port} ({reason(error)}). "
            "Set another PORT or HOST."
        ) from error


def reason(error: OSError) -> str:
    """The reason without the address and errno that asyncio puts before it."""
    return re.sub(r"^.*\): (?:\[errno \d+\] )?", "", str(error.strerror or error))


async def _watch(client: AsyncBaseSocketModeClient, stop: asyncio.Event) -> None:
    """Wait for `stop`. Raises CannotServe if the client stays disconnected."""
    lost_for = 0
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), CHECK_EVERY)
        lost_for = 0 if await client.is_connected() else lost_for + CHECK_EVERY
        if lost_for >= LOST_AFTER:
            raise CannotServe("The connection to Slack is lost, so the bot stops. Start it again.")
