from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.progress import may_be_longer, most_improved, progress, weeks_in_a_row
from bot.reports.rows import by_id, history
from tests.reports.given import NOW, WEEK, moments, person, rosters, row_lists, session


@pytest.mark.parametrize(
    ("rows", "lift"),
    [
        pytest.param([session(score=62)], None, id="one attempt"),
        pytest.param([session(at=1, score=62), session(at=2, score=84)], 22, id="two"),
        pytest.param([session(at=2, score=62), session(at=1, score=84)], 0, id="fell"),
        pytest.param(
            [session(at=1, score=84.1), session(at=0, score=62.1), session(at=2, score=70)],
            22,
            id="best not last",
        ),
        pytest.param(
            [session(at=1, score=20, valid=False), session(at=2, score=62)], None, id="invalid"
        ),
        pytest.param([session(at=1, valid=True), session(at=2, score=62)], None, id="no score"),
        pytest.param(
            [session(at=1, score=float("inf")), session(at=2, score=62)], None, id="no number"
        ),
        pytest.param([session(at=1, score=50), session(at=9, score=90)], None, id="after the end"),
    ],
)
def test_lift_is_best_less_first_with_two_graded_attempts(rows, lift):
    found = progress(history(rows, WEEK.end))
    assert [each.lift for each in found] == [lift]


def test_lift_never_mixes_people_or_scenarios():
    rows = [
        session("ann", 1, 40, "Cold Call"),
        session("bob", 2, 90, "Cold Call"),
        session("ann", 3, 90, "Renewal"),
    ]
    assert [each.lift for each in progress(history(rows, WEEK.end))] == [None] * 3


def test_in_an_interval_the_best_is_the_best_in_it_and_the_first_the_first_of_all():
    rows = [session(at=-30, score=50), session(at=-20, score=95), session(at=1, score=70)]
    (found,) = progress(history(rows, WEEK.end), WEEK)
    assert (found.first, found.best, found.graded, found.lift) == (50, 70, 3, 20)
    assert progress(history(rows[:2], WEEK.end), WEEK) == []


def test_the_most_improved_come_once_by_gain_and_then_by_name_and_id():
    gains = {"a2": 5, "a1": 5, "zed": 20, "none": 0, "stranger": 50}
    rows = [session(who, 0, 50) for who in gains]
    rows += [session(who, 1, 50 + gain) for who, gain in gains.items()]
    rows += [session("zed", 0, 50, "Renewal"), session("zed", 1, 60, "Renewal")]
    people = by_id([person("a2", "Al"), person("a1", "Al"), person("zed"), person("none")])
    found = most_improved(progress(history(rows, WEEK.end), WEEK), people)
    assert [(who.id, gain) for who, _, gain in found] == [("zed", 20), ("a1", 5), ("a2", 5)]


@given(row_lists, rosters)
def test_gains_are_never_under_nothing_and_people_come_once(rows, roster):
    people = by_id(roster)
    found = most_improved(progress(history(rows, WEEK.end), WEEK), people)
    assert all(gain > 0 and on.graded >= 2 for _, on, gain in found)
    assert len({who.id for who, _, _ in found}) == len(found) <= len(people)


@pytest.mark.parametrize(
    ("days", "count"),
    [
        pytest.param([], 0, id="never"),
        pytest.param(["2026-03-16"], 1, id="this week"),
        pytest.param(["2026-03-15"], 1, id="not yet this week"),
        pytest.param(["2026-03-08"], 0, id="broken"),
        pytest.param(["2026-03-16", "2026-03-09", "2026-03-15", "2026-03-08"], 3, id="three"),
        pytest.param(["2026-03-16", "2026-03-08"], 1, id="a week missed"),
        pytest.param(["2026-01-04", "2025-12-28", "2026-03-16"], 1, id="long ago"),
        pytest.param(["2026-03-24", "2026-03-15"], 1, id="clocks that run ahead"),
    ],
)
def test_weeks_in_a_row(days, count):
    moments = [datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC) for day in days]
    assert weeks_in_a_row(moments, NOW, "Europe/Berlin") == count


@pytest.mark.parametrize(
    ("days", "since", "longer"),
    [
        pytest.param([], "2026-03-10", False, id="there is no row"),
        pytest.param(["2026-03-16", "2026-03-09"], None, False, id="all is known"),
        pytest.param(["2026-03-16", "2026-03-09"], "2026-03-02", False, id="the gap is known"),
        pytest.param(["2026-03-16", "2026-03-09"], "2026-03-03", True, id="known in part"),
        pytest.param(["2026-03-16", "2026-03-09"], "2026-03-09", True, id="nothing before"),
        pytest.param(["2026-03-16", "2026-03-02"], "2026-03-02", False, id="broken since then"),
    ],
)
def test_a_row_that_reaches_back_to_where_nothing_is_known_may_be_longer(days, since, longer):
    moments = [datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC) for day in days]
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime.fromisoformat(since).replace(tzinfo=berlin) if since else None
    assert may_be_longer(moments, NOW, "Europe/Berlin", start) is longer


def test_weeks_are_those_of_the_persons_zone():
    sunday_evening = datetime(2026, 3, 15, 20, tzinfo=UTC)
    week_before = datetime(2026, 3, 8, 20, tzinfo=UTC)
    rows = [sunday_evening, week_before]
    assert weeks_in_a_row(rows, datetime(2026, 3, 23, 12, tzinfo=UTC), "UTC") == 0
    assert weeks_in_a_row(rows, datetime(2026, 3, 23, 12, tzinfo=UTC), "Asia/Tokyo") == 2


def test_a_row_over_new_year_and_a_change_of_the_clocks():
    rows = [datetime(2025, 12, 15 + 7 * n, 23, 30, tzinfo=UTC) for n in range(3)]
    assert weeks_in_a_row(rows, datetime(2026, 1, 5, 12, tzinfo=UTC), "UTC") == 3
    edges = [datetime(2026, 3, 29, 21, 59, tzinfo=UTC), datetime(2026, 3, 29, 22, 1, tzinfo=UTC)]
    assert weeks_in_a_row(edges, datetime(2026, 3, 31, tzinfo=UTC), "Europe/Berlin") == 2


@given(st.lists(moments, max_size=20), moments)
def test_a_row_is_never_longer_than_the_sessions(rows, now):
    assert 0 <= weeks_in_a_row(rows, now, "Asia/Kathmandu") <= len(rows)
