"""Assignments that are overdue or due soon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.exec_api.models import Assignment
from bot.query.query import Member
from bot.reports.intervals import moved
from bot.reports.rows import by_name, unique_assignments

SOON = 7  # days

# Nothing is left to do by a date: with did_not_pass the attempts are used up.
_CLOSED = frozenset({"completed", "did_not_pass"})
_PAST_DUE = "past_due"
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Task:
    """Something a person still has to practise. `due` is UTC, None where Exec gives no date."""

    id: str
    person: Member
    scenario: str
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Tasks:
    """Open tasks, the earliest date first: `overdue` is behind now, `due` ahead of it."""

    overdue: tuple[Task, ...]
    due: tuple[Task, ...]

    def due_soon(self, now: datetime, zone: str) -> tuple[Task, ...]:
        """Those that fall due within the next seven local days."""
        limit = moved(now, SOON, zone)
        return tuple(task for task in self.due if task.due is not None and task.due <= limit)


def tasks_of(
    assignments: Iterable[Assignment], people: Mapping[str, Member], now: datetime
) -> Tasks:
    """The open tasks of `people` that have a date, or that Exec calls past due."""
    overdue, due = [], []
    for row in unique_assignments(assignments):
        if row.user.id not in people or row.status in _CLOSED:
            continue
        name = row.scenario.name.strip() or row.scenario.slug.strip()
        task = Task(row.id, people[row.user.id], name, row.due_date)
        # Exec's word comes first; between two looks of Exec's the date is ahead of the word.
        if row.status == _PAST_DUE or (row.due_date is not None and row.due_date < now):
            overdue.append(task)
        elif row.due_date is not None:
            due.append(task)
    return Tasks(tuple(sorted(overdue, key=_order)), tuple(sorted(due, key=_order)))


def _order(task: Task) -> tuple[datetime, tuple[str, ...], str, str]:
    return task.due or _EARLIEST, by_name(task.person), task.scenario, task.id
