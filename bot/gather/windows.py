"""The periods that messages report on."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.language.days import day_start, zone_of
from bot.language.query import Period
from bot.outbox.deliveries import Delivery
from bot.outbox.due import about_of
from bot.outbox.plans import Plan
from bot.reports.intervals import Interval, Window, moved, preceding

WEEK = 7


def window_of(plan: Plan, delivery: Delivery | None, now: datetime) -> Window:
    """What a delivery reports on, as `about_of` says; raises as that does."""
    about = about_of(plan, delivery, now)
    return window_over(Interval(about.start, about.end), about.zone, now)


def window_over(interval: Interval, zone: str, now: datetime) -> Window:
    """An interval, compared with the one before."""
    return Window(interval, preceding(interval, zone), zone, now)


def period_of(interval: Interval, zone: str) -> Period:
    """An interval as the period of a question."""
    return Period("", zone, interval.start, interval.end)


def last_days(zone: str, now: datetime) -> Window:
    """The last seven whole local days, up to yesterday: a day that has begun is no whole one."""
    start = today(zone, now).start
    return window_over(Interval(moved(start, -WEEK, zone), start), zone, now)


def today(zone: str, now: datetime) -> Interval:
    """The local day of `now`, all of it."""
    place = zone_of(zone)
    day = now.astimezone(place).date()
    return Interval(day_start(day, place), day_start(day + timedelta(days=1), place))


def is_whole(since: datetime | None, as_of: datetime, window: Window) -> bool:
    """Whether all of a window is known, up to a look that may be hours old: from `since` on, None
    for ever."""
    start = window.interval.start
    return (since is None or since <= start) and as_of > start
