"""The ledger: an occurrence is there once, one worker each, and a channel takes one at a time."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.outbox.claims import LEASES, PACE, Claims
from bot.outbox.deliveries import (
    ASKED_WINDOW,
    LATE_AFTER,
    WINDOW,
    About,
    Deliveries,
    Delivery,
    DeliveryKind,
    State,
)
from bot.outbox.plans import Plan, Subscription, team_ask
from bot.outbox.reasons import Why
from bot.outbox.subscriptions import Subscriptions
from bot.storage.database import Database
from bot.storage.keeping import forget_old
from tests.conftest import START, FakeClock

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
DEAD = max(LEASES.values())
numbers = itertools.count(1)


def new_id() -> str:
    return f"id{next(numbers):06}"


class Office:
    """One process's stores, and subscriptions to note."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.clock = clock
        self.subscriptions = Subscriptions(database, clock, new_id)
        self.deliveries = Deliveries(database, clock, new_id)
        self.claims = Claims(database, clock, new_id)

    async def subscribe(self, place: str = "C1", group_id: str = "west") -> Subscription:
        plan = Plan(place, "daily 9:00", "UTC", team_ask(group_id))
        return await self.subscriptions.keep("T1", "U1", plan)

    async def due(self, place: str = "C1", group_id: str = "west") -> Subscription:
        one = await self.subscribe(place, group_id)
        await self.note(one)
        return one

    async def note(self, one: Subscription, key: str = "2026-03-16", at: datetime = START) -> bool:
        return await self.deliveries.note(one, {key: at}, send=key)

    async def claim(self) -> Delivery:
        found = await self.claims.claim()
        assert found is not None
        return found

    async def last(self, one: Subscription) -> Delivery:
        return (await self.deliveries.last([one.id]))[one.id]


@pytest.fixture
def office(database: Database, clock: FakeClock) -> Office:
    return Office(database, clock)


async def test_an_occurrence_is_noted_once_and_the_look_moves_on(
    office: Office, clock: FakeClock
) -> None:
    one = await office.subscribe()
    clock.tick(5)
    assert await office.note(one)
    assert not await office.note(one)
    looked = await office.subscriptions.find(one.id)
    assert looked is not None
    assert looked.looked_at == clock.now
    # Another zone may bring the same date again.
    assert await office.note(looked)
    await office.claim()
    assert await office.claims.claim() is None


async def test_the_newest_waits_and_the_others_are_missed(office: Office) -> None:
    one = await office.subscribe()
    fallen = {f"2026-03-{14 + n}": START - (2 - n) * DAY for n in range(3)}
    await office.deliveries.note(one, fallen, send="2026-03-16")
    assert (await office.claim()).occurrence == "2026-03-16"
    assert await office.claims.claim() is None
    two = await office.subscribe("C2")
    await office.deliveries.note(two, fallen, send=None)
    assert (await office.last(two)).state is State.MISSED


@pytest.mark.parametrize(
    ("state", "why", "comes"),
    [
        (State.SENT, "", False),
        (State.FAILED, Why.UNSETTLED, False),
        (State.FAILED, "archived", True),
        (State.SKIPPED, "asked", True),
        (None, "", False),
    ],
)
async def test_a_later_time_brings_a_date_again_only_if_it_was_not_sent(
    office: Office, clock: FakeClock, state: State | None, why: str, comes: bool
) -> None:
    one = await office.due()
    first = await office.claim()
    if state is not None:
        await office.claims.close(first, state, why=why)
    assert await office.deliveries.taken([one.id]) == {
        one.id: frozenset() if comes else {"2026-03-16"}
    }
    clock.now += DAY / 4
    later = await office.subscriptions.change(one.id, replace(one.plan, schedule="daily 15:00"))
    assert later is not None
    clock.now += DAY / 4
    assert await office.note(later, at=clock.now)
    last = await office.last(one)
    if comes:
        assert (last.state, last.why, last.at) == (State.WAITING, "", clock.now)
        assert (last.created_at, last.due_at, last.done_at) == (clock.now, clock.now, None)
        assert last.id != first.id
    else:
        assert (last.id, last.at) == (first.id, START)


async def test_what_is_missed_by_a_later_time_takes_the_place_of_nothing(
    office: Office, clock: FakeClock
) -> None:
    one = await office.due()
    await office.claims.close(await office.claim(), State.FAILED, why="archived")
    clock.now += 2 * DAY
    looked = await office.subscriptions.find(one.id)
    assert looked is not None
    await office.deliveries.note(looked, {"2026-03-16": START + DAY / 4}, send=None)
    assert (await office.last(one)).state is State.FAILED


async def test_moved_since_it_was_read_it_is_noted_for_the_new_place(
    office: Office, clock: FakeClock
) -> None:
    one = await office.subscribe()
    clock.tick(5)
    await office.subscriptions.change(one.id, replace(one.plan, place="C2"))
    assert await office.note(one)
    assert (await office.claim()).place == "C2"


@pytest.mark.parametrize("how", ["pause", "remove", "snooze"])
async def test_what_is_not_on_any_more_is_not_noted(office: Office, how: str) -> None:
    one = await office.subscribe()
    more = (START + DAY,) if how == "snooze" else ()
    await getattr(office.subscriptions, how)(one.id, *more)
    assert not await office.note(one)
    assert await office.deliveries.last([one.id]) == {}


async def test_two_processes_note_one(database_url: str, clock: FakeClock) -> None:
    async with Database(database_url) as first, Database(database_url) as second:
        offices = [Office(database, clock) for database in (first, second)]
        one = await offices[0].subscribe()
        clock.tick(5)
        noted = await asyncio.gather(*(office.note(one) for office in offices for _ in range(4)))
        assert sorted(noted) == [False] * 7 + [True]


async def test_several_workers_never_take_the_same(database_url: str, clock: FakeClock) -> None:
    async with Database(database_url) as first, Database(database_url) as second:
        offices = [Office(database, clock) for database in (first, second)]
        for number in range(20):
            await offices[0].due(f"C{number}")

        async def take_all(office: Office) -> list[str]:
            taken = []
            while (delivery := await office.claims.claim()) is not None:
                taken.append(delivery.id)
            return taken

        taken = await asyncio.gather(*(take_all(office) for office in offices for _ in range(3)))
        assert len(set(itertools.chain(*taken))) == len(list(itertools.chain(*taken))) == 20


async def test_a_channel_takes_one_at_a_time_and_another_does_not_wait(
    office: Office, clock: FakeClock
) -> None:
    for group_id in ("west", "east"):
        await office.due("C1", group_id)
    first = await office.claim()
    assert await office.claims.claim() is None
    await office.due("C2")
    assert (await office.claim()).place == "C2"

    posting = await office.claims.hold(first, State.POSTING)
    assert posting is not None
    assert await office.claims.claim() is None
    await office.claims.close(posting, State.SENT, ts="1.0")
    assert await office.claims.claim() is None
    clock.now += PACE
    assert (await office.claim()).place == "C1"


async def test_a_dead_workers_delivery_is_taken_up_and_he_may_not_go_on(
    office: Office, clock: FakeClock
) -> None:
    await office.due()
    dead = await office.claim()
    clock.now += LEASES[State.WORKING] - SECOND
    assert await office.claims.claim() is None
    clock.now += SECOND
    taken = await office.claim()
    assert (taken.id, taken.state) == (dead.id, State.WORKING)
    assert await office.claims.hold(dead, State.POSTING) is None
    assert not await office.claims.put_back(dead, clock.now, "")
    assert not await office.claims.close(dead, State.SENT)


async def test_what_may_have_been_posted_comes_back_as_such(
    office: Office, clock: FakeClock
) -> None:
    await office.due()
    await office.claims.hold(await office.claim(), State.POSTING)
    clock.now += LEASES[State.POSTING]
    unsure = await office.claim()
    assert unsure.state is State.POSTING
    assert unsure.lease_until == clock.now + LEASES[State.POSTING]


async def test_put_back_it_waits_and_says_why(office: Office, clock: FakeClock) -> None:
    await office.due()
    first = await office.claim()
    await office.claims.put_back(first, clock.now + DAY / 2, "exec_away")
    clock.now += DAY / 2 - SECOND
    assert await office.claims.claim() is None
    clock.now += SECOND
    assert (await office.claim()).why == "exec_away"


# The owner is told


async def test_a_pause_is_told_once_however_many_find_out(office: Office, clock: FakeClock) -> None:
    one = await office.due()
    await office.deliveries.send_now(one, "U1")
    first = await office.claim()
    assert await office.claims.close(first, State.FAILED, why="archived", tell=["U1"], pause=True)
    paused = await office.subscriptions.find(one.id)
    assert paused is not None
    assert paused.paused == "archived"
    clock.now += PACE
    second = await office.claim()
    assert second.kind is DeliveryKind.NOW
    await office.claims.close(second, State.FAILED, why="archived", tell=["U1"], pause=True)
    notice = await office.claim()
    assert (notice.kind, notice.place, notice.why, notice.at) == (
        DeliveryKind.NOTICE,
        "U1",
        "archived",
        first.at,
    )
    clock.now += DEAD
    assert (await office.claim()).id == notice.id
    assert await office.claims.claim() is None


async def test_who_lost_it_tells_nobody(office: Office, clock: FakeClock) -> None:
    one = await office.due()
    dead = await office.claim()
    clock.now += DEAD
    await office.claim()
    assert not await office.claims.close(dead, State.FAILED, why="x", tell=["U1"], pause=True)
    found = await office.subscriptions.find(one.id)
    assert found is not None
    assert found.is_on
    assert await office.claims.claim() is None


async def test_closing_and_changing_at_once_never_wait_for_each_other(
    database_url: str, clock: FakeClock
) -> None:
    async with Database(database_url) as first, Database(database_url) as second:
        here, there = Office(first, clock), Office(second, clock)
        for number in range(12):
            one = await here.due(f"C{number}")
            taken = await here.claim()
            closing = here.claims.close(
                taken, State.FAILED, why="archived", tell=["U1"], pause=True
            )
            await asyncio.gather(closing, there.subscriptions.pause(one.id))
            found = await here.subscriptions.find(one.id)
            assert found is not None
            assert found.paused in ("archived", "asked")


# Asked for


@pytest.mark.parametrize(("apart", "rows"), [(3, 1), (59, 1), (60, 2)])
async def test_send_now_twice_within_a_minute_is_one(
    office: Office, clock: FakeClock, apart: int, rows: int
) -> None:
    """Also across the end of a minute of the clock."""
    one = await office.subscribe()
    clock.now = START.replace(second=58)
    await office.deliveries.send_now(one, "U2")
    now = await office.claim()
    assert (now.place, now.asked_by, now.kind) == ("C1", "U2", DeliveryKind.NOW)
    posting = await office.claims.hold(now, State.POSTING)
    assert posting is not None
    await office.claims.close(posting, State.SENT, ts="1.0")
    clock.tick(apart)
    await office.deliveries.send_now(one, "U2")
    assert (await office.claims.claim() is not None) == (rows == 2)


async def test_send_now_again_at_once_is_another_where_it_failed_or_moved(office: Office) -> None:
    one = await office.subscribe()
    await office.deliveries.send_now(one, "U2")
    await office.claims.close(await office.claim(), State.FAILED, why="not_in_channel")
    await office.deliveries.send_now(one, "U2")
    await office.claims.close(await office.claim(), State.SENT, ts="1.0")
    await office.subscriptions.change(one.id, replace(one.plan, place="C2"))
    await office.deliveries.send_now(one, "U2")
    assert (await office.claim()).place == "C2"


async def test_of_a_removed_one_nothing_can_be_asked_for(office: Office) -> None:
    one = await office.subscribe()
    await office.subscriptions.remove(one.id)
    assert not await office.deliveries.send_now(one, "U2")
    assert await office.claims.claim() is None


async def test_send_now_from_two_processes_at_once_is_one(
    database_url: str, clock: FakeClock
) -> None:
    async with Database(database_url) as first, Database(database_url) as second:
        offices = [Office(database, clock) for database in (first, second)]
        one = await offices[0].subscribe()
        presses = (office.deliveries.send_now(one, "U2") for office in offices for _ in range(4))
        await asyncio.gather(*presses)
        await offices[0].claims.close(await offices[0].claim(), State.SENT, ts="1.0")
        clock.now += PACE
        assert await offices[0].claims.claim() is None


async def test_send_now_again_while_it_waits_is_one(office: Office, clock: FakeClock) -> None:
    one = await office.subscribe()
    await office.deliveries.send_now(one, "U2")
    await office.claims.put_back(await office.claim(), START + DAY / 48, "exec_away")
    clock.now += DAY / 48
    await office.deliveries.send_now(one, "U2")
    await office.claims.close(await office.claim(), State.SENT, ts="1.0")
    clock.now += PACE
    assert await office.claims.claim() is None


async def test_asked_for_is_not_scheduled(office: Office) -> None:
    one = await office.subscribe()
    await office.deliveries.send_now(one, "U2")
    assert await office.deliveries.last([one.id]) == {}


@pytest.mark.parametrize(
    ("kind", "window"), [(DeliveryKind.SCHEDULED, WINDOW), (DeliveryKind.NOW, ASKED_WINDOW)]
)
async def test_how_long_it_is_wanted(office: Office, kind: DeliveryKind, window: timedelta) -> None:
    one = await office.subscribe()
    if kind is DeliveryKind.SCHEDULED:
        await office.note(one)
    else:
        await office.deliveries.send_now(one, "U2")
    found = await office.claim()
    assert found.until == START + window
    assert not found.is_late(START + LATE_AFTER - SECOND)
    assert found.is_late(START + LATE_AFTER) is (kind is DeliveryKind.SCHEDULED)


async def test_what_was_posted_is_found_by_what_it_told_where(
    office: Office, clock: FakeClock
) -> None:
    about = About(team_ask("west"), "UTC", START - 7 * DAY, START)
    one = await office.due()
    taken = await office.claim()
    await office.deliveries.keep_figures(taken, "then")
    held = await office.claims.hold(taken, State.POSTING, about)
    assert held is not None
    assert await office.deliveries.posted("C1", about) is None  # it has not arrived yet
    await office.deliveries.keep_figures(taken, "of a worker that was too slow")
    await office.claims.close(held, State.SENT, ts="1.0")
    found = await office.deliveries.posted("C1", about)
    assert found is not None
    assert (found.id, found.figures) == (taken.id, "then")
    for place, other in (
        ("C2", about),
        ("C1", replace(about, ask=team_ask("east"))),
        ("C1", replace(about, start=START - 6 * DAY)),
    ):
        assert await office.deliveries.posted(place, other) is None
    clock.now += timedelta(hours=1)
    await office.deliveries.send_now(one, "U1")
    again = await office.claim()
    await office.deliveries.keep_figures(again, "again")
    held = await office.claims.hold(again, State.POSTING, about)
    assert held is not None
    await office.claims.close(held, State.SENT, ts="2.0")
    found = await office.deliveries.posted("C1", about)
    assert found is not None
    assert found.figures == "again"


async def test_it_is_found_again_until_it_is_forgotten(
    office: Office, database: Database, clock: FakeClock
) -> None:
    await office.due()
    taken = await office.claim()
    await office.claims.close(taken, State.SENT, ts="1.0")
    clock.now += 300 * DAY
    await forget_old(database, clock(), 400 * DAY)
    found = await office.deliveries.find(taken.id)
    assert found is not None
    assert (found.state, found.ts) == (State.SENT, "1.0")
    clock.now += 101 * DAY
    await forget_old(database, clock(), 400 * DAY)
    assert await office.deliveries.find(taken.id) is None
