"""Jobs, which run at intervals."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.errors import BotError
from bot.observe.logs import log_unexpected

log = logging.getLogger(__name__)

STOP_SECONDS = 3.0
TAKEOVER_AFTER = timedelta(seconds=15)  # after a job's interval, another process runs it
# Renews the lease of a name; False if another process holds it.
Renew: TypeAlias = Callable[[str, timedelta], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Job:
    """A job that runs at the start and then every `seconds`.

    It can be cancelled anywhere. `once`: only one of several processes runs it.
    """

    run: Callable[[], Awaitable[None]]
    seconds: int
    once: bool = False


async def run_job(name: str, job: Job, renew: Renew) -> None:
    """Run a job once, unless another process does."""
    lasts = timedelta(seconds=job.seconds) + TAKEOVER_AFTER
    if not job.once or await renew(f"job:{name}", lasts):
        await job.run()


class JobRunner:
    """Runs each job at the start and then at its interval, never twice at the same time."""

    def __init__(self, jobs: Mapping[str, Job], renew: Renew) -> None:
        self._renew = renew
        self._running: set[asyncio.Task[Any]] = set()
        # By default, APScheduler drops a job that is a second late.
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True}
        )
        for name, job in jobs.items():
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
            await run_job(name, job, self._renew)
        except BotError as error:
            log.warning("job %s: %s", name, type(error).__name__)
        except Exception as error:  # noqa: BLE001 - a job runs again at its next time
            log_unexpected(log, error, f"job {name}")
