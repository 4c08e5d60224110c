"""Places, counted again one by one: a place is one more than the people who are ahead."""

from __future__ import annotations

from collections import Counter
from statistics import fmean
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.query import By, ResolvedQuery
from bot.reports.facts import SelfOnly
from bot.reports.leaderboard import ENOUGH_PLACES, METRICS, REPORT
from tests.reports.given import (
    WEEK,
    ZONE,
    facts,
    figures,
    person,
    rosters,
    row_lists,
    session,
)

PEOPLE = tuple(map(person, ("ann", "bob", "cy", "dee", "eve", "fay")))


def board(rows, people=PEOPLE, by=None, limit=None, **more):
    query = ResolvedQuery(people=None, by=by, limit=limit)
    return figures(REPORT, facts(rows, people, query=query, **more))


def scores(rows):
    valid = [row for row in rows if row.is_valid_attempt and row.score is not None]
    return [row.score for row in valid if abs(row.score) < 1e12]


def value(by, inside, known):
    """What somebody has of it, reckoned plainly; None for no place."""
    if by is By.SESSIONS:
        is_graded = [row for row in inside if scores([row])]
        days = Counter(row.created_at.astimezone(ZoneInfo(ZONE)).date() for row in is_graded)
        return sum(min(5, count) for count in days.values()) or None
    if by is By.TIME:
        return sum(max(row.duration_seconds or 0, 0) for row in inside) or None
    if by is By.GOLD:
        return len([row for row in inside if row.is_valid_attempt and row.rank == "gold"]) or None
    if by is By.BEST:
        return max(scores(inside), default=None)
    if len(scores(inside)) < 3:
        return None
    if by is By.AVERAGE:
        return fmean(scores(inside))
    lifts = []
    for scenario in {row.scenario.id for row in inside if row.scenario.id and scores([row])}:
        own = sorted(
            (row for row in known if row.scenario.id == scenario),
            key=lambda row: (row.created_at, row.id),
        )
        if len(scores(own)) > 1:
            lifts.append(max(scores(own)) - scores(own)[0])
    return fmean(lifts) if lifts else None


@given(row_lists, rosters, st.sampled_from(list(METRICS)))
def test_a_place_is_one_more_than_the_people_ahead(rows, roster, by):
    rows = list({row.id: row for row in rows}.values())
    found = board(rows, tuple(roster), by)
    people = {each.id for each in roster if each.id}
    known = {
        id_: [row for row in rows if row.user.id == id_ and row.created_at < WEEK.end]
        for id_ in people
    }
    inside = {id_: [row for row in own if row.created_at in WEEK] for id_, own in known.items()}
    expected = {id_: value(by, inside[id_], known[id_]) for id_ in people}
    expected = {id_: number for id_, number in expected.items() if number is not None}
    assert {row.id: row.value for row in found.rows} == {
        id_: pytest.approx(number) for id_, number in expected.items()
    }
    seen = METRICS[by].seen
    for row in found.rows:
        ahead = sum(seen(other.value) > seen(row.value) for other in found.rows)
        assert row.place == ahead + 1
        assert row.graded == len(scores(inside[row.id]))
    assert [row.place for row in found.rows] == sorted(row.place for row in found.rows)
    few = [id_ for id_ in people if 0 < len(scores(inside[id_])) < 3]
    assert found.fewer == (len(few) if by in (By.AVERAGE, By.LIFT) else 0)
    assert found.ranked == len(expected)


def six(by=None, **more):
    rows = [session(each.id, at=n / 10, score=50 + 5 * (n // 2)) for n, each in enumerate(PEOPLE)]
    return board(rows, by=by or By.BEST, **more)


def test_equals_share_a_place_and_stay_together():
    assert [(row.place, row.who) for row in six().rows] == [
        *((1, "Eve"), (1, "Fay"), (3, "Cy"), (3, "Dee"), (5, "Ann"), (5, "Bob"))
    ]
    assert [row.who for row in six(limit=1).shown] == ["Eve", "Fay"]
    assert six(limit=1).ranked == 6


def test_three_graded_attempts_make_an_average():
    rows = [session("ann", at=n, score=60) for n in range(3)]
    rows += [session("bob", at=n, score=90) for n in range(2)]
    found = board(rows, by=By.AVERAGE)
    assert [row.who for row in found.rows] == ["Ann"]
    assert found.fewer == 1


def test_a_day_counts_five_attempts():
    rows = [session("ann", at=0.2 + n / 100, score=70) for n in range(9)]
    rows += [session("bob", at=n + 0.2, score=60) for n in range(6)]
    rows += [session("cy", at=1, valid=False)] * 30
    found = board(rows)
    assert [(row.who, row.value, row.graded) for row in found.rows] == [
        ("Bob", 6, 6),
        ("Ann", 5, 9),
    ]


def test_who_sees_nobody_else_is_told_their_own_place_of_five_or_more():
    (own,) = six(only=SelfOnly("cy")).rows
    assert (own.place, own.who) == (3, "Cy")
    assert six(only=SelfOnly("nobody")).rows == ()
    fewer = board(
        [session(each.id, score=50) for each in PEOPLE[: ENOUGH_PLACES - 1]], only=SelfOnly("ann")
    )
    assert (fewer.rows, fewer.enough) == ((), False)


def test_a_channel_sees_five_places_without_who_is_not_to_be_named():
    assert REPORT.public(six(only=SelfOnly("cy"))) is None
    assert REPORT.public(six(unnamed=frozenset({"fay"}))).rows == ()
    namesakes = (person("a1", "Al"), person("a2", "Al"))
    rows = [session(each.id, score=99) for each in namesakes]
    rows += [session(each.id, score=50 + 5 * n) for n, each in enumerate(PEOPLE)]
    found = board(rows, (*namesakes, *PEOPLE), By.BEST, unnamed=frozenset({"fay"}))
    assert [row[1] for row in REPORT.table(found).rows][:2] == [
        "Al (a1@acme.com)",
        "Al (a2@acme.com)",
    ]
    told = [row[:2] for row in REPORT.table(REPORT.public(found)).rows]
    assert told == [(1, "Al"), (1, "Al"), (3, "Eve"), (4, "Dee"), (5, "Cy")]


@pytest.mark.parametrize(
    ("second", "close"), [(60, False), (78, True)], ids=["far apart", "within two errors"]
)
def test_the_first_two_may_be_too_close_to_call(second, close):
    scores = {"ann": [80] * 9, "bob": [second] * 9, "cy": [30] * 9}
    rows = [
        session(who, at=n / 2, score=score)
        for who, own in scores.items()
        for n, score in enumerate(own)
    ]
    assert board(rows, by=By.AVERAGE).close is close
    assert not board(rows, by=By.BEST).close


def test_who_coaches_the_others_has_no_place():
    found = six(coaches=frozenset({"eve"}))
    assert [row.who for row in found.rows][:2] == ["Fay", "Cy"]
    assert found.ranked == 5
