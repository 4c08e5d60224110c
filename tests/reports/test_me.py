from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.reports.facts import InQuestion
from bot.reports.intervals import Interval
from bot.reports.me import Band, ScenarioStanding, band, own_week
from tests.reports.given import (
    WEEK,
    WINDOW,
    assignment,
    days,
    person,
    practice,
    session,
)

ANN = person("ann")


def test_own_figures_best_lift_and_weeks():
    rows = [
        session("ann", 1, 80, "Renewal"),
        session("ann", 2, 70, "Cold Call"),
        session("ann", 3, 20, "Cold Call", valid=False),
        session("ann", -3, 60, "Cold Call"),
        session("ann", -4, 90, "Pricing"),
        session("ann", -5, 75, "Pricing"),
        session("bob", 1, 99, "Cold Call"),
    ]
    found = own_week(ANN, rows, [], WINDOW, since=None)
    assert (found.figures.sessions, found.figures.average) == (3, 75)
    assert (found.before.sessions, found.before.average) == (3, 75)
    assert found.standings == (
        ScenarioStanding("cold call", "Cold Call", 2, 2, 60, 70, 70, 10),
        ScenarioStanding("renewal", "Renewal", 1, 1, 80, 80, 80, None),
        ScenarioStanding("pricing", "Pricing", 0, 2, 75, 90, 90, 15),
    )
    assert found.today is None
    assert found.weeks_in_a_row == 2


def test_what_was_done_today_stands_beside_the_whole_days():
    today = Interval(WEEK.end, days(8))
    rows = [session("ann", 1, 80), session("ann", 7.1, 90), session("ann", 7.2, 85)]
    rows += [session("ann", 8.1, 20), session("bob", 7.1, 99)]
    found = own_week(ANN, rows, [], WINDOW, since=None, today=today)
    assert (found.today, found.figures.sessions, found.figures.average) == (2, 1, 80)
    assert found.standings == (ScenarioStanding("cold call", "Cold Call", 1, 3, 80, 85, 90, 10),)
    assert own_week(ANN, rows[3:], [], WINDOW, since=None, today=today).today == 0


def test_own_tasks_the_next_one_first():
    tasks = [
        assignment("ann", due=20, id_="later"),
        assignment("ann", due=2, id_="next"),
        assignment("ann", due=-1, id_="late"),
        assignment("bob", due=1, id_="other"),
    ]
    found = own_week(ANN, [], tasks, WINDOW, since=None).tasks
    assert [task.id for task in found.due] == ["next", "later"]
    assert [task.id for task in found.overdue] == ["late"]
    assert own_week(ANN, [], None, WINDOW, since=None).tasks is None


@given(st.integers(1, 24), st.integers(0, 23), st.data())
def test_the_upper_part_of_a_group_is_told_where_it_is_large_enough(people, who, data):
    who = min(who, people - 1)
    counts = [data.draw(st.integers(0, 7)) for _ in range(people)]
    rows = tuple(
        session(f"p{at}", at=number / 10, score=50)
        for at, count in enumerate(counts)
        for number in range(count)
    )
    peers = InQuestion(tuple(person(f"p{at}") for at in range(people)), lambda _moment: ())
    found = band(f"p{who}", peers, practice(rows), "West")
    counted = [min(count, 5) for count in counts]  # all on one day
    ahead = sum(count > counted[who] for count in counted)
    expected = None
    if people >= 10 and counted[who] and 2 * (ahead + 1) <= people:
        part = "upper quarter" if 4 * (ahead + 1) <= people else "upper half"
        expected = Band(part, people, "West")
    assert found == expected
