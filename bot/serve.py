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
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import ClientError, web
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from bot.app import App, open_app
from bot.errors import BotError, StorageError
from bot.exec_api.budget import Purpose
from bot.exec_api.models import Workspace
from bot.jobs import Job
from bot.mirror.forget import tidy
from bot.mirror.jobs import EVERY_SECONDS
from bot.observe.health import Check, Health
from bot.observe.jobs import guarded
from bot.settings import Settings, SlackSettings
from bot.slack.web import SlackWeb, web_client
from bot.storage.server_clock import ServerClock

if TYPE_CHECKING:
    from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

log = logging.getLogger(__name__)

MAX_BODY = 1024**2
BODY_SECONDS = 10.0  # to receive a body
# Slack checks our certificate with an unsigned request.
_SSL_CHECK = re.compile(rb"(?:.*&)?ssl_check=1(?:&.*)?", re.DOTALL)
# Seconds without a connection before the process ends, and between checks: slack_sdk may retry an
# expired ticket forever, and a new process gets a new one.
LOST_AFTER, CHECK_EVERY = 120, 10
STOP_SECONDS = 3.0
TAKEOVER_AFTER = timedelta(seconds=15)  # after a job's interval, another process runs it
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class CannotListen(OSError):
    """The port is taken, or the address is not this machine's."""


class NoSocket(Exception):
    """Slack refuses a Socket Mode connection. The argument is Slack's code, if there was an
    answer."""


class Lost(Exception):
    """The connection to Slack is lost; the process ends, and its supervisor should restart it."""


@asynccontextmanager
async def open_bot(
    settings: SlackSettings, *, clock: Callable[[], datetime] | None = None
) -> AsyncIterator[App]:
    """The app, connected to Slack. Raises SettingsProblem, StorageError and WrongKey."""
    token = settings.slack_bot_token.get_secret_value()
    slack = SlackWeb(web_client(token, str(settings.slack_api_url)))
    async with open_app(settings, web=slack, clock=clock) as app:
        yield app


async def run(settings: SlackSettings, *, started: Callable[[int], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT. `started` gets the port once the server listens.

    Raises StorageError, WrongKey, CannotListen, NoSocket and Lost.
    """
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with open_bot(settings) as app:
        await serve(app, stop, started=started)


async def serve(
    app: App,
    stop: asyncio.Event,
    *,
    started: Callable[[int], None] | None = None,
    by_clock: bool = True,
) -> None:
    """Serve until `stop` is set, then shut down gracefully. `by_clock`: whether jobs run."""
    settings, token = app.settings, app.settings.slack_app_token
    async with _health(app) as health:
        server = create_server(app, health)
        # Bodies stay compressed until their signature is verified.
        runner = web.AppRunner(server, access_log=None, auto_decompress=False, shutdown_timeout=2)
        jobs, socket = Jobs(app), None
        try:
            await runner.setup()
            await _listen(runner, settings)
            port = runner.addresses[0][1]
            if token is not None:
                socket = await _connect(app, token.get_secret_value())
            if by_clock:
                jobs.start()
            log.info("listening on port %d (%s)", port, "Socket Mode" if token else "HTTP")
            if started is not None:
                started(port)
            await _wait(stop, socket)
        finally:
            # Stop accepting requests first, then wait for those that run.
            await runner.cleanup()
            if socket is not None:
                await socket.close()
            jobs.pause()
            await app.drain()
            await jobs.stop()
            if by_clock:
                with suppress(StorageError):
                    await app.leases.release("job:deliver")
    log.info("stopped")


# HTTP


def create_server(app: App, health: Health) -> web.Application:
    """The routes: Slack's requests (in HTTP mode), health, and metrics."""
    server = web.Application(middlewares=[_hide_errors], client_max_size=MAX_BODY)
    settings = app.settings

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "up"})

    async def readyz(_request: web.Request) -> web.Response:
        state = await health.state()
        return web.json_response(
            {"ready": state.ready, "checks": state.checks}, status=200 if state.ready else 503
        )

    async def metrics(request: web.Request) -> web.Response:
        if settings.execbot_metrics_token is None:
            raise web.HTTPNotFound
        if not _has_token(request, settings.execbot_metrics_token.get_secret_value()):
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
        with suppress(BotError):  # the last known figures stay
            left = await app.budget.left()
            app.telemetry.requests_left.labels("minute").set(left.minute)
            app.telemetry.requests_left.labels("day").set(left.day)
        return web.Response(
            body=app.telemetry.exposition(), headers={"Content-Type": app.telemetry.content_type}
        )

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
            if _SSL_CHECK.fullmatch(body):
                return web.Response()
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
    """Answer an error with its reference to the log, null for an expected one."""
    answer: web.StreamResponse | None = None

    async def ask() -> None:
        nonlocal answer
        try:
            answer = await handler(request)
        except web.HTTPException as refusal:
            answer = refusal

    reference = await guarded("an HTTP request", ask)
    if isinstance(answer, web.HTTPException):
        raise answer
    if answer is None:
        return web.json_response({"error": "internal", "reference": reference}, status=500)
    return answer


@asynccontextmanager
async def _health(app: App) -> AsyncIterator[Health]:
    """What /readyz checks."""
    checks: dict[str, Check] = {
        "database": app.db.check,
        "file": app.db.quick_check,
        "slack": partial(app.web.identity, fresh=True),
        "exec": partial(app.exec.get, "/workspace", Workspace, Purpose.PEOPLE),
        "answers": app.exec.check,
    }

    def warnings() -> dict[str, str]:
        clock = app.clock
        trouble = clock.trouble if isinstance(clock, ServerClock) else ""
        return {"clock": trouble} if trouble else {}

    async with Health(checks, app.clock, warnings) as health:
        yield health


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    """Accept connections. Raises CannotListen."""
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        raise CannotListen(error.errno, reason(error)) from error


def reason(error: OSError) -> str:
    """The reason without the address and errno that asyncio puts before it."""
    return re.sub(r"^.*\): (?:\[errno \d+\] )?", "", str(error.strerror or error))


# Socket Mode


@dataclass(frozen=True, slots=True)
class _Socket:
    """A Socket Mode connection, which is opened and kept in the background."""

    handler: AsyncSocketModeHandler
    connecting: asyncio.Task[None]

    async def is_connected(self) -> bool:
        return bool(await self.handler.client.is_connected())

    async def close(self) -> None:
        self.connecting.cancel()
        await asyncio.wait({self.connecting})
        await self.handler.close_async()


async def _connect(app: App, token: str) -> _Socket:
    """Open a Socket Mode connection. Raises NoSocket if Slack refuses it."""
    # Imported here, because HTTP mode starts faster without it.
    from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

    handler = AsyncSocketModeHandler(app.bolt, token)
    try:
        # slack_sdk itself would retry a wrong token forever.
        handler.client.wss_uri = await handler.client.issue_new_wss_url()
    except SlackApiError as error:
        await handler.close_async()
        raise NoSocket(str(error.response.get("error"))) from None
    except (ClientError, TimeoutError, OSError) as error:
        await handler.close_async()
        raise NoSocket from error
    return _Socket(handler, asyncio.create_task(handler.connect_async()))


async def _wait(stop: asyncio.Event, socket: _Socket | None) -> None:
    """Wait for `stop`. Raises Lost if the socket stays disconnected."""
    lost_for = 0
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), CHECK_EVERY)
        except TimeoutError:
            connected = socket is None or await socket.is_connected()
            lost_for = 0 if connected else lost_for + CHECK_EVERY
            if lost_for >= LOST_AFTER:
                raise Lost from None


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
        "housekeeping": Job(forget_old, 3600, after=60),  # not during the start
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
    if not job.once or await app.leases.acquire(f"job:{name}", lasts):
        await job.run()


class Jobs:
    """Runs each job soon after the start and then at its interval, never twice at the same time."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._running: dict[str, asyncio.Task[str | None]] = {}
        # By default, APScheduler drops a job that is a second late.
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True}
        )
        for name, job in all_jobs(app).items():
            self._scheduler.add_job(
                self._run,
                "interval",
                args=(name, job),
                id=name,
                seconds=job.seconds,
                # The first run comes soon: after a crash, people wait for messages.
                next_run_time=datetime.now(UTC) + timedelta(seconds=job.after),
            )

    def start(self) -> None:
        """Start the schedule."""
        self._scheduler.start()

    def pause(self) -> None:
        """Start no further jobs."""
        if self._scheduler.running:
            self._scheduler.pause()

    async def stop(self) -> None:
        """Wait briefly for running jobs, then cancel them: every job can be cancelled anywhere."""
        if self._running:
            _done, late = await asyncio.wait(self._running.values(), timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=STOP_SECONDS)
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _run(self, name: str, job: Job) -> None:
        if name in self._running:
            return  # APScheduler would log a warning each time

        # In a task of its own, since APScheduler cancels its own tasks at once when it shuts down.
        task = asyncio.create_task(guarded(f"job {name}", partial(run_job, self._app, name, job)))
        self._running[name] = task
        task.add_done_callback(lambda _done: self._running.pop(name))
