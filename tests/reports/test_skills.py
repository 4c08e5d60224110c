"""Skills: what Exec says, counted for a person, a group and a channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from bot.errors import UserError
from bot.exec_api.models import Proficiency, Skill, SkillSummary, User
from bot.reports._asked import Asked, Reads
from bot.reports.skills import NEVER, REPORT, figures
from bot.storage.tables import bundle
from tests.reports.company import Company


@dataclass
class Exec:
    """Exec's skills: `own` are people's, by skill."""

    own: dict[str, list[Proficiency]] = field(default_factory=dict)
    overview: list[Skill] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def all(self, path: str, *_: Any, id_: str = "") -> list[Any]:
        self.asked.append(id_ or path)
        return self.own[id_] if id_ else self.overview


def of(who: str, score: float | None, tier: str = "developing", n: int = 3) -> Proficiency:
    return Proficiency(id=who, user=User(id=who), score=score, tier=tier, observation_count=n)


async def asked(company: Company, exec_: Exec, **more: Any) -> Asked:
    for name in exec_.own:
        await company._put(bundle, {"kind": "skill", "id": name, "name": name})
    reads: Any = Reads(None, exec_)  # type: ignore[arg-type]
    return company.asked(None, reads=reads, **more)


async def test_a_persons_rows_are_what_exec_says(company: Company) -> None:
    await company.hire("ann")
    own = {
        "Closing": [of("ann", 82.25, "needs_work", 14)],
        "Discovery": [of("ann", None, "insufficient_data", 2)],
        "Pricing": [of("ann", 60.0)],
        "Story": [],
    }
    found = await figures(await asked(company, Exec(own), people=["ann"]))
    assert [(x.skill, x.score, x.tier, x.observations) for x in found.rows] == [
        ("Closing", Decimal("82.3"), "Needs work", 14),
        ("Pricing", Decimal("60.0"), "Developing", 3),
        ("Discovery", None, "Not enough data", 2),
        ("Story", None, NEVER, 0),
    ]
    assert found.strongest is found.rows[0]
    assert found.weakest is found.rows[1]
    assert REPORT.public(found) is None  # type: ignore[misc]


async def test_a_group_and_what_a_channel_sees_of_it(company: Company) -> None:
    people = ["ann", "ben", "cat", "dan"]
    await company.hire(*people)
    await company.group("West", *people)
    own = {
        "Closing": [of("ann", 80.0, "proficient"), of("ben", 70.1), of("cat", 60.0)],
        "Pricing": [of("ann", 99.0, "excellent"), of("ben", None), of("cat", 98.0)],
        "Story": [of("dan", 50.0)],
    }
    found = await figures(await asked(company, Exec(own), group="West"))
    assert [(x.skill, x.people, x.scored, x.score) for x in found.rows] == [
        ("Pricing", 3, 2, Decimal("98.5")),
        ("Closing", 3, 3, Decimal("70.0")),
        ("Story", 1, 1, Decimal("50.0")),
    ]
    assert found.strongest is None  # of one skill only enough people have a score
    # Pricing is about the two with a score, Story about one: a look at each of them.
    assert REPORT.named is not None
    assert REPORT.named(found) == {"ann", "cat", "dan"}

    told = REPORT.public(found)  # type: ignore[misc]
    assert told is not None
    assert [(x.skill, x.score) for x in told.rows] == [
        ("Closing", Decimal("70.0")),
        ("Pricing", None),
    ]


async def test_the_company_costs_one_request_and_many_skills_too_many(company: Company) -> None:
    await company.hire("ann")
    summary = SkillSummary(
        participant_count=25, scored_participant_count=20, pct_proficient_plus=60, avg_score=72.25
    )
    few = SkillSummary(participant_count=2, scored_participant_count=0, pct_proficient_plus=0)
    overview = [
        Skill(id="k", name="Closing", proficiency_summary=summary),
        Skill(id="l", name="Pricing", proficiency_summary=few),
    ]
    exec_ = Exec({str(n): [] for n in range(21)}, overview)
    found = await figures(await asked(company, exec_))
    assert [(x.skill, x.people, x.proficient, x.score) for x in found.rows] == [
        ("Closing", 25, Decimal("60.0"), Decimal("72.3")),
        ("Pricing", 2, None, None),
    ]
    assert exec_.asked == ["/skills"]
    with pytest.raises(UserError, match="one skill at a time"):
        await figures(await asked(company, exec_, people=["ann"]))
