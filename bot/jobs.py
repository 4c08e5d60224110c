"""What the bot does by the clock: keeps the mirror true, tells whom it owes an answer, and
forgets what is old."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.assembly import Bot
from bot.errors import BotError
from bot.logs import stack_of

log = logging.getLogger(__name__)

# Seconds. Most runs of the sync and of the deliveries have nothing to do, and cost nothing.
SYNC_EVERY = 2
ORPHANS_EVERY = 15
ALARM_EVERY = 15
DELIVER_EVERY = 2
LOOKAHEAD_EVERY = 15
ZONES_EVERY = 300
HOUSEKEEPING_EVERY = 3600
HOUSEKEEPING_AFTER = 60  # the start has enough to do
STOP_SECONDS = 3.0

Job = Callable[[], Awaitable[None]]


class Jobs:
    """Runs each job soon and then at its interval, never twice at a time."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._running: dict[str, asyncio.Task[None]] = {}
        # A job that is late by hours is still wanted: APScheduler's own default drops it after 1 s.
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True}
        )
        self._add("orphans", bot.work.tell_orphans, ORPHANS_EVERY)
        self._add("alarm", bot.alarm.tell, ALARM_EVERY)
        self._add("deliver", bot.delivering.run_due, DELIVER_EVERY)
        self._add("lookahead", bot.core.digests.lookahead.run, LOOKAHEAD_EVERY)
        self._add("zones", bot.core.digests.looking.follow_zones, ZONES_EVERY)
        self._add("housekeeping", self._forget_old, HOUSEKEEPING_EVERY, after=HOUSEKEEPING_AFTER)
        self._add("sync", bot.core.practice.sync.run, SYNC_EVERY)

    def start(self) -> None:
        self._scheduler.start()

    def pause(self) -> None:
        """Begin no job any more."""
        if self._scheduler.running:
            self._scheduler.pause()

    async def stop(self) -> None:
        """Wait for what runs, but not for long: every job may be cut short anywhere."""
        if self._running:
            _done, late = await asyncio.wait(self._running.values(), timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=STOP_SECONDS)
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _add(self, name: str, job: Job, seconds: int, *, after: int = 0) -> None:
        self._scheduler.add_job(
            self._run,
            "interval",
            args=(name, job),
            id=name,
            seconds=seconds,
            # Soon as well: after a crash people wait, and a restart may come before the hour.
            next_run_time=datetime.now(UTC) + timedelta(seconds=after),
        )

    async def _run(self, name: str, job: Job) -> None:
        if name in self._running:
            # Still at it: the next time is soon. APScheduler itself would warn of every one.
            return
        # A task of its own, for APScheduler cancels what runs when it is shut down; `stop` waits.
        task = asyncio.create_task(_guarded(name, job))
        self._running[name] = task
        task.add_done_callback(lambda _done: self._running.pop(name))

    async def _forget_old(self) -> None:
        bot = self._bot
        core = bot.core
        stores = (bot.payloads, core.stored, core.answers, core.budget, core.practice.leases)
        for store in stores:
            await store.forget_old()
        retention = timedelta(days=core.settings.execbot_retention_days)
        await core.practice.forgetting.forget_old(retention)
        for kept in (core.digests.deliveries, core.digests.subscriptions):
            await kept.forget_old(retention)


async def _guarded(name: str, job: Job) -> None:
    """The edge: whatever goes wrong, the job runs again next time."""
    try:
        await job()
    except BotError as error:
        log.warning("job %s: %s", name, type(error).__name__)
    except Exception as error:  # noqa: BLE001 - the edge
        log.error("job %s: reference %s\n%s", name, secrets.token_hex(4), stack_of(error))
