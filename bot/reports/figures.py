"""The figures of a set of sessions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any, Generic, TypeVar

from bot.exec_api.models import Session
from bot.language.query import Rank

T = TypeVar("T")


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
    """What attempts add up to, taken in one by one: a long answer is never held as a whole."""

    def __init__(self) -> None:
        self.sessions = 0
        self._valid = 0
        self._lengths: list[float] = []
        self._scores: Counter[float] = Counter()
        self._ranks: Counter[str | None] = Counter()
        self._people: set[str] = set()
        self._graded: set[str] = set()
        self._best: list[T] = []
        self._best_score = -math.inf

    def add(
        self,
        attempt: T,
        *,
        person: str,
        score: float | None,
        rank: str | None,
        seconds: float | None,
        is_valid: bool,
    ) -> None:
        """Take in an attempt. A score or length that is none counts as absent."""
        self.sessions += 1
        self._people.add(person)
        length = known(seconds)
        if length is not None and length > 0:
            self._lengths.append(length)
        if not is_valid:
            return
        self._valid += 1
        self._ranks[rank] += 1
        number = known(score)
        if number is None:
            return
        self._scores[number] += 1
        self._graded.add(person)
        if number > self._best_score:
            self._best, self._best_score = [], number
        if number == self._best_score:
            self._best.append(attempt)

    def best(self, order: Callable[[T], Any]) -> T | None:
        """The valid attempt with the highest score; of several the first in `order`."""
        return min(self._best, key=order, default=None)

    def figures(self, best: Session | None) -> Figures:
        """What was taken in; `best` is the attempt that `best()` gave."""
        return Figures(
            sessions=self.sessions,
            valid=self._valid,
            invalid=self.sessions - self._valid,
            average=_mean(self._scores),
            practice_seconds=math.fsum(self._lengths),
            ranks={rank: self._ranks[rank.value] for rank in Rank if self._ranks[rank.value]},
            best=None if best is None else (self._best_score, scenario_name(best)),
            scored=self._scores.total(),
            people=len(self._people - {""}),
            graded=len(self._graded - {""}),
        )


def figures(rows: Iterable[Session]) -> Figures:
    """The figures of `rows`. A missing score, length or unknown rank word counts as absent.

    `average` is not rounded. Of several best attempts the newest is named, in whatever order the
    rows come.
    """
    tally = Tally[Session]()
    for session in rows:
        tally.add(
            session,
            person=session.user.id,
            score=session.score,
            rank=session.rank,
            seconds=session.duration_seconds,
            is_valid=session.is_valid_attempt,
        )
    return tally.figures(tally.best(lambda best: (-best.created_at.timestamp(), best.id)))


def known(number: float | None) -> float | None:
    """The number, or None for what is no number one can reckon with (NaN, infinite, absurd)."""
    if number is None or not math.isfinite(number) or abs(number) >= 1e12:
        return None
    return number


def scenario_name(session: Session) -> str:
    """What the session's scenario is called; the slug where it has no name; else ""."""
    return session.scenario.name.strip() or session.scenario.slug.strip()


def _mean(scores: Counter[float]) -> float | None:
    if not scores:
        return None
    with localcontext() as context:
        # Decimal, because 82.1 and 82.2 average to 82.15 for people, not to 82.1499….
        context.prec = 60
        whole = sum((Decimal(repr(score)) * n for score, n in scores.items()), Decimal())
        return float(whole / scores.total())
