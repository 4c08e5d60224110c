"""The ledger: an occurrence is there once, one worker each, and a channel takes one at a time."""

from __future__ import annotations

import asyncio
import itertools
from datetime import datetime
from typing import Any

import pytest

from bot.outbox.deliveries import (
    PACE,
    About,
    Deliveries,
    Delivery,
    State,
)
from bot.outbox.plans import Plan, Subscription, team_ask
from bot.outbox.subscriptions import Subscriptions
from bot.storage.database import Database
from tests.conftest import START, FakeClock

numbers = itertools.count(1)


def new_id() -> str:
    return f"id{next(numbers):06}"


class Workspace:
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
        return await self.deliveries.note(one, key, at, send=True)

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
def workspace(database: Database, clock: FakeClock) -> Workspace:
    return Workspace(database, clock)


async def test_two_processes_note_one(database_url: str, clock: FakeClock) -> None:
    async with Database(database_url) as first, Database(database_url) as second:
        workspaces = [Workspace(database, clock) for database in (first, second)]
        one = await workspaces[0].subscribe()
        clock.tick(5)
        noted = await asyncio.gather(
            *(workspace.note(one) for workspace in workspaces for _ in range(4))
        )
        assert sorted(noted) == [False] * 7 + [True]


async def test_of_several_processes_one_posts_it(database_url: str, clock: FakeClock) -> None:
    async with Database(database_url) as first, Database(database_url) as second:
        workspaces = [Workspace(database, clock) for database in (first, second)]
        for number in range(4):
            await workspaces[0].due(f"C{number}")
            found = [await workspace.take() for workspace in workspaces]
            begun = await asyncio.gather(
                *(
                    workspace.deliveries.begin_post(each, None)
                    for workspace, each in zip(workspaces, found, strict=True)
                    for _ in range(3)
                )
            )
            assert len([each for each in begun if each is not None]) == 1


async def test_a_channel_takes_one_at_a_time_and_another_does_not_wait(
    workspace: Workspace, clock: FakeClock
) -> None:
    for group_id in ("west", "east"):
        await workspace.due("C1", group_id)
    first = await workspace.take()
    assert await workspace.next_due() is None
    await workspace.due("C2")
    assert (await workspace.take()).place == "C2"

    posting = await workspace.begin_post(first)
    assert await workspace.next_due() is None
    await workspace.close(posting, State.SENT, ts="1.0")
    assert await workspace.next_due() is None
    clock.now += PACE
    assert (await workspace.take()).place == "C1"


# The owner is told


# Asked for


async def test_send_now_from_two_processes_at_once_is_one(
    database_url: str, clock: FakeClock
) -> None:
    async with Database(database_url) as first, Database(database_url) as second:
        workspaces = [Workspace(database, clock) for database in (first, second)]
        one = await workspaces[0].subscribe()
        presses = (
            workspace.deliveries.send_now(one, "U2") for workspace in workspaces for _ in range(4)
        )
        await asyncio.gather(*presses)
        await workspaces[0].close(await workspaces[0].take(), State.SENT, ts="1.0")
        clock.now += PACE
        assert await workspaces[0].next_due() is None
