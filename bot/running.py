"""A running bot: its server, its jobs, and an orderly end."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable

from aiohttp import web
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

from bot.assembly import Bot, build_bot
from bot.config import Settings
from bot.errors import BotError
from bot.server import build_server

log = logging.getLogger(__name__)

ORPHANS_EVERY = 30  # seconds
HOUSEKEEPING_EVERY = 3600
# slack_sdk may try a dead ticket for ever; a fresh process gets a fresh one.
LOST_AFTER = 120
LOOK_EVERY = 10


class Lost(Exception):
    """The connection to Slack stayed away; whoever supervises the process starts it anew."""


async def run(settings: Settings, *, started: Callable[[int], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT. `started` is told the port once everything listens.

    Raises StorageError, WrongKey, OSError (the port is taken) and Lost.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with build_bot(settings) as bot:
        await serve(bot, stop, started=started)


async def serve(
    bot: Bot, stop: asyncio.Event, *, started: Callable[[int], None] | None = None
) -> None:
    """Serve `bot` until `stop` is set, then finish what runs."""
    settings = bot.core.settings
    by_socket = settings.slack_app_token is not None
    server = build_server(
        app=None if by_socket else bot.app,
        health=bot.health,
        telemetry=bot.core.telemetry,
        refresh=lambda: _refresh_gauges(bot),
    )
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=2)
    await runner.setup()
    site = web.TCPSite(runner, settings.host, settings.port)
    scheduler = _scheduler(bot)
    handler = None
    try:
        await site.start()
        port = int(runner.addresses[0][1])
        if settings.slack_app_token is not None:
            handler = AsyncSocketModeHandler(bot.app, settings.slack_app_token.get_secret_value())
            await handler.connect_async()
        scheduler.start()
        log.info("listening on port %d (%s)", port, "Socket Mode" if by_socket else "HTTP")
        if started is not None:
            started(port)
        await _wait(stop, handler)
    finally:
        # First nothing new is taken, then what runs is finished.
        await site.stop()
        if handler is not None:
            await handler.close_async()
        if scheduler.running:
            scheduler.shutdown(wait=False)
        await bot.work.drain()
        await runner.cleanup()
        log.info("stopped")


async def _wait(stop: asyncio.Event, handler: AsyncSocketModeHandler | None) -> None:
    away = 0
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), LOOK_EVERY)
        except TimeoutError:
            connected = handler is None or await handler.client.is_connected()
            away = 0 if connected else away + LOOK_EVERY
            if away >= LOST_AFTER:
                raise Lost from None


def _scheduler(bot: Bot) -> AsyncIOScheduler:
    # A job that is late by hours is still wanted: APScheduler's own default drops it after 1 s.
    scheduler = AsyncIOScheduler(
        timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True}
    )
    for name, job, seconds in (
        ("orphans", bot.work.tell_orphans, ORPHANS_EVERY),
        ("housekeeping", lambda: _housekeeping(bot), HOUSEKEEPING_EVERY),
    ):
        scheduler.add_job(_guarded, "interval", args=(name, job), id=name, seconds=seconds)
    return scheduler


async def _guarded(name: str, job: Callable[[], Awaitable[None]]) -> None:
    try:
        await job()
    except BotError as error:
        log.warning("job %s: %s", name, type(error).__name__)


async def _housekeeping(bot: Bot) -> None:
    for store in (bot.payloads, bot.core.stored, bot.core.answers, bot.core.budget):
        await store.forget_old()


async def _refresh_gauges(bot: Bot) -> None:
    try:
        left = await bot.core.budget.left()
    except BotError:
        return  # the last known figures stand; /readyz says what is wrong
    bot.core.telemetry.requests_left.labels("minute").set(left.minute)
    bot.core.telemetry.requests_left.labels("day").set(left.day)
