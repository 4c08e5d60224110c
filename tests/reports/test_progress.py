"""How far people came, counted again attempt by attempt."""

from __future__ import annotations

from dataclasses import replace
from statistics import fmean

import pytest
from hypothesis import given

from bot.language.query import ResolvedQuery
from bot.reports.progress import REPORT
from tests.reports import given as made
from tests.reports.given import WEEK, person, rosters, row_lists, session

ANN, BOB, CY = map(person, ("ann", "bob", "cy"))


def figures(rows, people=(ANN, BOB, CY), *, asked=None, limit=None, opted_out=frozenset()):
    query = ResolvedQuery(people=asked, limit=limit)
    return made.figures(REPORT, made.facts(rows, people, query=query, unnamed=opted_out))


def scores(rows):
    valid = [row for row in rows if row.is_valid_attempt and row.score is not None]
    return [row.score for row in valid if abs(row.score) < 1e12]


def courses(rows, who):
    """The scores of somebody, in order, on each scenario that they practiced in the week."""
    own = [row for row in rows if row.user.id == who and row.created_at < WEEK.end]
    own.sort(key=lambda row: (row.created_at, row.id))
    found = {}
    for scenario in {row.scenario.id for row in own if row.scenario.id}:
        mine = [row for row in own if row.scenario.id == scenario]
        if scores([row for row in mine if row.created_at in WEEK]):
            found[scenario] = scores(mine)
    return found


def mean(numbers):
    return pytest.approx(fmean(numbers)) if numbers else None


@given(row_lists, rosters)
def test_people_are_told_what_their_attempts_tell(rows, roster):
    rows = list({row.id: row for row in rows}.values())
    found = figures(rows, tuple(roster))
    expected = []
    for who in {each.id for each in roster if each.id}:
        own = courses(rows, who)
        several = [scores for scores in own.values() if len(scores) > 1]
        if own:
            lift = mean([max(scores) - scores[0] for scores in several])
            below = mean([scores[-1] - max(scores) for scores in several])
            expected.append((len(own), sum(map(len, own.values())), lift, below))
    told = [(row.scenarios, row.attempts, row.lift, row.last_vs_best) for row in found.people]
    assert len(told) == found.known == len(expected)
    for each in expected:
        assert each in told
    lifts = [row.lift for row in found.people if row.lift is not None]
    assert found.lifted == len(lifts)
    assert [round(each, 6) for each in lifts] == pytest.approx(
        sorted((round(each, 6) for each in lifts), reverse=True), abs=0.1
    )


@given(row_lists)
def test_one_person_is_told_each_scenario(rows):
    rows = list({row.id: row for row in rows}.values())
    found = figures(rows, (ANN,), asked=(ANN,))
    expected = sorted(
        (len(own), own[0], own[-1], max(own)) for own in courses(rows, "ann").values()
    )
    rows = [(row.attempts, row.first, row.last, row.best) for row in found.scenarios]
    assert sorted(rows) == expected
    assert found.people == ()
    assert REPORT.public(found) is None


WORLD = [
    *(session("ann", -20, 50), session("ann", 1, 80), session("ann", 2, 70)),
    *(session("bob", 1, 60), session("bob", 2, 65)),
    *(session("cy", 1, 90), session("cy", -9, 99, "Renewal")),
]


def test_the_furthest_come_first_and_one_attempt_is_no_lift():
    found = figures(WORLD)
    assert REPORT.table(found).rows == (
        ("Ann", 1, 3, 50, 70, 30, -10),
        ("Bob", 1, 2, 60, 65, 5, 0),
        ("Cy", 1, 1, None, None, None, None),
    )
    assert found.lift == 17.5
    own = figures(WORLD, (ANN,), asked=(ANN,))
    assert REPORT.table(own).rows == (("Cold Call", 3, 50, 70, 80, 30),)
    assert (own.below.last, own.below.best) == (70, 80)
    assert [row.who for row in figures(WORLD, limit=1).people] == ["Ann"]


def test_a_channel_reads_praise_and_no_mean_of_two():
    rows = [*WORLD, session("ann", -19, 55), session("bob", -3, 40), session("bob", -2, 41)]
    public = REPORT.public(figures(rows))
    assert [(each.person.id, each.gain) for each in public.bests] == [("ann", 25), ("bob", 24)]
    assert (public.people, public.lift, public.known) == ((), None, 3)
    hidden = REPORT.public(figures(rows, opted_out=frozenset({"ann"})))
    assert [each.person.id for each in hidden.bests] == ["bob"]
    al, other = person("a1", "Al"), person("a2", "Al")
    rows = [session(who, day, 50 + 9 * day) for who in ("a1", "a2") for day in (1, 2)]
    found = figures(rows, (al, other))
    assert [row[0] for row in REPORT.table(found).rows] == ["Al (a1@acme.com)", "Al (a2@acme.com)"]
    assert "@" not in str(REPORT.table(REPORT.public(found)))


def test_who_left_is_told_of_only_when_asked_about():
    gone = replace(ANN, role="removed")
    assert [row.who for row in figures(WORLD, (gone, BOB)).people] == ["Bob"]
    assert figures(WORLD, (gone,), asked=(gone,)).known == 1
