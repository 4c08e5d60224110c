"""Skills: Exec's scores, counted for a person, a group and a channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from bot.errors import UserError
from bot.exec.models import Proficiency, Skill, SkillSummary
from bot.reports.skills import NEVER, REPORT, SkillFigures, figures
from bot.storage.tables import bundle
from tests.reports.company import Company, in_channel
from tests.reports.prepare import asked_of_exec


@dataclass
class Exec:
    """Exec's skills; `own` has people's scores, by skill."""

    own: dict[str, list[Proficiency]]
    overview: list[Skill] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def all_rows(self, path: str, *_: object, id_: str = "") -> list[Any]:
        self.asked.append(id_ or path)
        return self.own[id_] if id_ else self.overview


def of(who: str, score: float | None, tier: str = "developing", n: int = 3) -> Proficiency:
    return Proficiency(id=who, score=score, tier=tier, observation_count=n)


async def skills(company: Company, exec_: Exec, **more: Any) -> SkillFigures:
    for name in exec_.own:
        company.put(bundle, kind="skill", id=name, name=name)
    return await figures(await asked_of_exec(REPORT, company.prepared(None, **more), client=exec_))


async def test_the_rows_of_a_person_are_what_exec_says(company: Company) -> None:
    company.hire("ann")
    own = {
        "Closing": [of("ann", 82.25, "needs_work", 14)],
        "Discovery": [of("ann", None, "insufficient_data", 2)],
        "Pricing": [of("ann", 60.0)],
        "Story": [],
    }
    computed = await skills(company, Exec(own), people=["ann"])
    assert [(row.skill, row.score, row.tier, row.observations) for row in computed.rows] == [
        ("Closing", Decimal("82.3"), "Needs work", 14),
        ("Pricing", Decimal("60.0"), "Developing", 3),
        ("Discovery", None, "Not enough data", 2),
        ("Story", None, NEVER, 0),
    ]
    assert computed.ends == (computed.rows[0], computed.rows[1])
    assert REPORT.in_channel(computed, own=False) is None


async def test_a_channel_sees_a_skill_that_three_people_have_a_score_in(company: Company) -> None:
    people = ["ann", "ben", "cat", "dan"]
    company.hire(*people)
    company.group("West", *people)
    own = {
        "Closing": [of("ann", 80.0, "proficient"), of("ben", 70.1), of("cat", 60.0)],
        "Pricing": [of("ann", 99.0, "excellent"), of("ben", None), of("cat", 98.0)],
        "Story": [of("dan", 50.0)],
    }
    computed = await skills(company, Exec(own), group="West")
    assert [(row.skill, row.people, row.scored, row.score) for row in computed.rows] == [
        ("Pricing", 3, 2, Decimal("98.5")),
        ("Closing", 3, 3, Decimal("70.0")),
        ("Story", 1, 1, Decimal("50.0")),
    ]
    assert computed.ends == ()  # only one skill has enough scores
    # Pricing is about the two with a score, Story about one: a look at each of them.
    assert REPORT.named is not None
    assert REPORT.named(computed) == {"ann", "cat", "dan"}
    seen = in_channel(REPORT, computed)
    rows = [(row.skill, row.score) for row in seen.rows]
    assert rows == [("Closing", Decimal("70.0")), ("Pricing", None)]


async def test_everybodys_skills_cost_one_request(company: Company) -> None:
    company.hire("ann")
    closing = SkillSummary(
        participant_count=25, scored_participant_count=20, pct_proficient_plus=60, avg_score=72.25
    )
    few = SkillSummary(participant_count=2, scored_participant_count=0, pct_proficient_plus=0)
    overview = [
        Skill(id="k", name="Closing", proficiency_summary=closing),
        Skill(id="l", name="Pricing", proficiency_summary=few),
    ]
    exec_ = Exec({str(n): [] for n in range(21)}, overview)
    computed = await skills(company, exec_)
    assert [(row.skill, row.people, row.proficient, row.score) for row in computed.rows] == [
        ("Closing", 25, Decimal("60.0"), Decimal("72.3")),
        ("Pricing", 2, None, None),
    ]
    assert exec_.asked == ["/skills"]
    # 21 skills of one person cost too many requests.
    with pytest.raises(UserError):
        await skills(company, exec_, people=["ann"])


async def test_everybody_but_some_are_read_by_skill(company: Company) -> None:
    company.hire("ann", "ben")
    exec_ = Exec({"Closing": [of("ann", 80.0)]})
    computed = await skills(company, exec_, absent=("ben",))
    assert (exec_.asked, [row.people for row in computed.rows]) == (["Closing"], [1])
