"""Long sleeps and clocks that jump: what is sent, checked against what the wall clock showed."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.schedule import Daily, Monthly, Schedule, Weekly
from bot.language.schedule_words import written_schedule
from bot.outbox.deliveries import WINDOW, Deliveries, State
from bot.outbox.due import DueScanner, next_times, schedule_of
from bot.outbox.plans import Plan, Subscription, team_ask
from bot.outbox.subscriptions import Subscriptions
from bot.storage.database import Database
from bot.storage.tables import delivery, subscription
from tests.conftest import FakeClock, MakeUrl
from tests.outbox.model import occurrences

BEGIN = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)  # the clocks change on the 29th
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
numbers = itertools.count(1)

rhythms = st.one_of(
    st.builds(Daily, st.booleans()),
    st.builds(Weekly, st.integers(0, 6)),
    st.builds(Monthly, st.integers(1, 31)),
)
schedules = st.builds(
    Schedule,
    rhythms,
    st.builds(time, st.integers(0, 23), st.sampled_from([0, 30, 59])),
    st.sampled_from(ZONES),
)
# How long a process sleeps between looks: seconds to two months.
sleeps = st.lists(
    st.one_of(
        st.timedeltas(SECOND, timedelta(minutes=5)),
        st.timedeltas(HOUR, 3 * DAY),
        st.timedeltas(20 * DAY, 60 * DAY),
    ),
    min_size=1,
    max_size=8,
)


class Looker:
    """One subscription, and a process that looks after it."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.database, self.clock = database, clock
        self.subscriptions = Subscriptions(database, clock, lambda: f"id{next(numbers):06}")
        deliveries = Deliveries(database, clock, lambda: f"id{next(numbers):06}")

        async def zone_of(_team_id: str, _user_id: str) -> str | None:
            return None

        self.scanner = DueScanner(self.subscriptions, deliveries, zone_of, clock)

    async def subscribe(self, schedule: Schedule) -> Subscription:
        plan = Plan("C1", written_schedule(schedule, zone=False), schedule.zone, team_ask("west"))
        assert schedule_of(plan) == schedule
        return await self.subscriptions.keep("T1", "U1", plan)

    async def rows(self) -> list[tuple[str, datetime, str, datetime]]:
        """The occurrences, their moments, what became of them, and when they were noted."""
        query = delivery.select().order_by(delivery.c.at)
        async with self.database.transaction(reads=True) as connection:
            return [
                (row.occurrence, row.at, row.state, row.created_at)
                for row in await connection.execute(query)
            ]

    async def clear(self) -> None:
        async with self.database.transaction() as connection:
            await connection.execute(delivery.delete())
            await connection.execute(subscription.delete())


def test_after_long_sleeps_the_newest_occurrence_is_noted_once(sqlite_urls: MakeUrl) -> None:
    url = sqlite_urls()

    @settings(database=None, deadline=None, max_examples=30)
    @given(schedule=schedules, naps=sleeps)
    def check(schedule: Schedule, naps: list[timedelta]) -> None:
        asyncio.run(slept(url, schedule, naps))

    check()


async def slept(url: str, schedule: Schedule, naps: list[timedelta]) -> None:
    clock = FakeClock(BEGIN)
    async with Database(url) as database:
        looker = Looker(database, clock)
        await looker.clear()
        await looker.subscribe(schedule)
        sent, newest = [], []
        for nap in naps:
            before, clock.now = clock.now, clock.now + nap
            await looker.scanner.note_due()
            fallen = occurrences(schedule, before, clock.now)
            newest += [each.key for each in fallen[-1:]]
            if fallen and clock.now - fallen[-1].at < WINDOW:
                sent.append(fallen[-1].key)
        rows = await looker.rows()
    waiting = [key for key, _at, state, _noted in rows if state == State.DUE]
    assert waiting == sent
    assert [key for key, *_ in rows] == newest


def one(schedule: str, zone: str = "UTC", **more: datetime | str | None) -> Subscription:
    plan = Plan("C1", schedule, zone, team_ask("west"))
    return Subscription("s", "T1", "U1", plan, BEGIN, BEGIN, **more)  # type: ignore[arg-type]


def test_what_comes_next() -> None:
    days = next_times(one("daily 9:00"), BEGIN)
    assert [f"{day:%d %H:%M}" for day in days] == ["21 09:00", "22 09:00", "23 09:00"]
    days = next_times(one("daily 9:00"), BEGIN, taken={f"{days[0]:%Y-%m-%d}"})
    assert [f"{day:%d %H:%M}" for day in days] == ["22 09:00", "23 09:00", "24 09:00"]
    assert next_times(one("daily 9:00", paused="asked"), BEGIN) == ()
    assert next_times(one("daily 9:00", removed_at=BEGIN), BEGIN) == ()
