"""Claims: one caller gets each."""

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


async def test_one_of_many_claims_it(database_url: str, clock: FakeClock) -> None:
    async with Database(database_url) as first, Database(database_url) as second:
        both = [Claims(database, clock) for database in (first, second)]
        claimed = await asyncio.gather(*(each.claim("one") for each in both for _ in range(5)))
        assert sorted(claimed) == [False] * 9 + [True]
        assert await both[0].claim("two")


async def test_a_claim_ends_and_is_tidied_away(database: Database, clock: FakeClock) -> None:
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


async def test_a_claim_can_be_ended_early(database: Database, clock: FakeClock) -> None:
    claims = Claims(database, clock)
    await claims.claim("one")
    await claims.end("one", HOUR)
    await claims.end("one", 2 * HOUR)
    assert await claims.is_claimed("one")
    clock.tick(HOUR.total_seconds())
    assert not await claims.is_claimed("one")
