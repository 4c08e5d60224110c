"""Exec's two rate limits over sliding windows of a minute and of a day."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from math import ceil

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


class Limits:
    """Counts granted requests; a refused one does not count, or nobody would ever recover."""

    def __init__(self, per_minute: int, per_day: int) -> None:
        self._windows = (
            (per_minute, MINUTE, deque[datetime]()),
            (per_day, DAY, deque[datetime]()),
        )

    def refuse(self, now: datetime) -> int | None:
        """Grant a request (None), or say in how many whole seconds there will be room again."""
        wait = 0
        for limit, span, times in self._windows:
            while times and now - times[0] >= span:
                times.popleft()
            if len(times) >= limit:
                wait = max(wait, ceil((times[-limit] + span - now).total_seconds()), 1)
        if wait:
            return wait
        for _, _, times in self._windows:
            times.append(now)
        return None
