"""Two sides, each counted again by itself."""

from __future__ import annotations

from dataclasses import replace
from statistics import fmean

import pytest
from hypothesis import given

from bot.language.query import Kind, ResolvedQuery
from bot.language.sides import Side, Sides
from bot.reports.compare import REPORT
from bot.reports.intervals import Interval, Window, preceding
from bot.reports.report import Amount
from tests.reports.given import WEEK, WINDOW, ZONE, days, facts, figures, row_lists, session

QUERY = ResolvedQuery(None)
NAMED = Sides(Kind.GROUP, Side("East", QUERY), Side("West", QUERY))


def compared(one, two, named=NAMED, window=WINDOW):
    return figures(REPORT, facts(one, other=facts(two, window=window), sides=named))


def told(found):
    """Each row as plain numbers."""
    plain = {}
    for label, *cells in REPORT.table(found).rows:
        plain[label] = [cell.value if isinstance(cell, Amount) else cell for cell in cells]
    return plain


def scores(rows):
    valid = [row for row in rows if row.is_valid_attempt and row.score is not None]
    return [row.score for row in valid if abs(row.score) < 1e12]


@given(row_lists, row_lists)
def test_each_side_is_counted_by_itself(one, two):
    rows = [list({row.id: row for row in side}.values()) for side in (one, two)]
    found = told(compared(*rows))
    for at, side in enumerate(rows):
        inside = [row for row in side if row.created_at in WEEK]
        valid = [row for row in inside if row.is_valid_attempt]
        assert found["People"][at] == len({row.user.id for row in inside} - {""})
        assert found["Sessions"][at] == len(inside)
        assert found["Graded attempts"][at] == len(scores(inside))
        mean = pytest.approx(fmean(scores(inside))) if scores(inside) else None
        assert found["Average"][at] == mean
        assert found["Time"][at] == pytest.approx(
            sum(max(row.duration_seconds or 0, 0) for row in inside)
        )
        for rank in ("gold", "silver", "bronze", "unranked"):
            assert found[rank.capitalize()][at] == sum(row.rank == rank for row in valid)
    for label, (first, second, apart) in found.items():
        if label in ("Average", "Lift"):
            few = min(found["Graded attempts"][:2]) < 3
            assert (apart is None) == (few or None in (first, second))
        if apart is not None:
            # As people reckon with what they read: minutes, tenths.
            unit = 60 if label == "Time" else 0.11
            assert apart == pytest.approx(first - second, abs=unit)


def test_a_channel_sees_no_result_of_two_and_no_person():
    many = [session(who, score=80, rank="gold") for who in ("ann", "bob", "cy")]
    found = told(REPORT.public(compared(many, many[:2])))
    assert found["Average"] == [80, None, None]
    assert found["Gold"] == [3, None, None]
    assert found["Sessions"] == [3, 2, 1]
    people = Sides("person", Side("Ann", QUERY), Side("Bob", QUERY))
    assert REPORT.public(compared(many, many, people)) is None


def test_the_shorter_time_is_named():
    part = Interval(WEEK.start, days(3))
    window = Window(part, preceding(part, ZONE), ZONE, part.end)
    rows = [session(at=1, score=80)]
    named = Sides("period", Side("last week", QUERY), Side("this week", QUERY))
    found = compared(rows, rows, named, window)
    assert (found.shorter.name, found.shorter.days, found.longer.days) == ("this week", 3, 7)
    assert compared(rows, rows, named).shorter is None
    assert compared(rows, rows, NAMED, window).shorter is None


def test_both_lifts_look_back_equally_far():
    one = [session(at=-20, score=10), session(at=-3, score=60), session(at=1, score=80)]
    known = facts(one, since=days(-30))
    other = facts(one[1:], since=days(-5))
    named = Sides("group", Side("East", QUERY), Side("West", QUERY))
    found = told(figures(REPORT, replace(known, other=other, sides=named)))
    assert found["Lift"][:2] == [20, 20]
    assert found["First"][:2] == [60, 60]
