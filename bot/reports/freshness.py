"""How true figures are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Away:
    """Why Exec could not be asked: it is out of reach, a limit or what questions may take of it is
    used up (until then), or it does not accept the key."""

    kind: Literal["unreachable", "limited", "questions", "key"]
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Freshness:
    """Everything that was created up to `as_of` (aware) is counted.

    `checked_at` is when some of the sessions were last looked at, `roster_as_of` when it was last
    learned who is in the group, `tasks_as_of` what is assigned; each None where that is as recent.
    `away` says why Exec was not asked, None where it was; `refreshed` how much *Refresh* read
    before that, None where it was not pressed.
    """

    as_of: datetime
    checked_at: datetime | None = None
    roster_as_of: datetime | None = None
    tasks_as_of: datetime | None = None
    away: Away | None = None
    refreshed: Literal["nothing", "a part"] | None = None

    def beside(self, other: Freshness) -> Freshness:
        """How true figures are that are told together: as the less true ones."""
        return Freshness(
            min(self.as_of, other.as_of),
            _first(self.checked_at, other.checked_at),
            _first(self.roster_as_of, other.roster_as_of),
            _first(self.tasks_as_of, other.tasks_as_of),
            self.away or other.away,
            self.refreshed or other.refreshed,
        )


def _first(*moments: datetime | None) -> datetime | None:
    """The first of the moments that are there; None without any."""
    return min(filter(None, moments), default=None)
