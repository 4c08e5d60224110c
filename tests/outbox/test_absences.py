"""Long sleeps and clocks that jump: what is delivered, against what the wall clock showed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.schedule import Daily, Monthly, Schedule, Weekly
from bot.outbox import TOO_LATE, Outbox, State
from bot.slack.absent import NoSlack
from bot.storage.database import Database
from bot.storage.tables import delivery, subscription
from bot.subscriptions import Subscriptions, new_subscription
from tests.conftest import FakeClock, MakeUrl
from tests.outbox.model import occurrences

BEGIN = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)  # the clocks change on the 29th
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)

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


def test_after_long_sleeps_the_newest_date_comes_once(sqlite_urls: MakeUrl) -> None:
    url = sqlite_urls()

    @settings(database=None, deadline=None, max_examples=30)
    @given(schedule=schedules, naps=sleeps)
    def check(schedule: Schedule, naps: list[timedelta]) -> None:
        asyncio.run(slept(url, schedule, naps))

    check()


async def slept(url: str, schedule: Schedule, naps: list[timedelta]) -> None:
    clock = FakeClock(BEGIN)

    async def never(*_: Any) -> Any:
        raise AssertionError

    async with Database(url) as db:
        await db.write(sa.delete(delivery), sa.delete(subscription))
        subscriptions = Subscriptions(db, Outbox(db, NoSlack(), clock, never, never), clock)
        new = new_subscription("T1", "U1", "me", "U1", schedule)
        one, _ = await subscriptions.add(new)
        assert one.timing == schedule
        sent, newest = [], []
        for nap in naps:
            before, clock.now = clock.now, clock.now + nap
            await subscriptions.begin_due()
            fallen = occurrences(schedule, before, clock.now)
            newest += [each.at for each in fallen[-1:]]
            if fallen and clock.now - fallen[-1].at < TOO_LATE:
                sent.append(fallen[-1].at)
        rows = await db.rows(sa.select(delivery).order_by(delivery.c.planned_at))
        found = await subscriptions.find(one.id)
    assert [row.planned_at for row in rows if row.state == State.DUE] == sent
    assert [row.planned_at for row in rows] == newest
    assert found is not None
    assert found.next_at is not None
    assert found.next_at > clock.now
