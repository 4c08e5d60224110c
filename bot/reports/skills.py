"""Exec's own proficiency scores by skill."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Annotated, TypeVar

from bot.exec.models import SkillSummary
from bot.reports._figures import mean, percent, rounded
from bot.reports._prepared import PreparedQuestion, SkillScores
from bot.reports._public import ENOUGH_PEOPLE, Hidden, Mark, Shown
from bot.reports._report import Column, Figures, Need, Report

OF_ONE = (
    Column("Skill", "skill", "name"),
    Column("Score", "score", "score"),
    Column("Tier", "tier"),
    Column("Observations", "observations", "count"),
    Column("Last practiced", "last"),
)
OF_SEVERAL = (
    Column("Skill", "skill", "name"),
    Column("People", "people", "count"),
    Column("Proficient or better", "proficient", "percent"),
    Column("Average", "score", "score"),
)
PROFICIENT = frozenset(("proficient", "excellent"))
TIERS = {"insufficient_data": "Not enough data"}
NEVER = "Not tried yet"


T = TypeVar("T")
OfScored = Annotated[T, Mark(behind="scored")]


@dataclass(frozen=True, slots=True)
class SkillRow:
    """A skill. `people` have an observation, and `scored` of them a score. `score` is their mean,
    and `proficient` the percentage who are proficient or better. The other fields are one
    person's."""

    skill: Shown[str]
    people: Shown[int] = 0
    scored: Shown[int] = 0
    score: OfScored[Decimal | None] = None
    proficient: OfScored[Decimal | None] = None
    tier: Hidden[str] = NEVER
    observations: Hidden[int] = 0
    last: Hidden[datetime | None] = None


@dataclass(frozen=True, kw_only=True)
class SkillFigures(Figures):
    """Skills, the strongest first; those without a score come last.

    `few` are the people behind rows or scores of fewer than three.
    """

    rows: Shown[tuple[SkillRow, ...]] = ()
    is_of_one: Shown[bool] = False
    few: Hidden[frozenset[str]] = frozenset()

    @property
    def ends(self) -> tuple[SkillRow, ...]:
        """The strongest and the weakest skill, among those with a score of one person or of three
        people and more; none if all scores are equal."""
        least = 1 if self.is_of_one else ENOUGH_PEOPLE
        enough = [row for row in self.rows if row.score is not None and row.scored >= least]
        return (enough[0], enough[-1]) if len({row.score for row in enough}) > 1 else ()


async def figures(q: PreparedQuestion) -> SkillFigures:
    """Exec's current scores, of the workspace or of the people in question."""
    rows = [
        _of_company(skill.name, skill.summary) if skill.summary else _of_people(q, skill)
        for skill in q.skills
    ]
    few = set[str]()
    for skill in () if q.is_of_one else q.skills:
        tried = {score.id for score in skill.people}
        scored = {score.id for score in skill.people if score.score is not None}
        few.update(*(ids for ids in (tried, scored) if len(ids) < ENOUGH_PEOPLE))
    return SkillFigures(rows=_ordered(rows), is_of_one=q.is_of_one, few=frozenset(few))


def _of_people(q: PreparedQuestion, skill: SkillScores) -> SkillRow:
    """A skill of the people in question."""
    people = skill.people
    scored = [own for own in people if own.score is not None]
    average = mean([Decimal(repr(own.score)) for own in scored])
    good = percent(sum(own.tier in PROFICIENT for own in scored), len(scored))
    row = SkillRow(skill.name, len(people), len(scored), average, good)
    if not q.is_of_one or not people:
        return row
    own = people[0]
    tier = TIERS.get(own.tier, own.tier.replace("_", " ").capitalize())
    observations, last = own.observation_count, own.last_practiced_at
    return replace(row, tier=tier, observations=observations, last=last)


def _of_company(name: str, summary: SkillSummary) -> SkillRow:
    """A skill in Exec's summary of the workspace."""
    people, scored = summary.participant_count, summary.scored_participant_count
    # Without scored people, Exec has zeros.
    good, score = (summary.pct_proficient_plus, summary.avg_score) if scored else (None, None)
    return SkillRow(
        skill=name,
        people=people,
        scored=scored,
        score=None if score is None else rounded(score),
        proficient=None if good is None else Decimal(repr(good)),
    )


def _ordered(rows: Iterable[SkillRow]) -> tuple[SkillRow, ...]:
    """By score, then by name."""
    named = sorted(rows, key=lambda row: (row.skill.casefold(), row.skill))
    return tuple(sorted(named, key=lambda row: (row.score is None, -(row.score or 0))))


def for_channel(computed: SkillFigures) -> SkillFigures | None:
    """Skills that fewer than three people have a score in come last, because the order would tell
    it; None if too few tried any."""
    shown = [row for row in computed.rows if row.people >= ENOUGH_PEOPLE]
    shown.sort(key=lambda row: row.scored < ENOUGH_PEOPLE)
    return None if computed.is_of_one or not shown else replace(computed, rows=tuple(shown))


REPORT: Report[SkillFigures] = Report(
    name="skills",
    covers="skill best worst doing who-all struggle practice overview score",
    also=("strengths", "weaknesses"),
    forms=("skills [who] [where]", "skills skill:discovery [who] [where]"),
    help="People's current proficiency at each skill, as scored by Exec.",
    example="skills me",
    period="",
    needs=frozenset((Need.SKILLS,)),
    of_sessions=False,
    filters=frozenset(("who", "group", "without", "skill", "system")),
    figures=figures,
    columns=lambda computed: OF_ONE if computed.is_of_one else OF_SEVERAL,
    is_posted=True,
    for_channel=for_channel,
    named=lambda computed: computed.few,
)
