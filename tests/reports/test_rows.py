from __future__ import annotations

from itertools import permutations

from bot.reports.rows import by_id, history, unique_assignments
from tests.reports.given import WEEK, assignment, person, session


def test_of_two_rows_with_one_id_the_graded_one_counts():
    rows = [
        session(id="one"),
        session(id="one", score=80, rank="silver"),
        session(id="one", score=80),
        session(id="one", score=10, valid=False),
    ]
    for order in permutations(rows):
        assert history(order, WEEK.end) == [rows[1]]


def test_of_two_assignments_the_one_with_more_attempts_counts():
    old, new = assignment(id_="one"), assignment(id_="one", status="completed")
    new = new.model_copy(update={"attempt_count": 2})
    assert unique_assignments([new, old]) == unique_assignments([old, new]) == [new]


def test_people_come_by_name_once_and_nobody_is_no_one():
    people = [person("2", "bob"), person("1", "Ann"), person("1", "Zoe"), person("", "No")]
    for order in permutations(people):
        assert [(each.id, each.name) for each in by_id(order).values()] == [
            ("1", "Ann"),
            ("2", "bob"),
        ]
