"""The people a coach should talk to, with the reasons. Only the coach sees it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from bot.language.query import Member
from bot.reports._figures import (
    MOST_BESTS,
    BestAttempt,
    GoldAttempt,
    first_golds,
    last_sessions,
    personal_bests,
    tally_people,
)
from bot.reports._prepared import LastNudge, PreparedQuestion
from bot.reports._report import ALL_BUT_RESULTS, Figures, Need, Report
from bot.reports._tasks import Status, Task, due_soon, read_tasks, with_status
from bot.reports.course import Course, courses
from bot.storage.tables import member

COURSE = "course"  # the fact that somebody is improving or slipping
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class ReasonKind(StrEnum):
    """The most urgent reason to talk to a person, in the order of the list."""

    SILENT = "silent"
    TASKS = "tasks"
    SLIPPING = "slipping"
    PRAISE = "praise"


@dataclass(frozen=True, slots=True)
class CoachRow:
    """A person to talk to, with every reason.

    `silent`: they have no session in the period. Then `last` is their last session before it, None
    if none is on record. `gold` is their newest first gold in a scenario.
    """

    member_id: str
    who: str
    silent: bool = False
    last: datetime | None = None
    not_passed: tuple[Task, ...] = ()
    overdue: tuple[Task, ...] = ()
    course: Course | None = None
    gold: GoldAttempt | None = None
    best: BestAttempt | None = None
    nudged: LastNudge | None = None

    @property
    def kind(self) -> ReasonKind | None:
        """The most urgent reason; None if there is none."""
        if self.silent:
            return ReasonKind.SILENT
        if self.not_passed or self.overdue:
            return ReasonKind.TASKS
        if self.course and self.course.by < 0:
            return ReasonKind.SLIPPING
        return ReasonKind.PRAISE if self.gold or self.course or self.best else None

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts about them as text, which stays the same while a fact isn't new."""
        facts = ["silent"] if self.silent else []
        facts += [f"not passed {task.id}" for task in self.not_passed]
        facts += [f"overdue {task.id}" for task in self.overdue]
        facts += [COURSE] if self.course else []
        facts += [f"gold {self.gold.scenario}"] if self.gold else []
        return (*facts, f"best {self.best}") if self.best else tuple(facts)


@dataclass(frozen=True, kw_only=True)
class CoachFigures(Figures):
    """A coach's people. `rows` are those to talk to, the most urgent first.

    `practiced` of the `expected` people have a session. These include the coach if it
    `includes_reader`, and `coaches` others, who aren't listed. `joined` are the names of people who
    joined in the period and aren't expected. `after_nudges` are people who practiced after a nudge,
    without another reason. `due_soon` is None if assignments aren't known.
    """

    rows: tuple[CoachRow, ...] = ()
    expected: int = 0
    practiced: int = 0
    includes_reader: bool = False
    coaches: int = 0
    joined: tuple[str, ...] = ()
    after_nudges: tuple[CoachRow, ...] = ()
    due_soon: tuple[Task, ...] | None = None

    @property
    def lines(self) -> tuple[tuple[CoachRow, ...], ...]:
        """The rows by kind; the most urgent one comes first, alone, unless it is praise."""
        first = 1 if self.rows and self.rows[0].kind is not ReasonKind.PRAISE else 0
        rest = [tuple(row for row in self.rows[first:] if row.kind is kind) for kind in ReasonKind]
        return tuple(line for line in (self.rows[:first], *rest) if line)

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to say about anybody."""
        return not (self.rows or self.due_soon or self.after_nudges)


async def figures(
    q: PreparedQuestion, *, coach: str = "", mentioned: Collection[str] = frozenset()
) -> CoachFigures:
    """The people in question, for the coach with this Exec id.

    `mentioned` people were already reported as improving or slipping, so they aren't again.
    """
    present = q.subject.present
    listed = {id_: person for id_, person in q.subject.listed.items() if id_ != coach}
    joined = await q.db.scalars(
        sa.select(member.c.id).where(member.c.joined_at >= q.interval.start)
    )
    expected = present.keys() - set(joined)
    active = await tally_people(q.db, q.filters())
    tasks = await read_tasks(q, listed)
    rows = [
        replace(
            row,
            silent=row.member_id in expected - active.keys(),
            course=None if row.member_id in mentioned else row.course,
            nudged=q.nudges.get(row.member_id),
        )
        for row in await read_rows(q, listed, tasks)
    ]
    others = [row for row in rows if row.kind is None and row.nudged and row.nudged.practiced]
    return CoachFigures(
        rows=tuple(sorted((row for row in rows if row.kind), key=_urgency)),
        expected=len(expected),
        practiced=len(expected & active.keys()),
        includes_reader=coach in expected,
        coaches=len(expected - listed.keys() - {coach}),
        joined=tuple(person.name for id_, person in listed.items() if id_ not in expected),
        after_nudges=tuple(others),
        due_soon=due_soon(tasks, q),
    )


async def read_rows(
    q: PreparedQuestion, people: Mapping[str, Member], tasks: Collection[Task] | None
) -> list[CoachRow]:
    """A row for each of these people: what they did and have to do."""
    last = await last_sessions(q.db, q.history())
    moves = {course.member_id: course for course in await courses(q, people) or ()}
    golds = {gold.member_id: gold for gold in await first_golds(q, people)}
    bests = {best.member_id: best for best in (await personal_bests(q, people))[:MOST_BESTS]}
    failed, late = with_status(tasks, Status.NOT_PASSED), with_status(tasks, Status.OVERDUE)
    return [
        CoachRow(
            member_id=id_,
            who=person.name,
            last=last.get(id_),
            not_passed=tuple(task for task in failed if task.member_id == id_),
            overdue=tuple(task for task in late if task.member_id == id_),
            course=moves.get(id_),
            gold=golds.get(id_),
            best=bests.get(id_),
        )
        for id_, person in people.items()
    ]


def _urgency(row: CoachRow) -> tuple[Any, ...]:
    """The most urgent kind first; in it, who failed or is late, then the longest silence, first
    golds and the largest change."""
    return (
        [*ReasonKind].index(row.kind or ReasonKind.PRAISE),
        not row.not_passed,
        not row.overdue,
        row.last or LONG_AGO if row.silent else LONG_AGO,
        row.gold is None,
        -max(abs(row.course.by) if row.course else 0, row.best.gain if row.best else 0),
    )


REPORT: Report[CoachFigures] = Report(
    name="coach",
    help="Who to talk to, and why: who is slipping, who hasn't practiced, what is overdue.",
    example="coach",
    period="last week",
    needs=frozenset((Need.TASKS,)),
    filters=ALL_BUT_RESULTS,
    figures=figures,
    is_nothing=lambda computed: computed.is_quiet,
    coaches_only=True,
    has_command=False,
)
