"""Assignments: the last day of each, and how far it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.reports._tasks import Status, count_tasks, due_day, due_soon, read_tasks, status_of
from tests.reports.company import NOW, Company

TODAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("status", "due", "expected"),
    [
        pytest.param("past_due", TODAY, Status.DUE, id="the date decides, today is not over"),
        pytest.param("not_started", TODAY - timedelta(1), Status.OVERDUE, id="the day is over"),
        pytest.param("past_due", None, Status.OVERDUE, id="Exec's word, without a date"),
        pytest.param("not_started", None, Status.OPEN, id="no date"),
        pytest.param("completed", TODAY - timedelta(2), Status.DONE, id="completed"),
        pytest.param("did_not_pass", TODAY, Status.NOT_PASSED, id="attempts used up"),
        pytest.param("paused", TODAY - timedelta(2), Status.OVERDUE, id="an unknown word"),
    ],
)
def test_how_far_an_assignment_is(status: str, due: date | None, expected: Status) -> None:
    assert status_of(status, due, TODAY) is expected


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "UTC"])
def test_midnight_utc_names_a_day_and_any_other_time_a_moment(zone: str) -> None:
    assert due_day(datetime(2026, 3, 18, tzinfo=UTC), zone) == date(2026, 3, 18)
    late = datetime(2026, 3, 18, 15, 1, tzinfo=UTC)
    assert due_day(late, zone).day == (19 if zone == "Asia/Tokyo" else 18)


async def test_assignments_are_those_of_the_people_in_question(company: Company) -> None:
    await company.hire("ann", "ben", "eve")
    await company.assign("ben", due=NOW + timedelta(days=7, hours=10))
    await company.assign("ann", due=NOW + timedelta(days=8, hours=10))
    await company.assign("ann", due=NOW - timedelta(days=1), best_score=61.25)
    await company.assign("eve", due=NOW - timedelta(days=1))
    q = company.asked(people=["ann", "ben"])
    tasks = await read_tasks(q)
    assert tasks is not None
    assert [(x.who, x.status, str(x.best)) for x in tasks] == [
        ("Ann", "overdue", "61.3"),
        ("Ben", "due", "None"),
        ("Ann", "due", "None"),
    ]
    assert due_soon(tasks, q) == tasks[1:2]
    counts = count_tasks(tasks, q)
    assert counts is not None
    assert (counts.overdue, counts.not_passed, counts.due_soon) == (1, 0, 1)
    unread = company.asked(people=["ann"], tasks_at=None)
    assert await read_tasks(unread) is None
    assert count_tasks(None, unread) is None
