"""`execbot run`: serves Slack until it is stopped."""

from __future__ import annotations

import asyncio
import signal

from bot.app import open_bot
from bot.features import register_all
from bot.settings import SlackSettings


async def run(settings: SlackSettings) -> None:
    """Serve until SIGTERM or SIGINT. Raises StorageError and CannotServe."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with open_bot(settings) as app:
        register_all(app)
        await app.serve(stop)
