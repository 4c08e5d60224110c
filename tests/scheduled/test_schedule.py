"""When a schedule is due, and which days an occurrence reports on."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.schedule import (
    DailyRhythm,
    MonthlyRhythm,
    Occurrence,
    Rhythm,
    Schedule,
    WeeklyRhythm,
    due,
    period_before,
    upcoming,
)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ZONES = sorted(available_timezones())
BERLIN = "Europe/Berlin"


def utc(year: int, month: int = 1, day: int = 1, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def occurrences(schedule: Schedule, after: datetime, upto: datetime) -> tuple[Occurrence, ...]:
    """All occurrences after one moment and up to another, oldest first."""
    count = 8
    while True:
        coming = upcoming(schedule, after, count)
        if len(coming) < count or coming[-1].at > upto:
            return tuple(occurrence for occurrence in coming if occurrence.at <= upto)
        count *= 4


clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
days = st.dates(date(2012, 1, 15), date(2039, 12, 1))
rhythms = st.one_of(
    st.builds(DailyRhythm, st.booleans()),
    st.builds(WeeklyRhythm, st.integers(0, 6)),
    st.builds(
        lambda first, weeks: WeeklyRhythm(first.weekday(), weeks, first), days, st.integers(2, 52)
    ),
    st.builds(MonthlyRhythm, st.integers(1, 31)),
)
schedules = st.builds(Schedule, rhythms, clocks, st.sampled_from(ZONES))
moments = st.timedeltas(timedelta(0), timedelta(days=10_000)).map(utc(2012, 1, 15).__add__)
spans = st.timedeltas(timedelta(0), timedelta(days=100))


def has_date(rhythm: Rhythm, day: date) -> bool:
    """Whether a rhythm has a date, computed differently."""
    match rhythm:
        case DailyRhythm(workdays):
            return not workdays or day.strftime("%a") not in ("Sat", "Sun")
        case WeeklyRhythm(weekday, weeks, first):
            if first is None:
                return day.weekday() == weekday
            return day >= first and (day - first).days % (7 * weeks) == 0
        case MonthlyRhythm(number):
            return day.day == min(number, monthrange(day.year, day.month)[1])


@given(schedules, moments, spans, spans)
def test_each_date_comes_once_at_its_time(
    schedule: Schedule, after: datetime, span: timedelta, more: timedelta
) -> None:
    sooner = occurrences(schedule, after, after + span)
    zone = ZoneInfo(schedule.zone)
    for occurrence in sooner:
        assert after < occurrence.at <= after + span
        assert occurrence.at.tzinfo is UTC
        local = datetime.combine(occurrence.day, schedule.clock)
        assert occurrence.at.astimezone(zone).replace(tzinfo=None) >= local
        assert (occurrence.at - MINUTE).astimezone(zone).replace(tzinfo=None) < local
    # The time of day can't matter two days inside either end.
    inner = [(after + 2 * DAY).date() + number * DAY for number in range(span.days - 3)]
    keys = {coming.day for coming in sooner}
    expected = [day for day in inner if has_date(schedule.rhythm, day)]
    assert [day for day in inner if day in keys] == expected
    assert all(has_date(schedule.rhythm, day) for day in keys)
    assert due(schedule, after, after + span) == (sooner[-1] if sooner else None)
    # It doesn't matter how often the schedule is checked.
    end = after + span + more
    later = occurrences(schedule, after + span, end)
    assert sooner + later == occurrences(schedule, after, end)


def test_a_rhythm_that_begins_later() -> None:
    schedule = Schedule(WeeklyRhythm(4, 2, date(2026, 3, 27)), time(16), BERLIN)
    newest = Occurrence("2026-04-24", utc(2026, 4, 24, 14))
    assert due(schedule, utc(2000), utc(2026, 4, 30)) == newest
    assert due(schedule, utc(2000), utc(2026, 3, 27)) is None
    assert upcoming(schedule, utc(2000), 1)[0].key == "2026-03-27"


@given(schedules, moments, clocks, st.sampled_from(ZONES))
def test_a_date_keeps_its_key_at_another_time_and_in_another_zone(
    schedule: Schedule, now: datetime, clock: time, zone: str
) -> None:
    edited = replace(schedule, clock=clock, zone=zone)
    occurrence = upcoming(schedule, now, 1)[0]
    near = occurrences(edited, occurrence.at - 4 * DAY, occurrence.at + 4 * DAY)
    assert [other.key for other in near].count(occurrence.key) == 1


@pytest.mark.parametrize(
    ("rhythm", "keys"),
    [
        (DailyRhythm(), ["2026-01-30", "2026-01-31", "2026-02-01"]),
        (DailyRhythm(True), ["2026-01-30", "2026-02-02", "2026-02-03"]),
        (WeeklyRhythm(6), ["2026-02-01", "2026-02-08", "2026-02-15"]),
        (WeeklyRhythm(4, 3, date(2026, 1, 2)), ["2026-02-13", "2026-03-06", "2026-03-27"]),
        (MonthlyRhythm(31), ["2026-01-31", "2026-02-28", "2026-03-31"]),
        (MonthlyRhythm(1), ["2026-02-01", "2026-03-01", "2026-04-01"]),
    ],
    ids=str,
)
def test_dates(rhythm: Rhythm, keys: list[str]) -> None:
    schedule = Schedule(rhythm, time(9), BERLIN)
    # 9:00 in Berlin on the 29th is past.
    assert [occurrence.key for occurrence in upcoming(schedule, utc(2026, 1, 29, 8), 3)] == keys


@pytest.mark.parametrize(
    ("rhythm", "key", "first", "last"),
    [
        (WeeklyRhythm(0), "2026-03-30", "2026-03-23", "2026-03-29"),
        (WeeklyRhythm(2), "2026-04-01", "2026-03-23", "2026-03-29"),
        (WeeklyRhythm(6), "2026-04-05", "2026-03-23", "2026-03-29"),
        (WeeklyRhythm(4, 2, date(2026, 4, 3)), "2026-04-03", "2026-03-16", "2026-03-29"),
        (DailyRhythm(), "2026-03-30", "2026-03-29", "2026-03-29"),
        (DailyRhythm(workdays=True), "2026-03-30", "2026-03-27", "2026-03-29"),
        (DailyRhythm(workdays=True), "2026-03-31", "2026-03-30", "2026-03-30"),
        (MonthlyRhythm(1), "2026-03-01", "2026-02-01", "2026-02-28"),
        (MonthlyRhythm(15), "2026-01-15", "2025-12-01", "2025-12-31"),
        (MonthlyRhythm(31), "2026-02-28", "2026-01-01", "2026-01-31"),
    ],
    ids=str,
)
def test_the_days_that_an_occurrence_reports_on(
    rhythm: Rhythm, key: str, first: str, last: str
) -> None:
    zone = ZoneInfo(BERLIN)
    schedule = Schedule(rhythm, time(9), BERLIN)
    begin = datetime.fromisoformat(first).replace(tzinfo=zone)
    end = (datetime.fromisoformat(last) + DAY).replace(tzinfo=zone)
    start_of_day = datetime.fromisoformat(key).replace(tzinfo=zone).astimezone(UTC)
    (occurrence,) = occurrences(schedule, start_of_day, start_of_day + DAY)
    assert occurrence.key == key
    assert period_before(schedule, occurrence) == (begin.astimezone(UTC), end.astimezone(UTC))


@pytest.mark.parametrize(
    ("key", "hours"), [("2026-03-30", 23), ("2026-10-26", 25), ("2026-06-15", 24)]
)
def test_a_day_may_have_23_or_25_hours(key: str, hours: int) -> None:
    schedule = Schedule(DailyRhythm(), time(9), BERLIN)
    moment = datetime.fromisoformat(key).replace(tzinfo=UTC)
    (occurrence,) = occurrences(schedule, moment, moment + DAY)
    start, end = period_before(schedule, occurrence)
    assert (occurrence.key, end - start) == (key, timedelta(hours=hours))


@given(schedules, moments)
def test_consecutive_periods_meet(schedule: Schedule, now: datetime) -> None:
    reported = [period_before(schedule, occurrence) for occurrence in upcoming(schedule, now, 6)]
    for (_, end), (start, _) in pairwise(reported):
        assert end == start
    assert all(start < end for start, end in reported)


# Changes of the clocks


@pytest.mark.parametrize(
    ("zone", "clock", "day", "at"),
    [
        pytest.param("Europe/Berlin", "02:30", "2026-03-29", "2026-03-29T01:00", id="gap"),
        pytest.param("Europe/Berlin", "02:30", "2026-10-25", "2026-10-25T00:30", id="twice"),
        pytest.param("Africa/Cairo", "00:00", "2026-04-24", "2026-04-23T22:00", id="midnight-gap"),
        pytest.param("Australia/Lord_Howe", "02:15", "2026-10-04", "2026-10-03T15:30", id="half"),
    ],
)
def test_known_moments(zone: str, clock: str, day: str, at: str) -> None:
    schedule = Schedule(DailyRhythm(), time.fromisoformat(clock), zone)
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    occurrence = Occurrence(day, moment)
    assert occurrence in occurrences(schedule, moment - DAY, moment + DAY)
    assert occurrences(schedule, moment - MINUTE, moment) == (occurrence,)
    assert occurrences(schedule, moment, moment + MINUTE) == ()


@pytest.mark.parametrize(
    ("zone", "day", "gap"),
    [
        pytest.param("Pacific/Apia", date(2011, 12, 30), utc(2011, 12, 30, 10), id="samoa"),
        pytest.param("Pacific/Kwajalein", date(1993, 8, 21), utc(1993, 8, 21, 12), id="kwajalein"),
    ],
)
def test_a_date_that_a_zone_left_out(zone: str, day: date, gap: datetime) -> None:
    for clock in (time(0), time(9), time(23, 59)):

        def keys(rhythm: Rhythm, clock: time = clock) -> list[str]:
            near = occurrences(Schedule(rhythm, clock, zone), gap - 2 * DAY, gap + 2 * DAY)
            return [
                occurrence.key
                for occurrence in near
                if occurrence.at == gap and occurrence.day == day
            ]

        assert keys(WeeklyRhythm(day.weekday())) == [day.isoformat()]
        assert keys(WeeklyRhythm(day.weekday(), 2, day)) == [day.isoformat()]
        assert keys(MonthlyRhythm(day.day)) == [day.isoformat()]
        assert keys(DailyRhythm()) == []
    # The day after it reports on the day before it.
    schedule = Schedule(DailyRhythm(), time(9), zone)
    (occurrence,) = occurrences(schedule, gap, gap + DAY)
    assert occurrence.day == day + DAY
    assert period_before(schedule, occurrence) == (gap - DAY, gap)
