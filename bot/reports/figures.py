"""The figures of a set of sessions."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import attrgetter
from typing import Any, Generic, TypeAlias, TypeVar

from bot.exec_api.models import Scenario, Session
from bot.language.query import Rank
from bot.reports.change import EXACT, decimal

T = TypeVar("T")
ABSURD = 1e12
_ZERO = Decimal()
_RANKS = tuple((rank, rank.value) for rank in Rank)
# Whose an attempt is, its score, rank and length in seconds, and whether it is valid.
Attempt: TypeAlias = tuple[str, float | None, str | None, float | None, bool]
_attempt: Callable[[Session], Attempt] = attrgetter(
    "user.id", "score", "rank", "duration_seconds", "is_valid_attempt"
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a set of sessions adds up to.

    `average` is over valid attempts only and None without any; `practice_seconds` over all
    sessions that have a length. `ranks` counts valid attempts per rank word of the API.
    `best` is the highest score of a valid attempt and the scenario it was reached in.
    `scored` is how many attempts `average` runs over; None where it is every valid one. `people`
    have a session in the set, and `graded` of them an attempt that `average` runs over.
    """

    sessions: int
    valid: int
    invalid: int
    average: float | None
    practice_seconds: float
    ranks: dict[Rank, int]
    best: tuple[float, str] | None
    scored: int | None = None
    people: int = 0
    graded: int = 0

    @property
    def attempts(self) -> int:
        """How many attempts `average` runs over: the graded ones."""
        return self.valid if self.scored is None else self.scored

    @property
    def waiting(self) -> int:
        """How many attempts wait for a grade: all others are graded or invalid."""
        return self.valid - self.attempts


NOTHING = Figures(0, 0, 0, None, 0.0, {}, None, 0)


class Tally(Generic[T]):
    """What attempts add up to, taken in by and by: a long answer is never in memory as a whole."""

    def __init__(self) -> None:
        self.sessions = 0
        self._valid = 0
        self._scored = 0
        self._scores = _ZERO
        self._lengths: list[float] = []
        self._ranks: dict[str | None, int] = {}
        self._people: set[str] = set()
        self._graded: set[str] = set()
        self._best: list[T] = []
        self._best_score = -math.inf

    def add(self, rows: Sequence[T], attempt: Callable[[T], Attempt]) -> None:
        """Take in rows, each as `attempt` tells. A score or length that is none is left out."""
        # Reports add up thousands many times over: in one loop, in which little is called.
        people, graded, lengths, ranks = self._people, self._graded, self._lengths, self._ranks
        scores = []
        for row, (person, score, rank, seconds, is_valid) in zip(
            rows, map(attempt, rows), strict=True
        ):
            people.add(person)
            if seconds is not None and 0 < seconds < ABSURD:
                lengths.append(seconds)
            if not is_valid:
                continue
            self._valid += 1
            ranks[rank] = ranks.get(rank, 0) + 1
            if score is None or not -ABSURD < score < ABSURD:
                continue
            scores.append(score)
            graded.add(person)
            if score > self._best_score:
                self._best, self._best_score = [row], score
            elif score == self._best_score:
                self._best.append(row)
        self.sessions += len(rows)
        self._scored += len(scores)
        self._scores = _sum(scores, self._scores)

    def best(self, order: Callable[[T], Any]) -> T | None:
        """The valid attempt with the highest score; of several the first in `order`."""
        return min(self._best, key=order, default=None)

    def figures(self, best: Session | None) -> Figures:
        """What was taken in; `best` is the attempt that `best()` gave."""
        return Figures(
            sessions=self.sessions,
            valid=self._valid,
            invalid=self.sessions - self._valid,
            average=_mean(self._scores, self._scored),
            practice_seconds=math.fsum(self._lengths),
            ranks={rank: count for rank, word in _RANKS if (count := self._ranks.get(word))},
            best=None if best is None else (self._best_score, scenario_name(best)),
            scored=self._scored,
            people=len(self._people - {""}),
            graded=len(self._graded - {""}),
        )


def figures(rows: Iterable[Session]) -> Figures:
    """The figures of `rows`. A missing score, length or unknown rank word counts as absent.

    `average` is not rounded. Of several best attempts the newest is named, in whatever order the
    rows come.
    """
    tally = Tally[Session]()
    tally.add(tuple(rows), _attempt)
    return tally.figures(tally.best(lambda best: (-best.created_at.timestamp(), best.id)))


def known(number: float | None) -> float | None:
    """The number, or None where it can't be computed with (NaN, infinite, absurd)."""
    # NaN is between no two numbers.
    return number if number is not None and -ABSURD < number < ABSURD else None


def scenario_name(session: Session) -> str:
    """What the session's scenario is called."""
    return name_of(session.scenario)


def name_of(scenario: Scenario) -> str:
    """What a scenario is called; the slug where it has no name; else ""."""
    return scenario.name.strip() or scenario.slug.strip()


def mean(scores: Collection[float]) -> float | None:
    """The mean of scores, not rounded; None without any."""
    return _mean(_sum(scores), len(scores))


def _sum(scores: Iterable[float], more: Decimal = _ZERO) -> Decimal:
    # Decimal, because 82.1 and 82.2 average to 82.15 for people, not to 82.1499….
    return reduce(EXACT.add, map(decimal, scores), more)


def _mean(whole: Decimal, count: int) -> float | None:
    return float(EXACT.divide(whole, count)) if count else None
