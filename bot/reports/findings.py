"""What can be found out about one person in a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.language.query import Member
from bot.reports.change import difference


@dataclass(frozen=True, slots=True)
class Absence:
    """Someone without a session in the period.

    `last` is their last session before it (UTC), None where none is known: there was none from
    `since` on, or none at all where that is None. `running` is how many periods in a row they have
    been away, this one included; 0 where that is not known.
    """

    person: Member
    last: datetime | None
    since: datetime | None
    running: int = 0


@dataclass(frozen=True, slots=True)
class Course:
    """Someone who was `by` points higher (or lower, where that is below 0) on the same scenarios in
    four weeks than in the four before, with one decimal.

    `n` graded attempts at these are compared with `n_before` earlier ones. `scenario` is the one
    that more than half of the `n` were on, `attempts` how many; "" and 0 where none was.
    """

    person: Member
    by: float
    n: int
    n_before: int
    scenario: str
    attempts: int

    @property
    def points(self) -> float:
        """By how many, up or down."""
        return abs(self.by)


@dataclass(frozen=True, slots=True)
class Best:
    """Someone's new personal best on a scenario, and their best `before` it, of two graded attempts
    or more; all attempts before are known. `who` is their name, told apart from namesakes'."""

    person: Member
    scenario: str
    score: float
    before: float
    who: str = ""

    @property
    def gain(self) -> float:
        return difference(self.score, self.before)


@dataclass(frozen=True, slots=True)
class Nudged:
    """When a coach last nudged someone, and when that person practiced first after it, None where
    no session is known; `is_known`: then there was none."""

    at: datetime
    practised_at: datetime | None
    is_known: bool


@dataclass(frozen=True, slots=True)
class Gold:
    """Someone's first gold on any scenario: from `since` on, or at all where that is None."""

    person: Member
    scenario: str
    score: float | None
    at: datetime
    since: datetime | None
