"""The demo's clock, which can be moved ahead, and where to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

NINE = time(9)
_WEEK = 7


class DemoClock:
    """Runs as `real` does, `ahead` of it by as much as it was moved."""

    def __init__(self, real: Callable[[], datetime]) -> None:
        self._real = real
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return self._real() + self.ahead

    def move_to(self, moment: datetime) -> None:
        """Run on from `moment` (aware). Raises ValueError if that has passed."""
        step = moment - self()
        if step < timedelta():
            raise ValueError("a clock that people look at goes ahead only")
        self.ahead += step


def next_monday(now: datetime, zone: str) -> datetime:
    """The first Monday 09:00 in an IANA zone that is later than `now`; aware, in that zone."""
    there = now.astimezone(ZoneInfo(zone))
    monday = there.date() - timedelta(days=there.weekday())
    nine = datetime.combine(monday, NINE, there.tzinfo)
    if nine > there:
        return nine
    return datetime.combine(monday + timedelta(days=_WEEK), NINE, there.tzinfo)
