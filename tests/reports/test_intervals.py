"""Periods, the periods they are compared with, and their local days and weeks across clock changes.

`preceding.tsv`: a whole period and the one before it. `intervals.tsv`: words, now, and the period
that one under way or ending now is compared with.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.days import day_start
from bot.reports.intervals import (
    Interval,
    moved,
    parts_of,
    periods_of,
    preceding,
)
from tests.language.tables import rows
from tests.language.world import parse_period

FOLDER = Path(__file__).parent
PRECEDING, NOW = rows("preceding.tsv", FOLDER), rows("intervals.tsv", FOLDER)
ZONES = sorted(available_timezones())
BERLIN = "Europe/Berlin"
few = settings(max_examples=40)


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def between(start: str, end: str, zone: str) -> Interval:
    return Interval(at(start, zone), at(end, zone))


@pytest.mark.parametrize(("name", "start", "end", "zone", "first", "last"), PRECEDING)
def test_a_whole_period_is_compared_with_one_of_the_same_kind(
    name: str, start: str, end: str, zone: str, first: str, last: str
) -> None:
    assert preceding(between(start, end, zone), zone) == between(first, last, zone), name


@pytest.mark.parametrize(("words", "now", "zone", "first", "last"), NOW)
def test_a_period_that_ends_now_is_compared_with_the_same_part_or_the_days_before(
    words: str, now: str, zone: str, first: str, last: str
) -> None:
    for later in (timedelta(), timedelta(milliseconds=1), timedelta(minutes=7)):
        moment = at(now, zone) + later
        period = parse_period(words.split(), moment, ZoneInfo(zone))
        window = periods_of(period, zone, moment)
        assert window.interval.end == moment
        is_clipped = window.kind == "so far" and last.endswith("-01")
        start = at(first, zone) + (later if window.kind == "rolling" else timedelta())
        end = at(last, zone) + (timedelta() if is_clipped else later)
        assert window.before == Interval(start, end)


@few
@given(st.sampled_from(ZONES), st.dates(date(1990, 1, 1), date(2037, 12, 1)), st.integers(1, 6))
def test_the_same_days_a_week_before_are_whole_days_in_every_zone(
    zone: str, first: date, count: int
) -> None:
    place = ZoneInfo(zone)
    days = [day_start(first + timedelta(days=day), place) for day in (-7, count - 7, 0, count)]
    if days[0] < days[1] and days[2] < days[3]:  # Samoa left out a day
        assert preceding(Interval(days[2], days[3]), zone) == Interval(days[0], days[1])


@few
@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1)),  # noqa: DTZ001 - in UTC, below
    st.integers(1, 300),
)
def test_days_fill_any_interval(zone: str, moment: datetime, hours: int) -> None:
    start = moment.replace(tzinfo=UTC)
    interval = Interval(start, start + timedelta(hours=hours))
    days = [inside for _, inside, _ in parts_of(interval, "day", zone)]
    assert (days[0].start, days[-1].end) == (interval.start, interval.end)
    assert all(day.end == following.start for day, following in pairwise(days))


def test_a_day_that_a_zone_left_out_has_no_part() -> None:
    # Samoa crossed the date line: December 31 followed December 29, 2011.
    interval = between("2011-12-29", "2012-01-01", "Pacific/Apia")
    assert [day.day for day, *_ in parts_of(interval, "day", "Pacific/Apia")] == [29, 31]


def test_moves_keep_the_local_hour_over_a_change_of_the_clocks() -> None:
    assert moved(at("2026-03-28T09:00", BERLIN), 7, BERLIN) == at("2026-04-04T09:00", BERLIN)


def test_an_interval_in_the_hour_that_comes_twice() -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo(BERLIN))
    twice = Interval(first, first.replace(fold=1))
    assert twice.end - twice.start == timedelta(hours=1)
