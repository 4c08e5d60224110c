"""How true figures are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Freshness:
    """Everything that was created up to `as_of` (aware) is counted.

    `checked_at` is when some of the sessions were last looked at, `roster_as_of` when it was last
    learned who is in the group, `tasks_as_of` what is assigned; each None where that is as recent.
    """

    as_of: datetime
    checked_at: datetime | None = None
    roster_as_of: datetime | None = None
    tasks_as_of: datetime | None = None
