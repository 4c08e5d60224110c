"""Which process leads: it runs what only one at a time should run, the others answer people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.storage.leases import Leases

LEASE_NAME = "leader"
# A leader that dies is followed within half a minute.
LENGTH = timedelta(seconds=20)
# In parts of that: how often a leader renews its lease, and how often the others try to get it.
RENEWS = 4
TRIES = 10


class Leader:
    """The lead as one process sees it, under a lease by the time of the database.

    All methods raise StorageError.
    """

    def __init__(
        self, leases: Leases, clock: Callable[[], datetime], length: timedelta = LENGTH
    ) -> None:
        self._leases = leases
        self._clock = clock
        self._length = length
        self._leads = False
        self._asked_at: datetime | None = None

    async def leads(self) -> bool:
        """Whether this process leads, as of a few seconds ago; it does if no other one does."""
        now, valid_for = self._clock(), self._length / (RENEWS if self._leads else TRIES)
        if self._asked_at is None or not timedelta() <= now - self._asked_at < valid_for:
            self._asked_at = None  # where the database does not say, it is asked again
            self._leads = await self._leases.take(LEASE_NAME, self._length)
            self._asked_at = now
        return self._leads

    async def confirm(self) -> bool:
        """Whether no other process has taken the lead since this one did, by the database. It only
        reads, so that many posts can ask at once."""
        if not await self._leases.is_mine(LEASE_NAME):
            self._asked_at = None
            return False
        return True

    async def resign(self) -> None:
        """Let another one lead at once."""
        self._leads = False
        await self._leases.give_back(LEASE_NAME)
