"""Who slipped: lower on the same scenarios, and by more than luck makes of the same skill.

Scores differ by many points from one attempt to the next, and one scenario is harder than
another: an average that fell says little. So a scenario is compared with itself, and a drop is
told only where chance alone rarely goes as far.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import fmean

from bot.exec_api.models import Session
from bot.language.query import Member
from bot.reports.change import in_tenths
from bot.reports.findings import Slip
from bot.reports.intervals import Interval, Window, moved
from bot.reports.rows import graded, scenario_names, within

# Two attempts make a bad afternoon, not a course.
ENOUGH = 3
# Less than this is nothing to talk about, however sure.
LEAST_DROP = 5.0
# Of people who are as good as ever one in forty falls by two standard errors.
RARE = 2.0
# By how much attempts at one scenario differ (a standard deviation, in points) is learned from
# the person's own. As these are few, the usual spread counts as if it were seen in six more.
USUAL_SPREAD, USUAL_COUNT = 12.0, 6
OWN_NORM_DAYS = 28


@dataclass(frozen=True, slots=True)
class _Scenario:
    """A scenario: how many attempts there were in the period and before, and by how many points
    their means fell. `weight` is the inverse of the variance of that, where a single score has a
    variance of 1."""

    id: str
    n: int
    n_before: int
    drop: float
    weight: float


def slip(person: Member, now: Sequence[Session], before: Sequence[Session]) -> Slip | None:
    """How `person` slipped in the rows `now` against those `before`; None if they did not.

    Both are oldest first. Only scenarios with a graded attempt in both have a part in it.
    """
    new, old = _scores(now), _scores(before)
    found = [_scenario(id_, new[id_], old[id_]) for id_ in new if id_ in old]
    n, n_before = sum(each.n for each in found), sum(each.n_before for each in found)
    if n < ENOUGH or n_before < ENOUGH:
        return None
    weight = fsum([each.weight for each in found])
    drop = fsum([each.weight * each.drop for each in found]) / weight
    if in_tenths(drop) < LEAST_DROP:
        return None
    luck = _spread([*new.values(), *old.values()]) / sqrt(weight)
    if drop < RARE * luck:
        return None
    mostly = max(found, key=lambda each: each.n)
    if mostly.n * 2 <= n:
        return Slip(person, in_tenths(drop), n, n_before, "", 0)
    name = scenario_names([*before, *now])[mostly.id]
    return Slip(person, in_tenths(drop), n, n_before, name, mostly.n)


def slips(
    held: Mapping[str, Sequence[Session]], people: Mapping[str, Member], window: Window
) -> tuple[Slip, ...]:
    """Who of `people` slipped in the window against the four weeks before it, the greatest drop
    first; ties stay in the order of `people`. `held` are the rows of each, oldest first."""
    start = window.interval.start
    norm = Interval(moved(start, -OWN_NORM_DAYS, window.zone), start)
    found = []
    for id_, person in people.items():
        rows = held.get(id_, [])
        slipped = slip(person, within(rows, window.interval), within(rows, norm))
        if slipped is not None:
            found.append(slipped)
    return tuple(sorted(found, key=lambda each: -each.drop))


def _scenario(id_: str, now: Sequence[float], before: Sequence[float]) -> _Scenario:
    n, n_before = len(now), len(before)
    drop = fsum(before) / n_before - fsum(now) / n
    return _Scenario(id_, n, n_before, drop, weight=n * n_before / (n + n_before))


def _scores(rows: Sequence[Session]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for score, row in graded(rows):
        found.setdefault(row.scenario.id, []).append(score)
    found.pop("", None)
    return found


def _spread(cells: Sequence[Sequence[float]]) -> float:
    """The standard deviation of scores around the mean of their cell: a scenario in a period."""
    means = [(fmean(scores), scores) for scores in cells]
    squares = [(score - mean) ** 2 for mean, scores in means for score in scores]
    seen = len(squares) - len(cells)
    usual = USUAL_COUNT * USUAL_SPREAD**2
    return sqrt((usual + fsum(squares)) / (USUAL_COUNT + seen))
