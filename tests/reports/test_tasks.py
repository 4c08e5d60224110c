from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.exec_api.models import Assignment, User
from bot.reports.rows import by_id
from bot.reports.tasks import tasks_of
from tests.reports.given import NOW, ZONE, assignment, person

PEOPLE = by_id([person("ann"), person("bob")])


@pytest.mark.parametrize(
    ("status", "due", "expected"),
    [
        pytest.param("past_due", -2, "overdue", id="past due"),
        pytest.param("past_due", None, "overdue", id="past due without a date"),
        pytest.param("past_due", 2, "overdue", id="Exec's word comes first"),
        pytest.param("not_started", -0.1, "overdue", id="date behind, word not there yet"),
        pytest.param("in_progress", 0, "soon", id="due now"),
        pytest.param("in_progress", 7, "soon", id="due in seven days"),
        pytest.param("not_started", 7.1, "later", id="due later"),
        pytest.param("not_started", None, "", id="no date"),
        pytest.param("completed", -2, "", id="completed"),
        pytest.param("completed", 2, "", id="completed early"),
        pytest.param("did_not_pass", -2, "", id="attempts used up"),
        pytest.param("paused", -2, "overdue", id="a word we do not know"),
    ],
)
def test_what_is_open_is_overdue_or_due(status, due, expected):
    found = tasks_of([assignment("ann", status, due)], PEOPLE, NOW)
    soon = found.due_soon(NOW, ZONE)
    where = "overdue" if found.overdue else "soon" if soon else "later" if found.due else ""
    assert where == expected


def test_seven_days_are_local_ones():
    now = datetime(2026, 3, 27, 9, tzinfo=UTC)  # 10:00 in Berlin, the clocks change on the 29th
    due = [datetime(2026, 4, 3, 8, tzinfo=UTC), datetime(2026, 4, 3, 8, 1, tzinfo=UTC)]
    rows = [Assignment(id=str(at), user=User(id="ann"), due_date=at) for at in due]
    soon = tasks_of(rows, PEOPLE, now).due_soon(now, "Europe/Berlin")
    assert [task.due for task in soon] == due[:1]


def test_others_and_repeats_do_not_count():
    rows = [
        assignment("ann", due=-1, id_="one"),
        assignment("ann", due=-1, id_="one"),
        assignment("stranger", due=-1),
        assignment("", due=-1),
    ]
    assert [task.id for task in tasks_of(rows, PEOPLE, NOW).overdue] == ["one"]


def test_the_earliest_comes_first_and_ties_go_by_name():
    rows = [
        assignment("bob", due=-1),
        assignment("ann", due=-1, scenario="Renewal"),
        assignment("ann", due=-1, scenario="Cold Call"),
        assignment("bob", due=-5),
        assignment("bob", "past_due"),
    ]
    found = [(task.person.id, task.scenario) for task in tasks_of(rows, PEOPLE, NOW).overdue]
    assert found == [
        ("bob", "Cold Call"),
        ("bob", "Cold Call"),
        ("ann", "Cold Call"),
        ("ann", "Renewal"),
        ("bob", "Cold Call"),
    ]
