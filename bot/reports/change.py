"""How a figure changed from the period before, in numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Literal

_TENTH = Decimal("0.1")
EXACT = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Change:
    """A figure against the same figure of the period before.

    `kind` is "first" where no period before is known; then `was` is None. `by` is how far it
    went, never negative, in the figure's own unit.
    """

    kind: Literal["first", "none", "up", "down"]
    was: float | None
    by: float


FIRST = Change("first", None, 0)


def change(now: float, was: float, seen: Callable[[float], float]) -> Change:
    """The change from `was` to `now`.

    `seen` makes a number what people read. The change is that between the numbers read, so that
    78.24 after 78.21 is none, and 78.2 after 76.1 is up 2.1 whatever was rounded away.
    """
    now, was = seen(now), seen(was)
    by = difference(now, was)
    return Change("up" if by > 0 else "down" if by < 0 else "none", was, abs(by))


def difference(one: float, other: float) -> float:
    """`one` less `other` as the two read, with one decimal: 84.1 less 62.1 is 22, not 21.9999…."""
    return float(EXACT.subtract(decimal(in_tenths(one)), decimal(in_tenths(other))))


# There are a thousand scores of one decimal, and a report reads each of its own several times.
@lru_cache(maxsize=2048)
def decimal(number: float) -> Decimal:
    """A number as people read it: 82.1, not 82.0999…; a zero without a sign."""
    return Decimal(repr(number + 0.0))


def as_it_is(number: float) -> float:
    """Counts read as they are."""
    return number


def in_tenths(number: float) -> float:
    """Scores and averages read with one decimal, halves upwards; a zero without a sign."""
    return float(decimal(number).quantize(_TENTH, ROUND_HALF_UP, EXACT)) + 0.0


def in_minutes(seconds: float) -> float:
    """Practice time, in seconds as it reads: whole minutes; whole seconds under a minute."""
    whole = math.floor(seconds + 0.5)
    return whole if whole < 60 else (whole + 30) // 60 * 60
