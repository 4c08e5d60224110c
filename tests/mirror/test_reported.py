"""Which sessions are looked at before a message by the clock: its own time and the one before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.mirror.rows import moment
from bot.outbox.plans import Plan
from bot.outbox.reported import reported_soon
from bot.outbox.subscriptions import Subscriptions
from bot.storage.database import Database
from tests.conftest import FakeClock

MONDAY = datetime(2026, 3, 16, 5, 30, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "at", "start", "end"),
    [
        ("every monday 9:00", MONDAY, "02 Mar", "16 Mar"),
        ("every day 9:00", MONDAY, "08 Mar", "16 Mar"),
        (
            "every month on the 1st 9:00",
            datetime(2026, 4, 1, 5, 30, tzinfo=UTC),
            "26 Jan",
            "01 Apr",
        ),
    ],
)
async def test_a_message_tells_its_time_and_the_one_before(
    database: Database, schedule: str, at: datetime, start: str, end: str
) -> None:
    subscriptions = Subscriptions(database, FakeClock(at), iter("abc").__next__)
    await subscriptions.keep("T1", "U1", Plan("C1", schedule, "UTC", "g1"))
    (window,) = await reported_soon(subscriptions, at)
    assert moment(window.at) == at.replace(hour=9, minute=0)
    assert (f"{moment(window.start):%d %b}", f"{moment(window.end):%d %b}") == (start, end)


async def test_what_is_not_due_for_hours_or_at_all_is_left_alone(database: Database) -> None:
    subscriptions = Subscriptions(database, FakeClock(MONDAY), iter("abcd").__next__)
    plan = Plan("C1", "every monday 9:00", "UTC", "g1")
    kept = await subscriptions.keep("T1", "U1", plan)
    assert await reported_soon(subscriptions, MONDAY - timedelta(hours=2)) == ()
    await subscriptions.keep("T1", "U1", Plan("U1", "every monday 9:00", "UTC", "coach"))
    assert len(await reported_soon(subscriptions, MONDAY)) == 1  # one for both
    await subscriptions.pause(kept.id)
    assert len(await reported_soon(subscriptions, MONDAY)) == 1
    await subscriptions.keep("T1", "U2", Plan("U2", "every monday 9:00", "No/Zone", "coach"))
    assert len(await reported_soon(subscriptions, MONDAY)) == 1
