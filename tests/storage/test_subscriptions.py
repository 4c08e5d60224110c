"""Subscriptions: kept once, changed, paused, removed and brought back."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.outbox.deliveries import Deliveries, State
from bot.outbox.plans import COACH, Plan, Subscription, team_ask
from bot.outbox.subscriptions import UNDO_WITHIN, Subscriptions
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


async def test_edits_and_undo_from_two_processes_make_no_twins(
    database_url: str, clock: FakeClock
) -> None:
    async with Database(database_url) as first, Database(database_url) as second:
        here, there = (Subscriptions(database, clock, new_id) for database in (first, second))
        gone = await group(here)
        await here.remove(gone.id)
        others = [
            await group(here, replace(MONDAYS, schedule=f"daily {hour}:00")) for hour in (8, 9)
        ]
        found = await asyncio.gather(
            here.undo(gone.id),
            there.change(others[0].id, MONDAYS),
            here.change(others[1].id, MONDAYS),
            group(there),
        )
        (only,) = [one for one in await here.listed("T1") if one.plan == MONDAYS]
        assert [one.id for one in found if one] == [only.id] * 4


async def test_subscribing_anew_wakes_a_paused_one_for_whoever_did(
    subscriptions: Subscriptions, clock: FakeClock
) -> None:
    kept = await group(subscriptions)
    await subscriptions.pause(kept.id)
    clock.tick(60)
    again = await subscriptions.keep("T1", "U2", replace(MONDAYS, contents=()))
    assert (again.id, again.owner_id, again.paused) == (kept.id, "U2", "")
    assert (again.plan.contents, again.looked_at) == ((), clock.now)


async def test_a_second_one_of_a_group_is_kept_by_nobody_who_did_not_see_the_first(
    database_url: str, clock: FakeClock
) -> None:
    """Two set one up at the same moment, each at another time: one of them hears of the other."""
    fridays = replace(MONDAYS, schedule="every friday 16:00")
    async with Database(database_url) as one, Database(database_url) as other:
        here, there = (Subscriptions(database, clock, new_id) for database in (one, other))
        found = await asyncio.gather(
            here.keep_only("T1", "U1", MONDAYS), there.keep_only("T1", "U2", fridays)
        )
        (only,) = await here.listed("T1")
        assert sorted(map(str, found)) == sorted(map(str, (only, (only,))))
        assert await here.keep_only("T1", "U1", only.plan) == only
        elsewhere = await here.keep_only("T1", "U1", replace(MONDAYS, place="C2"))
        assert isinstance(elsewhere, Subscription)
        await here.remove(only.id)
        assert isinstance(await here.keep_only("T1", "U1", MONDAYS), Subscription)


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


async def test_after_ten_minutes_it_is_gone(
    subscriptions: Subscriptions, database: Database, clock: FakeClock
) -> None:
    kept = await group(subscriptions)
    await subscriptions.remove(kept.id)
    clock.now += UNDO_WITHIN
    assert await subscriptions.undo(kept.id) is None
    await forget_old(database, clock(), timedelta(days=1))
    assert await subscriptions.find(kept.id) is not None
    clock.now += timedelta(days=1)
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
    await deliveries.note(kept, {"2026-03-16": START}, send="2026-03-16")
    taken = await deliveries.next_due(())
    assert taken is not None
    await getattr(subscriptions, how)(kept.id)
    assert await last(deliveries, kept.id) == (State.SKIPPED, why, "C1")
    assert await deliveries.begin_post(taken, None) is None
    if how == "remove":
        await subscriptions.undo(kept.id)
        assert await last(deliveries, kept.id) == (State.DUE, "", "C1")
