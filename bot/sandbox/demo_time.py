"""The demo's time, which moves ahead to Monday morning, so that what comes by the clock comes now.

Only the clock changes: the bot finds what fell due as it does every two seconds, and here at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.app import Core
from bot.outbox.deliveries import WINDOW, State
from bot.outbox.due import next_times
from bot.sandbox.slack_records import Json
from bot.sandbox.world import World
from bot.storage.tables import delivery

# The zone of the demo's digest. No zone of its people lies further west: when it is nine there,
# Monday's nine o'clock has been everywhere.
ZONE = "America/Los_Angeles"
# What is due goes out within seconds. If it does not, whoever pressed waits no longer.
PATIENCE_SECONDS = 15.0
LOOK_EVERY_SECONDS = 0.1
NINE = time(9)
_WEEK = 7


class DemoClock:
    """Runs as `real` does, `ahead` of it by as much as it was moved."""

    def __init__(self, real: Callable[[], datetime]) -> None:
        self._real = real
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return self._real() + self.ahead

    def move_to(self, moment: datetime) -> None:
        """Run on from `moment` (aware). Raises ValueError if that has passed."""
        step = moment - self()
        if step < timedelta():
            raise ValueError("a clock that people look at goes ahead only")
        self.ahead += step


def next_monday(now: datetime, zone: str) -> datetime:
    """The first Monday 09:00 in an IANA zone that is later than `now`; aware, in that zone."""
    there = now.astimezone(ZoneInfo(zone))
    monday = there.date() - timedelta(days=there.weekday())
    nine = datetime.combine(monday, NINE, there.tzinfo)
    if nine > there:
        return nine
    return datetime.combine(monday + timedelta(days=_WEEK), NINE, there.tzinfo)


@dataclass(frozen=True, slots=True)
class Jump:
    """Each call goes to the next Monday 09:00; says where it came to, for the page."""

    clock: DemoClock
    world: World
    core: Core
    deliver: Callable[[], Awaitable[None]]
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __call__(self) -> Json:
        async with self._one_at_a_time:
            monday = next_monday(self.clock(), ZONE)
            for stop in await self._stops(monday):
                await self._settled()
                self._move(stop)
            await self.deliver()
        return {"ok": True, "at": monday.isoformat(), "zone": ZONE}

    async def _stops(self, monday: datetime) -> list[datetime]:
        """Where to stop on the way: at what falls due on the last day, which would be late
        otherwise. What fell due before is missed, as by a bot that was away."""
        start = max(self.clock(), monday - WINDOW)
        times = {
            at
            for one in await self.core.subscriptions.on()
            for at in next_times(one, start)
            if at < monday
        }
        return [*sorted(times), monday]

    async def _settled(self) -> None:
        """Wait until what is due by now is sent: by a jump, a post under way would seem unsure."""
        await self.deliver()
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                while await self._is_under_way():  # noqa: ASYNC110 - the ledger rings no bell
                    await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _is_under_way(self) -> bool:
        table = delivery.c
        is_waiting = sa.and_(table.state == State.DUE, table.due_at <= self.clock())
        is_worked_on = table.state == State.POSTING
        query = sa.select(table.id).where(sa.or_(is_waiting, is_worked_on)).limit(1)
        async with self.core.database.transaction(reads=True) as connection:
            return (await connection.execute(query)).first() is not None

    def _move(self, moment: datetime) -> None:
        now = self.clock()
        # Waiting may have taken longer than this moment was away.
        if moment > now:
            self.world.live_on(now, moment)
            self.clock.move_to(moment)
