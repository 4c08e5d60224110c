"""What is forgotten is gone, with all that was claimed of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.mirror.rows import from_ms
from bot.storage.database import Database
from bot.storage.tables import (
    metadata,
    practice_person,
)
from tests.mirror.room import Company, ago, company

pytestmark = pytest.mark.one_database

JANE, BOB = "jane@acme.com", "bob@acme.com"


@pytest.fixture
async def acme(database: Database) -> AsyncIterator[Company]:
    async with company(database) as acme:
        yield acme


async def ever_in(acme: Company, group_id: str) -> frozenset[str]:
    """Who is or was in a group."""
    held = await acme.rosters.of([group_id], ask_exec=False, max_age=timedelta(days=3650))
    return held[group_id].ever


async def everything_stored(database: Database) -> str:
    """The whole database as text."""
    found = []
    async with database.transaction(reads=True) as connection:
        for table in metadata.sorted_tables:
            found += [f"{table.name} {row}" for row in await connection.execute(sa.select(table))]
    return "\n".join(found)


@pytest.mark.two_databases
async def test_rows_and_what_is_known_of_them_go_together(acme: Company) -> None:
    acme.adds_many(300, over=timedelta(days=100))
    await acme.lives(timedelta(minutes=1))
    edge = ago(acme, days=40)
    await acme.forgetting.forget_old(timedelta(days=40))
    there = {each.id for each in acme.world.sessions if each.created_at >= from_ms(edge)}
    assert set(await acme.stored()) == there
    assert (await acme.store.stretches())[0].start == edge
    await acme.check()


@pytest.mark.two_databases
async def test_who_left_long_ago_is_forgotten_with_their_last_session(
    acme: Company,
) -> None:
    jane = acme.world.person(JANE)
    acme.adds(JANE, ago=86400, score=50)
    acme.adds(BOB, ago=86400, score=50)
    await acme.ask(acme.question())
    await acme.catalogue.members()
    acme.world.remove_member(JANE)
    acme.clock.now += timedelta(days=30)
    await acme.catalogue.members()
    acme.adds(BOB, ago=10, score=50)
    await acme.ask(acme.question(BOB))
    await acme.forgetting.forget_old(timedelta(days=40))
    assert jane.last_name in await everything_stored(acme.database)
    acme.clock.now += timedelta(days=38)
    await acme.forgetting.forget_old(timedelta(days=40))
    left = await everything_stored(acme.database)
    assert JANE in left  # it is not so long ago that she left
    assert jane.first_name not in await named(acme)
    acme.clock.now += timedelta(days=3)
    await acme.forgetting.forget_old(timedelta(days=40))
    left = await everything_stored(acme.database)
    assert JANE not in left
    assert jane.last_name not in left
    assert BOB in left


async def test_where_somebody_was_goes_with_them_and_with_time(acme: Company) -> None:
    west = acme.world.group("West Coast").id
    jane, sam = acme.world.person(JANE).id, acme.world.person("sam@acme.com").id
    await acme.rosters.of([west])
    await acme.catalogue.members()
    await acme.ask(acme.question())
    acme.world.rosters[west] -= {jane, sam}
    acme.clock.now += timedelta(days=1)
    await acme.rosters.refresh(west, purpose="roster")
    await acme.forgetting.forget_old(timedelta(days=2))
    assert {jane, sam} <= await ever_in(acme, west)
    await acme.forgetting.forget(await acme.forgetting.traces(JANE))
    assert {jane, sam} & await ever_in(acme, west) == {sam}
    acme.clock.now += timedelta(days=2)
    await acme.forgetting.forget_old(timedelta(days=2))
    assert {jane, sam} & await ever_in(acme, west) == set()


async def named(acme: Company) -> set[str]:
    """The first names that are kept with sessions."""
    async with acme.database.transaction(reads=True) as connection:
        rows = await connection.execute(sa.select(practice_person.c.first_name))
        return set(rows.scalars())
