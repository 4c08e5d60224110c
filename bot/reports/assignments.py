"""Assignments, overdue first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from bot.language.days import day_start, zone_of
from bot.language.query import Due
from bot.reports._figures import percent
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
from bot.reports._tasks import Status, Task, read_tasks

COLUMNS = (
    WHO,
    Column("Scenario", "scenario", "name"),
    Column("Due", "due"),
    Column("Status", "status"),
    Column("Attempts", "attempts", "count"),
    Column("Best", "best", "score"),
)
WANTED = {
    None: frozenset(Status),
    Due.OVERDUE: frozenset((Status.OVERDUE, Status.NOT_PASSED)),
    Due.DUE: frozenset((Status.DUE,)),
    Due.OPEN: frozenset(Status) - {Status.DONE},
    Due.DONE: frozenset((Status.DONE,)),
}
OLD_AFTER = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class AssignmentFigures(Figures):
    """Assignments, overdue first.

    `counts` are by status, regardless of the filter, over so many `people`, including `coaches`,
    who have no row. `is_known` is False if they couldn't be read. `read_at` is set if they were
    read a while ago.
    """

    behind_all = "people"

    rows: Hidden[tuple[Task, ...]] = ()
    counts: Shown[Mapping[Status, int]] = field(default_factory=dict)
    people: Shown[int] = 0
    coaches: Hidden[int] = 0
    is_known: Shown[bool] = True
    read_at: Shown[datetime | None] = None

    @property
    def assigned(self) -> int:
        return sum(self.counts.values())

    @property
    def done_percent(self) -> Decimal | None:
        return percent(self.counts[Status.DONE], self.assigned)


async def figures(q: PreparedQuestion) -> AssignmentFigures:
    """The assignments that are due in the period, of people who are in Exec."""
    tasks = await read_tasks(q, q.subject.present)
    if tasks is None or q.tasks_at is None:
        return AssignmentFigures(is_known=False)
    tasks = [task for task in tasks if _is_in_period(q, task)]
    counts = Counter(task.status for task in tasks)
    people = {task.member_id for task in tasks}
    listed = [task for task in tasks if task.member_id in q.subject.listed]
    return AssignmentFigures(
        rows=tuple(task for task in listed if task.status in WANTED[q.query.due]),
        counts={status: counts[status] for status in Status},
        people=len(people),
        coaches=len(people - q.subject.listed.keys()),
        read_at=q.tasks_at if q.as_of - q.tasks_at >= OLD_AFTER else None,
    )


def _is_in_period(q: PreparedQuestion, task: Task) -> bool:
    """Whether its last day overlaps the period of the question."""
    period, place = q.query.period, zone_of(q.zone)
    if period is None:
        return True
    if task.due is None:
        return False
    starts_late = period.start is not None and day_start(task.due + DAY, place) <= period.start
    return not starts_late and (period.end is None or day_start(task.due, place) < period.end)


REPORT: Report[AssignmentFigures] = Report(
    name="assignments",
    covers="assignment due overdue finish not who-all next when practice doing start scenario "
    "done overview per-person session group share",
    also=("assignment", "tasks", "todo"),
    forms=("assignments [who] [scenario] [overdue, due, open or finished] [when]",),
    help="Assignments and their due dates, overdue first. The period filters by due date.",
    example="assignments overdue",
    period="",
    needs=frozenset((Need.TASKS,)),
    of_sessions=False,
    filters=ALL_BUT_RESULTS | {"due"},
    figures=figures,
    columns=lambda _: COLUMNS,
    is_nothing=lambda computed: computed.is_known and not computed.assigned,
    is_posted=True,
    named=lambda computed: {row.member_id for row in computed.rows},
)
