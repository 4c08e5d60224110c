"""The ledger: an occurrence is there once, one worker each, and a channel takes one at a time."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.outbox.deliveries import (
    ASKED_WINDOW,
    LATE_AFTER,
    LOOK_AFTER,
    PACE,
    WINDOW,
    About,
    Deliveries,
    Delivery,
    DeliveryKind,
    State,
)
from bot.outbox.plans import Plan, Subscription, team_ask
from bot.outbox.reasons import NotSentReason
from bot.outbox.subscriptions import Subscriptions
from bot.storage.database import Database
from bot.storage.keeping import forget_old
from tests.conftest import START, FakeClock

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
numbers = itertools.count(1)


def new_id() -> str:
    return f"id{next(numbers):06}"


class Office:
    """One process's stores, and subscriptions to note."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.clock = clock
        self.subscriptions = Subscriptions(database, clock, new_id)
        self.deliveries = Deliveries(database, clock, new_id)
        self.under_way: list[Delivery] = []

    async def subscribe(self, place: str = "C1", group_id: str = "west") -> Subscription:
        plan = Plan(place, "daily 9:00", "UTC", team_ask(group_id))
        return await self.subscriptions.keep("T1", "U1", plan)

    async def due(self, place: str = "C1", group_id: str = "west") -> Subscription:
        one = await self.subscribe(place, group_id)
        await self.note(one)
        return one

    async def note(self, one: Subscription, key: str = "2026-03-16", at: datetime = START) -> bool:
        return await self.deliveries.note(one, {key: at}, send=key)

    async def next_due(self) -> Delivery | None:
        """The next one that is not under way, which is from now on."""
        found = await self.deliveries.next_due(self.under_way)
        self.under_way += [found] if found else []
        return found

    async def take(self) -> Delivery:
        found = await self.next_due()
        assert found is not None
        return found

    async def begin_post(self, of: Delivery, about: About | None = None) -> Delivery:
        begun = await self.deliveries.begin_post(of, about)
        assert begun is not None
        return begun

    async def close(self, of: Delivery, state: State, **more: Any) -> None:
        await self.deliveries.close(of, state, **more)
        self.let_go(of)

    async def put_off(self, of: Delivery, due_at: datetime) -> None:
        await self.deliveries.put_off(of, due_at, "exec_away")
        self.let_go(of)

    def let_go(self, of: Delivery) -> None:
        """It is not under way any more."""
        self.under_way = [each for each in self.under_way if each.id != of.id]

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
    await office.take()
    assert await office.next_due() is None


async def test_the_newest_waits_and_the_others_are_missed(office: Office) -> None:
    one = await office.subscribe()
    fallen = {f"2026-03-{14 + n}": START - (2 - n) * DAY for n in range(3)}
    await office.deliveries.note(one, fallen, send="2026-03-16")
    assert (await office.take()).occurrence == "2026-03-16"
    assert await office.next_due() is None
    two = await office.subscribe("C2")
    await office.deliveries.note(two, fallen, send=None)
    assert (await office.last(two)).state is State.MISSED


@pytest.mark.parametrize(
    ("state", "why", "comes"),
    [
        (State.SENT, "", False),
        (State.FAILED, NotSentReason.UNSETTLED, False),
        (State.FAILED, "archived", True),
        (State.SKIPPED, "asked", True),
        (None, "", False),
    ],
)
async def test_a_later_time_brings_a_date_again_only_if_it_was_not_sent(
    office: Office, clock: FakeClock, state: State | None, why: str, comes: bool
) -> None:
    one = await office.due()
    first = await office.take()
    if state is not None:
        await office.close(first, state, why=why)
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
        assert (last.state, last.why, last.at) == (State.DUE, "", clock.now)
        assert (last.created_at, last.due_at, last.done_at) == (clock.now, clock.now, None)
        assert last.id != first.id
    else:
        assert (last.id, last.at) == (first.id, START)


async def test_what_is_missed_by_a_later_time_takes_the_place_of_nothing(
    office: Office, clock: FakeClock
) -> None:
    one = await office.due()
    await office.close(await office.take(), State.FAILED, why="archived")
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
    assert (await office.take()).place == "C2"


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


async def test_of_several_processes_one_posts_it(database_url: str, clock: FakeClock) -> None:
    async with Database(database_url) as first, Database(database_url) as second:
        offices = [Office(database, clock) for database in (first, second)]
        for number in range(10):
            await offices[0].due(f"C{number}")
            found = [await office.take() for office in offices]
            begun = await asyncio.gather(
                *(
                    office.deliveries.begin_post(each, None)
                    for office, each in zip(offices, found, strict=True)
                    for _ in range(3)
                )
            )
            assert len([each for each in begun if each is not None]) == 1


async def test_a_channel_takes_one_at_a_time_and_another_does_not_wait(
    office: Office, clock: FakeClock
) -> None:
    for group_id in ("west", "east"):
        await office.due("C1", group_id)
    first = await office.take()
    assert await office.next_due() is None
    await office.due("C2")
    assert (await office.take()).place == "C2"

    posting = await office.begin_post(first)
    assert await office.next_due() is None
    await office.close(posting, State.SENT, ts="1.0")
    assert await office.next_due() is None
    clock.now += PACE
    assert (await office.take()).place == "C1"


async def test_of_what_has_changed_no_step_is_done(office: Office, clock: FakeClock) -> None:
    one = await office.due()
    slow = await office.take()
    posting = await office.begin_post(slow)
    assert await office.deliveries.begin_post(slow, None) is None
    await office.deliveries.put_off(slow, clock.now, "exec_away")
    await office.deliveries.look_again(slow)
    await office.deliveries.begin_again(slow)
    await office.deliveries.close(slow, State.SENT, ts="1.0")
    assert await office.last(one) == posting


async def test_what_may_have_been_posted_comes_back_as_such(
    office: Office, clock: FakeClock
) -> None:
    await office.due()
    posting = await office.begin_post(await office.take())
    office.let_go(posting)
    clock.now += LOOK_AFTER - SECOND
    assert await office.next_due() is None
    clock.now += SECOND
    assert await office.take() == posting
    await office.deliveries.look_again(posting)
    office.let_go(posting)
    clock.now += LOOK_AFTER - SECOND
    assert await office.next_due() is None
    clock.now += SECOND
    assert (await office.take()).state is State.POSTING


async def test_put_back_it_waits_and_says_why(office: Office, clock: FakeClock) -> None:
    await office.due()
    first = await office.take()
    await office.put_off(first, clock.now + DAY / 2)
    clock.now += DAY / 2 - SECOND
    assert await office.next_due() is None
    clock.now += SECOND
    assert (await office.take()).why == "exec_away"


# The owner is told


async def test_a_pause_is_told_once_however_many_find_out(office: Office, clock: FakeClock) -> None:
    one = await office.due()
    await office.deliveries.send_now(one, "U1")
    first = await office.take()
    await office.close(first, State.FAILED, why="archived", notify=["U1"], pause=True)
    paused = await office.subscriptions.find(one.id)
    assert paused is not None
    assert paused.paused == "archived"
    clock.now += PACE
    second = await office.take()
    assert second.kind is DeliveryKind.NOW
    await office.close(second, State.FAILED, why="archived", notify=["U1"], pause=True)
    notice = await office.take()
    assert (notice.kind, notice.place, notice.why, notice.at) == (
        DeliveryKind.NOTICE,
        "U1",
        "archived",
        first.at,
    )
    assert await office.next_due() is None


async def test_of_what_has_changed_nobody_is_notified(office: Office) -> None:
    one = await office.due()
    slow = await office.take()
    await office.begin_post(slow)
    await office.close(slow, State.FAILED, why="x", notify=["U1"], pause=True)
    found = await office.subscriptions.find(one.id)
    assert found is not None
    assert found.is_on
    assert await office.next_due() is None


async def test_closing_and_changing_at_once_never_wait_for_each_other(
    database_url: str, clock: FakeClock
) -> None:
    async with Database(database_url) as first, Database(database_url) as second:
        here, there = Office(first, clock), Office(second, clock)
        for number in range(12):
            one = await here.due(f"C{number}")
            taken = await here.take()
            closing = here.close(taken, State.FAILED, why="archived", notify=["U1"], pause=True)
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
    now = await office.take()
    assert (now.place, now.asked_by, now.kind) == ("C1", "U2", DeliveryKind.NOW)
    posting = await office.begin_post(now)
    await office.close(posting, State.SENT, ts="1.0")
    clock.tick(apart)
    await office.deliveries.send_now(one, "U2")
    assert (await office.next_due() is not None) == (rows == 2)


async def test_send_now_again_at_once_is_another_where_it_failed_or_moved(office: Office) -> None:
    one = await office.subscribe()
    await office.deliveries.send_now(one, "U2")
    await office.close(await office.take(), State.FAILED, why="not_in_channel")
    await office.deliveries.send_now(one, "U2")
    await office.close(await office.take(), State.SENT, ts="1.0")
    await office.subscriptions.change(one.id, replace(one.plan, place="C2"))
    await office.deliveries.send_now(one, "U2")
    assert (await office.take()).place == "C2"


async def test_of_a_removed_one_nothing_can_be_asked_for(office: Office) -> None:
    one = await office.subscribe()
    await office.subscriptions.remove(one.id)
    assert not await office.deliveries.send_now(one, "U2")
    assert await office.next_due() is None


async def test_send_now_from_two_processes_at_once_is_one(
    database_url: str, clock: FakeClock
) -> None:
    async with Database(database_url) as first, Database(database_url) as second:
        offices = [Office(database, clock) for database in (first, second)]
        one = await offices[0].subscribe()
        presses = (office.deliveries.send_now(one, "U2") for office in offices for _ in range(4))
        await asyncio.gather(*presses)
        await offices[0].close(await offices[0].take(), State.SENT, ts="1.0")
        clock.now += PACE
        assert await offices[0].next_due() is None


async def test_send_now_again_while_it_waits_is_one(office: Office, clock: FakeClock) -> None:
    one = await office.subscribe()
    await office.deliveries.send_now(one, "U2")
    await office.put_off(await office.take(), START + DAY / 48)
    clock.now += DAY / 48
    await office.deliveries.send_now(one, "U2")
    await office.close(await office.take(), State.SENT, ts="1.0")
    clock.now += PACE
    assert await office.next_due() is None


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
    found = await office.take()
    assert found.until == START + window
    assert not found.is_late(START + LATE_AFTER - SECOND)
    assert found.is_late(START + LATE_AFTER) is (kind is DeliveryKind.SCHEDULED)


async def test_what_was_posted_is_found_by_what_it_told_where(
    office: Office, clock: FakeClock
) -> None:
    about = About(team_ask("west"), "UTC", START - 7 * DAY, START)
    one = await office.due()
    taken = await office.take()
    await office.deliveries.keep_figures(taken, "then")
    held = await office.begin_post(taken, about)
    assert await office.deliveries.posted("C1", about) is None  # it has not arrived yet
    await office.deliveries.keep_figures(taken, "of a worker that was too slow")
    await office.close(held, State.SENT, ts="1.0")
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
    again = await office.take()
    await office.deliveries.keep_figures(again, "again")
    held = await office.begin_post(again, about)
    await office.close(held, State.SENT, ts="2.0")
    found = await office.deliveries.posted("C1", about)
    assert found is not None
    assert found.figures == "again"


async def test_it_is_found_again_until_it_is_forgotten(
    office: Office, database: Database, clock: FakeClock
) -> None:
    await office.due()
    taken = await office.take()
    await office.close(taken, State.SENT, ts="1.0")
    clock.now += 300 * DAY
    await forget_old(database, clock(), 400 * DAY)
    found = await office.deliveries.find(taken.id)
    assert found is not None
    assert (found.state, found.ts) == (State.SENT, "1.0")
    clock.now += 101 * DAY
    await forget_old(database, clock(), 400 * DAY)
    assert await office.deliveries.find(taken.id) is None
