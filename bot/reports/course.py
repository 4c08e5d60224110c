"""Finds people who are improving or slipping by more than chance explains.

Scores vary by many points between attempts, and scenarios differ in difficulty, so a changed
average means little. Each scenario is compared with itself, four weeks with the four before, and a
change is reported only if chance alone rarely causes as large a one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import sqrt

import sqlalchemy as sa

from bot.language.query import Member
from bot.reports._figures import SQUARE, Filters, Tally, rounded, scenario_name
from bot.reports._prepared import PreparedQuestion
from bot.reports.intervals import Interval, moved
from bot.storage.database import Database
from bot.storage.sessions import is_graded
from bot.storage.tables import session, to_ms

# Attempts in each four weeks: two could be a bad afternoon.
ENOUGH = 3
# Points: a smaller change isn't worth mentioning, however certain.
LEAST_MOVE = 5
# Standard errors: chance causes a larger change for one in twenty unchanged people.
RARE = 2.0
# The spread of attempts at a scenario (a standard deviation, in points) is estimated from a
# person's own attempts. Because these are few, the usual spread counts like six more attempts.
USUAL_SPREAD, USUAL_COUNT = 12.0, 6
COURSE_DAYS = 28


@dataclass(frozen=True, slots=True)
class Course:
    """A person whose scores on the same scenarios changed `by` points in four weeks compared to the
    four before, with `n` and `n_before` graded attempts.

    `scenario` is the one with more than half of the `n` attempts, "" if there is none.
    """

    member_id: str
    who: str
    by: Decimal
    n: int
    n_before: int
    scenario: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A scenario in the four weeks and in the four before."""

    scenario: str
    now: Tally
    before: Tally

    @property
    def weight(self) -> Fraction:
        """The inverse variance of the change of the mean, for scores with a variance of 1."""
        now, before = self.now.graded, self.before.graded
        return Fraction(now * before, now + before)


async def courses(q: PreparedQuestion, people: Mapping[str, Member]) -> list[Course] | None:
    """The people who are improving or slipping at the end of the period, the largest change first.

    None if not all of the eight weeks are stored.
    """
    end = q.interval.end
    middle = moved(end, -COURSE_DAYS, q.zone)
    weeks = Interval(moved(middle, -COURSE_DAYS, q.zone), end)
    if not q.covers(weeks):
        return None
    pairs = await _pairs(q.db, q.filters(weeks), to_ms(middle))
    courses_found = [
        course
        for id_, person in people.items()
        if id_ in pairs and (course := course_of(person, pairs[id_])) is not None
    ]
    return sorted(courses_found, key=lambda course: -abs(course.by))


async def _pairs(db: Database, filters: Filters, middle: int) -> dict[str, list[Pair]]:
    """The scenarios that each person practiced both before and after the middle."""
    own, is_now = (session.c.member_id, session.c.scenario_id), session.c.created_at >= middle
    sums = (sa.func.count(), sa.func.sum(session.c.score), sa.func.sum(SQUARE))
    sides = [column.filter(side) for side in (is_now, ~is_now) for column in sums]
    query = (
        sa.select(session.c.member_id, scenario_name(session.c.scenario_id), *sides)
        .where(*filters, is_graded, session.c.scenario_id != "")
        .group_by(*own)
        .having(sa.func.count().filter(is_now) > 0, sa.func.count().filter(~is_now) > 0)
        .order_by(*own)
    )
    pairs_by_person: dict[str, list[Pair]] = {}
    for member_id, name, *numbers in await db.rows(query):
        now, before = (
            Tally(graded=n, total=int(total), squares=int(squares))
            for n, total, squares in (numbers[:3], numbers[3:])
        )
        pairs_by_person.setdefault(member_id, []).append(Pair(name, now, before))
    return pairs_by_person


def course_of(person: Member, pairs: Sequence[Pair]) -> Course | None:
    """The change of a person on these scenarios, None if it is small or could be chance."""
    n = sum(pair.now.graded for pair in pairs)
    n_before = sum(pair.before.graded for pair in pairs)
    if min(n, n_before) < ENOUGH:
        return None
    weight = sum((pair.weight for pair in pairs), Fraction())
    changes = (pair.weight * (pair.now.exact_average - pair.before.exact_average) for pair in pairs)
    change = sum(changes, Fraction()) / weight
    by = rounded(Decimal(change.numerator) / change.denominator)
    cells = [tally for pair in pairs for tally in (pair.now, pair.before)]
    if abs(by) < LEAST_MOVE or is_luck(change, 1 / weight, cells):
        return None
    mostly = max(pairs, key=lambda pair: pair.now.graded)
    name = mostly.scenario if mostly.now.graded * 2 > n else ""
    return Course(person.id, person.name, by, n, n_before, name)


def is_luck(
    difference: Fraction | Decimal, variance: Fraction | float, cells: Collection[Tally]
) -> bool:
    """Whether a difference of means could be chance: it is less than two standard errors.

    `variance` is that of the difference, for scores with a variance of 1.
    """
    usual = USUAL_COUNT * USUAL_SPREAD**2
    seen = sum(cell.graded for cell in cells) - len(cells)
    spread = sqrt((usual + sum(cell.deviation for cell in cells)) / (USUAL_COUNT + seen))
    return abs(float(difference)) < RARE * spread * sqrt(variance)


def is_close(first: Tally, second: Tally) -> bool:
    """Whether the difference of two averages could be chance."""
    variance = Fraction(1, first.graded) + Fraction(1, second.graded)
    return is_luck(first.exact_average - second.exact_average, variance, (first, second))
