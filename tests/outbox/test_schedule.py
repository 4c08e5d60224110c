"""When a schedule is due, and which days an occurrence reports on."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.schedule import (
    Daily,
    Monthly,
    Occurrence,
    Rhythm,
    Schedule,
    Weekly,
    due,
    period_before,
    upcoming,
)
from tests.outbox.model import DAY, MINUTE, ZONES, occurrences, utc, wall

BERLIN = "Europe/Berlin"
clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
days = st.dates(date(2012, 1, 15), date(2039, 12, 1))
rhythms = st.one_of(
    st.builds(Daily, st.booleans()),
    st.builds(Weekly, st.integers(0, 6)),
    st.builds(lambda first, weeks: Weekly(first.weekday(), weeks, first), days, st.integers(2, 52)),
    st.builds(Monthly, st.integers(1, 31)),
)
schedules = st.builds(Schedule, rhythms, clocks, st.sampled_from(ZONES))
moments = st.timedeltas(timedelta(0), timedelta(days=10_000)).map(utc(2012, 1, 15).__add__)
spans = st.timedeltas(timedelta(0), timedelta(days=100))


def has_date(rhythm: Rhythm, day: date) -> bool:
    """Whether a rhythm has a date, computed in another way."""
    match rhythm:
        case Daily(workdays):
            return not workdays or day.strftime("%a") not in ("Sat", "Sun")
        case Weekly(weekday, weeks, first):
            if first is None:
                return day.weekday() == weekday
            return day >= first and (day - first).days % (7 * weeks) == 0
        case Monthly(number):
            return day.day == min(number, monthrange(day.year, day.month)[1])


@given(schedules, moments, spans, spans)
def test_each_date_comes_once_at_its_time(
    schedule: Schedule, after: datetime, span: timedelta, more: timedelta
) -> None:
    found = occurrences(schedule, after, after + span)
    zone = ZoneInfo(schedule.zone)
    for one in found:
        assert after < one.at <= after + span
        assert one.at.tzinfo is UTC
        local = wall(one.day, schedule.clock)
        assert one.at.astimezone(zone).replace(tzinfo=None) >= local
        assert (one.at - MINUTE).astimezone(zone).replace(tzinfo=None) < local
    # The time of day can't matter two days inside either end.
    inner = [(after + 2 * DAY).date() + number * DAY for number in range(span.days - 3)]
    keys = {one.day for one in found}
    expected = [day for day in inner if has_date(schedule.rhythm, day)]
    assert [day for day in inner if day in keys] == expected
    assert all(has_date(schedule.rhythm, day) for day in keys)
    assert due(schedule, after, after + span) == (found[-1] if found else None)
    # It doesn't matter how often the schedule is looked at.
    end = after + span + more
    later = occurrences(schedule, after + span, end)
    assert found + later == occurrences(schedule, after, end)


def test_a_rhythm_that_begins_later() -> None:
    schedule = Schedule(Weekly(4, 2, date(2026, 3, 27)), time(16), BERLIN)
    newest = Occurrence("2026-04-24", utc(2026, 4, 24, 14))
    assert due(schedule, utc(2000), utc(2026, 4, 30)) == newest
    assert due(schedule, utc(2000), utc(2026, 3, 27)) is None
    assert upcoming(schedule, utc(2000), 1)[0].key == "2026-03-27"


@given(schedules, moments, clocks, st.sampled_from(ZONES))
def test_a_date_keeps_its_key_at_another_time_and_in_another_zone(
    schedule: Schedule, now: datetime, clock: time, zone: str
) -> None:
    edited = replace(schedule, clock=clock, zone=zone)
    one = upcoming(schedule, now, 1)[0]
    near = occurrences(edited, one.at - 4 * DAY, one.at + 4 * DAY)
    assert [other.key for other in near].count(one.key) == 1


@pytest.mark.parametrize(
    ("rhythm", "keys"),
    [
        (Daily(), ["2026-01-30", "2026-01-31", "2026-02-01"]),
        (Daily(True), ["2026-01-30", "2026-02-02", "2026-02-03"]),
        (Weekly(6), ["2026-02-01", "2026-02-08", "2026-02-15"]),
        (Weekly(4, 3, date(2026, 1, 2)), ["2026-02-13", "2026-03-06", "2026-03-27"]),
        (Monthly(31), ["2026-01-31", "2026-02-28", "2026-03-31"]),
        (Monthly(1), ["2026-02-01", "2026-03-01", "2026-04-01"]),
    ],
    ids=str,
)
def test_dates(rhythm: Rhythm, keys: list[str]) -> None:
    schedule = Schedule(rhythm, time(9), BERLIN)
    # 9:00 in Berlin on the 29th is past.
    assert [one.key for one in upcoming(schedule, utc(2026, 1, 29, 8), 3)] == keys


@pytest.mark.parametrize(
    ("rhythm", "key", "first", "last"),
    [
        (Weekly(0), "2026-03-30", "2026-03-23", "2026-03-29"),
        (Weekly(2), "2026-04-01", "2026-03-23", "2026-03-29"),
        (Weekly(6), "2026-04-05", "2026-03-23", "2026-03-29"),
        (Weekly(4, 2, date(2026, 4, 3)), "2026-04-03", "2026-03-16", "2026-03-29"),
        (Daily(), "2026-03-30", "2026-03-29", "2026-03-29"),
        (Daily(workdays=True), "2026-03-30", "2026-03-27", "2026-03-29"),
        (Daily(workdays=True), "2026-03-31", "2026-03-30", "2026-03-30"),
        (Monthly(1), "2026-03-01", "2026-02-01", "2026-02-28"),
        (Monthly(15), "2026-01-15", "2025-12-01", "2025-12-31"),
        (Monthly(31), "2026-02-28", "2026-01-01", "2026-01-31"),
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
    (one,) = occurrences(schedule, start_of_day, start_of_day + DAY)
    assert one.key == key
    assert period_before(schedule, one) == (begin.astimezone(UTC), end.astimezone(UTC))


@pytest.mark.parametrize(
    ("key", "hours"), [("2026-03-30", 23), ("2026-10-26", 25), ("2026-06-15", 24)]
)
def test_a_day_may_have_23_or_25_hours(key: str, hours: int) -> None:
    schedule = Schedule(Daily(), time(9), BERLIN)
    moment = datetime.fromisoformat(key).replace(tzinfo=UTC)
    (one,) = occurrences(schedule, moment, moment + DAY)
    start, end = period_before(schedule, one)
    assert (one.key, end - start) == (key, timedelta(hours=hours))


@given(schedules, moments)
def test_consecutive_periods_meet(schedule: Schedule, now: datetime) -> None:
    reported = [period_before(schedule, one) for one in upcoming(schedule, now, 6)]
    for (_, end), (start, _) in pairwise(reported):
        assert end == start
    assert all(start < end for start, end in reported)
