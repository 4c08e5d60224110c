from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.exec_api.models import Assignment, User
from bot.reports.rows import by_id
from bot.reports.tasks import tasks_of
from tests.reports.given import NOW, ZONE, assignment, person

PEOPLE = by_id([person("ann"), person("bob")])


@pytest.mark.parametrize(
    ("status", "due", "expected"),
    [
        pytest.param("past_due", 2, "soon", id="the date decides"),
        pytest.param("past_due", None, "overdue", id="Exec's word, without a date"),
        pytest.param("not_started", -0.1, "overdue", id="date behind, word not there yet"),
        pytest.param("in_progress", 7, "soon", id="due in seven days"),
        pytest.param("not_started", 7.1, "later", id="due later"),
        pytest.param("not_started", None, "", id="no date"),
        pytest.param("completed", -2, "", id="completed"),
        pytest.param("did_not_pass", -2, "not passed", id="attempts used up"),
        pytest.param("did_not_pass", None, "not passed", id="attempts used up, no date"),
        pytest.param("paused", -2, "overdue", id="a word we do not know"),
    ],
)
def test_what_is_open_is_overdue_or_due(status, due, expected):
    found = tasks_of([assignment("ann", status, due)], PEOPLE, NOW, ZONE)
    places = {
        "overdue": found.overdue,
        "not passed": found.not_passed,
        "soon": (soon := found.due_soon(NOW, ZONE)),
        "later": set(found.due) - set(soon),
    }
    assert [name for name, tasks in places.items() if tasks] == ([expected] if expected else [])


THE_18TH = datetime(2026, 3, 18, tzinfo=UTC)


@pytest.mark.parametrize("status", ["not_started", "past_due"])
@pytest.mark.parametrize(
    ("zone", "until"),
    [
        pytest.param("Europe/Berlin", "2026-03-18T23:00:00Z", id="east"),
        pytest.param("America/New_York", "2026-03-19T04:00:00Z", id="west"),
        pytest.param("Asia/Tokyo", "2026-03-18T15:00:00Z", id="far east"),
        pytest.param("UTC", "2026-03-19T00:00:00Z", id="utc"),
    ],
)
def test_a_date_at_midnight_utc_is_in_time_until_that_day_ends_for_who_reads_it(
    status, zone, until
):
    ends = datetime.fromisoformat(until)
    row = Assignment(id="a", user=User(id="ann"), status=status, due_date=THE_18TH)
    last, over = ends - timedelta(seconds=1), ends + timedelta(seconds=1)
    in_time, late = (tasks_of([row], PEOPLE, now, zone) for now in (last, over))
    assert [task.due for task in in_time.due] == [task.due for task in late.overdue] != []
    assert late.overdue[0].due.astimezone(ZoneInfo(zone)).day == 18
    assert (in_time.overdue, late.due) == ((), ())


def test_seven_days_are_local_ones():
    now = datetime(2026, 3, 27, 9, tzinfo=UTC)  # 10:00 in Berlin, the clocks change on the 29th
    due = [datetime(2026, 4, 3, 8, tzinfo=UTC), datetime(2026, 4, 3, 8, 1, tzinfo=UTC)]
    rows = [Assignment(id=str(at), user=User(id="ann"), due_date=at) for at in due]
    soon = tasks_of(rows, PEOPLE, now, "Europe/Berlin").due_soon(now, "Europe/Berlin")
    assert [task.due for task in soon] == due[:1]


def test_others_and_repeats_do_not_count():
    rows = [
        assignment("ann", due=-1, id_="one"),
        assignment("ann", due=-1, id_="one"),
        assignment("stranger", due=-1),
        assignment("", due=-1),
    ]
    assert [task.id for task in tasks_of(rows, PEOPLE, NOW, ZONE).overdue] == ["one"]
