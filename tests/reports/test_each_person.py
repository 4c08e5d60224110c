from __future__ import annotations

from hypothesis import given

from bot.reports.each_person import each_person
from bot.reports.rows import by_id
from tests.reports.given import WEEK, days, person, rosters, row_lists, session

ROSTER = [person("ann"), person("bob"), person("cy")]


def test_everyone_of_the_roster_has_figures_of_the_interval_only():
    rows = [
        session("bob", 1, 80, seconds=60),
        session("bob", 2, 90, seconds=60),
        session("ann", 3, valid=False),
        session("ann", -9, 70),
        session("cy", -3, 60),
        session("cy", 8, 99),
        session("eve", 2, 99),
    ]
    found = each_person(ROSTER, rows, WEEK, since=None)
    assert [(each.person.id, each.figures.sessions, each.figures.average) for each in found] == [
        ("bob", 2, 85),
        ("ann", 1, None),
        ("cy", 0, None),
    ]
    # A session after the interval is not the last one up to its end.
    assert [each.last for each in found] == [days(2), days(3), days(-3)]


def test_who_never_practised_has_no_last_session():
    (found,) = each_person(ROSTER[:1], [], WEEK, since=None)
    assert found.last is None
    assert found.figures.sessions == 0


@given(rosters, row_lists)
def test_everyone_is_there_once_whatever_the_order_of_rows(roster, rows):
    found = each_person(roster, rows, WEEK, since=None)
    assert {each.person.id for each in found} == set(by_id(roster))
    assert len(found) == len(by_id(roster))
    assert found == each_person(roster[::-1], rows[::-1], WEEK, since=None)
