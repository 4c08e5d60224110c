"""What interval an occurrence reports on."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from bot.language.schedule import (
    Daily,
    Monthly,
    Rhythm,
    Schedule,
    Weekly,
    period_before,
    upcoming,
)
from tests.outbox.model import DAY, checked, occurrences
from tests.outbox.test_schedule import moments, schedules

EACH_DAY = Schedule(Daily(), time(9), "Europe/Berlin")
PERIODS = [
    # rhythm, date, first and last local day reported on
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
]


@pytest.mark.parametrize(("rhythm", "key", "first", "last"), PERIODS, ids=str)
def test_what_an_occurrence_reports_on(rhythm: Rhythm, key: str, first: str, last: str) -> None:
    zone = ZoneInfo("Europe/Berlin")
    schedule = Schedule(rhythm, time(9), "Europe/Berlin")
    begin = datetime.fromisoformat(first).replace(tzinfo=zone)
    end = (datetime.fromisoformat(last) + DAY).replace(tzinfo=zone)
    start_of_day = datetime.fromisoformat(key).replace(tzinfo=zone)
    (one,) = occurrences(schedule, start_of_day.astimezone(UTC), start_of_day.astimezone(UTC) + DAY)
    assert one.key == key
    assert period_before(schedule, one) == (begin.astimezone(UTC), end.astimezone(UTC))


@pytest.mark.parametrize(
    ("key", "hours"),
    [
        pytest.param("2026-03-30", 23, id="spring"),
        pytest.param("2026-10-26", 25, id="autumn"),
        pytest.param("2026-06-15", 24, id="summer"),
    ],
)
def test_a_day_may_have_23_or_25_hours(key: str, hours: int) -> None:
    moment = datetime.fromisoformat(key).replace(tzinfo=UTC)
    (one,) = occurrences(EACH_DAY, moment, moment + DAY)
    assert one.key == key
    start, end = period_before(EACH_DAY, one)
    assert end - start == timedelta(hours=hours)


@checked
@given(schedules, moments)
def test_consecutive_periods_meet(schedule: Schedule, now: datetime) -> None:
    reported = [period_before(schedule, one) for one in upcoming(schedule, now, 6)]
    for (_, end), (start, _) in pairwise(reported):
        assert end == start
    assert all(start < end for start, end in reported)
