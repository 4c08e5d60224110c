"""A running bot: its server, what it does by the clock, and an orderly end."""

from __future__ import annotations

import asyncio
import logging
import re
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import ClientError, web
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_sdk.errors import SlackApiError

from bot.app import Bot, build_bot
from bot.errors import BotError, StorageError
from bot.mirror.forget import tidy
from bot.mirror.jobs import EVERY_SECONDS
from bot.observe.jobs import Action, guarded
from bot.server import build_server
from bot.settings import Settings, SlackSettings
from bot.slack.http import SlackDoor
from bot.storage.server_clock import ServerClock

if TYPE_CHECKING:
    from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

log = logging.getLogger(__name__)

# slack_sdk may try a dead ticket for ever; a fresh process gets a fresh one.
LOST_AFTER = 120
LOOK_EVERY = 10

# Seconds. Who leads, of several processes, is looked at so often that another one takes over soon.
LEAD_EVERY = 2
# Most runs of the sync and of the deliveries have nothing to do, and cost nothing.
DELIVER_EVERY = 2
ZONES_EVERY = 300
ACCOUNTS_EVERY = 600
CLOCK_EVERY = 60
HOUSEKEEPING_EVERY = 3600
HOUSEKEEPING_AFTER = 60  # not during the start
STOP_SECONDS = 3.0


class CannotListen(OSError):
    """The port is taken, or the address is not this machine's."""


class NoSocket(Exception):
    """Slack opens no Socket Mode connection; holds Slack's code, or nothing where none came."""


class Lost(Exception):
    """The connection to Slack stayed away; whoever supervises the process starts it anew."""


async def run(settings: SlackSettings, *, started: Callable[[int], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT. `started` is told the port once everything listens.

    Raises StorageError, WrongKey, CannotListen, NoSocket and Lost.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with build_bot(settings) as bot:
        await serve(bot, stop, started=started)


async def serve(
    bot: Bot,
    stop: asyncio.Event,
    *,
    started: Callable[[int], None] | None = None,
    by_clock: bool = True,
) -> None:
    """Serve `bot` until `stop` is set, then finish what runs.

    Without `by_clock` it answers only; its jobs are run by whoever wants them run.
    """
    settings = bot.core.settings
    token, secret = settings.slack_app_token, settings.slack_signing_secret
    door = None
    if token is None and secret is not None:
        door = SlackDoor(bot.app, secret.get_secret_value())
    server = build_server(
        door=door,
        health=bot.health,
        telemetry=bot.core.telemetry,
        refresh=partial(_refresh_gauges, bot),
        metrics_host=settings.metrics_host,
    )
    # Nothing is decompressed before its signature is verified.
    runner = web.AppRunner(server, access_log=None, auto_decompress=False, shutdown_timeout=2)
    jobs = Jobs(bot)
    socket = None
    try:
        await runner.setup()
        await _listen(runner, settings)
        port = runner.addresses[0][1]
        if token is not None:
            socket = await _connect(bot, token.get_secret_value())
        if by_clock:
            jobs.start()
        log.info("listening on port %d (%s)", port, "Socket Mode" if token else "HTTP")
        if started is not None:
            started(port)
        await _wait(stop, socket)
    finally:
        # First nothing new is accepted, then what runs is finished. Requests come before work,
        # since those in progress may start some.
        await runner.cleanup()
        if socket is not None:
            await socket.close()
        jobs.pause()
        await bot.work.drain()
        await jobs.stop()
        if by_clock:
            with suppress(StorageError):
                await bot.core.leader.resign()
    log.info("stopped")


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    """Accept connections. Raises CannotListen."""
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        raise CannotListen(error.errno, reason(error)) from error


def reason(error: OSError) -> str:
    """The reason alone: asyncio puts the address before it, and from Python 3.13 on a number."""
    return re.sub(r"^.*\): (?:\[errno \d+\] )?", "", str(error.strerror or error))


@dataclass(frozen=True, slots=True)
class _Socket:
    """The Socket Mode connection, made and kept in the background."""

    handler: AsyncSocketModeHandler
    connecting: asyncio.Task[None]

    async def is_connected(self) -> bool:
        return bool(await self.handler.client.is_connected())

    async def close(self) -> None:
        self.connecting.cancel()
        await asyncio.wait({self.connecting})
        await self.handler.close_async()


async def _connect(bot: Bot, token: str) -> _Socket:
    """Open a Socket Mode connection. Raises NoSocket when Slack grants none."""
    # Imported here: most bots are reached by HTTP, and start sooner without it.
    from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

    handler = AsyncSocketModeHandler(bot.app, token)

    try:
        # Asked for here, since slack_sdk itself tries a wrong token for ever.
        handler.client.wss_uri = await handler.client.issue_new_wss_url()
    except SlackApiError as error:
        await handler.close_async()
        raise NoSocket(str(error.response.get("error"))) from None
    except (ClientError, TimeoutError, OSError) as error:
        await handler.close_async()
        raise NoSocket from error
    return _Socket(handler, asyncio.create_task(handler.connect_async()))


async def _wait(stop: asyncio.Event, socket: _Socket | None) -> None:
    away = 0
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), LOOK_EVERY)
        except TimeoutError:
            connected = socket is None or await socket.is_connected()
            away = 0 if connected else away + LOOK_EVERY
            if away >= LOST_AFTER:
                raise Lost from None


async def _refresh_gauges(bot: Bot) -> None:
    try:
        left = await bot.core.budget.left()
    except BotError:
        return  # the last known figures stand; /readyz says what is wrong
    bot.core.telemetry.requests_left.labels("minute").set(left.minute)
    bot.core.telemetry.requests_left.labels("day").set(left.day)


class Jobs:
    """Runs each job soon and then at its interval, never twice at a time; what only one process
    should do, where it leads."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._running: dict[str, asyncio.Task[str | None]] = {}
        # A job that is late by hours is still wanted: APScheduler's own default drops it after 1 s.
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True}
        )
        self._add("housekeeping", self._forget_old, HOUSEKEEPING_EVERY, after=HOUSEKEEPING_AFTER)
        self._add("lead", self._lead, LEAD_EVERY)
        self._add("sync", bot.core.mirror_jobs.run, EVERY_SECONDS)
        self._add_led("deliver", bot.core.delivering.run_due, DELIVER_EVERY)
        self._add_led("accounts", self._list_accounts, ACCOUNTS_EVERY)
        self._add_led("zones", bot.core.due_scanner.follow_zones, ZONES_EVERY)
        for name, job in bot.core.features.jobs.items():
            add = self._add_led if job.led else self._add
            add(name, job.run, job.seconds, after=job.after)
        if isinstance(clock := bot.core.env.clock, ServerClock):
            self._add("clock", clock.measure, CLOCK_EVERY)

    def start(self) -> None:
        self._scheduler.start()

    def pause(self) -> None:
        """Start no further jobs."""
        if self._scheduler.running:
            self._scheduler.pause()

    async def stop(self) -> None:
        """Wait briefly for running jobs, then cancel them: each can be cut short anywhere."""
        if self._running:
            _done, late = await asyncio.wait(self._running.values(), timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=STOP_SECONDS)
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _add(self, name: str, job: Action, seconds: int, *, after: int = 0) -> None:
        self._scheduler.add_job(
            self._run,
            "interval",
            args=(name, job),
            id=name,
            seconds=seconds,
            # Soon as well: after a crash people wait, and a restart may come before the hour.
            next_run_time=datetime.now(UTC) + timedelta(seconds=after),
        )

    def _add_led(self, name: str, job: Action, seconds: int, *, after: int = 0) -> None:
        async def run_where_led() -> None:
            if await self._bot.core.leader.leads():
                await job()

        self._add(name, run_where_led, seconds, after=after)

    async def _lead(self) -> None:
        """Keep the lead while other jobs run, or take it where nobody has it."""
        await self._bot.core.leader.leads()

    async def _run(self, name: str, job: Action) -> None:
        if name in self._running:
            # Still running: the next time is soon. APScheduler would log a warning each time.
            return
        # A task of its own, for APScheduler cancels what runs when it is shut down; `stop` waits.
        task = asyncio.create_task(guarded(f"job {name}", job))
        self._running[name] = task
        task.add_done_callback(lambda _done: self._running.pop(name))

    async def _list_accounts(self) -> None:
        """Know who is a guest before something is posted in a channel."""
        core = self._bot.core
        posted = [one for one in await core.subscriptions.on() if not one.is_personal]
        for team_id in {one.team_id for one in posted}:
            await core.guests.list_accounts(team_id)

    async def _forget_old(self) -> None:
        core = self._bot.core
        audit = timedelta(days=core.settings.execbot_audit_days)
        await tidy(core.database, core.clock(), history=core.history, audit=audit)
