"""What of somebody's week is worth telling their colleagues, without any low score. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.reports.findings import Best, Gold

# A best score from here on is one to be proud of; below it only how far they came is told. Never
# both: the score before could be computed.
GOOD = 80.0


class AchievementKind(StrEnum):
    """The codes as they are stored."""

    FIRST_GOLD = "first_gold"
    GOLD = "gold"  # there may have been an earlier one
    BEST = "best"  # the number is a good best score
    POINTS = "points"  # the number is the gain


@dataclass(frozen=True, slots=True)
class Achievement:
    """What somebody is praised for."""

    what: AchievementKind
    scenario: str
    number: float | None


def achievement(praised: Iterable[Gold | Best]) -> Achievement | None:
    """What to praise of what was found of one person: a first gold before a personal best."""
    found = tuple(praised)
    for gold in (each for each in found if isinstance(each, Gold)):
        what = AchievementKind.FIRST_GOLD if gold.since is None else AchievementKind.GOLD
        return Achievement(what, gold.scenario, None)
    for best in (each for each in found if isinstance(each, Best)):
        if best.score >= GOOD:
            return Achievement(AchievementKind.BEST, best.scenario, best.score)
        return Achievement(AchievementKind.POINTS, best.scenario, best.gain)
    return None
