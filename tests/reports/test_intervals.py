from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.days import day_start
from bot.reports.intervals import (
    EVER,
    Interval,
    Window,
    first_whole_day,
    monday_of,
    moved,
    parts_of,
    preceding,
    weeks_up_to,
    window_of_period,
)
from tests.language.world import parse_period

ZONES = sorted(available_timezones())
moments = st.integers(631_152_000, 2_140_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)  # 1990 to 2037
)
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


def days_of(interval: Interval, zone: str) -> list[tuple[date, Interval]]:
    return [(first, inside) for first, inside, _ in parts_of(interval, "day", zone)]


def at(text, zone="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def between(start, end, zone):
    return Interval(at(start, zone), at(end, zone))


@pytest.mark.parametrize(
    ("known_since", "zone", "day"),
    [
        pytest.param("2026-01-18T23:00:00.001", BERLIN, "2026-01-20", id="from a moment after it"),
        pytest.param("2026-01-19T22:59", BERLIN, "2026-01-20", id="its last minute"),
        pytest.param("2026-03-28T12:00", BERLIN, "2026-03-29", id="a day of 23 hours"),
    ],
)
def test_the_first_day_of_which_everything_is_known(known_since, zone, day):
    assert first_whole_day(at(known_since), zone) == at(day, zone)


def test_what_is_known_of_all_time_begins_on_no_day():
    assert first_whole_day(EVER, NEW_YORK) is None


@pytest.mark.parametrize(
    ("start", "end", "zone", "before"),
    [
        pytest.param("2026-03-09", "2026-03-16", BERLIN, "2026-03-02", id="week"),
        pytest.param("2026-10-26", "2026-11-02", BERLIN, "2026-10-19", id="after a 169 h week"),
        pytest.param("2026-03-01", "2026-04-01", BERLIN, "2026-02-01", id="month"),
        pytest.param("2026-04-01", "2026-07-01", BERLIN, "2026-01-01", id="quarter"),
        pytest.param("2026-03-09", "2026-03-09T06:00", BERLIN, "2026-03-08T18:00", id="hours"),
    ],
)
def test_the_period_before_is_of_the_same_kind(start, end, zone, before):
    interval = between(start, end, zone)
    assert preceding(interval, zone) == Interval(at(before, zone), interval.start)


@pytest.mark.parametrize(
    ("start", "end", "zone", "first", "last"),
    [
        pytest.param("2026-03-17", "2026-03-18", BERLIN, "2026-03-10", "2026-03-11", id="Tuesday"),
        pytest.param("2026-04-05", "2026-04-06", BERLIN, "2026-03-29", "2026-03-30", id="24 to 23"),
        pytest.param("2026-11-01", "2026-11-02", NEW_YORK, "2026-10-25", "2026-10-26", id="25 h"),
        pytest.param(
            *("2026-03-08T17:30", "2026-03-09T17:30", NEW_YORK),
            *("2026-03-01T17:30", "2026-03-02T17:30"),
            id="from afternoon to afternoon",
        ),
    ],
)
def test_days_are_compared_with_the_same_weekdays(start, end, zone, first, last):
    before = preceding(between(start, end, zone), zone)
    assert before == between(first, last, zone)


@pytest.mark.parametrize(
    ("words", "now", "zone", "first", "last"),
    [
        pytest.param(words, now, zone, first, last, id=f"{words} at {now}")
        for words, now, zone, first, last in (
            ("this quarter", "2026-05-20T10:00", BERLIN, "2026-01-01", "2026-02-20T10:00"),
            ("this quarter", "2026-05-31T10:00", BERLIN, "2026-01-01", "2026-03-01"),
            ("this year", "2026-03-20T10:00", BERLIN, "2025-01-01", "2025-03-20T10:00"),
            ("this year", "2024-02-29T10:00", BERLIN, "2023-01-01", "2023-03-01"),
            ("this month", "2026-03-31T10:00", BERLIN, "2026-02-01", "2026-03-01"),
            ("this month", "2026-03-29T02:59", "UTC", "2026-02-01", "2026-03-01"),
            ("this month", "2026-03-02T10:00", BERLIN, "2026-02-01", "2026-02-02T10:00"),
            # The clocks go forward on 29 March and back on 25 October.
            ("this week", "2026-03-29T10:00", BERLIN, "2026-03-16", "2026-03-22T10:00"),
            ("this week", "2026-04-01T10:00", BERLIN, "2026-03-23", "2026-03-25T10:00"),
            ("this week", "2026-10-28T10:00", BERLIN, "2026-10-19", "2026-10-21T10:00"),
            ("today", "2026-03-29T10:00", BERLIN, "2026-03-28", "2026-03-28T10:00"),
            ("today", "2026-10-26T10:00", BERLIN, "2026-10-25", "2026-10-25T10:00"),
            ("last 7d", "2026-04-01T10:00", BERLIN, "2026-03-18T09:00", "2026-03-25T09:00"),
            ("last 7d", "2026-04-06T10:00", BERLIN, "2026-03-23T10:00", "2026-03-30T10:00"),
            ("last 7d", "2026-10-28T10:00", BERLIN, "2026-10-14T11:00", "2026-10-21T11:00"),
            ("last 24h", "2026-03-29T10:00", BERLIN, "2026-03-27T09:00", "2026-03-28T09:00"),
            ("last 24h", "2026-10-25T10:00", BERLIN, "2026-10-23T11:00", "2026-10-24T11:00"),
        )
    ],
)
def test_what_ends_now_is_compared_with_the_same_part_or_the_days_before(
    words, now, zone, first, last
):
    for later in (timedelta(), timedelta(milliseconds=1), timedelta(minutes=7)):
        moment = at(now, zone) + later
        period = parse_period(words.split(), moment, ZoneInfo(zone))
        window = window_of_period(period, zone, moment)
        assert window.interval.end == moment
        clipped = window.kind == "so far" and last.endswith("-01")
        start = at(first, zone) + (later if window.kind == "rolling" else timedelta())
        assert window.before == Interval(start, at(last, zone) + (0 if clipped else 1) * later)


@given(st.sampled_from(ZONES), st.dates(date(1990, 1, 1), date(2037, 12, 1)), st.integers(1, 6))
def test_the_weekdays_before_are_whole_days_in_every_zone(zone, first, count):
    place = ZoneInfo(zone)
    days = [day_start(first + timedelta(days=day), place) for day in (-7, count - 7, 0, count)]
    if days[0] < days[1] and days[2] < days[3]:  # but for a day that was left out, in Samoa
        before = preceding(Interval(days[2], days[3]), zone)
        assert before == Interval(days[0], days[1])


@given(
    st.sampled_from(ZONES),
    moments,
    st.integers(1, 300),
)
def test_days_fill_any_interval(zone, start, hours):
    interval = Interval(start, start + timedelta(hours=hours))
    found = days_of(interval, zone)
    assert found[0][1].start == interval.start
    assert found[-1][1].end == interval.end
    assert all(one[1].end == other[1].start for one, other in pairwise(found))


def test_a_day_that_was_left_out_has_no_bar():
    # Samoa crossed the date line: after 29 December 2011 came the 31st.
    interval = Interval(at("2011-12-29", "Pacific/Apia"), at("2012-01-01", "Pacific/Apia"))
    assert [day.day for day, _ in days_of(interval, "Pacific/Apia")] == [29, 31]


def test_weeks_keep_the_local_hour_over_a_change_of_the_clocks():
    found = weeks_up_to(at("2026-04-06", BERLIN), 3, BERLIN)
    assert [day for day, _ in found] == [date(2026, 3, 16), date(2026, 3, 23), date(2026, 3, 30)]
    hours = [(week.end - week.start) / timedelta(hours=1) for _, week in found]
    assert hours == [168, 167, 168]


@pytest.mark.parametrize(
    ("zone", "monday"),
    [("UTC", date(2026, 3, 9)), ("Asia/Tokyo", date(2026, 3, 16)), ("No/Zone", date(2026, 3, 9))],
)
def test_a_week_begins_on_the_monday_of_the_zone(zone, monday):
    assert monday_of(at("2026-03-15T20:00"), zone) == monday


def test_moving_over_a_change_of_the_clocks_keeps_the_hour():
    assert moved(at("2026-03-28T09:00", BERLIN), 7, BERLIN) == at("2026-04-04T09:00", BERLIN)


def test_moving_to_a_day_whose_first_minutes_were_left_out():
    # Toronto went from 23:30 on 30 March 1919 to 0:30 on the 31st.
    toronto = "America/Toronto"
    first = day_start(date(1919, 3, 31), ZoneInfo(toronto)).astimezone(UTC)
    assert moved(at("1919-03-24", toronto), 7, toronto) == first
    assert moved(first, -7, toronto) == at("1919-03-24", toronto)


@pytest.mark.parametrize("zone", [NEW_YORK, "Asia/Tokyo"])
@pytest.mark.parametrize(
    "moment", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC)], ids=str
)
def test_the_ends_of_the_calendar_have_a_week(moment, zone):
    assert monday_of(moment, zone).weekday() == 0


def test_an_interval_in_the_hour_that_comes_twice():
    first = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo(BERLIN))
    twice = Interval(first, first.replace(fold=1))
    assert twice.end - twice.start == timedelta(hours=1)
    assert first.replace(minute=59) in twice


def test_intervals_that_make_no_sense_are_refused():
    now = at("2026-03-09")
    with pytest.raises(ValueError, match="ends after"):
        Interval(now, now)
    with pytest.raises(ValueError, match="aware"):
        Interval(datetime(2026, 3, 9), now)  # noqa: DTZ001
    week = between("2026-03-09", "2026-03-16", "UTC")
    with pytest.raises(ValueError, match="period before"):
        Window(week, week, "UTC", now)
    with pytest.raises(ValueError, match="now is aware"):
        Window(week, preceding(week, "UTC"), "UTC", datetime(2026, 3, 9))  # noqa: DTZ001
