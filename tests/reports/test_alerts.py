"""What alerts watch for, against another way of counting."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.alert_words import AlertKind, Rule
from bot.language.query import ResolvedQuery
from bot.reports.alerts import evaluate, news
from bot.reports.given import at_once
from bot.reports.intervals import EVER, Interval, Window, moved
from bot.reports.rows import by_id, history
from tests.reports import given as made
from tests.reports.given import (
    NOW,
    ZONE,
    assignment,
    days,
    person,
    rosters,
    row_lists,
    session,
)

WINDOW = Window(Interval(EVER, NOW), Interval(EVER - timedelta(days=1), EVER), ZONE, NOW)
ANN, BOB = person("ann"), person("bob")
ANNS = ResolvedQuery((ANN,))


def facts(rows=(), people=(ANN, BOB), **more):
    return made.facts(rows, people, WINDOW, **more)


def seen(what, number, given_facts, joined=frozenset()):
    return at_once(evaluate(Rule(what, number), given_facts, joined))


def keys(what, number, *given_facts):
    return {each.key for each in seen(what, number, *given_facts).matches}


def ago(*days_ago, **more):
    """Sessions of Ann, so many days before now."""
    since = (NOW - days(0)) / timedelta(days=1)
    return [session(at=since - each, **more) for each in days_ago]


@given(row_lists, rosters)
def test_the_first_gold_of_each_person_in_each_scenario(rows, people):
    found = seen(AlertKind.GOLD, 0, facts(rows, people)).matches
    firsts: dict[tuple[str, str], object] = {}
    for row in reversed(history(rows, NOW)):  # the oldest is written last
        if row.rank == "gold" and row.is_valid_attempt and row.scenario.id:
            firsts[row.user.id, row.scenario.id] = row.created_at
    theirs = by_id(people)
    expected = {pair: at for pair, at in firsts.items() if pair[0] in theirs}
    assert {tuple(each.key.split()[1:]): each.at for each in found} == expected


@given(row_lists, rosters, st.integers(1, 60), st.none() | st.integers(1, 60))
def test_who_is_silent_and_who_is_not(rows, people, number, known_days):
    since = None if known_days is None else moved(NOW, -known_days, ZONE)
    rows = [row for row in rows if since is None or row.created_at >= since]
    found = seen(AlertKind.INACTIVE, number, facts(rows, people, since=since))
    cutoff = moved(NOW, -number, ZONE)
    theirs = by_id(people)
    active = {row.user.id for row in history(rows, NOW) if row.created_at > cutoff}
    active &= theirs.keys()
    assert {key.split()[1] for key in found.cleared} == active
    unknown = since is not None and since > cutoff
    expected = set() if unknown else theirs.keys() - active
    assert {each.person_id for each in found.matches} == expected


@given(row_lists, rosters.filter(bool), st.integers(1, 100), st.booleans())
def test_an_average_counts_enough_attempts_of_thirty_days(rows, people, number, of_group):
    query = ResolvedQuery(None if of_group else tuple(people))
    found = seen(AlertKind.BELOW, number, facts(rows, people, query=query))
    start, theirs = moved(NOW, -30, ZONE), by_id(people)
    scores = defaultdict(list)
    for row in history(rows, NOW):
        is_told = row.is_valid_attempt and row.score is not None and abs(row.score) < 1e12
        if row.created_at >= start and row.user.id in theirs and is_told:
            scores["" if of_group else row.user.id].append(row.score)
    both = {id_: (fmean(own), fmean(own[-3:])) for id_, own in scores.items() if len(own) >= 3}
    # As it is read, with one decimal: what lies next to a border is for the examples below.
    clear = {
        id_
        for id_, pair in both.items()
        if all(abs(each - edge) > 0.1 for each in pair for edge in (number, number + 3))
    }
    low = {id_ for id_ in clear if max(both[id_]) < number}
    back = {id_ for id_ in clear if min(both[id_]) > number + 3}
    assert {each.person_id for each in found.matches} & clear == low
    assert {key.removeprefix("below").strip() for key in found.cleared} & clear == back
    assert {each.person_id for each in found.matches} <= both.keys()


@pytest.mark.parametrize(
    ("what", "number", "rows", "expected"),
    [
        (AlertKind.INACTIVE, 14, ago(14), {"inactive ann", "inactive bob"}),
        (AlertKind.INACTIVE, 14, ago(13.9), {"inactive bob"}),
        (AlertKind.BELOW, 70, ago(1, 2, score=10), set()),
        (AlertKind.BELOW, 70, [*ago(1, 2, 3, score=60), *ago(4, 5, 6, score=85)], set()),
        (AlertKind.BELOW, 70, [*ago(1, 2, 3, score=75), *ago(4, 5, 6, score=10)], set()),
        (AlertKind.BELOW, 70, ago(1, 2, 3, 4, 5, score=69.94), {"below ann"}),
        (AlertKind.BELOW, 70, ago(1, 2, 3, 4, 5, score=69.96), set()),
        (AlertKind.BELOW, 70, ago(1, 2, 31, score=10), set()),
        (AlertKind.GOLD, 0, ago(1, score=95, rank="gold", valid=False), set()),
    ],
    ids=[
        "the last session is as many days old",
        "it is not quite",
        "two attempts are too few",
        "three in a row, though the average is not",
        "the average, though not the last three",
        "an average that reads as below",
        "an average that reads as the number itself",
        "one of three is too old",
        "an attempt that does not count",
    ],
)
def test_borders(what, number, rows, expected):
    assert keys(what, number, facts(rows, query=ResolvedQuery((ANN, BOB)))) == expected


def test_an_average_is_over_three_points_above_the_number():
    for score, over in ((72.9, set()), (73, {"below ann"})):
        found = seen(AlertKind.BELOW, 70, facts(ago(1, 2, 3, score=score), (ANN,), query=ANNS))
        assert (found.matches, found.cleared) == ((), over)


def test_nothing_is_expected_of_who_is_new_or_gone():
    gone = replace(BOB, role="removed")
    joined = frozenset({"ann"})
    assert keys(AlertKind.INACTIVE, 7, facts((), (ANN, gone)), joined) == set()


def test_news_is_what_is_not_known_and_happened_after_the_alert_was_set():
    old, new = ago(3, 1, score=95, rank="gold")
    new = replace(new, scenario=replace(new.scenario, id="other"))
    rule, found = Rule(AlertKind.GOLD), seen(AlertKind.GOLD, 0, facts([old, new]))
    set_at = NOW - timedelta(days=2)
    (told,) = news(rule, found, (), set_at)
    assert told.at == new.created_at
    assert news(rule, found, {told.key}, set_at) == ()

    late = facts(tasks=(assignment(due=-1.3, id_="a"), assignment(due=-8.3, id_="b")))
    rule, found = Rule(AlertKind.OVERDUE), seen(AlertKind.OVERDUE, 0, late)
    assert [each.key.split()[1] for each in news(rule, found, (), set_at)] == ["a"]
    # Silence began before, whenever the alert was set.
    rule, found = Rule(AlertKind.INACTIVE, 3), seen(AlertKind.INACTIVE, 3, facts(ago(20)))
    assert len(news(rule, found, (), set_at)) == 2
