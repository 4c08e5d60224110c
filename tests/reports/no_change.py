"""People who don't change, or who all do at once, and what is said of them.

Each score is drawn from one distribution for each scenario and person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TypeAlias

from bot.language.query import Member
from bot.reports._figures import points
from bot.reports.alerts import AVERAGE_DAYS, IN_A_ROW, side_of
from bot.reports.course import Scores, _Pair, course_of

SD, PEOPLE, SCENARIOS, WEEKS, BEFORE = 12.0, 30, 6, 12, 8
WORLDS = 10  # with fewer, the same rates come out between 2 and 5 percent
BELOW = 70.0
ANN = Member("ann", "", "Ann")
# A person's scores in thousandths, by week and scenario.
Scored: TypeAlias = list[list[list[int]]]


@dataclass
class Rates:
    """Of `looks`, one a week at each person, how many said that they improve or slip."""

    looks: int = 0
    improving: int = 0
    slipping: int = 0

    def share(self, said: int) -> float:
        return said / self.looks


def people(seed: int, per_week: int, change: float) -> list[Scored]:
    """The scores of everybody. After eight weeks all of them change so much."""
    random = Random(seed)
    means = [random.uniform(55, 75) for _ in range(SCENARIOS)]
    found = []
    for _ in range(PEOPLE):
        skill = random.uniform(-6, 6)
        weeks: Scored = [[[] for _ in means] for _ in range(BEFORE + WEEKS)]
        for number, week in enumerate(weeks):
            for place in random.choices(range(SCENARIOS), k=per_week):
                mean = means[place] + skill + (change if number >= BEFORE else 0)
                week[place].append(100 * round(10 * random.gauss(mean, SD)))
        found.append(weeks)
    return found


def measure(seed: int, per_week: int, change: float = 0) -> Rates:
    """What is said at the end of each week; after a change, of the weeks in which it divides the
    eight that are compared."""
    rates = Rates()
    last = BEFORE + (BEFORE - 1 if change else WEEKS)
    for world in range(seed, seed + WORLDS):
        for weeks in people(world, per_week, change):
            for week in range(BEFORE + 1, last + 1):
                found = course_of(ANN, _pairs(weeks[week - 8 : week]), {})
                rates.looks += 1
                rates.improving += found is not None and found.by > 0
                rates.slipping += found is not None and found.by < 0
    return rates


def _pairs(weeks: Scored) -> list[_Pair]:
    found = []
    for place in range(SCENARIOS):
        now = [score for week in weeks[4:] for score in week[place]]
        before = [score for week in weeks[:4] for score in week[place]]
        if now and before:
            found.append(_Pair(str(place), _scores(now), _scores(before)))
    return found


def _scores(exact: list[int]) -> Scores:
    return Scores(len(exact), sum(exact), sum(each * each for each in exact))


def alerted(seed: int, per_week: int, above: float) -> list[int]:
    """How often an alert below a score tells of each of so many people in twelve weeks, whose true
    mean is so many points above it all the time."""
    random = Random(seed)
    gap, last = timedelta(days=7) / per_week, (BEFORE + WEEKS) * per_week
    told = []
    for _ in range(PEOPLE):
        scores = [round(1000 * random.gauss(BELOW + above, SD)) for _ in range(last)]
        count, is_told = 0, False
        for at in range(BEFORE * per_week, last):
            month = scores[max(0, at - int(timedelta(days=AVERAGE_DAYS) / gap)) : at + 1]
            recent = points(sum(month[-IN_A_ROW:]), IN_A_ROW)
            side = side_of(BELOW, points(sum(month), len(month)), recent)
            count += side == "below" and not is_told
            is_told = side == "below" or (is_told and side != "above")
        told.append(count)
    return told
