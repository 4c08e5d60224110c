"""Which subscriptions fell due since they were last looked at: noted in the outbox, once."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.errors import BotError, UserError
from bot.language.schedule import Occurrence, Schedule, due, period_before, upcoming
from bot.language.schedule_words import read_schedule
from bot.outbox.deliveries import WINDOW, About, Deliveries, Delivery, DeliveryKind
from bot.outbox.plans import Plan, Subscription
from bot.outbox.subscriptions import Subscriptions
from bot.reports.intervals import Interval, Window, window_over

log = logging.getLogger(__name__)

# People travel: their zone is looked at so often.
FOLLOW_EVERY = timedelta(hours=6)
# The moment does not matter: canonical words hold every date that they need.
_ANY = datetime.fromisoformat("2026-01-01T00:00:00+00:00")

# The zone of an account's Slack profile; None if that can't be told just now. Raises BotError.
ZoneOf = Callable[[str, str], Awaitable[str | None]]


@dataclass(frozen=True, slots=True)
class DueScanner:
    """Notes what falls due, and lets subscriptions follow their owners' time zones."""

    subscriptions: Subscriptions
    deliveries: Deliveries
    zone_of: ZoneOf
    clock: Callable[[], datetime]

    async def note_due(self) -> None:
        """Note what fell due; safe in several processes. Raises StorageError."""
        for one in await self.subscriptions.on():
            now = self.clock()
            newest = fallen_due(one, now)
            if newest is not None:
                is_fresh = now - newest.at < WINDOW
                await self.deliveries.note(one, newest.key, newest.at, send=is_fresh)

    async def follow_zones(self) -> None:
        """Let subscriptions go with their owners' time zones. Raises StorageError."""
        for one in await self.subscriptions.to_follow(self.clock() - FOLLOW_EVERY):
            try:
                zone = await self.zone_of(one.team_id, one.owner_id)
            except BotError as error:
                log.info("a time zone can't be looked up: %s", type(error).__name__)
                continue
            if zone is not None:
                await self.subscriptions.follow(one.id, zone)


def schedule_of(plan: Plan) -> Schedule:
    """The schedule of a plan. Raises UserError and KeyError where it can't be read."""
    return _read(plan.schedule, plan.zone)


def about_of(plan: Plan, delivery: Delivery | None, now: datetime) -> About:
    """What a delivery tells of; without one, or for one sent by hand, the newest whole period.

    Raises as `schedule_of`.
    """
    if delivery is not None and delivery.about is not None:
        return delivery.about
    schedule, at = schedule_of(plan), now if delivery is None else delivery.at
    key = at.astimezone(ZoneInfo(plan.zone)).date().isoformat()
    if delivery is not None and delivery.kind is DeliveryKind.SCHEDULED:
        key = delivery.occurrence
    return About(plan.ask, plan.zone, *period_before(schedule, Occurrence(key, at)))


def window_of(plan: Plan, delivery: Delivery | None, now: datetime) -> Window:
    """What a delivery reports on, as `about_of` says; raises as that does."""
    about = about_of(plan, delivery, now)
    return window_over(Interval(about.start, about.end), about.zone, now)


def fallen_due(one: Subscription, now: datetime) -> Occurrence | None:
    """The newest occurrence of a subscription that fell due and is not in the outbox."""
    schedule = readable_schedule(one)
    return None if schedule is None else due(schedule, one.looked_at, now)


def readable_schedule(one: Subscription) -> Schedule | None:
    """The schedule of a subscription; None where it can't be read, and then the log says so."""
    try:
        return schedule_of(one.plan)
    except (UserError, KeyError):
        # A zone that this machine does not know: the others go on.
        log.error("the schedule of a subscription can't be read: %s", one.id)
        return None


def next_times(
    one: Subscription, now: datetime, count: int = 3, *, taken: Collection[str] = ()
) -> tuple[datetime, ...]:
    """When it comes next (aware, UTC); nothing while it is paused or removed. See
    `next_moments`."""
    schedule = readable_schedule(one) if one.is_on else None
    if schedule is None:
        return ()
    return next_moments(schedule, now, count, taken=taken)


def next_moments(
    schedule: Schedule, after: datetime, count: int = 3, *, taken: Collection[str] = ()
) -> tuple[datetime, ...]:
    """The next moments (aware, UTC) but for the dates in `taken`: these came, or are about to,
    and a later time of the day does not bring them again."""
    later = upcoming(schedule, after, count + len(taken))
    return tuple(each.at for each in later if each.key not in taken)[:count]


@lru_cache(maxsize=2048)
def _read(words: str, zone: str) -> Schedule:
    return read_schedule(words, now=_ANY, zone=zone).schedule
