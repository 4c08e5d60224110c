"""How far people came: one person scenario by scenario, or several with a row each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from bot.language.query import Member
from bot.reports._asked import Asked
from bot.reports._figures import (
    Best,
    Lifts,
    Progress,
    last_sessions,
    lifts,
    named_bests,
    progress,
    scenario_links,
)
from bot.reports._report import (
    ALL_BUT_RESULTS,
    ENOUGH_PEOPLE,
    WHO,
    Column,
    Figures,
    Report,
    Whose,
)
from bot.reports.course import Course, compared, courses

OF_ONE = (
    Column("Scenario", "scenario", "name"),
    Column("Attempts", "attempts", "count"),
    Column("First", "first", "score"),
    Column("Last", "last", "score"),
    Column("Best", "best", "score"),
    Column("Lift", "lift", "signed"),
)
OF_PEOPLE = (
    WHO,
    Column("Scenarios", "scenarios", "count"),
    Column("Attempts", "attempts", "count"),
    Column("First", "first", "score"),
    Column("Last", "last", "score"),
    Column("Lift", "lift", "signed"),
    Column("Last vs best", "last_vs_best", "signed"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A person on the scenarios that they practiced in the period, with their graded attempts.

    The other figures are means over the scenarios with two attempts or more.
    """

    member_id: str
    who: str
    scenarios: int
    attempts: int
    first: Decimal | None
    last: Decimal | None
    lift: Decimal | None
    last_vs_best: Decimal | None


@dataclass(frozen=True, kw_only=True)
class ProgressFigures(Figures):
    """The furthest first, then by name: scenarios of one person (`of_one`), or people.

    `count` rows there are. `lifts` are means over all of them. `courses` are of people who improve
    or slip, None if the eight weeks they are read from aren't all known. `below` is the scenario on
    which the last attempt is furthest below the best, practiced at `link`. `last` is when one
    person without a graded session in the period practiced last.
    """

    rows: tuple[Progress | Row, ...] = ()
    of_one: bool = False
    count: int = 0
    lifts: Lifts = field(default_factory=Lifts)
    courses: tuple[Course, ...] | None = None
    bests: tuple[Best, ...] = ()
    below: Progress | None = None
    link: str = ""
    last: datetime | None = None
    is_public: bool = False

    @property
    def improving(self) -> tuple[Course, ...]:
        """The courses that go up."""
        return tuple(each for each in self.courses or () if each.by > 0)


async def figures(q: Asked) -> ProgressFigures:
    """The progress of one person, or of several."""
    people = q.subject.people if q.is_of_one else q.subject.listed
    found = [
        each
        for each in await progress(q.db, q.history(), q.interval)
        if each.inside and each.member_id in people
    ]
    rows: Sequence[Progress | Row] = found if q.is_of_one else _people(people, found)
    practiced = {each.member_id for each in found}
    shown = {id_: each for id_, each in people.items() if id_ in practiced}
    is_known = q.covers(compared(q))
    figures = ProgressFigures(
        rows=tuple(sorted(rows, key=_order)),
        of_one=q.is_of_one,
        count=len(rows),
        lifts=lifts(found),
        courses=tuple(await courses(q, shown, q.history())) if is_known else None,
    )
    if q.is_of_one and not found:
        last = await last_sessions(q.db, q.history())
        return replace(figures, last=max(last.values(), default=None))
    if q.is_of_one:
        return await _with_below(q, figures, found)
    return replace(figures, bests=tuple(await named_bests(q)))


def _people(people: Mapping[str, Member], found: Sequence[Progress]) -> list[Row]:
    """A row per person, by name."""
    own: dict[str, list[Progress]] = {}
    for each in found:
        own.setdefault(each.member_id, []).append(each)
    return [_row(person, own[id_]) for id_, person in people.items() if id_ in own]


def _row(person: Member, found: Sequence[Progress]) -> Row:
    came = lifts(found)
    return Row(
        member_id=person.id,
        who=person.name,
        scenarios=len(found),
        attempts=sum(each.attempts for each in found),
        first=came.first,
        last=came.last,
        lift=came.lift,
        last_vs_best=came.last_vs_best,
    )


def _order(row: Progress | Row) -> tuple[bool, Decimal, str]:
    """The furthest first; scenarios by name then, as people are already."""
    name = row.scenario.casefold() if isinstance(row, Progress) else ""
    return row.lift is None, -(row.lift or Decimal()), name


async def _with_below(
    q: Asked, figures: ProgressFigures, found: Sequence[Progress]
) -> ProgressFigures:
    """With the scenario whose last attempt is furthest below the best, if any is."""
    below = min(found, key=lambda each: each.last_vs_best or 0, default=None)
    if below is None or not below.last_vs_best:
        return figures
    links = await scenario_links(q.db, {below.scenario_id})
    return replace(figures, below=below, link=links.get(below.scenario_id, ""))


def public(found: ProgressFigures) -> ProgressFigures | None:
    """New personal bests, and the mean lift of three people or more; nothing of one person."""
    if found.of_one:
        return None
    bests = tuple(replace(each, who=each.name) for each in found.bests)
    mean = found.lifts if found.lifts.people >= ENOUGH_PEOPLE else Lifts()
    return replace(found, rows=(), lifts=mean, courses=None, bests=bests, is_public=True)


REPORT: Report[ProgressFigures] = Report(
    name="progress",
    tells="improve slip pass score doing most who-all best practice average scenario session "
    "skill done overview per-person group",
    neighbor="team",
    also=("lift", "improvement"),
    forms=("progress [who] [where] [what] [when]",),
    help="How far people have come on each scenario: first, last and best score; the last 30 days "
    "unless you say otherwise.",
    example="progress @jane this quarter",
    whose=Whose.COACHED,
    filters=ALL_BUT_RESULTS,
    figures=figures,
    columns=lambda found: OF_ONE if found.of_one else OF_PEOPLE,
    is_nothing=lambda found: not found.count,
    public=public,
    named=lambda found: {row.member_id for row in (*found.rows, *found.bests)},
)
