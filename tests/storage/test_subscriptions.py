"""Subscriptions: kept once, changed, paused and removed."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.outbox.deliveries import Deliveries, State
from bot.outbox.plans import COACH, Plan, Subscription, team_ask
from bot.outbox.subscriptions import Subscriptions
from bot.storage.database import Database
from bot.storage.keeping import forget_old
from tests.conftest import START, FakeClock

MONDAYS = Plan(
    "C1",
    "every monday 9:00",
    "Europe/Berlin",
    team_ask("west"),
    contents=("lines", "improved"),
)
MINE = Plan("U1", "every monday 8:30", "Europe/Berlin", COACH, follows=True)
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


async def last(deliveries: Deliveries, id_: str) -> tuple[State, str, str]:
    found = (await deliveries.last([id_]))[id_]
    return found.state, found.why, found.place


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


async def test_subscribing_again_says_that_it_is_there(
    subscriptions: Subscriptions, clock: FakeClock
) -> None:
    kept, is_new = await subscriptions.add("T1", "U1", MONDAYS)
    assert is_new
    paused = await subscriptions.pause(kept.id)
    clock.tick(60)
    assert await subscriptions.add("T1", "U2", replace(MONDAYS, contents=())) == (paused, False)


async def test_what_comes_by_itself_does_not_come_back_to_whoever_stopped_it(
    subscriptions: Subscriptions,
) -> None:
    kept = await subscriptions.keep_first("T1", "U1", MINE)
    assert kept is not None
    assert await subscriptions.keep_first("T1", "U1", MINE) is None
    await subscriptions.remove(kept.id)
    assert await subscriptions.keep_first("T1", "U1", MINE) is None
    assert await subscriptions.on() == ()
    again = await subscriptions.keep("T1", "U1", MINE)
    assert (again.id, again.is_on) == (kept.id, True)


async def test_a_removed_one_is_kept_as_long_as_sessions(
    subscriptions: Subscriptions, database: Database, clock: FakeClock
) -> None:
    kept = await group(subscriptions)
    await subscriptions.remove(kept.id)
    await forget_old(database, clock(), timedelta(days=1))
    assert await subscriptions.find(kept.id) is not None
    clock.now += timedelta(days=1, seconds=1)
    await forget_old(database, clock(), timedelta(days=1))
    assert await subscriptions.find(kept.id) is None


async def test_another_schedule_counts_from_now_on_and_other_contents_change_nothing(
    subscriptions: Subscriptions, clock: FakeClock
) -> None:
    kept = await group(subscriptions)
    clock.tick(60)
    brief = await subscriptions.change(kept.id, replace(MONDAYS, contents=("lines",)))
    assert brief is not None
    assert brief.looked_at == START
    daily = await subscriptions.change(kept.id, replace(MONDAYS, schedule="daily 17:30"))
    assert daily is not None
    assert daily.looked_at == clock.now


# What waits in the ledger


@pytest.mark.parametrize(("how", "why"), [("pause", "asked"), ("remove", "removed")])
async def test_what_waits_is_not_sent_any_more(
    database: Database,
    subscriptions: Subscriptions,
    deliveries: Deliveries,
    clock: FakeClock,
    how: str,
    why: str,
) -> None:
    kept = await group(subscriptions)
    await deliveries.note(kept, "2026-03-16", START, send=True)
    taken = await deliveries.next_due(())
    assert taken is not None
    await getattr(subscriptions, how)(kept.id)
    assert await last(deliveries, kept.id) == (State.SKIPPED, why, "C1")
    assert await deliveries.begin_post(taken, None) is None
