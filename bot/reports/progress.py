"""Progress of one person by scenario, or of several people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from bot.reports._figures import (
    BestAttempt,
    Lifts,
    Progress,
    grouped,
    lifts,
    named_bests,
    progress,
    read_link,
)
from bot.reports._prepared import PreparedQuestion
from bot.reports._public import Hidden, Shown
from bot.reports._report import (
    ALL_BUT_RESULTS,
    WHO,
    Column,
    Figures,
    Need,
    Report,
)
from bot.reports.course import Course, courses

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
    Column("First", "means.first", "score"),
    Column("Last", "means.last", "score"),
    Column("Lift", "lift", "signed"),
    Column("Last vs best", "means.last_vs_best", "signed"),
)


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """A person's progress on the scenarios that they practiced in the period."""

    member_id: str
    who: str
    scenarios: int
    attempts: int
    means: Lifts

    @property
    def lift(self) -> Decimal | None:
        return self.means.lift


@dataclass(frozen=True, kw_only=True)
class ProgressFigures(Figures):
    """Rows by lift, then by name: scenarios of one person (`of_one`), or people.

    There are `count` rows, and `lifts` are means over all of them. `courses` are people who are
    improving or slipping, None if not all of the eight weeks are stored. `below` is the scenario
    whose last attempt is furthest below the best, with its `link`.
    """

    rows: Hidden[tuple[Progress | ProgressRow, ...]] = ()
    of_one: Shown[bool] = False
    count: Shown[int] = 0
    lifts: Shown[Lifts] = field(default_factory=Lifts)
    courses: Hidden[tuple[Course, ...] | None] = None
    bests: Shown[tuple[BestAttempt, ...]] = ()
    below: Hidden[Progress | None] = None
    link: Hidden[str] = ""

    @property
    def improving(self) -> tuple[Course, ...]:
        """The people who are improving."""
        return tuple(course for course in self.courses or () if course.by > 0)


async def figures(q: PreparedQuestion) -> ProgressFigures:
    """The progress of one person, or of several."""
    people = q.subject.people if q.is_of_one else q.subject.listed
    progresses = await progress(q.db, q.history(), q.interval)
    progresses = [course for course in progresses if course.inside and course.member_id in people]
    own = grouped(progresses, "member_id")
    shown = {id_: person for id_, person in people.items() if id_ in own}
    rows: Sequence[Progress | ProgressRow] = progresses
    if not q.is_of_one:
        rows = [
            ProgressRow(
                id_, person.name, len(own[id_]), sum(x.attempts for x in own[id_]), lifts(own[id_])
            )
            for id_, person in shown.items()
        ]
    changed = await courses(q, shown)
    figures = ProgressFigures(
        rows=tuple(sorted(rows, key=_order)),
        of_one=q.is_of_one,
        count=len(rows),
        lifts=lifts(progresses),
        courses=None if changed is None else tuple(changed),
    )
    if not q.is_of_one:
        return replace(figures, bests=await named_bests(q))
    below = min(progresses, key=lambda course: course.last_vs_best or 0, default=None)
    if below is not None and below.last_vs_best:
        link = await read_link(q.db, below.scenario_id)
        return replace(figures, below=below, link=link)
    return figures


def _order(row: Progress | ProgressRow) -> tuple[bool, Decimal, str]:
    """By lift, then scenarios by name; people are sorted by name already."""
    name = row.scenario.casefold() if isinstance(row, Progress) else ""
    return row.lift is None, -(row.lift or Decimal()), name


REPORT: Report[ProgressFigures] = Report(
    name="progress",
    covers="improve slip pass score doing most who-all best practice average scenario session "
    "skill done overview per-person group",
    also=("lift", "improvement"),
    forms=("progress [who] [where] [what] [when]",),
    help="How far people have come on each scenario: first, last and best score; the last 30 days "
    "unless you say otherwise.",
    example="progress @jane this quarter",
    filters=ALL_BUT_RESULTS,
    figures=figures,
    needs=frozenset((Need.UNNAMED,)),
    columns=lambda computed: OF_ONE if computed.of_one else OF_PEOPLE,
    is_nothing=lambda computed: not computed.count,
    is_posted=True,
    for_channel=lambda computed: None if computed.of_one else computed,
    named=lambda computed: {row.member_id for row in (*computed.rows, *computed.bests)},
)
