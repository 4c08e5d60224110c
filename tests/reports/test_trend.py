"""The course of practice, counted again by the calendar of the standard library."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from statistics import fmean
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.query import By, ResolvedQuery
from bot.reports.facts import Practice
from bot.reports.given import GivenFacts
from bot.reports.intervals import Interval, Window, preceding
from bot.reports.report import Part
from bot.reports.trend import MOST_CHARTED, REPORT
from tests.reports.given import WINDOW, ZONE, figures, row_lists, session

FIRST_OF = {
    By.DAY: lambda day: day,
    By.WEEK: lambda day: date.fromisocalendar(*day.isocalendar()[:2], 1),
    By.MONTH: lambda day: day.replace(day=1),
}


def at(text, zone=ZONE):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def facts(rows, start, end, *, by=None, now=None, since=None):
    interval = Interval(start, end)
    window = Window(interval, preceding(interval, ZONE), ZONE, now or end)
    query = ResolvedQuery(people=None, by=by)
    told = Practice(window, tuple(rows), since=since, complete=since is None)
    return GivenFacts(told, query)


def trend(*given, **more):
    return figures(REPORT, facts(*given, **more))


def scores(rows):
    valid = [row for row in rows if row.is_valid_attempt and row.score is not None]
    return [row.score for row in valid if abs(row.score) < 1e12]  # NaN is in no order


starts = st.integers(-60, 0)


@given(row_lists, starts, st.integers(1, 60), st.sampled_from(list(FIRST_OF)))
def test_every_session_is_in_the_part_of_its_local_date(rows, start, length, by):
    rows = list({row.id: row for row in rows}.values())
    begin = at("2026-03-09") + timedelta(days=start)
    end = begin + timedelta(days=length)
    rows = [row for row in rows if begin <= row.created_at < end]
    found = trend(rows, begin, end, by=by)
    assert found.sums.sessions == len(rows)
    if not rows:
        assert found.rows == ()
        return
    own = {row.part.first: [] for row in found.rows}
    for row in rows:
        own[FIRST_OF[by](row.created_at.astimezone(ZoneInfo(ZONE)).date())].append(row)
    for row in found.rows:
        mine = own[row.part.first]
        assert row.sessions == len(mine)
        assert row.people == len({each.user.id for each in mine} - {""})
        assert row.graded == len(scores(mine))
        expected = fmean(scores(mine)) if scores(mine) else None
        assert row.average == (None if expected is None else pytest.approx(expected))
    firsts = list(own)
    assert firsts == sorted(firsts)
    assert len(firsts) == len(set(firsts))


@pytest.mark.parametrize(
    ("start", "end", "by"),
    [
        pytest.param("2026-03-16", "2026-03-17", By.DAY, id="a day"),
        pytest.param("2026-01-01", "2026-04-01", By.WEEK, id="a quarter"),
        pytest.param("2025-09-01", "2026-03-01", By.MONTH, id="half a year"),
    ],
)
def test_the_parts_suit_the_length(start, end, by):
    found = trend([session(at=0)], at(start), at(end))
    assert found.per is by
    assert len(found.charted) <= MOST_CHARTED


def test_what_is_cut_or_still_running_is_marked():
    rows = [session(at=0), session(at=6)]
    found = trend(rows, at("2026-03-05"), at("2026-03-18T09:00"), by=By.WEEK)
    assert [row.part for row in found.rows] == [
        Part(date(2026, 3, 2), By.WEEK, cut=True),
        Part(date(2026, 3, 9), By.WEEK),
        Part(date(2026, 3, 16), By.WEEK, cut=True, running=True),
    ]
    over = trend(rows, at("2026-03-05"), at("2026-03-18"), by=By.WEEK, now=at("2026-04-01"))
    assert [row.part.running for row in over.rows] == [False] * 3


def test_nothing_is_said_of_a_time_that_is_not_known():
    rows = [session(at=0), session(at=6)]
    found = trend(rows, at("2026-01-01"), at("2026-03-16"), by=By.WEEK, since=at("2026-03-03"))
    assert [row.part for row in found.rows] == [
        Part(date(2026, 3, 2), By.WEEK, cut=True),
        Part(date(2026, 3, 9), By.WEEK),
    ]
    assert [row.sessions for row in found.rows] == [0, 2]
    # Of the day before the first whole one, what is known counts.
    early = [session(at=-8), *rows]
    found = trend(early, at("2026-01-01"), at("2026-03-16"), by=By.DAY, since=at("2026-03-03"))
    assert (found.rows[0].part.first, found.rows[0].sessions) == (date(2026, 3, 1), 1)
    ever = trend(rows, at("2000-01-01"), at("2026-03-16"), by=By.DAY)
    assert ever.rows[0].part.first == date(2026, 3, 9)


def test_a_channel_sees_no_average_of_two():
    rows = [session(who, at=day, score=50 + day) for day in (0, 7) for who in ("ann", "bob")]
    rows.append(session("cy", at=7, score=90))
    found = trend(rows, WINDOW.interval.start, WINDOW.interval.end + timedelta(days=7), by=By.WEEK)
    public = REPORT.public(found)
    assert [row.average for row in public.rows] == [None, pytest.approx(68, abs=0.1)]
    # Nor is there one over all, of which the second week could be subtracted.
    assert public.sums.average is None
    assert REPORT.public(replace(found, rows=found.rows[1:])).sums.average == found.sums.average
    few = REPORT.public(replace(found, sums=replace(found.sums, graded=2)))
    assert few.sums.average is None
    assert few.sums.best is None
    # One alone is no line.
    assert public.averaged == ()
    assert len(public.charted) == 2
