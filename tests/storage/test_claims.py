"""Each claim has one holder, until it expires."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import sqlalchemy as sa

from bot.mirror.forget import tidy
from bot.storage.claims import Claims
from bot.storage.database import Database
from bot.storage.tables import claim
from tests.conftest import FakeClock

HOUR, YEAR = timedelta(hours=1), timedelta(days=365)


async def test_one_of_many_gets_a_claim(database_url: str, clock: FakeClock) -> None:
    async with Database(database_url) as first, Database(database_url) as second:
        both = [Claims(database, clock) for database in (first, second)]
        claimed = await asyncio.gather(*(each.claim("one") for each in both for _ in range(5)))
        assert sorted(claimed) == [False] * 9 + [True]
        assert await both[0].claim("two")


async def test_a_claim_expires_and_is_deleted(database: Database, clock: FakeClock) -> None:
    claims = Claims(database, clock)
    await claims.claim("one", HOUR)
    await claims.claim("two")
    clock.tick(HOUR.total_seconds() - 1)
    assert await claims.is_claimed("one")
    assert not await claims.claim("one", HOUR)
    clock.tick(2)
    assert not await claims.is_claimed("one")
    await tidy(database, clock(), history=YEAR, audit=YEAR)
    assert await database.scalars(sa.select(claim.c.name)) == ["two"]
    assert await claims.claim("one", HOUR)
