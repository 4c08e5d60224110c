"""The time of the database's server, by which all processes on it agree on what is due and on whose
a lease is. A SQLite file has no clock: there it is the machine's."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.clock import elapsed, utc_now
from bot.storage.database import Database
from bot.storage.tables import request

log = logging.getLogger(__name__)

# An answer that takes longer says too little of the time; after so many tries the last one counts.
PROMPT_SECONDS = 1.0
TRIES = 3
# Of a machine that is off by more the log and /readyz say so.
OFF = timedelta(seconds=5)
# Machines that write to one database in turn differ by less.
SKEW = timedelta(hours=1)


class ServerClock:
    """The server's time as it was last measured, and what has passed since then: nothing that is
    done to the machine's clock moves it. Until it is measured it is the machine's."""

    def __init__(
        self,
        database: Database,
        machine: Callable[[], datetime] = utc_now,
        elapsed: Callable[[], float] = elapsed,
    ) -> None:
        self._database = database
        self._machine = machine
        self._elapsed = elapsed
        self._measured = machine(), elapsed()
        self.trouble = ""
        """How far off the machine's clock is, in words; "" if it is not."""

    def __call__(self) -> datetime:
        at, since = self._measured
        return at + timedelta(seconds=self._elapsed() - since)

    async def measure(self) -> None:
        """Ask the server for its time. Raises StorageError."""
        for _ in range(TRIES):
            asked_at = self._elapsed()
            (row,) = await self._database.rows(sa.select(sa.func.clock_timestamp()))
            took = self._elapsed() - asked_at
            if took <= PROMPT_SECONDS:
                break
        self._measured = row[0], asked_at + took / 2
        ahead = self._machine() - self()
        was_off, self.trouble = bool(self.trouble), ""
        if abs(ahead) > OFF:
            way = "ahead of" if ahead > timedelta() else "behind"
            self.trouble = f"{abs(ahead).total_seconds():.0f} s {way} the database's"
            if not was_off:
                log.warning("this machine's clock is %s, by which I go; set it", self.trouble)


async def clock_of(database: Database) -> Callable[[], datetime]:
    """The time by which processes on this database act. Raises StorageError."""
    clock: Callable[[], datetime] = utc_now
    if not database.is_sqlite:
        clock = ServerClock(database)
        await clock.measure()
    newest = await database.scalar(sa.select(sa.func.max(request.c.sent_at)))
    if newest is not None and newest - clock() > SKEW:
        log.error(
            "the database was written until %s, by a clock that was ahead: what is due waits for "
            "that time. Set the clock, or put back a copy of the database from before.",
            newest.isoformat(timespec="minutes"),
        )
    return clock
