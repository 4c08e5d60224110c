"""The figures of a set of sessions."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext

from bot.exec_api.models import Session
from bot.query.query import Rank


@dataclass(frozen=True, slots=True)
class Figures:
    """What a set of sessions adds up to.

    `average` is over valid attempts only and None without any; `practice_seconds` over all
    sessions that have a length. `ranks` counts valid attempts per rank word of the API.
    `best` is the highest score of a valid attempt and the scenario it was reached in.
    `scored` is how many attempts `average` runs over; None where it is every valid one.
    """

    sessions: int
    valid: int
    invalid: int
    average: float | None
    practice_seconds: float
    ranks: dict[Rank, int]
    best: tuple[float, str] | None
    scored: int | None = None


def figures(rows: Iterable[Session]) -> Figures:
    """The figures of `rows`. A missing score, length or unknown rank word counts as absent.

    `average` is not rounded. Of several best attempts the first in the order of `rows` is named.
    """
    sessions = list(rows)
    valid = [session for session in sessions if session.is_valid_attempt]
    scored = [(score, session) for session in valid if (score := known(session.score)) is not None]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return Figures(
        sessions=len(sessions),
        valid=len(valid),
        invalid=len(sessions) - len(valid),
        average=_mean([score for score, _ in scored]),
        practice_seconds=math.fsum(
            length
            for session in sessions
            if (length := known(session.duration_seconds)) is not None and length > 0
        ),
        ranks=_ranks(valid),
        best=None if best is None else (best[0], scenario_name(best[1])),
        scored=len(scored),
    )


def known(number: float | None) -> float | None:
    """The number, or None for what is no number one can reckon with (NaN, infinite, absurd)."""
    if number is None or not math.isfinite(number) or abs(number) >= 1e12:
        return None
    return number


def scenario_name(session: Session) -> str:
    """What the session's scenario is called; the slug where it has no name; else ""."""
    return session.scenario.name.strip() or session.scenario.slug.strip()


def _mean(scores: list[float]) -> float | None:
    if not scores:
        return None
    with localcontext() as context:
        # Decimal, because 82.1 and 82.2 average to 82.15 for people, not to 82.1499….
        context.prec = 60
        return float(sum((Decimal(repr(score)) for score in scores), Decimal()) / len(scores))


def _ranks(valid: list[Session]) -> dict[Rank, int]:
    words = [session.rank for session in valid]
    return {rank: words.count(rank.value) for rank in Rank if rank.value in words}
