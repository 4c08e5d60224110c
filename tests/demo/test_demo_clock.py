"""The clock of the demo, and the Mondays it goes to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.demo.run import next_monday

LA = "America/Los_Angeles"


@pytest.mark.parametrize(
    ("now", "zone", "monday"),
    [
        pytest.param("2026-11-25T11:00", LA, "2026-11-30T17:00", id="on a Wednesday"),
        pytest.param("2026-11-30T17:00", LA, "2026-12-07T17:00", id="it is Monday nine"),
        pytest.param("2026-11-30T05:00", LA, "2026-11-30T17:00", id="Sunday there, Monday in UTC"),
    ],
)
def test_the_next_monday_at_nine(now: str, zone: str, monday: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    found = next_monday(moment, zone)
    assert found == datetime.fromisoformat(monday).replace(tzinfo=UTC)
