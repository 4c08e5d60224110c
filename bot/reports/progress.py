"""Progress of one person by scenario, or of several people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from bot.language.query import Member
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
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import (
    ALL_BUT_RESULTS,
    ENOUGH_PEOPLE,
    WHO,
    Column,
    DefaultPeople,
    Figures,
    Report,
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
    """A person's progress on the scenarios that they practiced in the period.

    `first`, `last`, `lift` and `last_vs_best` are means over scenarios with at least two attempts.
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
    """Rows by lift, then by name: scenarios of one person (`of_one`), or people.

    There are `count` rows, and `lifts` are means over all of them. `courses` are people who are
    improving or slipping, None if not all of the eight weeks are stored. `below` is the scenario
    whose last attempt is furthest below the best, with its `link`. `last` is the last session of
    one person without a graded session in the period.
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
        """The people who are improving."""
        return tuple(each for each in self.courses or () if each.by > 0)


async def figures(q: PreparedQuestion) -> ProgressFigures:
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
    means = lifts(found)
    return Row(
        member_id=person.id,
        who=person.name,
        scenarios=len(found),
        attempts=sum(each.attempts for each in found),
        first=means.first,
        last=means.last,
        lift=means.lift,
        last_vs_best=means.last_vs_best,
    )


def _order(row: Progress | Row) -> tuple[bool, Decimal, str]:
    """By lift, then scenarios by name; people are sorted by name already."""
    name = row.scenario.casefold() if isinstance(row, Progress) else ""
    return row.lift is None, -(row.lift or Decimal()), name


async def _with_below(
    q: PreparedQuestion, figures: ProgressFigures, found: Sequence[Progress]
) -> ProgressFigures:
    """Set the scenario whose last attempt is furthest below the best."""
    below = min(found, key=lambda each: each.last_vs_best or 0, default=None)
    if below is None or not below.last_vs_best:
        return figures
    links = await scenario_links(q.db, {below.scenario_id})
    return replace(figures, below=below, link=links.get(below.scenario_id, ""))


def public(found: ProgressFigures) -> ProgressFigures | None:
    """New personal bests, and the mean lift of three people or more; None for one person."""
    if found.of_one:
        return None
    bests = tuple(replace(each, who=each.name) for each in found.bests)
    mean = found.lifts if found.lifts.people >= ENOUGH_PEOPLE else Lifts()
    return replace(found, rows=(), lifts=mean, courses=None, bests=bests, is_public=True)


REPORT: Report[ProgressFigures] = Report(
    name="progress",
    covers="improve slip pass score doing most who-all best practice average scenario session "
    "skill done overview per-person group",
    also=("lift", "improvement"),
    forms=("progress [who] [where] [what] [when]",),
    help="How far people have come on each scenario: first, last and best score; the last 30 days "
    "unless you say otherwise.",
    example="progress @jane this quarter",
    default_people=DefaultPeople.COACHED,
    filters=ALL_BUT_RESULTS,
    figures=figures,
    columns=lambda found: OF_ONE if found.of_one else OF_PEOPLE,
    is_nothing=lambda found: not found.count,
    public=public,
    named=lambda found: {row.member_id for row in (*found.rows, *found.bests)},
)
