"""The jobs that read Exec, most urgent first. Any process can run them; leases decide which."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import ExecError, Limited
from bot.exec.budget import MINUTE, PER_MINUTE, Budget, Purpose
from bot.exec.lists import Lists
from bot.exec.sync import TURN_PAGES, SessionSync
from bot.storage.sessions import read_window

log = logging.getLogger(__name__)

EVERY_SECONDS = 15
# The maximum age of the window while people ask questions, and otherwise.
WHILE_ASKED, OTHERWISE = timedelta(minutes=5), timedelta(minutes=20)
ASKED_LATELY = timedelta(minutes=30)
AGAIN_A_DAY = 120
OLDER_A_DAY, OLDER_A_DAY_THEN, OLDER_A_MINUTE = 300, 50, 40
OLDER_PAGES = 10
PAUSE = timedelta(minutes=5)  # after a failure


@dataclass(slots=True)
class SyncJobs:
    """Runs the jobs in this process."""

    sync: SessionSync
    lists: Lists
    budget: Budget
    clock: Callable[[], datetime]
    _not_before: dict[Purpose, datetime] = field(default_factory=dict)

    async def run(self) -> None:
        """Run the jobs that are due. Raises StorageError."""
        for job, read in (
            (Purpose.NEWEST, self._newest),
            (Purpose.GRADES, self.sync.sync_grades),
            (Purpose.LISTS, self.lists.sync),
            (Purpose.ASSIGNMENTS, self.lists.sync_assignments),
            (Purpose.AGAIN, self._again),
            (Purpose.OLDER, self._older),
        ):
            await self._read(job, read)

    async def _read(self, job: Purpose, read: Callable[[], Awaitable[object]]) -> None:
        """Run a job unless it failed a moment ago. A failure doesn't hold up the other jobs."""
        now = self.clock()
        if now < self._not_before.get(job, now):
            return
        try:
            await read()
        except ExecError as error:
            until = self.clock() + PAUSE
            if isinstance(error, Limited):
                until = min(until, error.until)
            else:
                log.warning("%s: %s", job, type(error).__name__)
            self._not_before[job] = until

    async def _newest(self) -> None:
        window, now = await read_window(self.sync.database), self.clock()
        asked_at = self.sync.asked_at
        is_asked = asked_at is not None and now - asked_at < ASKED_LATELY
        if window is None or now - window.end >= (WHILE_ASKED if is_asked else OTHERWISE):
            await self.sync.sync_newest(Purpose.NEWEST)

    async def _again(self) -> None:
        left = self.budget.share(AGAIN_A_DAY) - await self.budget.used(Purpose.AGAIN)
        if left > 0 and await self.sync.rechecked() is not None:
            await self.sync.sync_again(min(left, TURN_PAGES))

    async def _older(self) -> None:
        a_day = OLDER_A_DAY_THEN if await self.sync.has_enough() else OLDER_A_DAY
        left = self.budget.share(a_day) - await self.budget.used(Purpose.OLDER)
        a_minute = OLDER_A_MINUTE * self.budget.per_minute // PER_MINUTE
        left = min(left, a_minute - await self.budget.used(Purpose.OLDER, within=MINUTE))
        if left > 0:
            await self.sync.sync_older(min(left, OLDER_PAGES))
