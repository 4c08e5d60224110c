"""The scenario because of which a group's average fell, where the figures carry that."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from statistics import fmean

from bot.exec_api.models import Session
from bot.reports.change import difference
from bot.reports.course import LEAST_MOVE, is_luck
from bot.reports.highlights import ENOUGH_PEOPLE
from bot.reports.metrics import ENOUGH_TO_COMPARE
from bot.reports.rows import average, graded

# It is the lowest one of several: chance alone puts one of nine two standard errors below the
# others in one week of five, and two and a half in one of twenty.
RARE_OF_SEVERAL = 2.5


def is_tough(scenario_id: str, now: Sequence[Session], before: Sequence[Session]) -> bool:
    """Whether the average fell from the rows `before` to those `now` because of a scenario.

    Without it the average fell by no more than half as far; and now three people or more score
    lower at it than at their others, by five points and by more than luck.
    """
    fell = _fell(now, before)
    if fell is None or fell <= 0:
        return False
    others, others_before = (
        [row for row in rows if row.scenario.id != scenario_id] for rows in (now, before)
    )
    fell_without = _fell(others, others_before)
    if fell_without is None or 2 * fell_without > fell:
        return False
    here = [row for row in now if row.scenario.id == scenario_id]
    return _is_lower(_scores(here), _scores(others))


def _fell(now: Sequence[Session], before: Sequence[Session]) -> float | None:
    """By how many points the average fell; None with too few graded attempts on either side."""
    attempts, earlier = graded(now), graded(before)
    is_value, was = average(attempts), average(earlier)
    if is_value is None or was is None or min(len(attempts), len(earlier)) < ENOUGH_TO_COMPARE:
        return None
    return difference(was, is_value)


def _is_lower(here: dict[str, list[float]], elsewhere: dict[str, list[float]]) -> bool:
    """Whether people with scores on both sides have lower ones here than elsewhere."""
    pairs = [(scores, elsewhere[who]) for who, scores in here.items() if who in elsewhere]
    if len(pairs) < ENOUGH_PEOPLE:
        return False
    weights = [len(low) * len(high) / (len(low) + len(high)) for low, high in pairs]
    weight = fsum(weights)
    gaps = [fmean(high) - fmean(low) for low, high in pairs]
    gap = fsum([each * by for each, by in zip(weights, gaps, strict=True)]) / weight
    cells = [scores for pair in pairs for scores in pair]
    return gap >= LEAST_MOVE and not is_luck(gap, 1 / weight, cells, RARE_OF_SEVERAL)


def _scores(rows: Sequence[Session]) -> dict[str, list[float]]:
    """The scores of each person's graded attempts, by their id."""
    found: dict[str, list[float]] = {}
    for score, row in graded(rows):
        if row.user.id:
            found.setdefault(row.user.id, []).append(score)
    return found
