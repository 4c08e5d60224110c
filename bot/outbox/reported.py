"""What is reported soon by the clock: those sessions are looked at again before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.mirror.revalidation import REPORT_VALID, Window
from bot.mirror.rows import instant
from bot.outbox.due import about_of, next_times
from bot.outbox.plans import Subscription
from bot.outbox.subscriptions import Subscriptions

# A day is compared with the same weekday of the week before.
LEAST_BACK = timedelta(days=7)
# Of two months, the one before may be longer.
MONTHS_DIFFER = timedelta(days=3)
MONTH = timedelta(days=28)


async def reported_soon(subscriptions: Subscriptions, now: datetime) -> Sequence[Window]:
    """What each message tells that is due in the next hours, with the time that it is compared
    with. Raises StorageError."""
    soon = now + timedelta(milliseconds=REPORT_VALID)
    windows = [_window(one, now, soon) for one in await subscriptions.on()]
    return tuple({each: None for each in windows if each is not None})


def _window(one: Subscription, now: datetime, soon: datetime) -> Window | None:
    at = next_times(one, now, 1)
    if not at or at[0] > soon:
        return None
    about = about_of(one.plan, None, at[0])
    back = max(about.end - about.start, LEAST_BACK)
    back += MONTHS_DIFFER if back >= MONTH else timedelta()
    return Window(instant(about.start - back), instant(about.end), instant(at[0]))
