"""What can be found out about one person in a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.query.query import Member


@dataclass(frozen=True, slots=True)
class Absence:
    """Someone without a session in the period.

    `last` is their last session before it (UTC), None where none is known: there was none from
    `since` on, or none at all where that is None. `sessions_before` and `average_before` (None
    without a graded attempt) are those of the period before.
    """

    person: Member
    last: datetime | None
    since: datetime | None
    sessions_before: int
    average_before: float | None


@dataclass(frozen=True, slots=True)
class Slip:
    """Someone whose average fell from `was`, over `n_before` attempts, to `average`, over `n`.

    `drop` is that between the averages as they are read, with one decimal. `scenario` is the one
    that more than half of the attempts were on, `attempts` how many; "" and 0 where none was.
    """

    person: Member
    average: float
    n: int
    was: float
    n_before: int
    drop: float
    scenario: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Gain:
    """Someone's greatest gain: from their first known score on a scenario to the best in the
    period."""

    person: Member
    scenario: str
    first: float
    best: float
    gain: float


@dataclass(frozen=True, slots=True)
class Gold:
    """Someone's first gold on any scenario: from `since` on, or at all where that is None."""

    person: Member
    scenario: str
    score: float | None
    at: datetime
    since: datetime | None
