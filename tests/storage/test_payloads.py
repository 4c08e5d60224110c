"""Payloads: one worker each, and nobody forgotten."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.storage.database import Database
from bot.storage.keeping import KEEP, forget_old
from bot.storage.payloads import LEASE, TELL_WITHIN, Payload, Payloads
from bot.storage.tables import payload as table
from tests.conftest import FakeClock

ONE = Payload("one", "T1", "U1", "C1", "https://hooks.example/1", "sessions last 7d")
TWO = replace(ONE, key="two", words=None)
SECOND = LEASE.total_seconds()


@pytest.fixture
def payloads(database: Database, clock: FakeClock) -> Payloads:
    return Payloads(database, clock)


async def rows(database: Database) -> dict[str, tuple[object, ...]]:
    columns = (table.c.key, table.c.done, table.c.words, table.c.response_url)
    async with database.transaction(reads=True) as connection:
        found = (await connection.execute(sa.select(*columns))).all()
    return {row[0]: tuple(row[1:]) for row in found}


async def test_one_of_many_may_work_on_it(database_url: str, clock: FakeClock) -> None:
    async with Database(database_url) as first, Database(database_url) as second:
        both = [Payloads(database, clock) for database in (first, second)]
        claims = await asyncio.gather(*(p.claim(ONE) for p in both for _ in range(5)))
        assert sorted(claims) == [False] * 9 + [True]
        assert await both[0].claim(TWO)


async def test_a_finished_one_is_not_worked_on_again_and_holds_no_words(
    database: Database, payloads: Payloads
) -> None:
    await payloads.claim(ONE)
    assert await rows(database) == {"one": (False, ONE.words, ONE.response_url)}
    await payloads.finish("one")

    assert await rows(database) == {"one": (True, None, None)}
    assert not await payloads.claim(ONE)


async def test_a_lease_that_ran_out_makes_an_orphan_once(
    payloads: Payloads, clock: FakeClock
) -> None:
    await payloads.claim(ONE)
    await payloads.claim(TWO)
    clock.tick(SECOND - 0.001)
    assert await payloads.orphans() == []
    clock.tick(0.001)
    assert sorted(await payloads.orphans(), key=lambda p: p.key) == [ONE, TWO]
    assert await payloads.orphans() == []


async def test_a_lease_that_is_renewed_lasts(payloads: Payloads, clock: FakeClock) -> None:
    await payloads.claim(ONE)
    for _ in range(3):
        clock.tick(SECOND - 1)
        await payloads.renew({"one"})
        assert await payloads.orphans() == []
    clock.tick(SECOND + 1)
    assert await payloads.orphans() == [ONE]


async def test_orphans_go_to_one_of_two(database_url: str, clock: FakeClock) -> None:
    async with Database(database_url) as first, Database(database_url) as second:
        both = [Payloads(database, clock) for database in (first, second)]
        await both[0].claim(ONE)
        await both[0].claim(TWO)
        clock.tick(SECOND + 1)
        found = await asyncio.gather(*(p.orphans() for p in both for _ in range(3)))
        assert sorted(payload.key for some in found for payload in some) == ["one", "two"]


async def test_an_orphan_whose_teller_died_is_told_by_the_next(
    payloads: Payloads, clock: FakeClock
) -> None:
    await payloads.claim(ONE)
    for _ in range(2):
        clock.tick(SECOND + 1)
        assert await payloads.orphans() == [ONE]
    await payloads.finish("one")
    clock.tick(SECOND + 1)
    assert await payloads.orphans() == []


async def test_after_half_an_hour_nobody_waits_any_more(
    payloads: Payloads, clock: FakeClock
) -> None:
    await payloads.claim(ONE)
    clock.tick(60)
    await payloads.claim(TWO)
    clock.tick(TELL_WITHIN.total_seconds() - 60)
    assert await payloads.orphans() == [TWO]


async def test_old_ones_are_forgotten(
    database: Database, payloads: Payloads, clock: FakeClock
) -> None:
    await payloads.claim(ONE)
    clock.tick(KEEP[table.c.received_at].total_seconds())
    await payloads.claim(TWO)
    await forget_old(database, clock(), timedelta(days=400))
    assert set(await rows(database)) == {"one", "two"}
    clock.tick(0.001)
    await forget_old(database, clock(), timedelta(days=400))
    assert set(await rows(database)) == {"two"}
