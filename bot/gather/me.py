"""A person's own week, from what is held: when they ask for it, and on Mondays if they want it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.access import Asker
from bot.errors import NotFound
from bot.gather.rows import Histories, History, last_days, today, window_of
from bot.language.query import Member
from bot.outbox.deliveries import Delivery, DeliveryKind
from bot.outbox.plans import ME, Subscription
from bot.outbox.reasons import Why
from bot.outbox.subscriptions import Subscriptions
from bot.people.people import People
from bot.rendering.coach_views import MeView
from bot.rendering.views import Away
from bot.reports.intervals import Interval, Window
from bot.reports.own_week import OwnWeek, own_week
from bot.storage.coaches import Coaches


@dataclass(frozen=True, slots=True)
class OwnWeeks:
    """All raise ExecError when Exec is needed and away, SlackError and StorageError."""

    people: People
    coaches: Coaches
    subscriptions: Subscriptions
    histories: Histories
    command: str
    clock: Callable[[], datetime]
    new_id: Callable[[], str]

    async def build(self, one: Subscription, delivery: Delivery) -> MeView | Why:
        """The message of a delivery, or why there is none."""
        asker = await self.people.asker(one.team_id, one.owner_id)
        if asker.member is None:
            return Why.NOT_IN_EXEC
        now = self.clock()
        window = window_of(one.plan, delivery, now)
        # Rather later than from what is held: it is tried again once Exec is back.
        history = await self.histories.of((asker.member,), window, purpose="digest")
        week = await self._week(asker.member, history, window, purpose="digest")
        return MeView(
            id=one.id,
            week=week,
            as_of=history.as_of,
            checked_at=history.checked_at,
            monday=one.is_on,
            named=await self.coaches.may_name(asker.member.id),
            command=self.command,
            scheduled=delivery.kind is DeliveryKind.SCHEDULED,
            late=delivery.at if delivery.is_late(now) else None,
        )

    async def view(self, asker: Asker) -> MeView:
        """The last seven whole days of `asker`, and today so far.

        Raises NotFound for who is not in Exec themselves.
        """
        if asker.member is None:
            raise NotFound(
                "You are not in Exec yourself, so there is no practice of yours to show."
            )
        zone, now = str(asker.zone), self.clock()
        window, day = last_days(zone, now), today(zone, now)
        history = await self.histories.of(
            (asker.member,), window, until=day.end, purpose="question", without_exec=True
        )
        week = await self._week(asker.member, history, window, purpose="question", today=day)
        monday = await self.monday(asker)
        is_on = monday is not None and monday.is_on
        named = await self.coaches.may_name(asker.member.id)
        away = history.away
        return MeView(
            id=self.new_id(),
            week=week,
            as_of=history.as_of,
            checked_at=history.checked_at,
            monday=is_on,
            named=named,
            command=self.command,
            away=None if away is None else Away(away.kind, away.until, window.now),
        )

    async def monday(self, asker: Asker) -> Subscription | None:
        """Their Monday message, if they have it, perhaps paused."""
        own = await self.subscriptions.listed(asker.team_id, owner_id=asker.user_id)
        return next((one for one in own if one.plan.ask == ME), None)

    async def _week(
        self,
        person: Member,
        history: History,
        window: Window,
        *,
        purpose: str,
        today: Interval | None = None,
    ) -> OwnWeek:
        tasks = None
        if history.away is None:
            tasks = await self.histories.tasks(person, purpose=purpose)
        return own_week(person, history.rows, tasks, window, since=history.since, today=today)
