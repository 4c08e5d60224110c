"""Runs the bot: HTTP server or Socket Mode, jobs, and graceful shutdown."""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import web
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.app import App, open_app
from bot.errors import BotError, SlackError
from bot.exec.budget import Purpose
from bot.exec.jobs import EVERY_SECONDS
from bot.exec.models import Item
from bot.jobs import Job
from bot.observe.health import Check, Health
from bot.observe.logs import log_unexpected
from bot.settings import Settings, SlackSettings
from bot.slack.web import SlackWeb, slack_http, web_client
from bot.storage.forget import tidy
from bot.storage.server_clock import ServerClock

if TYPE_CHECKING:
    from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient

log = logging.getLogger(__name__)

MAX_BODY = 1024**2
BODY_SECONDS = 10.0  # to receive a body
# Seconds without a connection before the process ends, and between checks: slack_sdk may retry an
# expired ticket forever, and a new process gets a new one.
LOST_AFTER, CHECK_EVERY = 120, 10
STOP_SECONDS = 3.0
TAKEOVER_AFTER = timedelta(seconds=15)  # after a job's interval, another process runs it
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class CannotServe(Exception):
    """The sentence for the person who runs the bot: it can't start, or it has lost Slack."""


@asynccontextmanager
async def open_bot(
    settings: SlackSettings, *, clock: Callable[[], datetime] | None = None
) -> AsyncIterator[App]:
    """The app, connected to Slack. Raises SettingsProblem and StorageError."""
    token = settings.slack_bot_token.get_secret_value()
    async with slack_http() as http:
        slack = SlackWeb(web_client(token, str(settings.slack_api_url), http))
        async with open_app(settings, web=slack, clock=clock) as app:
            yield app


async def run(settings: SlackSettings) -> None:
    """Serve until SIGTERM or SIGINT. Raises StorageError and CannotServe."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with open_bot(settings) as app:
        await serve(app, stop)


async def serve(
    app: App,
    stop: asyncio.Event,
    *,
    started: Callable[[int], None] | None = None,
    by_clock: bool = True,
) -> None:
    """Serve until `stop` is set, then shut down gracefully.

    `started` gets the port once the server listens. `by_clock`: whether jobs run.
    """
    settings, token = app.settings, app.settings.slack_app_token
    # Bodies stay compressed until their signature is verified.
    runner = web.AppRunner(
        create_server(app), access_log=None, auto_decompress=False, shutdown_timeout=2
    )
    jobs = None
    try:
        await runner.setup()
        await _listen(runner, settings)
        if by_clock:
            jobs = Jobs(app)
        port = runner.addresses[0][1]
        log.info("listening on port %d (%s)", port, "Socket Mode" if token else "HTTP")
        if started is not None:
            started(port)
        if token is not None:
            await _serve_socket(app, token.get_secret_value(), stop)
        else:
            await stop.wait()
    finally:
        # Stop accepting requests first, then wait for those that run.
        await runner.cleanup()
        await app.drain()
        if jobs is not None:
            await jobs.stop()
    log.info("stopped")


# HTTP


def create_server(app: App) -> web.Application:
    """The routes: Slack's requests (in HTTP mode), health, and metrics."""
    server = web.Application(middlewares=[_hide_errors], client_max_size=MAX_BODY)
    settings = app.settings
    checks: dict[str, Check] = {
        "database": app.db.check,
        "slack": partial(app.web.identity, fresh=True),
        "exec": partial(app.exec.get, "/workspace", Item, Purpose.PEOPLE),
    }
    health = Health(checks, app.clock)

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "up"})

    async def readyz(_request: web.Request) -> web.Response:
        state = await health.state()
        ready = all(each == "ok" for each in state.values())
        if isinstance(app.clock, ServerClock) and app.clock.trouble:
            state["clock"] = app.clock.trouble  # the database's clock is used
        answer = {"ready": ready, "checks": state}
        return web.json_response(answer, status=200 if ready else 503)

    async def metrics(request: web.Request) -> web.Response:
        if settings.execbot_metrics_token is None:
            raise web.HTTPNotFound
        if not _has_token(request, settings.execbot_metrics_token.get_secret_value()):
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
        with suppress(BotError):  # the last known figures stay
            left = await app.budget.left()
            app.telemetry.requests_left.labels("minute").set(left.minute)
            app.telemetry.requests_left.labels("day").set(left.day)
        body = generate_latest(app.telemetry.registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    if settings.slack_app_token is None and settings.slack_signing_secret is not None:
        secret = settings.slack_signing_secret.get_secret_value()
        server.router.add_post("/slack/events", _receiver(app, SignatureVerifier(secret)))
    server.router.add_get("/healthz", healthz)
    server.router.add_get("/readyz", readyz)
    server.router.add_get("/metrics", metrics)
    return server


def _receiver(app: App, verifier: SignatureVerifier) -> Handler:
    """A handler that verifies Slack's signature before Bolt parses the request."""

    async def receive(request: web.Request) -> web.Response:
        started = time.perf_counter()
        body = await _read(request)
        if not _is_signed(verifier, body, request):
            raise web.HTTPUnauthorized(text="This is not from Slack.")
        # Only the content type: other headers aren't signed.
        kind = request.headers.get("Content-Type", "")
        made = AsyncBoltRequest(body=body.decode(), headers={"content-type": kind})
        response = await to_aiohttp_response(await app.bolt.async_dispatch(made))
        app.telemetry.acks.observe(time.perf_counter() - started)
        return response

    return receive


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


# Socket Mode


async def _serve_socket(app: App, token: str, stop: asyncio.Event) -> None:
    """Receive requests by Socket Mode until `stop`. Raises CannotServe if Slack refuses the
    connection, or if it stays lost."""
    # Imported here, because HTTP mode starts faster without it.
    from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

    handler = AsyncSocketModeHandler(app.bolt, token)
    connecting: asyncio.Task[None] | None = None
    try:
        # slack_sdk itself would retry a wrong token forever.
        handler.client.wss_uri = await app.web.socket_url(token)
        connecting = asyncio.create_task(handler.connect_async())
        await _watch(handler.client, stop)
    except SlackError as error:
        raise CannotServe(
            f"Slack refuses the Socket Mode connection ({error.code}). Check SLACK_APP_TOKEN, that "
            "Socket Mode is on, and that this machine reaches Slack. To find out more: execbot "
            "doctor"
        ) from None
    finally:
        if connecting is not None:
            connecting.cancel()
            await asyncio.wait({connecting})
        await handler.close_async()


async def _watch(client: AsyncBaseSocketModeClient, stop: asyncio.Event) -> None:
    """Wait for `stop`. Raises CannotServe if the client stays disconnected."""
    lost_for = 0
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), CHECK_EVERY)
        lost_for = 0 if await client.is_connected() else lost_for + CHECK_EVERY
        if lost_for >= LOST_AFTER:
            raise CannotServe("The connection to Slack is lost, so the bot stops. Start it again.")


# Jobs


def all_jobs(app: App) -> dict[str, Job]:
    """The jobs of the app and of its features, by name."""

    async def list_accounts() -> None:
        for team_id in {one.team_id for one in await app.subscriptions.posted()}:
            await app.audiences.list_accounts(team_id)

    async def deliver() -> None:
        await app.subscriptions.begin_due()
        await app.outbox.run()

    async def follow_zones() -> None:
        await app.subscriptions.follow_zones(app.people.zone_name)

    async def forget_old() -> None:
        audit = timedelta(days=app.settings.execbot_audit_days)
        await tidy(app.db, app.clock(), history=app.history, audit=audit)

    jobs = {
        "housekeeping": Job(forget_old, 3600),
        "sync": Job(app.mirror_jobs.run, EVERY_SECONDS),
        "deliver": Job(deliver, 2, once=True),
        "accounts": Job(list_accounts, 600, once=True),
        "zones": Job(follow_zones, 6 * 3600, once=True),
        **app.jobs,
    }
    if isinstance(app.clock, ServerClock):
        jobs["clock"] = Job(app.clock.measure, 60)
    return jobs


async def run_job(app: App, name: str, job: Job) -> None:
    """Run a job once, unless another process does."""
    lasts = timedelta(seconds=job.seconds) + TAKEOVER_AFTER
    if not job.once or await app.leases.renew(f"job:{name}", lasts):
        await job.run()


class Jobs:
    """Runs each job at the start and then at its interval, never twice at the same time."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._running: set[asyncio.Task[Any]] = set()
        # By default, APScheduler drops a job that is a second late.
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True}
        )
        for name, job in all_jobs(app).items():
            self._scheduler.add_job(
                self._run,
                "interval",
                args=(name, job),
                seconds=job.seconds,
                next_run_time=datetime.now(UTC),
            )
        self._scheduler.start()

    async def stop(self) -> None:
        """Start no further jobs, wait briefly for those that run, and cancel them."""
        self._scheduler.pause()
        if self._running:
            await asyncio.wait(self._running, timeout=STOP_SECONDS)
        self._scheduler.shutdown(wait=False)
        if self._running:
            await asyncio.wait(self._running)

    async def _run(self, name: str, job: Job) -> None:
        if task := asyncio.current_task():
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        try:
            await run_job(self._app, name, job)
        except BotError as error:
            log.warning("job %s: %s", name, type(error).__name__)
        except Exception as error:  # noqa: BLE001 - a job runs again at its next time
            log_unexpected(log, error, f"job {name}")
