"""The clock of the program: UTC, and never going backwards within a process."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

log = logging.getLogger(__name__)

# Corrections of less than this are waited out.
STEP = timedelta(minutes=1)


def machine_now() -> datetime:
    return datetime.now(UTC)


def elapsed() -> float:
    """Seconds that only ever grow, also while the process is stopped or the machine sleeps, where
    it counts that."""
    counts = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(counts)


class SteadyClock:
    """The machine's time. Where that is set back by more than STEP, time goes on as before.

    Set back by less, it stands still until the machine has caught up.
    """

    def __init__(
        self,
        machine: Callable[[], datetime] = machine_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._machine = machine
        self._monotonic = monotonic
        self._latest, self._at = machine(), monotonic()
        self._was_set_back = False

    def __call__(self) -> datetime:
        now, at = self._machine(), self._monotonic()
        expected = self._latest + timedelta(seconds=at - self._at)
        is_set_back = expected - now > STEP
        if is_set_back and not self._was_set_back:
            log.error(
                "the machine's clock was set back by %d s; I go on with the time it had. "
                "If it is right now, restart me.",
                (expected - now).total_seconds(),
            )
        self._was_set_back = is_set_back
        self._latest, self._at = max(self._latest, expected if is_set_back else now), at
        return self._latest


utc_now = SteadyClock()
