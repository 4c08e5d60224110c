from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.reports.gains import bests, may_be_longer, progress, weeks_in_a_row
from bot.reports.rows import history
from tests.reports.given import (
    NOW,
    WEEK,
    person,
    practice,
    session,
)


@pytest.mark.parametrize(
    ("rows", "lift"),
    [
        pytest.param([session(score=62)], None, id="one attempt"),
        pytest.param([session(at=2, score=62), session(at=1, score=84)], 0, id="fell"),
        pytest.param(
            [session(at=1, score=84.1), session(at=0, score=62.1), session(at=2, score=70)],
            22,
            id="best not last",
        ),
        pytest.param(
            [session(at=1, score=20, valid=False), session(at=2, score=62)], None, id="invalid"
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


def test_beside_a_lift_stands_how_far_the_last_attempt_is_from_the_best():
    rows = [session(at=1, score=62), session(at=2, score=84.1), session(at=3, score=70)]
    (found,) = progress(history(rows, WEEK.end))
    assert (found.lift, found.last_vs_best) == (22.1, -14.1)
    assert progress(history(rows[:2], WEEK.end))[0].last_vs_best == 0
    assert progress(history(rows[:1], WEEK.end))[0].last_vs_best is None


ANN = (person("ann"),)


def told(made, people=ANN, **more):
    return [(each.person.id, each.score, each.before) for each in bests(made, people, **more)]


@pytest.mark.parametrize(
    ("before", "now", "best"),
    [
        pytest.param([50, 70, 60], [84, 71], (84, 70), id="best against best before"),
        pytest.param([50, 95], [70, 80], None, id="was better before"),
        pytest.param([50, 80], [80.1], (80.1, 80), id="a little better"),
        pytest.param([50], [80], None, id="one attempt before makes no record"),
    ],
)
def test_a_personal_best_is_above_two_attempts_before_or_more(before, now, best):
    rows = [session(at=-20 + n, score=score) for n, score in enumerate(before)]
    rows += [session(at=1 + n, score=score) for n, score in enumerate(now)]
    assert told(practice(rows)) == ([] if best is None else [("ann", *best)])


def test_bests_come_once_a_person_by_gain_and_then_by_name_and_id():
    points = {"a2": 5, "a1": 5, "zed": 20, "none": 0, "stranger": 50, "shy": 30}
    rows = [session(who, day, 50) for who in points for day in (-2, -1)]
    rows += [session(who, 1, 50 + gain) for who, gain in points.items()]
    rows += [session("zed", day, 50 + 5 * day, "Renewal") for day in (-2, -1, 1)]
    people = [person("a2", "Al"), person("a1", "Al"), *map(person, ("zed", "none", "shy"))]
    found = told(practice(rows), people, unnamed={"shy"})
    assert [who for who, *_ in found] == ["zed", "a1", "a2"]


@pytest.mark.parametrize(
    ("weeks", "count"),
    [
        pytest.param(["2026-03-16"], 1, id="this week"),
        pytest.param(["2026-03-08"], 0, id="broken"),
        pytest.param(["2026-03-16", "2026-03-09", "2026-03-15", "2026-03-08"], 3, id="three"),
        pytest.param(["2026-03-16", "2026-03-08"], 1, id="a week missed"),
        pytest.param(["2026-03-24", "2026-03-15"], 1, id="clocks that run ahead"),
    ],
)
def test_weeks_in_a_row(weeks, count):
    moments = [datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC) for day in weeks]
    assert weeks_in_a_row(moments, NOW, "Europe/Berlin") == count


@pytest.mark.parametrize(
    ("weeks", "since", "longer"),
    [
        pytest.param(["2026-03-16", "2026-03-09"], None, False, id="all is known"),
        pytest.param(["2026-03-16", "2026-03-09"], "2026-03-02", False, id="the gap is known"),
        pytest.param(["2026-03-16", "2026-03-09"], "2026-03-03", True, id="known in part"),
        pytest.param(["2026-03-16", "2026-03-02"], "2026-03-02", False, id="broken since then"),
    ],
)
def test_a_row_that_reaches_back_to_where_nothing_is_known_may_be_longer(weeks, since, longer):
    moments = [datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC) for day in weeks]
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime.fromisoformat(since).replace(tzinfo=berlin) if since else None
    assert may_be_longer(moments, NOW, "Europe/Berlin", start) is longer


def test_weeks_are_those_of_the_persons_zone():
    sunday_evening = datetime(2026, 3, 15, 20, tzinfo=UTC)
    week_before = datetime(2026, 3, 8, 20, tzinfo=UTC)
    rows = [sunday_evening, week_before]
    assert weeks_in_a_row(rows, datetime(2026, 3, 23, 12, tzinfo=UTC), "UTC") == 0
    assert weeks_in_a_row(rows, datetime(2026, 3, 23, 12, tzinfo=UTC), "Asia/Tokyo") == 2
