"""How true figures are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Away:
    """Why Exec couldn't be asked: it is out of reach, its limit is used up (until then), or it
    doesn't accept the key."""

    kind: Literal["unreachable", "limited", "key"]
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Freshness:
    """Everything that was created up to `as_of` (aware) is counted.

    `roster_as_of` is when Exec last told who is in the group, `tasks_as_of` what is assigned; None
    if that is as recent. `away` says why Exec wasn't asked.
    """

    as_of: datetime
    roster_as_of: datetime | None = None
    tasks_as_of: datetime | None = None
    away: Away | None = None

    def beside(self, other: Freshness) -> Freshness:
        """How true figures are that are told together: as the less true ones."""
        return Freshness(
            min(self.as_of, other.as_of),
            _first(self.roster_as_of, other.roster_as_of),
            _first(self.tasks_as_of, other.tasks_as_of),
            self.away or other.away,
        )


def _first(*moments: datetime | None) -> datetime | None:
    """The first of the moments that are there; None without any."""
    return min(filter(None, moments), default=None)
