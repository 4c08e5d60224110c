"""Subscriptions: kept once, changed, paused and removed."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace

import pytest

from bot.outbox.deliveries import Deliveries
from bot.outbox.plans import Plan, Subscription, team_ask
from bot.outbox.subscriptions import Subscriptions
from bot.storage.database import Database
from tests.conftest import FakeClock

MONDAYS = Plan(
    "C1",
    "every monday 9:00",
    "Europe/Berlin",
    team_ask("west"),
    contents=("lines", "improved"),
)
numbers = itertools.count(1)


def new_id() -> str:
    return f"id{next(numbers):06}"


@pytest.fixture
def subscriptions(database: Database, clock: FakeClock) -> Subscriptions:
    return Subscriptions(database, clock, new_id)


@pytest.fixture
def deliveries(database: Database, clock: FakeClock) -> Deliveries:
    return Deliveries(database, clock, new_id)


async def group(subscriptions: Subscriptions, plan: Plan = MONDAYS) -> Subscription:
    return await subscriptions.keep("T1", "U1", plan)


async def test_the_same_digest_of_a_channel_is_there_once(subscriptions: Subscriptions) -> None:
    kept = await group(subscriptions)
    assert await group(subscriptions) == kept
    assert await subscriptions.keep("T1", "U2", MONDAYS) == kept
    for other in (
        replace(MONDAYS, place="C2"),
        replace(MONDAYS, ask=team_ask("east")),
        replace(MONDAYS, schedule="daily 17:30"),
    ):
        assert (await group(subscriptions, other)).id != kept.id
    assert (await subscriptions.keep("T2", "U1", MONDAYS)).id != kept.id


async def test_edits_from_two_processes_make_no_twins(database_url: str, clock: FakeClock) -> None:
    async with Database(database_url) as first, Database(database_url) as second:
        here, there = (Subscriptions(database, clock, new_id) for database in (first, second))
        others = [
            await group(here, replace(MONDAYS, schedule=f"daily {hour}:00")) for hour in (8, 9)
        ]
        found = await asyncio.gather(
            there.change(others[0].id, MONDAYS),
            here.change(others[1].id, MONDAYS),
            group(there),
        )
        (only,) = [one for one in await here.listed("T1") if one.plan == MONDAYS]
        assert [one.id for one in found if one] == [only.id] * 3


# What waits in the ledger
