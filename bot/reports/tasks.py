"""Assignments that are overdue, were not passed, or are due soon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType

from bot.exec_api.models import Assignment
from bot.language.days import day_start, zone_of
from bot.language.query import Member
from bot.reports.intervals import DAY, moved
from bot.reports.rows import by_name, unique_assignments

SOON = 7  # days

_COMPLETED, _NOT_PASSED, _PAST_DUE = "completed", "did_not_pass", "past_due"
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_LEAST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Task:
    """Something a person has to practice. `due` is the last moment in time for it (UTC), as
    `last_moment` says, None where Exec gives no date. `not_passed`: their attempts are used up.
    `link` is where the scenario is practiced, "" where that is not known.
    """

    id: str
    person: Member
    scenario: str
    due: datetime | None
    not_passed: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Tasks:
    """Tasks that are not completed, the earliest date first: `overdue` is behind now, `due` ahead
    of it, and at `not_passed` nothing can be done any more, whatever their date."""

    overdue: tuple[Task, ...]
    due: tuple[Task, ...]
    not_passed: tuple[Task, ...] = ()

    def due_soon(self, now: datetime, zone: str) -> tuple[Task, ...]:
        """Those that fall due within the next seven local days."""
        limit = moved(now, SOON, zone)
        return tuple(task for task in self.due if task.due is not None and task.due <= limit)


def last_moment(due: datetime, zone: str) -> datetime:
    """Until when what is due then is in time (UTC).

    A due date at midnight UTC names a day: in time until that day ends in `zone`, an IANA name,
    the zone of whoever reads it. Any other one is that moment itself.
    """
    due = due.astimezone(UTC)
    if due.time() != time.min:
        return due
    try:
        return day_start(due.date() + DAY, zone_of(zone)).astimezone(UTC) - _LEAST
    except OverflowError:  # the last day that a datetime can hold
        return due


def tasks_of(
    assignments: Iterable[Assignment],
    people: Mapping[str, Member],
    now: datetime,
    zone: str,
    links: Mapping[str, str] = MappingProxyType({}),
) -> Tasks:
    """The tasks of `people` that have a date, that Exec calls past due, or that they did not pass.

    Days are those of `zone`, as `last_moment` says; `links` are addresses of scenarios, by id.
    """
    overdue, due, not_passed = [], [], []
    for row in unique_assignments(assignments):
        if row.user.id not in people or row.status == _COMPLETED:
            continue
        task = _task(row, people[row.user.id], zone, links)
        if task.not_passed:
            not_passed.append(task)
        elif _is_overdue(row, task.due, now):
            overdue.append(task)
        elif task.due is not None:
            due.append(task)
    return Tasks(*(tuple(sorted(found, key=_order)) for found in (overdue, due, not_passed)))


def _task(row: Assignment, person: Member, zone: str, links: Mapping[str, str]) -> Task:
    name = row.scenario.name.strip() or row.scenario.slug.strip()
    due = None if row.due_date is None else last_moment(row.due_date, zone)
    link = links.get(row.scenario.id, "")
    return Task(row.id, person, name, due, row.status == _NOT_PASSED, link)


def _is_overdue(row: Assignment, last: datetime | None, now: datetime) -> bool:
    # Where there is a date, it decides: Exec's word is as old as Exec's last look at its clock.
    return row.status == _PAST_DUE if last is None else last < now


def _order(task: Task) -> tuple[datetime, tuple[str, ...], str, str]:
    return task.due or _EARLIEST, by_name(task.person), task.scenario, task.id
