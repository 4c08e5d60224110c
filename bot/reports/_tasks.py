"""Assignments: overdue, not passed, or due soon."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa

from bot.language.days import zone_of
from bot.language.query import Kind, Member
from bot.reports._figures import rounded, scenario_name
from bot.reports._prepared import PreparedQuestion
from bot.storage.sessions import of_scenarios
from bot.storage.tables import assignment, scenario

SOON = timedelta(days=7)


class Status(StrEnum):
    """The status of an assignment, in the order of lists."""

    OVERDUE = "overdue"
    NOT_PASSED = "did not pass"
    DUE = "due"
    OPEN = "no date"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Task:
    """An assignment of a person.

    `due` is its last day in the reader's zone, None without a date; `due_at` is Exec's moment.
    `link` is the page of the scenario, "" if it isn't known.
    """

    id: str
    member_id: str
    who: str
    scenario_id: str
    scenario: str
    due: date | None
    due_at: datetime | None
    status: Status
    attempts: int = 0
    best: Decimal | None = None
    link: str = ""


def due_day(due: datetime, zone: str) -> date:
    """The last day of a due date, in the reader's zone. Midnight UTC means that day anywhere."""
    due = due.astimezone(UTC)
    return due.date() if due.time() == time.min else due.astimezone(zone_of(zone)).date()


def status_of(status: str, due: date | None, today: date) -> Status:
    """The status of an assignment today: overdue after its last day."""
    if status == "completed":
        return Status.DONE
    if status == "did_not_pass":
        return Status.NOT_PASSED
    if due is None:
        return Status.OVERDUE if status == "past_due" else Status.OPEN
    # By the date, because Exec's own status may lag behind.
    return Status.OVERDUE if due < today else Status.DUE


async def read_tasks(
    q: PreparedQuestion, people: Mapping[str, Member] | None = None
) -> list[Task] | None:
    """The assignments of the question's people (or of some), scenarios and programs, overdue first,
    then by date and name. None if some weren't read."""
    if q.tasks_at is None:
        return None
    people = q.subject.people if people is None else people
    id_ = assignment.c.scenario_id
    link = sa.select(scenario.c.url).where(scenario.c.id == id_).scalar_subquery().label("link")
    query = sa.select(assignment, scenario_name(id_), link)
    query = query.where(assignment.c.member_id.in_(people), *of_scenarios(q.query, id_))
    if programs := [thing.id for thing in q.query.names if thing.kind is Kind.PROGRAM]:
        query = query.where(assignment.c.program_id.in_(programs))
    today = q.now.astimezone(zone_of(q.zone)).date()
    tasks_found = []
    for row in await q.db.rows(query):
        due = None if row.due_at is None else due_day(row.due_at, q.zone)
        task = Task(
            id=row.id,
            member_id=row.member_id,
            who=people[row.member_id].name,
            scenario_id=row.scenario_id,
            scenario=row.scenario,
            due=due,
            due_at=row.due_at,
            status=status_of(row.status, due, today),
            attempts=row.attempt_count,
            best=None if row.best_score is None else rounded(row.best_score),
            link=row.link or "",
        )
        tasks_found.append(task)
    order = [*Status]
    tasks_found.sort(key=lambda x: (x.who.casefold(), x.scenario, x.id))
    return sorted(tasks_found, key=lambda to_do: (order.index(to_do.status), to_do.due or date.max))


def with_status(tasks: Collection[Task] | None, status: Status) -> list[Task]:
    """The tasks with this status; none if tasks aren't known."""
    return [task for task in tasks or () if task.status is status]


def due_soon(tasks: Collection[Task] | None, q: PreparedQuestion) -> tuple[Task, ...] | None:
    """The tasks that are due within seven days, today included; None if tasks aren't known."""
    if tasks is None:
        return None
    limit = q.now.astimezone(zone_of(q.zone)).date() + SOON
    due = with_status(tasks, Status.DUE)
    return tuple(task for task in due if task.due and task.due <= limit)


def count_tasks(tasks: Collection[Task] | None, q: PreparedQuestion) -> dict[str, int] | None:
    """How many assignments are overdue, not passed, and due within seven days; None if they aren't
    known."""
    soon = due_soon(tasks, q)
    if soon is None:
        return None
    return {
        "overdue": len(with_status(tasks, Status.OVERDUE)),
        "not_passed": len(with_status(tasks, Status.NOT_PASSED)),
        "due_soon": len(soon),
    }
