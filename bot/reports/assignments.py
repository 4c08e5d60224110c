"""What people have to practice and by when, overdue first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from bot.language.days import day_start, zone_of
from bot.language.query import Due
from bot.reports._asked import Asked
from bot.reports._figures import percent
from bot.reports._report import (
    ALL_BUT_RESULTS,
    ENOUGH_PEOPLE,
    WHO,
    Column,
    Figures,
    Need,
    Report,
    Whose,
)
from bot.reports._tasks import Status, Task, read_tasks

COLUMNS = (
    WHO,
    Column("Scenario", "scenario", "name"),
    Column("Due", "due", "day"),
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
# The person can still do something about these.
LEFT = frozenset((Status.OVERDUE, Status.DUE, Status.OPEN))
MOST_LINKS = 3
OLD_AFTER = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Assignments(Figures):
    """Assignments, overdue first.

    `counts` are those of all of them by status, whichever were asked for, of so many `people`;
    `coaches` of these have no row. Not `is_known` if they couldn't be read; `read_at` is when they
    were, if that was long ago. `practice_next` are those of one person that have a link.
    """

    rows: tuple[Task, ...] = ()
    counts: Mapping[Status, int] = field(default_factory=dict)
    due: Due | None = None
    people: int = 0
    coaches: int = 0
    is_known: bool = True
    read_at: datetime | None = None
    practice_next: tuple[Task, ...] = ()

    @property
    def all(self) -> int:
        return sum(self.counts.values())

    @property
    def done_percent(self) -> Decimal | None:
        return percent(self.counts[Status.DONE], self.all)


async def figures(q: Asked) -> Assignments:
    """The assignments of the people who are in Exec that are due in the period."""
    tasks = await read_tasks(q, q.subject.present)
    if tasks is None or q.tasks_at is None:
        return Assignments(due=q.query.due, is_known=False)
    tasks = [each for each in tasks if _is_in_period(q, each)]
    counts = Counter(each.status for each in tasks)
    people = {each.member_id for each in tasks}
    listed = [each for each in tasks if each.member_id in q.subject.listed]
    rows = tuple(each for each in listed if each.status in WANTED[q.query.due])
    return Assignments(
        rows=rows,
        counts={status: counts[status] for status in Status},
        due=q.query.due,
        people=len(people),
        coaches=len(people - q.subject.listed.keys()),
        read_at=q.tasks_at if q.as_of - q.tasks_at >= OLD_AFTER else None,
        practice_next=_practice_next(rows) if q.is_of_one else (),
    )


def _is_in_period(q: Asked, task: Task) -> bool:
    """Whether its last day lies in the period of the question, at least in part."""
    period, place = q.query.period, zone_of(q.zone)
    if period is None:
        return True
    if task.due is None:
        return False
    starts_late = period.start is not None and day_start(task.due + DAY, place) <= period.start
    return not starts_late and (period.end is None or day_start(task.due, place) < period.end)


def _practice_next(rows: tuple[Task, ...]) -> tuple[Task, ...]:
    """The first assignments that can be practiced now, one for each scenario."""
    first: dict[str, Task] = {}
    for each in rows:
        if each.link and each.status in LEFT:
            first.setdefault(each.link, each)
    return tuple(first.values())[:MOST_LINKS]


def public(found: Assignments) -> Assignments | None:
    """Counts of three people or more."""
    if found.people < ENOUGH_PEOPLE:
        return None
    return replace(found, rows=(), practice_next=(), coaches=0)


REPORT: Report[Assignments] = Report(
    name="assignments",
    tells="assignment due overdue finish not who-all next when practice doing start scenario "
    "done overview per-person session group share",
    also=("assignment", "tasks", "todo"),
    forms=("assignments [who] [scenario] [overdue, due, open or finished] [when]",),
    help="What people have to practice and by when, overdue first. The period filters by due date.",
    example="assignments overdue",
    whose=Whose.COACHED,
    period="",
    needs=frozenset((Need.TASKS,)),
    of_sessions=False,
    dues=True,
    filters=ALL_BUT_RESULTS - {"session"},
    figures=figures,
    columns=lambda _: COLUMNS,
    is_nothing=lambda found: found.is_known and not found.all,
    public=public,
    named=lambda found: {row.member_id for row in found.rows},
)
