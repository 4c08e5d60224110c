"""Who improves and who slips: one test, up and down, by more than luck makes of the same skill.

Scores differ by many points from one attempt to the next, and one scenario is harder than
another: an average that moved says little. So a scenario is compared with itself, four weeks with
the four before, and a move is told only where chance alone rarely goes as far.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import fsum, sqrt
from statistics import fmean

from bot.exec_api.models import Session
from bot.language.query import Member
from bot.reports.change import in_tenths
from bot.reports.findings import Course
from bot.reports.intervals import EVER, Interval, first_whole_day, moved
from bot.reports.rows import graded, scenario_names, within

# Two attempts make a bad afternoon, not a course.
ENOUGH = 3
# Less than this is nothing to talk about, however sure.
LEAST_MOVE = 5.0
# Of people who are as good as ever one in twenty moves by two standard errors.
RARE = 2.0
# By how much attempts at one scenario differ (a standard deviation, in points) is learned from
# the person's own. As these are few, the usual spread counts as if it were seen in six more.
USUAL_SPREAD, USUAL_COUNT = 12.0, 6
COURSE_DAYS = 28


@dataclass(frozen=True, slots=True)
class _Scenario:
    """A scenario: how many attempts there were in each four weeks, and by how many points their
    mean rose. `weight` is the inverse of the variance of that, where a single score has a
    variance of 1."""

    id: str
    n: int
    n_before: int
    rise: float
    weight: float


def course(person: Member, now: Sequence[Session], before: Sequence[Session]) -> Course | None:
    """How `person` moved in the rows `now` against those `before`; None where nobody can tell.

    Both are oldest first. Only scenarios with a graded attempt in both have a part in it.
    """
    new, old = _scores(now), _scores(before)
    found = [_scenario(id_, new[id_], old[id_]) for id_ in new if id_ in old]
    n, n_before = sum(each.n for each in found), sum(each.n_before for each in found)
    if n < ENOUGH or n_before < ENOUGH:
        return None
    weight = fsum([each.weight for each in found])
    rise = fsum([each.weight * each.rise for each in found]) / weight
    by = in_tenths(rise)
    if abs(by) < LEAST_MOVE or is_luck(rise, 1 / weight, [*new.values(), *old.values()]):
        return None
    mostly = max(found, key=lambda each: each.n)
    if mostly.n * 2 <= n:
        return Course(person, by, n, n_before, "", 0)
    name = scenario_names([*before, *now])[mostly.id]
    return Course(person, by, n, n_before, name, mostly.n)


def courses(
    rows_of: Mapping[str, Sequence[Session]],
    people: Mapping[str, Member],
    end: datetime,
    zone: str,
    since: datetime | None,
) -> tuple[Course, ...]:
    """Who of `people` improves or slips up to `end`, the greatest move first; ties stay in the
    order of `people`. `rows_of` are the rows of each, oldest first. Nobody where not all of the
    eight weeks is known: from `since` on, None for ever."""
    middle = moved(end, -COURSE_DAYS, zone)
    first = first_whole_day(moved(end, -2 * COURSE_DAYS, zone), zone) or EVER
    if since is not None and since > first:
        return ()
    now, before = Interval(middle, end), Interval(first, middle)
    found = []
    for id_, person in people.items():
        rows = rows_of.get(id_, [])
        own = course(person, within(rows, now), within(rows, before))
        if own is not None:
            found.append(own)
    return tuple(sorted(found, key=lambda each: -abs(each.by)))


def is_luck(difference: float, variance: float, cells: Sequence[Sequence[float]]) -> bool:
    """Whether chance alone makes means differ so much: by fewer than two standard errors.
    `variance` is that of the difference where a single score has one of 1; each of `cells` holds
    scores that are alike but for chance."""
    return abs(difference) < RARE * _spread(cells) * sqrt(variance)


def _scenario(id_: str, now: Sequence[float], before: Sequence[float]) -> _Scenario:
    n, n_before = len(now), len(before)
    rise = fsum(now) / n - fsum(before) / n_before
    return _Scenario(id_, n, n_before, rise, weight=n * n_before / (n + n_before))


def _scores(rows: Sequence[Session]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for score, row in graded(rows):
        found.setdefault(row.scenario.id, []).append(score)
    found.pop("", None)
    return found


def _spread(cells: Sequence[Sequence[float]]) -> float:
    """The standard deviation of scores around the mean of their cell."""
    means = [(fmean(scores), scores) for scores in cells]
    squares = [(score - mean) ** 2 for mean, scores in means for score in scores]
    seen = len(squares) - len(cells)
    usual = USUAL_COUNT * USUAL_SPREAD**2
    return sqrt((usual + fsum(squares)) / (USUAL_COUNT + seen))
