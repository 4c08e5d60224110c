"""What people have to practice by when, and how far they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.exec_api.models import Assignment
from bot.language.query import Due, ResolvedQuery
from bot.reports.facts import Facts, InQuestion
from bot.reports.figures import known
from bot.reports.highlights import ENOUGH_PEOPLE
from bot.reports.intervals import EVER, Window
from bot.reports.report import WHO, Column, Report, Table, Whose
from bot.reports.rows import by_id, by_name, disambiguated_names, unique_assignments
from bot.reports.tasks import Task, tasks_of


class AssignmentStatus(StrEnum):
    """How far an assignment is, as it is told; the order is that of the rows."""

    OVERDUE = "overdue"
    NOT_PASSED = "did not pass"
    DUE = "due"
    OPEN = "no date"
    DONE = "done"


# With these something can be done yet.
LEFT = frozenset((AssignmentStatus.OVERDUE, AssignmentStatus.DUE, AssignmentStatus.OPEN))
MOST_LINKED = 3
ASKED = {
    Due.OVERDUE: (AssignmentStatus.OVERDUE, AssignmentStatus.NOT_PASSED),
    Due.DUE: (AssignmentStatus.DUE,),
}


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """An assignment of the person with this Exec id and name; `due` is the last moment in time
    for it, `best` the best score so far. `link` is where the scenario is practiced, "" where that
    is not known."""

    person_id: str
    name: str
    scenario: str
    due: datetime | None
    status: AssignmentStatus
    attempts: int
    best: float | None
    link: str = ""


@dataclass(frozen=True, slots=True)
class AssignmentFigures:
    """Assignments of `people`, overdue ones first, then by date and name; not `is_known` where
    they could not be read. `counts` are those of all of them by status, whichever were asked for;
    `hidden` where they are not told of so few people."""

    rows: tuple[AssignmentRow, ...]
    counts: dict[AssignmentStatus, int]
    people: int
    is_known: bool = True
    hidden: bool = False

    @property
    def to_practice(self) -> tuple[AssignmentRow, ...]:
        """What one person can practice next, where that is known; of several people nothing."""
        first: dict[str, AssignmentRow] = {}
        for row in self.rows if self.people == 1 else ():
            if row.link and row.status in LEFT:
                first.setdefault(row.link, row)
        return tuple(first.values())[:MOST_LINKED]

    @property
    def is_nothing(self) -> bool:
        """There is no assignment of theirs."""
        return self.is_known and not self.hidden and not any(self.counts.values())


async def _figures(facts: Facts) -> AssignmentFigures:
    people, tasks = await facts.people(), await facts.tasks()
    links = await facts.links(tasks or ())
    return await facts.compute(_assignments, people, tasks, links, facts.query, facts.window)


def _assignments(
    asked: InQuestion,
    assigned: tuple[Assignment, ...] | None,
    links: Mapping[str, str],
    query: ResolvedQuery,
    window: Window,
) -> AssignmentFigures:
    people = by_id(asked.everyone)
    if assigned is None:
        return AssignmentFigures((), {}, len(people), is_known=False)
    tasks = tasks_of(assigned, people, window.now, window.zone)
    known_as = {
        **{task.id: (AssignmentStatus.OVERDUE, task) for task in tasks.overdue},
        **{task.id: (AssignmentStatus.NOT_PASSED, task) for task in tasks.not_passed},
        **{task.id: (AssignmentStatus.DUE, task) for task in tasks.due},
    }
    names = disambiguated_names(people.values())
    found: list[tuple[AssignmentRow, tuple[str, ...]]] = []
    for row in unique_assignments(assigned):
        if row.user.id in people and _is_asked(row, query):
            status, task = known_as.get(row.id, (_of_others(row), None))
            made = _row(row, status, task, names[row.user.id], links)
            found.append((made, by_name(people[row.user.id])))
    counts = {status: sum(row.status is status for row, _ in found) for status in AssignmentStatus}
    wanted = ASKED[query.due] if query.due else tuple(AssignmentStatus)
    order = list(AssignmentStatus)
    found = [each for each in found if each[0].status in wanted]
    found.sort(
        key=lambda each: (
            order.index(each[0].status),
            each[0].due or window.now,
            each[1],
            each[0].scenario,
        )
    )
    return AssignmentFigures(tuple(row for row, _ in found), counts, len(people))


def _is_asked(row: Assignment, query: ResolvedQuery) -> bool:
    """Whether it is of the scenarios and of the time that are asked about."""
    if not query.is_about(row.scenario.id):
        return False
    period = query.period
    if period is None:
        return True
    due = row.due_date
    return (
        due is not None
        and (period.start or EVER) <= due
        and (period.end is None or due < period.end)
    )


def _of_others(row: Assignment) -> AssignmentStatus:
    return AssignmentStatus.DONE if row.status == "completed" else AssignmentStatus.OPEN


def _row(
    row: Assignment,
    status: AssignmentStatus,
    task: Task | None,
    name: str,
    links: Mapping[str, str],
) -> AssignmentRow:
    return AssignmentRow(
        person_id=row.user.id,
        name=name,
        scenario=row.scenario.name.strip() or row.scenario.slug.strip(),
        due=row.due_date if task is None else task.due,
        status=status,
        attempts=row.attempt_count,
        best=known(row.best_score),
        link=links.get(row.scenario.id, ""),
    )


def _table(found: AssignmentFigures) -> Table:
    return Table(
        (
            WHO,
            Column("Scenario", "name"),
            Column("Due", "day"),
            Column("Status", "text"),
            Column("Attempts", "count"),
            Column("Best", "score"),
        ),
        tuple(
            (row.name, row.scenario, row.due, row.status.value, row.attempts, row.best)
            for row in found.rows
        ),
    )


def _public(found: AssignmentFigures) -> AssignmentFigures:
    """Counts, of three people or more."""
    if found.people < ENOUGH_PEOPLE:
        return replace(found, rows=(), counts={}, hidden=True)
    return replace(found, rows=())


REPORT: Report[AssignmentFigures] = Report(
    name="assignments",
    also=("assignment", "tasks", "todo"),
    forms=("assignments [who] [scenario] [overdue or due] [when]",),
    help="What people have to practice and by when, overdue first. The time is that of the due "
    "dates.",
    example="assignments overdue",
    whose=Whose.COACHED,
    period="",
    kind=AssignmentFigures,
    figures=_figures,
    table=_table,
    found_nothing=lambda found: found.is_nothing,
    named=lambda found: {row.person_id for row in found.rows},
    dues=True,
    public=_public,
)
