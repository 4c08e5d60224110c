"""The figures of a set of sessions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any, Generic, TypeAlias, TypeVar

from bot.exec_api.models import Session
from bot.language.query import Rank

T = TypeVar("T")
ABSURD = 1e12
_RANKS = tuple((rank, rank.value) for rank in Rank)
# An attempt, whose it is, its score, rank and length in seconds, and whether it is valid.
Attempt: TypeAlias = tuple[T, str, float | None, str | None, float | None, bool]


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


NOTHING = Figures(0, 0, 0, None, 0.0, {}, None, 0)


class Tally(Generic[T]):
    """What attempts add up to, taken in by and by: a long answer is never held as a whole."""

    def __init__(self) -> None:
        self.sessions = 0
        self._valid = 0
        self._scored = 0
        self._lengths: list[float] = []
        self._scores: Counter[float] = Counter()
        self._ranks: Counter[str | None] = Counter()
        self._people: set[str] = set()
        self._graded: set[str] = set()
        self._best: list[T] = []
        self._best_score = -math.inf

    def add(self, attempts: Iterable[Attempt[T]]) -> None:
        """Take in attempts. A score or length that is none counts as absent."""
        # Reports add up thousands many times over: in one loop, in which little is called.
        best, best_score = self._best, self._best_score
        scores, ranks = [], []
        for attempt, person, score, rank, seconds, is_valid in attempts:
            self.sessions += 1
            self._people.add(person)
            if seconds is not None and 0 < seconds < ABSURD:
                self._lengths.append(seconds)
            if not is_valid:
                continue
            ranks.append(rank)
            if score is None or not -ABSURD < score < ABSURD:
                continue
            scores.append(score)
            self._graded.add(person)
            if score > best_score:
                best, best_score = [attempt], score
            elif score == best_score:
                best.append(attempt)
        self._best, self._best_score = best, best_score
        self._scores.update(scores)
        self._ranks.update(ranks)
        self._scored += len(scores)
        self._valid += len(ranks)

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
    tally.add(
        (row, row.user.id, row.score, row.rank, row.duration_seconds, row.is_valid_attempt)
        for row in rows
    )
    return tally.figures(tally.best(lambda best: (-best.created_at.timestamp(), best.id)))


def known(number: float | None) -> float | None:
    """The number, or None for what is no number one can reckon with (NaN, infinite, absurd)."""
    # NaN is between no two numbers.
    return number if number is not None and -ABSURD < number < ABSURD else None


def scenario_name(session: Session) -> str:
    """What the session's scenario is called; the slug where it has no name; else ""."""
    return session.scenario.name.strip() or session.scenario.slug.strip()


def _mean(scores: Counter[float], count: int) -> float | None:
    if not count:
        return None
    with localcontext() as context:
        # Decimal, because 82.1 and 82.2 average to 82.15 for people, not to 82.1499….
        context.prec = 60
        whole = sum((Decimal(repr(score)) * n for score, n in scores.items()), Decimal())
        return float(whole / count)
