"""The clock of the database server, so that all processes agree on due times and leases. With
SQLite it is the machine's clock."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.clock import elapsed, utc_now
from bot.storage.database import Database

log = logging.getLogger(__name__)

# A larger difference of the machine's clock is logged and shown in /readyz.
OFF = timedelta(seconds=5)


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
        asked_at = self._elapsed()
        (row,) = await self._database.rows(sa.select(sa.func.clock_timestamp()))
        answered_at = self._elapsed()
        self._measured = row[0], (asked_at + answered_at) / 2
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
    if database.is_sqlite:
        return utc_now
    clock = ServerClock(database)
    await clock.measure()
    return clock
