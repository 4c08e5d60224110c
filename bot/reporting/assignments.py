"""What people have to practise by when, as Exec lists it: read once a day for the same people."""

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
# As many ids as fit into the 8,190 bytes of a request line that servers commonly take.
AT_ONCE = 400


class Lists(Protocol):
    async def assignments(
        self, *, user_ids: list[str] | None = ..., purpose: str
    ) -> tuple[Assignment, ...]: ...


@dataclass(frozen=True, slots=True)
class Assignments:
    """Held in memory: after a restart they are read again."""

    client: Lists
    clock: Callable[[], datetime]
    _held: dict[str, tuple[datetime, frozenset[str], tuple[Assignment, ...]]] = field(
        default_factory=dict
    )

    async def of(
        self, key: str, ids: Collection[str], *, purpose: str
    ) -> tuple[Assignment, ...] | None:
        """Everything assigned to the people with these Exec ids; None while Exec is away.

        `key` names the people, such as a group's id: for the same ones it is read once a day.
        """
        people, now = frozenset(ids), self.clock()
        at, known, found = self._held.get(key, (now - MAX_AGE, frozenset(), ()))
        if known == people and timedelta() <= now - at < MAX_AGE:
            return found
        try:
            read: list[Assignment] = []
            for some in _chunks(sorted(people)):
                read += await self.client.assignments(user_ids=some, purpose=purpose)
        except ExecError as error:
            log.info("assignments can't be read: %s", type(error).__name__)
            return None
        self._held[key] = (now, people, tuple(read))
        return tuple(read)


def _chunks(ids: list[str]) -> list[list[str]]:
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
