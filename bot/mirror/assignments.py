"""What people have to practice by when, as Exec lists it: about once a day for the same people."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.errors import ExecError
from bot.exec_api.models import Assignment

log = logging.getLogger(__name__)

MAX_AGE = timedelta(days=1)
# What is sent by the clock tells of work done overnight; the messages of a morning share a reading.
FRESH = timedelta(hours=4)
# As many ids as fit into the 8,190 bytes of a request line that servers commonly take.
AT_ONCE = 400


class Lists(Protocol):
    async def assignments(
        self, *, user_ids: list[str] | None = ..., purpose: str
    ) -> tuple[Assignment, ...]: ...


@dataclass(frozen=True, slots=True)
class Listed:
    """What Exec listed, and when (aware, UTC)."""

    tasks: tuple[Assignment, ...]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Assignments:
    """Cached in memory: after a restart they are read again."""

    client: Lists
    clock: Callable[[], datetime]
    _cached: dict[frozenset[str], Listed] = field(default_factory=dict)

    async def of(
        self, ids: Collection[str], *, purpose: str, fresh: bool = False, keep_one: bool = False
    ) -> Listed | None:
        """Everything assigned to the people with these Exec ids; None where it can't be read.

        Of one person as Exec lists it now, unless `keep_one`. Of several it is no older than
        MAX_AGE, and with `fresh` than FRESH unless Exec is away.
        """
        people, now = frozenset(ids), self.clock()
        cached = self._cached.get(people) if keep_one or len(people) > 1 else None
        if cached is not None and now - cached.as_of >= MAX_AGE:
            cached = None
        if cached is not None and not (fresh and now - cached.as_of >= FRESH):
            return cached
        try:
            read: list[Assignment] = []
            for some in _chunks(sorted(people)):
                read += await self.client.assignments(user_ids=some, purpose=purpose)
        except ExecError as error:
            log.info("assignments can't be read: %s", type(error).__name__)
            return cached
        listed = Listed(tuple(read), now)
        self._cached[people] = listed
        for old in [key for key, each in self._cached.items() if now - each.as_of >= MAX_AGE]:
            del self._cached[old]
        return listed

    def cached(self, ids: Collection[str]) -> Listed | None:
        """The newest cached list, no older than MAX_AGE, with everything assigned to these people.

        It may have other people's assignments too. None where no list has all. Makes no request.
        """
        people, now = frozenset(ids), self.clock()
        having = (each for key, each in self._cached.items() if people <= key)
        young = (each for each in having if now - each.as_of < MAX_AGE)
        return max(young, key=lambda each: each.as_of, default=None)


def _chunks(ids: list[str]) -> list[list[str]]:
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
