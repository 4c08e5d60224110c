"""Whose job is next: few of one person at a time, the rest in the order in which they came.

A job in hand holds the rows of its answer, a megabyte or more; one that waits holds next to
nothing. Nobody waits for what others have lined up, but for a place among those in hand.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

IN_HAND = 3
WAITING = 50
# Of all people together: as many as a small machine has room for.
IN_HAND_OF_ALL = 100


@dataclass(slots=True)
class _Line:
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(IN_HAND))
    length: int = 0


class Lines:
    """A line for each `who`. Whoever joined one leaves it, whether their turn came or not."""

    def __init__(self) -> None:
        self._lines: dict[Hashable, _Line] = {}
        self._everybody = asyncio.Semaphore(IN_HAND_OF_ALL)

    def join(self, who: Hashable) -> bool:
        """Stand at the end of the line; False where too many wait in it."""
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
        """Inside, it is the turn of one who joined."""
        async with self._lines[who].gate, self._everybody:
            yield
