"""What a report is made from: its window, and the sessions of its people as far back as held."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import ExecError
from bot.exec_api.models import Assignment, Session
from bot.gather.assignments import Lists
from bot.language.days import day_start, zone_of
from bot.language.query import Member, Period, ResolvedQuery
from bot.mirror.answers import Away
from bot.mirror.mirror import ReadOptions
from bot.mirror.sessions import Sessions, unheard, unseen
from bot.outbox.deliveries import Delivery
from bot.outbox.due import about_of
from bot.outbox.plans import Plan
from bot.reports.intervals import Interval, Window, first_whole_day, moved, preceding

log = logging.getLogger(__name__)

PURPOSE = "digest"
# What is older than the sessions by less is as good as what is of the same moment.
SAME_AGE = timedelta(hours=1)
# First scores, first golds and what is normal for a person need more than the period itself.
BACK_DAYS = 56
# Of many people at once no more than this is looked through: a year of a large group's sessions
# takes more memory than one message is worth.
MANY, BACK_DAYS_OF_MANY = 50, 90
WEEK = 7


def if_older(as_of: datetime | None, sessions_as_of: datetime) -> datetime | None:
    """When something was last read, if that was noticeably before the sessions were."""
    return None if as_of is None or sessions_as_of - as_of < SAME_AGE else as_of


def window_of(plan: Plan, delivery: Delivery | None, now: datetime) -> Window:
    """What a delivery reports on, as `about_of` says; raises as that does."""
    about = about_of(plan, delivery, now)
    return window_over(Interval(about.start, about.end), about.zone, now)


def window_over(interval: Interval, zone: str, now: datetime) -> Window:
    """An interval, compared with the one before."""
    return Window(interval, preceding(interval, zone), zone, now)


def last_days(zone: str, now: datetime) -> Window:
    """The last seven whole local days, up to yesterday: a day that has begun is no whole one."""
    start = today(zone, now).start
    return window_over(Interval(moved(start, -WEEK, zone), start), zone, now)


def today(zone: str, now: datetime) -> Interval:
    """The local day of `now`, all of it."""
    place = zone_of(zone)
    day = now.astimezone(place).date()
    return Interval(day_start(day, place), day_start(day + timedelta(days=1), place))


@dataclass(frozen=True, slots=True)
class History:
    """Sessions of some people, newest first: all from `since` on, the start of a local day, or
    all there ever were where that is None. `as_of` is when they were last looked at (UTC), some of
    them at `checked_at` where that was earlier, and `away` why that is not now."""

    rows: tuple[Session, ...]
    as_of: datetime
    since: datetime | None
    away: Away | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Histories:
    """What is known of people: their sessions and their tasks."""

    sessions: Sessions
    client: Lists

    async def of(
        self,
        people: tuple[Member, ...],
        window: Window,
        *,
        until: datetime | None = None,
        purpose: str = PURPOSE,
        without_exec: bool = False,
    ) -> History:
        """The sessions of these people (at least one) up to the end of the window, or `until`:
        those of eight weeks, and all before them that are held without a gap; of many people for
        90 days.

        `without_exec` as in Sessions.whole. Raises ExecError when Exec is needed and away, and
        StorageError.
        """
        end = until or window.interval.end
        back = _back(window, end)
        before = Period("", window.zone, None, back)
        start = await self.sessions.held_since(ResolvedQuery(people, period=before))
        if len(people) > MANY:
            start = max(start, moved(end, -BACK_DAYS_OF_MANY, window.zone))
        since = first_whole_day(start, window.zone)
        # No more than is said: nothing of the day that is known in part.
        start = start if since is None else min(since, back)
        period = Period("", window.zone, start, end)
        query = ResolvedQuery(people, period=period)
        whole = await self.sessions.whole(query, purpose=purpose, without_exec=without_exec)
        return History(whole.rows, whole.as_of, since, whole.away, whole.checked_at)

    async def tasks(
        self, person: Member, *, purpose: str = "question"
    ) -> tuple[Assignment, ...] | None:
        """What one person has to practise, as Exec lists it now; None while it is away."""
        try:
            return await self.client.assignments(user_ids=[person.id], purpose=purpose)
        except ExecError as error:
            log.info("assignments can't be read: %s", type(error).__name__)
            return None

    async def hold(self, window: Window) -> None:
        """Let the mirror hold everybody's sessions of the window, where it holds none of them:
        then no coach's people are asked about on their own. Raises as `of`."""
        end = window.interval.end
        period = Period("", window.zone, _back(window, end), end)
        everybody = ResolvedQuery(None, period=period)
        if not await self.sessions.is_held(everybody):
            options = ReadOptions(everything=True, purpose=PURPOSE)
            await self.sessions.read(everybody, options, on_page=unseen, on_wait=unheard)


def _back(window: Window, end: datetime) -> datetime:
    return min(moved(end, -BACK_DAYS, window.zone), window.before.start)
