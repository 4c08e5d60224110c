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
    upcoming,
)
from tests.outbox.model import DAY, MINUTE, ZONES, checked, occurrences, utc, wall

clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
days = st.dates(date(2012, 1, 15), date(2039, 12, 1))
few_weeks = st.builds(
    lambda first, weeks: Weekly(first.weekday(), weeks, first), days, st.integers(2, 52)
)
rhythms = st.one_of(
    st.builds(Daily, st.booleans()),
    st.builds(Weekly, st.integers(0, 6)),
    few_weeks,
    st.builds(Monthly, st.integers(1, 31)),
)
schedules = st.builds(Schedule, rhythms, clocks, st.sampled_from(ZONES))
moments = st.timedeltas(timedelta(0), timedelta(days=10_000)).map(utc(2012, 1, 15).__add__)
spans = st.timedeltas(timedelta(0), timedelta(days=150))


def falls(rhythm: Rhythm, day: date) -> bool:
    """Whether a rhythm has a date, said once more in another way."""
    match rhythm:
        case Daily(workdays):
            return not workdays or day.strftime("%a") not in ("Sat", "Sun")
        case Weekly(weekday, weeks, first):
            if first is None:
                return day.weekday() == weekday
            return day >= first and (day - first).days % (7 * weeks) == 0
        case Monthly(number):
            return day.day == min(number, monthrange(day.year, day.month)[1])


@checked
@given(schedules, moments, spans)
def test_each_date_of_the_rhythm_comes_once_at_its_time(
    schedule: Schedule, after: datetime, span: timedelta
) -> None:
    found = occurrences(schedule, after, after + span)
    zone = ZoneInfo(schedule.zone)
    for one in found:
        assert after < one.at <= after + span
        assert one.at.tzinfo is UTC
        local = wall(one.day, schedule.clock)
        assert one.at.astimezone(zone).replace(tzinfo=None) >= local
        assert (one.at - MINUTE).astimezone(zone).replace(tzinfo=None) < local
    # A day inside either end, where the time of the day cannot matter.
    inner = [(after + 2 * DAY).date() + number * DAY for number in range(span.days - 3)]
    keys = {one.day for one in found}
    assert [day for day in inner if day in keys] == [d for d in inner if falls(schedule.rhythm, d)]
    assert all(falls(schedule.rhythm, day) for day in keys)


@checked
@given(schedules, moments, st.lists(spans, min_size=1, max_size=5))
def test_it_does_not_matter_how_often_one_looks(
    schedule: Schedule, start: datetime, steps: list[timedelta]
) -> None:
    looks = [start]
    for step in steps:
        looks.append(looks[-1] + step)
    parts = [one for a, b in pairwise(looks) for one in occurrences(schedule, a, b)]
    assert tuple(parts) == occurrences(schedule, looks[0], looks[-1])


@checked
@given(schedules, moments, spans)
def test_due_is_the_newest(schedule: Schedule, after: datetime, span: timedelta) -> None:
    every = occurrences(schedule, after, after + span)
    assert due(schedule, after, after + span) == (every[-1] if every else None)


def test_a_long_sleep_of_a_rhythm_that_began_late() -> None:
    schedule = Schedule(Weekly(4, 2, date(2026, 3, 27)), time(16), "Europe/Berlin")
    newest = Occurrence("2026-04-24", utc(2026, 4, 24, 14))
    assert due(schedule, utc(2000), utc(2026, 4, 30)) == newest
    assert due(schedule, utc(2000), utc(2026, 3, 27)) is None
    assert upcoming(schedule, utc(2000), 1)[0].key == "2026-03-27"


@checked
@given(schedules, moments, clocks, st.sampled_from(ZONES))
def test_the_key_outlives_another_hour_and_another_zone(
    schedule: Schedule, now: datetime, clock: time, zone: str
) -> None:
    edited = replace(schedule, clock=clock, zone=zone)
    one = upcoming(schedule, now, 1)[0]
    near = occurrences(edited, one.at - 4 * DAY, one.at + 4 * DAY)
    assert [other.key for other in near].count(one.key) == 1


@pytest.mark.parametrize(
    ("rhythm", "keys"),
    [
        pytest.param(Daily(), ["2026-01-30", "2026-01-31", "2026-02-01"], id="daily"),
        pytest.param(Daily(True), ["2026-01-30", "2026-02-02", "2026-02-03"], id="workdays"),
        pytest.param(Weekly(6), ["2026-02-01", "2026-02-08", "2026-02-15"], id="sundays"),
        pytest.param(
            Weekly(4, 3, date(2026, 1, 2)),
            ["2026-02-13", "2026-03-06", "2026-03-27"],
            id="three-weeks",
        ),
        pytest.param(Monthly(31), ["2026-01-31", "2026-02-28", "2026-03-31"], id="31st"),
        pytest.param(Monthly(1), ["2026-02-01", "2026-03-01", "2026-04-01"], id="1st"),
    ],
)
def test_dates(rhythm: Rhythm, keys: list[str]) -> None:
    schedule = Schedule(rhythm, time(9), "Europe/Berlin")
    # 9:00 in Berlin on the 29th is past.
    assert [one.key for one in upcoming(schedule, utc(2026, 1, 29, 8))] == keys


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda: Weekly(0, 53, date(2026, 3, 23)), id="too-many-weeks"),
        pytest.param(lambda: Weekly(0, 2), id="no-first"),
        pytest.param(lambda: Weekly(0, 1, date(2026, 3, 23)), id="first-of-every-week"),
        pytest.param(lambda: Weekly(0, 2, date(2026, 3, 24)), id="first-on-a-tuesday"),
        pytest.param(lambda: Monthly(32), id="day-32"),
    ],
)
def test_schedules_that_cannot_be(wrong) -> None:
    with pytest.raises((ValueError, KeyError)):
        wrong()
