"""Who is in a group: what is stored, what is asked of Exec, who joined and left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.errors import ExecError
from bot.people.groups import Roster, Rosters
from bot.storage.database import Database
from bot.storage.tables import roster_member
from tests.conftest import FakeClock
from tests.mirror.company import Company, company

EVER = timedelta(days=3650)

pytestmark = pytest.mark.one_database


@pytest.fixture
async def acme(database: Database, clock: FakeClock) -> AsyncIterator[Company]:
    async with company(database, clock) as acme:
        yield acme


def rosters_of(place: Company) -> Rosters:
    return Rosters(place.database, place.client, place.clock)


def group_ids(place: Company, *names: str) -> list[str]:
    return [place.world.group(name).id for name in names]


async def since_of(place: Company, group_id: str) -> dict[str, datetime | None]:
    """Since when those who are in a group now were seen in it."""
    columns = roster_member.c
    query = sa.select(columns.user_id, columns.first_seen).where(
        columns.group_id == group_id, columns.last_seen.is_(None)
    )
    async with place.database.transaction(reads=True) as connection:
        return {row.user_id: row.first_seen for row in await connection.execute(query)}


async def stored(rosters: Rosters, group_id: str) -> Roster:
    """As it is stored, however old."""
    return (await rosters.of([group_id], ask_exec=False, max_age=EVER))[group_id]


@pytest.mark.two_databases
async def test_joining_leaving_and_changing_groups(acme: Company) -> None:
    rosters = rosters_of(acme)
    west, east = group_ids(acme, "West Coast", "East Coast")
    before = await rosters.of([west, east])
    assert await since_of(acme, west) == {
        id_: acme.world.people[id_].created_at for id_ in acme.world.rosters[west]
    }
    mover, leaver = sorted(acme.world.rosters[west] - acme.world.rosters[east])[:2]
    acme.world.rosters[west] -= {mover, leaver}
    acme.world.rosters[east].add(mover)
    new = acme.world.add_member("Nora", "New", "nora@acme.com", groups=("West Coast",))
    acme.tick(hours=20)
    now = acme.clock()
    for group_id in await rosters.due(now):
        await rosters.refresh(group_id, purpose="roster")
    after = await rosters.of([west, east])
    assert after[west].users == before[west].users - {mover, leaver} | {new.id}
    assert after[east].users == before[east].users | {mover}
    since = await since_of(acme, west)
    assert {user for user, moment in since.items() if moment == now} == {new.id}
    assert (await since_of(acme, east))[mover] == now

    acme.world.rosters[west].add(mover)  # and back
    acme.world.rosters[east].discard(mover)
    acme.tick(hours=20)
    for group_id in await rosters.due(acme.clock()):
        await rosters.refresh(group_id, purpose="roster")
    assert (await since_of(acme, west))[mover] == acme.clock()
    assert (await since_of(acme, west))[new.id] == now
    assert mover not in await since_of(acme, east)
    assert await acme.purposes() == {"question": 2, "roster": 4}


async def test_nobody_counts_before_they_were_seen_in_it_nor_after(acme: Company) -> None:
    rosters = rosters_of(acme)
    (west,) = group_ids(acme, "West Coast")
    everyone = frozenset(acme.world.rosters[west])
    leaver, joiner = min(everyone), min(acme.world.members.keys() - everyone)
    start = acme.clock()
    await rosters.of([west])
    acme.tick(hours=10)  # nobody looks
    acme.world.rosters[west] ^= {leaver, joiner}
    acme.tick(hours=10)
    came = acme.clock()
    new = acme.world.add_member("Nora", "New", "n@acme.com", groups=("West Coast",), at=came)
    acme.tick(hours=2)
    await rosters.refresh(west, purpose="roster")
    second = acme.clock()
    acme.tick(hours=2)
    acme.world.rosters[west] ^= {leaver, new.id}  # one is back, one left again
    await rosters.refresh(west, purpose="roster")
    found, stay = await stored(rosters, west), everyone - {leaver}
    assert found.at(start) == stay
    assert found.at(start + timedelta(hours=1)) == stay
    assert found.at(came) == stay | {new.id}
    assert found.at(second) == stay | {joiner, new.id}
    assert found.at(second + timedelta(hours=1)) == stay | {joiner}
    assert found.at(acme.clock()) == found.people == stay | {joiner, leaver}
    assert found.ever == everyone | {joiner, new.id}


async def test_execs_own_staff_are_in_a_group_and_none_of_its_people(acme: Company) -> None:
    rosters = rosters_of(acme)
    (west,) = group_ids(acme, "West Coast")
    people = frozenset(acme.world.rosters[west])
    staff = {each.id for each in acme.world.members.values() if each.is_system}
    acme.world.rosters[west] |= staff
    found = (await rosters.of([west]))[west]
    assert (found.people, found.system) == (people, staff)
    assert (await stored(rosters, west)).ever == people
    one = acme.world.person(min(staff))
    acme.world.members[one.id] = replace(one, email="one@acme.com")
    acme.tick(hours=20)
    assert (await rosters.refresh(west, purpose="roster")).people == people | {one.id}


async def test_a_refresh_that_fails_waits_an_hour_and_keeps_what_is_held(acme: Company) -> None:
    rosters = rosters_of(acme)
    (west,) = group_ids(acme, "West Coast")
    stored = await rosters.of([west])
    acme.breaks()
    acme.tick(hours=21)
    with pytest.raises(ExecError):
        await rosters.refresh(west, purpose="roster")
    assert await rosters.due(acme.clock()) == ()
    assert await rosters.of([west]) == stored
    acme.tick(hours=1)
    assert await rosters.due(acme.clock()) == (west,)


@pytest.mark.two_databases
async def test_many_who_ask_at_once_share_a_reading_over_processes(acme: Company) -> None:
    (west,) = group_ids(acme, "West Coast")
    processes = [rosters_of(acme), rosters_of(acme)]
    found = await asyncio.gather(*(each.of([west]) for each in processes * 10))
    assert {each[west].users for each in found} == {frozenset(acme.world.rosters[west])}
    assert acme.reads() == 1
    acme.tick(hours=20)
    await asyncio.gather(*(each.refresh(west, purpose="roster") for each in processes))
    assert acme.reads() == 2
