"""The clock of the demo, and the Mondays it goes to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.demo_time import DemoClock, next_monday
from tests.conftest import FakeClock

LA = "America/Los_Angeles"


@pytest.mark.parametrize(
    ("now", "zone", "monday"),
    [
        pytest.param("2026-11-25T11:00", LA, "2026-11-30T17:00", id="on a Wednesday"),
        pytest.param("2026-11-30T17:00", LA, "2026-12-07T17:00", id="it is Monday nine"),
        pytest.param("2026-11-30T05:00", LA, "2026-11-30T17:00", id="Sunday there, Monday in UTC"),
        pytest.param("2026-11-29T16:00", "Asia/Tokyo", "2026-11-30T00:00", id="Monday there"),
        pytest.param("2026-10-28T12:00", LA, "2026-11-02T17:00", id="summer time ends between"),
    ],
)
def test_the_next_monday_at_nine(now: str, zone: str, monday: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    found = next_monday(moment, zone)
    assert found == datetime.fromisoformat(monday).replace(tzinfo=UTC)


def test_it_never_goes_back() -> None:
    clock = DemoClock(FakeClock(datetime(2026, 11, 25, 11, tzinfo=UTC)))
    with pytest.raises(ValueError, match="ahead only"):
        clock.move_to(datetime(2026, 11, 25, 10, 59, 59, tzinfo=UTC))
    assert clock.ahead == timedelta()
