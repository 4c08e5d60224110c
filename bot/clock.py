"""The machine's clocks: the time in UTC, and a monotonic clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)


def elapsed() -> float:
    """Monotonic seconds, which also count while the process is stopped and, if the machine has such
    a clock, while it sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
