from __future__ import annotations

from bot.reports.each_person import each_person
from tests.reports.given import WEEK, days, person, session

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
