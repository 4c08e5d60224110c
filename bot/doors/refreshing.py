"""Whether Exec is asked again for an answer because somebody pressed Refresh."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.access import Asker
from bot.errors import Sentence
from bot.exec_api.budget import Budget
from bot.rendering.numbers import clock, whole_minute
from bot.storage.leases import Leases

AGAIN_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Refreshing:
    """Asking anew costs requests that others may need: not too often, and not from the last."""

    leases: Leases
    budget: Budget
    clock: Callable[[], datetime]

    async def why_not(self, asker: Asker, words: str) -> Sentence | None:
        """Why it has to wait, and until when; None where it may begin, which is noted.

        Raises StorageError.
        """
        if few_left := await self.few_left(asker):
            return few_left
        taken = await self.leases.take_once(_lease_name(asker, words), AGAIN_AFTER)
        if taken is None:
            return None
        return Sentence(
            "You refreshed this less than a minute ago. Refresh works again at {moment}.",
            {"moment": self._at(asker, taken)},
        )

    async def failed(self, asker: Asker, words: str) -> None:
        """Exec did not answer: it may begin again at once. Raises StorageError."""
        await self.leases.give_back(_lease_name(asker, words))

    async def few_left(self, asker: Asker) -> Sentence | None:
        """Why nobody looks at anything again just now, and until when; None where they may.

        Raises StorageError.
        """
        opens = await self.budget.spare_from()
        if opens is None:
            return None
        return Sentence(
            "Few of today's requests to Exec are left, so I didn't look at all of this again. "
            "Refresh works again at about {moment}.",
            {"moment": self._at(asker, opens)},
        )

    def _at(self, asker: Asker, moment: datetime) -> str:
        return clock(whole_minute(moment), str(asker.zone), self.clock())


def _lease_name(asker: Asker, words: str) -> str:
    key = f"{asker.team_id}\n{asker.user_id}\n{words}"
    return f"refresh:{hashlib.sha256(key.encode()).hexdigest()}"
