"""How good people are at skills, by Exec's own proficiency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.reports.change import in_tenths
from bot.reports.facts import Facts, InSkill
from bot.reports.figures import known, mean
from bot.reports.highlights import ENOUGH_PEOPLE
from bot.reports.report import Column, Report, Table

PROFICIENT = frozenset(("proficient", "excellent"))
_TIERS = {"insufficient_data": "Not enough data"}
NEVER = "Not tried yet"


@dataclass(frozen=True, slots=True)
class SkillRow:
    """A skill. `score` is a person's, or the average over the `scored` of its `people`, those
    with an observation; None where too few were observed, or it is not told.

    Of a person also `tier`, in words, the number of `observations`, and the moment of the `last`.
    Of several, `good` is the percentage of the scored who are proficient or better.
    """

    name: str
    score: float | None
    people: int = 0
    scored: int = 0
    good: float | None = None
    tier: str = ""
    observations: int = 0
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class SkillFigures:
    """Skills, the strongest first, then by name; those without a score come last.

    `of_one`: they are one person's. `strongest` and `weakest` are named only where their scores
    differ, and of several people where enough have a score.
    """

    rows: tuple[SkillRow, ...]
    of_one: bool
    strongest: SkillRow | None = None
    weakest: SkillRow | None = None


async def _figures(facts: Facts) -> SkillFigures:
    people = facts.query.people
    of_one = people is not None and len(people) == 1
    made = (_of_one(skill) if of_one else _of_several(skill) for skill in await facts.skills())
    return _standing_out(SkillFigures(_ordered(made), of_one))


def _of_one(skill: InSkill) -> SkillRow:
    for each in skill.people[:1]:
        tier = _TIERS.get(each.tier, each.tier.replace("_", " ").capitalize())
        count = each.observation_count or 0
        score = known(each.score)
        last = each.last_practiced_at
        return SkillRow(skill.name, score, 1, int(score is not None), None, tier, count, last)
    return SkillRow(skill.name, None, tier=NEVER)


def _of_several(skill: InSkill) -> SkillRow:
    if (told := skill.summary) is not None:
        scored = told.scored_participant_count or 0
        return SkillRow(
            skill.name,
            known(told.avg_score) if scored else None,
            told.participant_count or 0,
            scored,
            known(told.pct_proficient_plus) if scored else None,
        )
    own = [(score, each) for each in skill.people if (score := known(each.score)) is not None]
    if not own:
        return SkillRow(skill.name, None, len(skill.people))
    good = sum(each.tier in PROFICIENT for _, each in own)
    return SkillRow(
        skill.name,
        mean([score for score, _ in own]),
        len(skill.people),
        len(own),
        100 * good / len(own),
    )


def _ordered(rows: Iterable[SkillRow]) -> tuple[SkillRow, ...]:
    def place(row: SkillRow) -> tuple[bool, float, str, str]:
        return (row.score is None, -in_tenths(row.score or 0.0), row.name.casefold(), row.name)

    return tuple(sorted(rows, key=place))


def _standing_out(found: SkillFigures) -> SkillFigures:
    """With the strongest and the weakest of those that may be named."""
    least = 1 if found.of_one else ENOUGH_PEOPLE
    rows = [row for row in found.rows if row.score is not None and row.scored >= least]
    if len({in_tenths(row.score or 0.0) for row in rows}) < 2:
        return replace(found, strongest=None, weakest=None)
    return replace(found, strongest=rows[0], weakest=rows[-1])


def _table(found: SkillFigures) -> Table:
    if found.of_one:
        return Table(
            (
                Column("Skill", "name"),
                Column("Score", "score"),
                Column("Tier", "text"),
                Column("Observations", "count"),
                Column("Last practiced", "moment"),
            ),
            tuple(
                (row.name, row.score, row.tier, row.observations, row.last) for row in found.rows
            ),
        )
    return Table(
        (
            Column("Skill", "name"),
            Column("People", "count"),
            Column("Proficient or better", "percent"),
            Column("Average", "average"),
        ),
        tuple((row.name, row.people, row.good, row.score) for row in found.rows),
    )


def _public(found: SkillFigures) -> SkillFigures | None:
    """Without results of so few people that each could compute another one's; nothing of one."""
    if found.of_one:
        return None
    rows = (
        row if row.scored >= ENOUGH_PEOPLE else replace(row, score=None, good=None)
        for row in found.rows
    )
    return _standing_out(replace(found, rows=_ordered(rows)))


REPORT: Report[SkillFigures] = Report(
    name="skills",
    also=("strengths", "weaknesses"),
    forms=("skills [who] [where]", "skills skill:discovery [who] [where]"),
    help="How good people are at each skill, by Exec's own proficiency, now.",
    example="skills me",
    period="",
    by_exec=True,
    filters=frozenset(("who", "group", "without", "skill", "system")),
    kind=SkillFigures,
    figures=_figures,
    table=_table,
    public=_public,
    named=lambda _found: (),
)
