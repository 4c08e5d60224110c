"""Praise that waits for a yes: asked once, answered once, in whatever process."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.outbox.deliveries import Delivery, DeliveryKind, delivery_of
from bot.outbox.praises import LAPSES_AFTER, Praise, Praises, State
from bot.rendering.views import Message
from bot.reports.praise import Feat, What
from bot.storage.database import Database
from bot.storage.tables import delivery
from tests.conftest import START, FakeClock

POST = Message("Well done!", [])


@pytest.fixture
def praises(database: Database, clock: FakeClock) -> Praises:
    ids = iter(f"post{number}" for number in range(99))
    return Praises(database, clock, lambda: next(ids))


def question(id_: str = "p1", key: str = "gold 1", coach: str = "bob") -> Praise:
    feat = Feat(What.BEST, "Opener", 88.5, key)
    return Praise(id_, "T1", coach, f"U-{coach}", "jane", "UJANE", "C1", feat, "Bob", "Jane", START)


async def posts(database: Database) -> list[Delivery]:
    return [delivery_of(row) for row in await database.rows(delivery.select())]


async def test_the_same_is_asked_once_and_posted_once(praises: Praises, database: Database) -> None:
    first = question()
    assert await praises.ask(first) == first
    others = (question("p2"), question("p3", coach="ole"))
    assert await asyncio.gather(*map(praises.ask, others)) == [first, first]
    another = question("p4", key="gain Opener 88.5")
    assert await praises.ask(another) == another

    said = await asyncio.gather(*(praises.agree("p1", POST) for _ in range(3)))
    assert sorted(said) == [False, False, True]
    assert not await praises.decline("p1")
    assert await praises.find("p1") == replace(first, state=State.AGREED)
    (post,) = await posts(database)
    assert (post.kind, post.place, post.message) == (DeliveryKind.PRAISE, "C1", POST)


async def test_a_no_stays_a_no_and_what_lapsed_is_not_posted(
    praises: Praises, database: Database, clock: FakeClock
) -> None:
    await praises.ask(question())
    late = await praises.ask(question("p2", key="gold 2"))
    assert await praises.decline("p1")
    assert not await praises.agree("p1", POST)
    clock.now = START + LAPSES_AFTER - timedelta(seconds=1)
    assert late.is_open(clock.now)
    clock.now += timedelta(seconds=1)
    assert not late.is_open(clock.now)
    assert not await praises.agree("p2", POST)
    assert await posts(database) == []


async def test_what_was_not_asked_may_be_asked_again(praises: Praises) -> None:
    await praises.ask(question())
    await praises.not_asked("p1")
    assert await praises.find("p1") is None
    assert (await praises.ask(question("p2"))).id == "p2"
