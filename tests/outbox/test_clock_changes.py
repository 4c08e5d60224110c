"""Schedules around changes of the clocks, against clocks that are looked at every minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.language.schedule import (
    Daily,
    Monthly,
    Occurrence,
    Rhythm,
    Schedule,
    Weekly,
    due,
    period_before,
)
from tests.outbox.model import (
    DAY,
    MINUTE,
    Change,
    Watch,
    changes,
    distinct_zones,
    occurrences,
    utc,
    wall,
    watch,
)

# Minutes from a change: on it, next to it, inside and outside the gap or the repeat.
NEAR = (-60, -1, 0, 30, 60)
AROUND = timedelta(hours=28)


def test_every_kind_of_change_since_2010() -> None:
    kinds: dict[object, tuple[str, Change]] = {}
    for zone in distinct_zones():
        for change in changes(zone, utc(2010), utc(2028)):
            local = change.at.astimezone(ZoneInfo(zone)).time()
            kinds.setdefault((local.hour in (0, 23), change.minutes), (zone, change))
    assert {60, -60, 30, -30, 1440} <= {change.minutes for _, change in kinds.values()}
    for zone, change in kinds.values():
        check(zone, change)


def check(zone: str, change: Change) -> int:
    """Check every kind of schedule, at many times of the day, against the clocks on the wall.

    Returns how many questions were asked.
    """
    asked = 0
    after, end = change.at - AROUND, change.at + AROUND
    clocks = watch(zone, after, end)
    local = change.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    edges = {local, local - timedelta(minutes=change.minutes)}
    times = {(edge + minutes * MINUTE).time() for edge in edges for minutes in NEAR} | {time(0)}
    days = [local.date() + offset * DAY for offset in range(-3, 4)]
    for clock in times:
        for rhythm, dates in (
            (Daily(), [day for day in days if day in clocks.dates]),
            (Weekly(local.weekday()), [days[3]]),
            (Monthly(days[2].day), [days[2]]),
        ):
            schedule = Schedule(rhythm, clock, zone)
            # Up to the middle of an hour that comes twice, and until long after.
            for upto in (change.at + 30 * MINUTE, end):
                expected = model(clocks, dates, clock, after, upto)
                found = occurrences(schedule, after, upto)
                assert found == expected, (zone, change, schedule)
                assert due(schedule, after, upto) == (expected[-1] if expected else None)
                asked += 1
    return asked


def model(
    clocks: Watch, dates: list[date], clock: time, after: datetime, upto: datetime
) -> tuple[Occurrence, ...]:
    moments = [(day, clocks.first(wall(day, clock))) for day in dates]
    return tuple(
        Occurrence(day.isoformat(), at) for day, at in moments if at and after < at <= upto
    )


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
    schedule = Schedule(Daily(), time.fromisoformat(clock), zone)
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
            found = occurrences(Schedule(rhythm, clock, zone), gap - 2 * DAY, gap + 2 * DAY)
            return [one.key for one in found if one.at == gap and one.day == day]

        assert keys(Weekly(day.weekday())) == [day.isoformat()]
        assert keys(Weekly(day.weekday(), 2, day)) == [day.isoformat()]
        assert keys(Monthly(day.day)) == [day.isoformat()]
        assert keys(Daily()) == []
    # The day after it reports on the day before it.
    schedule = Schedule(Daily(), time(9), zone)
    (one,) = occurrences(schedule, gap, gap + DAY)
    assert one.day == day + DAY
    assert period_before(schedule, one) == (gap - DAY, gap)
