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
    """The scores of one scenario, in the period and before; neither is empty."""

    name: str
    now: list[float]
    before: list[float]

    @property
    def weight(self) -> float:
        """The inverse of the variance of the drop, where a single score has a variance of 1."""
        return len(self.now) * len(self.before) / (len(self.now) + len(self.before))

    @property
    def drop(self) -> float:
        return fmean(self.before) - fmean(self.now)


def slip(person: Member, now: Sequence[Session], before: Sequence[Session]) -> Slip | None:
    """How `person` slipped in the rows `now` against those `before`; None if they did not.

    Both are oldest first. Only scenarios with a graded attempt in both have a part in it.
    """
    new, old = _scores(now), _scores(before)
    names = scenario_names([*before, *now])
    found = [
        _Scenario(names[id_], new[id_], old[id_]) for id_ in names if id_ in new and id_ in old
    ]
    n = sum(len(each.now) for each in found)
    n_before = sum(len(each.before) for each in found)
    if n < ENOUGH or n_before < ENOUGH:
        return None
    weight = fsum(each.weight for each in found)
    drop = fsum(each.weight * each.drop for each in found) / weight
    luck = _spread([*new.values(), *old.values()]) / sqrt(weight)
    if in_tenths(drop) < LEAST_DROP or drop < RARE * luck:
        return None
    return Slip(person, in_tenths(drop), n, n_before, *_mostly(found, n))


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
        slipped = slip(
            person,
            within(rows, window.interval),
            within(rows, norm),
        )
        if slipped is not None:
            found.append(slipped)
    return tuple(sorted(found, key=lambda each: -each.drop))


def _scores(rows: Sequence[Session]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for score, row in graded(rows):
        found.setdefault(row.scenario.id, []).append(score)
    found.pop("", None)
    return found


def _spread(cells: Sequence[Sequence[float]]) -> float:
    """The standard deviation of scores around the mean of their cell: a scenario in a period."""
    squares = [(score - fmean(scores)) ** 2 for scores in cells for score in scores]
    seen = len(squares) - len(cells)
    usual = USUAL_COUNT * USUAL_SPREAD**2
    return sqrt((usual + fsum(squares)) / (USUAL_COUNT + seen))


def _mostly(found: Sequence[_Scenario], n: int) -> tuple[str, int]:
    """The scenario of more than half of the `n` attempts, and how many; else "" and 0."""
    most = max(found, key=lambda each: len(each.now))
    return (most.name, len(most.now)) if len(most.now) * 2 > n else ("", 0)
