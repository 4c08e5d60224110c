"""Which workspaces refuse rich blocks: remembered, as they may know them soon."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import StorageError
from bot.storage.learned import Learned

REMEMBER = timedelta(days=1)
# So long a process goes by what it knows. What another one heard meanwhile, it hears itself when
# Slack refuses its blocks.
LOOK_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class PlainTeams:
    """The teams that get plain blocks, by their ids."""

    learned: Learned
    clock: Callable[[], datetime]
    _known: dict[str, tuple[datetime, bool]] = field(default_factory=dict)

    async def includes(self, team_id: str) -> bool:
        """Whether a team gets plain blocks; not while the database is away, of which the answer
        itself tells."""
        looked_at, plain = self._known.get(team_id, (None, False))
        if looked_at is not None and self.clock() - looked_at < LOOK_EVERY:
            return plain
        with suppress(StorageError):
            found = await self.learned.recall(_name(team_id), within=REMEMBER)
            self._known[team_id] = (self.clock(), found is not None)
            return found is not None
        return False

    async def add(self, team_id: str) -> None:
        """Slack refused rich blocks there."""
        self._known[team_id] = (self.clock(), True)
        with suppress(StorageError):
            await self.learned.learn(_name(team_id), "plain")


def _name(team_id: str) -> str:
    return f"blocks:{team_id}"
