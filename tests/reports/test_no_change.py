"""How often people are said to improve or slip if nobody changes, and if everybody does.

Each score is drawn from one distribution for each scenario and person.
"""

from __future__ import annotations

from random import Random

from bot.language.query import Period
from bot.reports.course import courses
from bot.storage.tables import session, to_ms
from tests.reports.company import MONDAY, WEEK, ZONE, Company

SPREAD, WORLDS, PEOPLE, SCENARIOS = 12.0, 2, 30, 6
BEFORE, AFTER = 8, 12  # weeks


def practice(company: Company, per_week: int, change: float) -> None:
    """Let everybody practice; after eight weeks they are better by `change` points."""
    random, rows = Random(1), []
    for world in range(WORLDS):
        means = [random.uniform(55, 75) for _ in range(SCENARIOS)]
        for person in range(PEOPLE):
            who, skill = f"p{world}-{person}", random.uniform(-6, 6)
            company.hire(who)
            for week in range(BEFORE + AFTER):
                risen = change if week >= BEFORE else 0
                at = to_ms(MONDAY - (BEFORE + AFTER - week) * WEEK)
                for scenario in random.choices(range(SCENARIOS), k=per_week):
                    score = random.gauss(means[scenario] + skill + risen, SPREAD)
                    rows.append((at, who, str(scenario), 100 * round(10 * score)))
    names = ("created_at", "member_id", "scenario_id", "score")
    values = [{"id": f"{n}", **dict(zip(names, row, strict=True))} for n, row in enumerate(rows)]
    company.connection.execute(session.insert().values(is_valid=True, is_staff=False), values)


async def rates(company: Company, weeks: range) -> tuple[float, float]:
    """How often a person is said to improve or slip, looking at each person after each week."""
    up = down = 0
    for week in weeks:
        end = MONDAY - (BEFORE + AFTER - week) * WEEK
        q = company.prepared(Period("", ZONE, end - WEEK, end))
        moves = await courses(q, company.people) or ()
        up += sum(move.by > 0 for move in moves)
        down += sum(move.by < 0 for move in moves)
    looks = WORLDS * PEOPLE * len(weeks)
    return up / looks, down / looks


async def test_people_who_do_not_change_are_rarely_said_to(company: Company) -> None:
    practice(company, per_week=3, change=0)
    up, down = await rates(company, range(BEFORE, BEFORE + AFTER + 1, 4))
    assert max(up, down) <= 0.04


async def test_people_who_gain_ten_points_often_are(company: Company) -> None:
    practice(company, per_week=3, change=10)
    # The weeks after which the change divides the eight that are compared.
    up, down = await rates(company, range(BEFORE + 2, BEFORE + 7, 2))
    assert up >= 0.2
    assert down <= 0.01
