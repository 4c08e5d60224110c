"""How new an answer has to be, by what is left of the day's requests.

Answers never stop: when requests run short, new sessions are looked for less often, and the
answer says so.
"""

from __future__ import annotations

from datetime import datetime, timedelta

# Part of the day's requests that must be left, and how old the newest look may then be.
STEPS = (
    (0.30, timedelta(minutes=1)),
    (0.15, timedelta(minutes=5)),
    (0.0, timedelta(minutes=15)),
)
USUAL = STEPS[0][1]
# While Exec is away, what was looked at this long ago is still worth telling.
STILL_TOLD = timedelta(days=7)


def within(length: timedelta, at: datetime | None, now: datetime) -> bool:
    """Whether `at` is less than `length` ago."""
    return at is not None and now - at < length


def freshness(left: int, per_day: int) -> timedelta:
    """How old the newest look at Exec may be, with `left` of a day's `per_day` requests."""
    return next(age for share, age in STEPS if left >= share * per_day)
