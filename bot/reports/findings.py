"""What can be found out about one person in a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.language.query import Member


@dataclass(frozen=True, slots=True)
class Absence:
    """Someone without a session in the period.

    `last` is their last session before it (UTC), None where none is known: there was none from
    `since` on, or none at all where that is None. `sessions_before` and `average_before`, over
    `graded_before` attempts (None without any), are those of the period before. `running` is how
    many periods in a row they have been away, this one included; 0 where that is not known.
    """

    person: Member
    last: datetime | None
    since: datetime | None
    sessions_before: int
    average_before: float | None
    graded_before: int
    running: int = 0


@dataclass(frozen=True, slots=True)
class Slip:
    """Someone who was `drop` points lower, with one decimal, on the same scenarios.

    `n` graded attempts at these are compared with `n_before` earlier ones. `scenario` is the one
    that more than half of the `n` were on, `attempts` how many; "" and 0 where none was.
    """

    person: Member
    drop: float
    n: int
    n_before: int
    scenario: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Gain:
    """Someone's greatest gain: from `was`, their best score on a scenario before the period, to
    the best in it, of `n` graded attempts in all.

    Where no attempt before it is known `is_new`, and `was` is the first score of the period.
    """

    person: Member
    scenario: str
    was: float
    best: float
    gain: float
    n: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Gold:
    """Someone's first gold on any scenario: from `since` on, or at all where that is None."""

    person: Member
    scenario: str
    score: float | None
    at: datetime
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Excused:
    """Exec ids of people who are not expected to have practised.

    `joined` are new in this period, `snoozed` were put off by the coach, `removed` are no
    members of the workspace any more.
    """

    joined: frozenset[str] = frozenset()
    snoozed: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()


NOBODY_EXCUSED = Excused()
