"""Limits how many jobs run at once: a few of each person, the rest wait in order of arrival.

A running job holds the rows of its answer, a megabyte or more; a waiting one almost nothing.
Nobody waits behind another person's queue, only for one of the places that all share.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

IN_HAND = 3
WAITING = 50
# Of everybody together: as many as a small machine has memory for.
IN_HAND_OF_ALL = 100


@dataclass(slots=True)
class _Line:
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(IN_HAND))
    length: int = 0


class Lines:
    """A queue for each `who`. Every join is followed by a leave, whether the turn came or not."""

    def __init__(self) -> None:
        self._lines: dict[Hashable, _Line] = {}
        self._everybody = asyncio.Semaphore(IN_HAND_OF_ALL)

    def join(self, who: Hashable) -> bool:
        """Join the end of the queue; False where too many wait in it."""
        line = self._lines.setdefault(who, _Line())
        if line.length >= IN_HAND + WAITING:
            return False
        line.length += 1
        return True

    def leave(self, who: Hashable) -> None:
        line = self._lines[who]
        line.length -= 1
        if not line.length:
            del self._lines[who]

    @asynccontextmanager
    async def turn(self, who: Hashable) -> AsyncIterator[None]:
        """Wait for the turn of one that joined, and hold it inside the context."""
        async with self._lines[who].gate, self._everybody:
            yield
