"""What is reported soon by the clock: those sessions are looked at again before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.errors import UserError
from bot.language.schedule import Occurrence, period_before
from bot.mirror.revalidation import REPORT_VALID, Window
from bot.mirror.rows import instant
from bot.outbox.due import next_times, schedule_of
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
    try:
        at = next_times(one, now, 1)
        if not at or at[0] > soon:
            return None
        schedule = schedule_of(one.plan)
    except (UserError, KeyError):
        # A zone that this machine does not know: whoever looks for what is due says so.
        return None
    key = at[0].astimezone(ZoneInfo(schedule.zone)).date().isoformat()
    start, end = period_before(schedule, Occurrence(key, at[0]))
    back = max(end - start, LEAST_BACK)
    back += MONTHS_DIFFER if back >= MONTH else timedelta()
    return Window(instant(start - back), instant(end), instant(at[0]))
