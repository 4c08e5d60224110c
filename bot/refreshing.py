"""Whether Exec is asked again for an answer because somebody pressed Refresh."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.access import Asker
from bot.errors import Sentence
from bot.messages.words import clock, whole_minute
from bot.storage.leases import Leases

AGAIN_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Refreshing:
    """Asking anew costs requests that others may need: an answer is refreshed once a minute."""

    leases: Leases
    clock: Callable[[], datetime]

    async def why_not(self, asker: Asker, words: str) -> Sentence | None:
        """Why it has to wait, and until when; None where it may begin, which is noted.

        Raises StorageError.
        """
        taken = await self.leases.take_once(_lease_name(asker, words), AGAIN_AFTER)
        if taken is None:
            return None
        return Sentence(
            "You refreshed this less than a minute ago. Refresh works again at {moment}.",
            {"moment": clock(whole_minute(taken), str(asker.zone), self.clock())},
        )

    async def failed(self, asker: Asker, words: str) -> None:
        """Exec did not answer: it may begin again at once. Raises StorageError."""
        await self.leases.give_back(_lease_name(asker, words))


def _lease_name(asker: Asker, words: str) -> str:
    key = f"{asker.team_id}\n{asker.user_id}\n{words}"
    return f"refresh:{hashlib.sha256(key.encode()).hexdigest()}"
