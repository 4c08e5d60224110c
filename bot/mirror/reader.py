"""The base of classes that read Exec into tables: each job runs in one process at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.exec_api.client import ExecClient
from bot.storage.database import Database
from bot.storage.leases import Leases

LEASE = timedelta(minutes=5)


class LeaseLost(Exception):
    """Another process took over the job."""


class Moved(Exception):
    """Another process moved the edge of the window first."""


class Reader:
    """Reads Exec under leases."""

    def __init__(
        self,
        database: Database,
        client: ExecClient,
        leases: Leases,
        clock: Callable[[], datetime],
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._client = client
        self._leases = leases
        self._clock = clock
        self._sleep = sleep
        self._holding: set[str] = set()

    @asynccontextmanager
    async def _turn(self, name: str) -> AsyncIterator[bool]:
        """Hold the lease of a job; yields False if another process or task holds it. LeaseLost and
        Moved end the job quietly, because another process continues it."""
        # The lease of a running job may have expired, so that this process could acquire it twice.
        if name in self._holding or await self._leases.acquire_once(name, LEASE) is not None:
            yield False
            return
        self._holding.add(name)
        try:
            yield True
        except (LeaseLost, Moved):
            return
        finally:
            self._holding.remove(name)
            await self._leases.release(name)
