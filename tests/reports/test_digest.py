from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.query import Rank
from bot.reports.change import FIRST, Change
from bot.reports.digest import Bar, Counted, group_digest
from bot.reports.intervals import Interval, Window, preceding
from tests.reports.given import (
    LONG_KNOWN,
    WINDOW,
    ZONE,
    assignment,
    person,
    rosters,
    row_lists,
    session,
    task_lists,
)

ROSTER = [person("ann"), person("bob"), person("cy")]


def digest(rows, roster=ROSTER, tasks=(), window=WINDOW, known_since=LONG_KNOWN, **more):
    return group_digest(roster, rows, tasks, window, known_since=known_since, **more)


def figures_of(found):
    return {line.metric.key: (line.value, line.was, line.change) for line in found.lines}


def test_every_line_has_its_change():
    rows = [
        session("ann", 1, 80, rank="silver", seconds=600),
        session("ann", 2, 90, rank="gold", seconds=600),
        session("bob", 3, seconds=60, valid=False),
        session("cy", -1, 76, rank="silver", seconds=900),
    ]
    found = digest(rows)
    assert figures_of(found) == {
        "people": (2, 1, Change("up", 1, 1)),
        "sessions": (3, 1, Change("up", 1, 2)),
        "practice": (1260, 900, Change("up", 900, 360)),
        "average": (85, 76, None),
        "ranks": ({Rank.GOLD: 1, Rank.SILVER: 1}, {Rank.SILVER: 1}, None),
    }
    assert [(line.n, line.was_n) for line in found.lines] == [
        (3, 3),
        (3, 1),
        (3, 1),
        (2, 1),
        (2, 1),
    ]
    by_rank = found.line("ranks").by_rank
    assert by_rank[Rank.GOLD] == Change("up", 0, 1)
    assert {by_rank[rank].kind for rank in list(Rank)[1:]} == {"none"}
    assert found.counted == Counted(3, 1, 0, 0)


@pytest.mark.parametrize(("now", "before"), [(3, 3), (2, 3), (3, 2)])
def test_averages_are_compared_over_three_attempts_on_either_side(now, before):
    rows = [session("ann", 1 + n, 85) for n in range(now)]
    rows += [session("bob", -1 - n, 76) for n in range(before)]
    change = digest(rows).line("average").change
    assert change == (Change("up", 76, 9) if (now, before) == (3, 3) else None)


def test_each_period_is_about_those_who_were_in_the_group_when_it_ended():
    """As that one was reported on: cy came in the last week, dee left in it."""
    rows = [session(who, at) for who in ("ann", "cy", "dee") for at in (-1, -8, 1)]

    def members_at(moment):
        return {"ann", "bob", "cy"} if moment > WINDOW.interval.start else {"ann", "bob", "dee"}

    found = digest(rows, members_at=members_at)
    then = digest(
        rows,
        roster=[person("ann"), person("bob"), person("dee")],
        window=replace(WINDOW, interval=WINDOW.before, before=preceding(WINDOW.before, ZONE)),
        members_at=members_at,
    )
    assert figures_of(found)["sessions"][:2] == figures_of(found)["people"][:2] == (2, 2)
    assert found.weeks[-3:-1] == then.weeks[-2:]
    assert found.line("people").was_n == then.line("people").n == 3
    assert found.counted == Counted(2, 2, 0, 1)


@pytest.mark.parametrize(
    "known_since",
    [
        pytest.param(None, id="nothing known"),
        pytest.param(WINDOW.interval.start, id="known from the interval on"),
        pytest.param(WINDOW.before.start.replace(hour=23, minute=1), id="known in part"),
    ],
)
def test_without_a_period_before_everything_is_the_first(known_since):
    found = digest([session(score=80), session(at=-3, score=70)], known_since=known_since)
    assert all(line.was is None and line.was_n == 0 for line in found.lines)
    changes = [line.change for line in found.lines if line.metric.key != "ranks"]
    assert changes == [FIRST] * 4
    assert set(found.line("ranks").by_rank.values()) == {FIRST}


def test_people_outside_the_roster_count_nowhere():
    rows = [session("ann", 1, 80), session("gone", 1, 10), session("gone", 2, 90), session("")]
    found = digest(rows)
    alone = digest(rows[:1])
    assert found.counted == Counted(1, 0, 0, outside_sessions=3)
    assert replace(found, counted=alone.counted) == alone


def test_assignments_are_counts():
    tasks = [
        assignment("ann", "past_due", -3),
        assignment("bob", "in_progress", 3),
        assignment("bob", "in_progress", 30),
        assignment("gone", "past_due", -3),
    ]
    assert (digest([], tasks=tasks).overdue, digest([], tasks=tasks).due_soon) == (1, 1)
    assert (digest([], tasks=None).overdue, digest([], tasks=None).due_soon) == (None, None)


def test_a_day_of_23_hours_has_its_own_sessions():
    week = Interval(datetime(2026, 3, 22, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC))
    window = Window(week, preceding(week, ZONE), ZONE, week.end)
    late = replace(session(), created_at=datetime(2026, 3, 29, 21, 59, tzinfo=UTC))
    found = digest([late], window=window)
    assert found.days[-1] == Bar(date(2026, 3, 29), 1)
    assert found.weeks[-1] == Bar(date(2026, 3, 23), 1)


def test_a_day_that_is_not_over_is_marked():
    now = datetime(2026, 3, 12, 11, tzinfo=UTC)
    days = Interval(datetime(2026, 3, 9, 23, tzinfo=UTC), now)
    found = digest([session(at=2)], window=Window(days, preceding(days, ZONE), ZONE, now))
    assert [(bar.day.day, bar.running) for bar in found.days] == [
        (10, False),
        (11, False),
        (12, True),
    ]


def test_weeks_are_the_last_eight_and_those_known_in_part_are_left_out():
    rows = [session(at=1), session(at=-1), session(at=-7), session(at=-49)]
    found = digest(rows)
    assert [bar.day for bar in found.weeks][0::7] == [date(2026, 1, 19), date(2026, 3, 9)]
    assert [bar.sessions for bar in found.weeks] == [1, 0, 0, 0, 0, 0, 2, 1]
    since = datetime(2026, 2, 24, tzinfo=UTC)
    assert [bar.day for bar in digest(rows, known_since=since).weeks] == [
        date(2026, 3, 2),
        date(2026, 3, 9),
    ]
    assert len(digest(rows, known_since=None).weeks) == 1


@given(rosters, row_lists, task_lists, st.randoms(use_true_random=False))
def test_any_order_of_what_is_given_makes_the_same_digest(roster, rows, tasks, random):
    found = digest(rows, roster, tasks)
    for given_ in (rows, roster, tasks):
        random.shuffle(given_)
    assert digest(rows, roster, tasks) == found


@given(rosters, row_lists, task_lists)
def test_bounds(roster, rows, tasks):
    found = digest(rows, roster, tasks)
    sessions = found.line("sessions").value
    assert 0 <= found.line("people").value <= min(found.roster, sessions)
    assert found.line("average").n <= sessions == found.counted.sessions
    assert sum((found.line("ranks").value or {}).values()) <= found.line("ranks").n <= sessions
    assert sum(bar.sessions for bar in found.days) == sessions
    assert found.weeks[-1].sessions == sessions
    assert found.overdue + found.due_soon <= len(tasks)
