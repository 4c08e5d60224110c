"""How plain the blocks of an answer must be for a workspace: what Slack refused is remembered."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import StorageError
from bot.storage.learned import Learned

REMEMBER = timedelta(days=1)
# So long a process goes by what it knows. Whatever another one heard meanwhile, it hears itself
# when Slack refuses its blocks.
LOOK_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Levels:
    """By the id of a team; 0 is everything that blocks can be."""

    learned: Learned
    clock: Callable[[], datetime]
    _known: dict[str, tuple[datetime, int]] = field(default_factory=dict)

    async def first(self, team_id: str) -> int:
        """The level that is tried first; 0 while the database is away, of which the answer itself
        tells."""
        looked_at, level = self._known.get(team_id, (None, 0))
        if looked_at is not None and self.clock() - looked_at < LOOK_EVERY:
            return level
        with suppress(StorageError):
            found = await self.learned.recall(_name(team_id), within=REMEMBER)
            level = int(found or 0)
            self._known[team_id] = (self.clock(), level)
            return level
        return 0

    async def remember(self, team_id: str, level: int) -> None:
        """Slack refused what comes before this level."""
        self._known[team_id] = (self.clock(), level)
        with suppress(StorageError):
            await self.learned.learn(_name(team_id), str(level))


def _name(team_id: str) -> str:
    return f"blocks:{team_id}"
