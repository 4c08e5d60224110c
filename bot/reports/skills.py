"""Exec's own proficiency scores by skill."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from math import ceil

import sqlalchemy as sa

from bot.errors import UserError
from bot.exec.client import PAGE_SIZE, Filters
from bot.exec.models import Proficiency, Skill, SkillSummary
from bot.language.query import Kind
from bot.reports._figures import mean, percent, rounded
from bot.reports._prepared import PreparedQuestion, Reads
from bot.reports._report import ENOUGH_PEOPLE, Column, Figures, Report
from bot.storage.tables import bundle

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
MOST_REQUESTS = 20
PROFICIENT = frozenset(("proficient", "excellent"))
TIERS = {"insufficient_data": "Not enough data"}
NEVER = "Not tried yet"


@dataclass(frozen=True, slots=True)
class SkillRow:
    """A skill. `people` have an observation, and `scored` of them a score. `score` is their mean,
    and `proficient` the percentage who are proficient or better. The other fields are one
    person's."""

    skill: str
    people: int = 0
    scored: int = 0
    score: Decimal | None = None
    proficient: Decimal | None = None
    tier: str = NEVER
    observations: int = 0
    last: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SkillFigures(Figures):
    """Skills, the strongest first; those without a score come last.

    `few` are the people behind rows or scores of fewer than three.
    """

    rows: tuple[SkillRow, ...] = ()
    is_of_one: bool = False
    few: frozenset[str] = frozenset()

    @property
    def ends(self) -> tuple[SkillRow, ...]:
        """The strongest and the weakest skill, among those with a score of one person or of three
        people and more; none if all scores are equal."""
        least = 1 if self.is_of_one else ENOUGH_PEOPLE
        enough = [row for row in self.rows if row.score is not None and row.scored >= least]
        return (enough[0], enough[-1]) if len({row.score for row in enough}) > 1 else ()


async def figures(q: PreparedQuestion) -> SkillFigures:
    """Exec's current scores: with one request for the company, otherwise one per skill and 100
    people.

    Raises ExecError, and UserError if that takes too many requests or leaves out a scenario.
    """
    if q.reads is None:
        raise ValueError("skills are read from Exec")
    named = {each.id for each in q.query.names if each.kind is Kind.SKILL}
    if q.query.excluded_scenarios:
        raise UserError("Exec's skill scores always cover all scenarios. Leave out the exclusion.")
    if q.query.people is None and not (q.query.groups or q.query.absent):
        filters = {"include": "proficiency"}
        found = await q.reads.client.all("/skills", Skill, q.reads.job, filters)
        return SkillFigures(
            rows=_ordered(_of_company(x) for x in found if not named or x.id in named)
        )
    bundles = await q.db.rows(sa.select(bundle).where(bundle.c.kind == Kind.SKILL.value))
    skills = [each for each in bundles if not named or each.id in named]
    people = [*q.subject.people]
    if len(skills) * ceil(len(people) / PAGE_SIZE) > MOST_REQUESTS:
        raise UserError(
            "That takes too many requests, because Exec has one skill at a time. Ask about one "
            "skill, or about fewer people."
        )
    rows: list[SkillRow] = []
    few: set[str] = set()
    for skill in skills:
        own = await _read(q, q.reads, skill.id, people)
        rows.append(_row(skill.name, own, is_of_one=q.is_of_one))
        for part in ({x.id for x in own}, {x.id for x in own if x.score is not None}):
            few |= part if len(part) < ENOUGH_PEOPLE and not q.is_of_one else set()
    return SkillFigures(rows=_ordered(rows), is_of_one=q.is_of_one, few=frozenset(few))


async def _read(
    q: PreparedQuestion, reads: Reads, skill_id: str, people: Sequence[str]
) -> list[Proficiency]:
    """The proficiency of these people at a skill."""
    found: list[Proficiency] = []
    for start in range(0, len(people), PAGE_SIZE):
        some = people[start : start + PAGE_SIZE]
        filters: Filters = {
            "user_ids": some,
            "exclude_system_users": not q.query.include_system,
        }
        rows = await reads.client.all(
            "/skills/{id}/proficiency", Proficiency, reads.job, filters, id_=skill_id
        )
        found += [each for each in rows if each.id in some]
    return found


def _row(name: str, found: Sequence[Proficiency], *, is_of_one: bool) -> SkillRow:
    """A skill of some people."""
    scores = [Decimal(repr(each.score)) for each in found if each.score is not None]
    good = sum(each.score is not None and each.tier in PROFICIENT for each in found)
    row = SkillRow(name, len(found), len(scores), mean(scores), percent(good, len(scores)))
    if not is_of_one or not found:
        return row
    own = found[0]
    tier = TIERS.get(own.tier, own.tier.replace("_", " ").capitalize())
    observations, last = own.observation_count, own.last_practiced_at
    return replace(row, tier=tier, observations=observations, last=last)


def _of_company(skill: Skill) -> SkillRow:
    """A skill in Exec's summary of the workspace."""
    summary = skill.proficiency_summary or SkillSummary()
    people, scored = summary.participant_count, summary.scored_participant_count
    # Without scored people, Exec has zeros.
    good, score = (summary.pct_proficient_plus, summary.avg_score) if scored else (None, None)
    return SkillRow(
        skill=skill.name or skill.id,
        people=people,
        scored=scored,
        score=None if score is None else rounded(score),
        proficient=None if good is None else Decimal(repr(good)),
    )


def _ordered(rows: Iterable[SkillRow]) -> tuple[SkillRow, ...]:
    """By score, then by name."""
    named = sorted(rows, key=lambda row: (row.skill.casefold(), row.skill))
    return tuple(sorted(named, key=lambda row: (row.score is None, -(row.score or 0))))


def public(found: SkillFigures) -> SkillFigures | None:
    """Counts and averages of three people or more."""
    rows = [
        row if row.scored >= ENOUGH_PEOPLE else replace(row, score=None, proficient=None)
        for row in found.rows
        if row.people >= ENOUGH_PEOPLE
    ]
    return None if found.is_of_one or not rows else replace(found, rows=_ordered(rows))


REPORT: Report[SkillFigures] = Report(
    name="skills",
    covers="skill best worst doing who-all struggle practice overview score",
    also=("strengths", "weaknesses"),
    forms=("skills [who] [where]", "skills skill:discovery [who] [where]"),
    help="People's current proficiency at each skill, as scored by Exec.",
    example="skills me",
    period="",
    of_sessions=False,
    filters=frozenset(("who", "group", "without", "skill", "system")),
    figures=figures,
    columns=lambda found: OF_ONE if found.is_of_one else OF_SEVERAL,
    public=public,
    named=lambda found: found.few,
)
