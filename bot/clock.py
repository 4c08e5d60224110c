"""The machine's clocks: the time in UTC, and seconds that only grow."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)


def elapsed() -> float:
    """Seconds that only ever grow, also while the process is stopped; where there is such a clock,
    while the machine sleeps, too."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
