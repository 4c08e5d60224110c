"""What of somebody's week is worth telling their colleagues, without any low score. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.reports.findings import Gain, Gold

# A best score from here on is one to be proud of; below it only how far they came is told. Never
# both: the score before could be reckoned.
GOOD = 80.0


class What(StrEnum):
    """The codes as they are stored."""

    FIRST_GOLD = "first_gold"
    BEST = "best"  # the number is a good best score
    POINTS = "points"  # the number is the gain


@dataclass(frozen=True, slots=True)
class Feat:
    """What somebody is praised for. `key` is the same for the same, whoever finds it when."""

    what: What
    scenario: str
    number: float | None
    key: str


def feat(praised: Iterable[Gold | Gain]) -> Feat | None:
    """What to praise of what was found of one person: a first gold before a gain."""
    found = tuple(praised)
    for gold in (each for each in found if isinstance(each, Gold)):
        return Feat(What.FIRST_GOLD, gold.scenario, None, f"gold {gold.at.isoformat()}")
    for gain in (each for each in found if isinstance(each, Gain)):
        key = f"gain {gain.scenario} {gain.best}"
        if gain.best >= GOOD:
            return Feat(What.BEST, gain.scenario, gain.best, key)
        return Feat(What.POINTS, gain.scenario, gain.gain, key)
    return None
