"""The clock of the database server, so that all processes agree on due times and leases. With
SQLite it is the machine's clock."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.clock import elapsed, utc_now
from bot.storage.database import Database
from bot.storage.tables import request

log = logging.getLogger(__name__)

# A slower answer is too inaccurate; after so many tries the last one counts anyway.
PROMPT_SECONDS = 1.0
TRIES = 3
# A larger difference of the machine's clock is logged and shown in /readyz.
OFF = timedelta(seconds=5)
# The largest plausible difference between machines that use one database.
SKEW = timedelta(hours=1)


class ServerClock:
    """The server's time, as last measured plus the seconds since: changes to the machine's clock
    don't affect it. Before the first measurement it is the machine's time."""

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
        """The difference of the machine's clock in words; "" if it is small."""

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
                log.warning(
                    "this machine's clock is %s; set it (the database's is used)", self.trouble
                )


async def clock_of(database: Database) -> Callable[[], datetime]:
    """The clock for all processes on this database. Raises StorageError."""
    clock: Callable[[], datetime] = utc_now
    if not database.is_sqlite:
        clock = ServerClock(database)
        await clock.measure()
    newest = await database.scalar(sa.select(sa.func.max(request.c.sent_at)))
    if newest is not None and newest - clock() > SKEW:
        log.error(
            "the database has requests up to %s, from a clock that was ahead; nothing is sent "
            "until then. Set the clock, or restore an earlier copy of the database.",
            newest.isoformat(timespec="minutes"),
        )
    return clock
