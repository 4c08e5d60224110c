"""Exec's lists as stored: complete, as of one moment, and no older than they say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.demo.exec_server import ExecFault, ReceivedRequest
from bot.errors import ExecError, Limited
from bot.exec.budget import Purpose
from bot.scheduled.delivery import Deliveries
from bot.scheduled.stored_words import digest_words
from bot.scheduled.subscriptions import Subscription, Subscriptions
from bot.storage.database import Database
from bot.storage.sessions import read_window
from bot.storage.tables import assignment, coaching, member, team, team_member
from tests.conftest import FakeClock
from tests.doomed import Doomed, spared
from tests.exec.company import Company, company, once_it_read

pytestmark = pytest.mark.one_database

JANE, NEWCOMER = "jane@acme.com", "new@acme.com"


@pytest.fixture
async def acme(clock: FakeClock) -> AsyncIterator[Company]:
    async with company(clock, sessions=100) as acme:
        yield acme


async def listed(database: Database) -> set[str]:
    return set(await database.scalars(sa.select(member.c.id).where(member.c.is_listed)))


async def inside(database: Database, team_id: str) -> set[str]:
    query = sa.select(team_member.c.member_id).where(team_member.c.team_id == team_id)
    return set(await database.scalars(query))


def new_requests(acme: Company, path: str = "/") -> int:
    """The number of requests since the last call."""
    count = sum(request.path.startswith(path) for request in acme.exec.requests)
    acme.exec.requests.clear()
    return count


async def test_lists_are_read_when_they_are_due(acme: Company, database: Database) -> None:
    process = await acme.start(database)
    await process.lists.sync()
    assert await listed(database) == acme.world.members.keys()
    assert new_requests(acme, "/workspace/members") == 1
    west, jane = acme.world.group("West Coast").id, acme.world.person(JANE).id
    await process.lists.use_teams([west])
    await process.lists.use_teams([west])
    assert new_requests(acme) == 1
    assert await inside(database, west) == acme.world.rosters[west]
    acme.clock.now += timedelta(hours=5)
    await process.lists.sync()
    assert new_requests(acme) == 0
    acme.world.remove_member(JANE)
    acme.clock.now += timedelta(hours=1)
    await process.lists.sync()
    assert await listed(database) == acme.world.members.keys()
    assert jane not in await inside(database, west)  # nobody's absentee
    new_requests(acme)
    acme.clock.now += timedelta(hours=19)
    await process.lists.sync()
    members = [dict(request.params) for request in acme.exec.requests if "members" in request.path]
    assert [query.get("group_ids") for query in members] == [None, west]


async def _never(*_: Any) -> Any:
    raise AssertionError


async def test_groups_of_digests_are_read_daily_until_they_are_paused(
    acme: Company, database: Database
) -> None:
    process = await acme.start(database)
    subscriptions = Subscriptions(database, Deliveries(database), acme.clock)
    west, east = (acme.world.group(name).id for name in ("West Coast", "East Coast"))
    new = Subscription("", "T1", "U1", digest_words(west), "C1", "every monday 9:00")
    digest, _ = await subscriptions.add(new)
    for _ in range(2):
        await process.lists.sync()
        assert await inside(database, west) == acme.world.rosters[west]
        assert await inside(database, east) == set()
        read = [dict(request.params).get("group_ids") for request in acme.exec.requests]
        assert read.count(west) == 1
        acme.exec.requests.clear()
        acme.clock.now += timedelta(hours=25)
    await subscriptions.pause(digest.id)
    await process.lists.sync()
    assert west not in [dict(request.params).get("group_ids") for request in acme.exec.requests]


async def test_assignments_of_the_coached_are_read_daily(acme: Company, database: Database) -> None:
    process = await acme.start(database)
    await process.lists.sync()
    await process.lists.sync_assignments()
    assert await database.count(assignment) == 0
    ids = {task.user_id for task in acme.world.assignments}
    given = {"coach_id": "ana", "kind": "person", "subject_id": min(ids)}
    await database.write(sa.insert(coaching).values(given))
    new_requests(acme)
    for _ in range(2):
        await process.lists.sync_assignments()
    assert new_requests(acme) == 1
    hers = {task.id for task in acme.world.assignments if task.user_id == min(ids)}
    assert set(await database.scalars(sa.select(assignment.c.id))) == hers


async def test_a_list_that_changes_between_its_pages_is_read_again(
    clock: FakeClock, database: Database
) -> None:
    async with company(clock, people=130, sessions=100) as acme:
        first = min(acme.world.members.values(), key=lambda person: person.number)

        def change(request: ReceivedRequest) -> None:
            if request.params["page"] == "2" and first.id in acme.world.members:
                acme.world.remove_member(first)

        process = await acme.start(database)
        acme.exec.before_page = change
        with pytest.raises(ExecError):
            await process.lists.ensure("members")
        assert await listed(database) == set()
        await process.lists.ensure("members")
        assert await listed(database) == acme.world.members.keys()


async def test_a_long_list_is_read_over_several_minutes(
    clock: FakeClock, database: Database
) -> None:
    async with company(clock, people=450, sessions=100) as acme:
        process = await acme.start(database, per_minute=6)  # of which the background leaves two
        with suppress(Limited):  # for the next list
            await process.lists.sync()
        assert len(await listed(database)) == 449


async def test_a_list_that_fails_does_not_hold_up_others(acme: Company, database: Database) -> None:
    process = await acme.start(database)
    acme.exec.faults.append(ExecFault("status", times=None, path="/workspace/groups", status=404))
    with pytest.raises(ExecError):
        await process.lists.sync()
    assert await read_window(database, "bundles") is not None


async def test_a_process_that_was_stopped_brings_nobody_back(
    acme: Company, database: Database, database_url: str
) -> None:
    process = await acme.start(database)
    await process.lists.sync()
    west, jane = acme.world.group("West Coast").id, acme.world.person(JANE).id
    await process.lists.use_teams([west])
    acme.clock.now += timedelta(hours=27)
    async with Doomed(database_url, once_it_read(acme)) as doomed:
        other = await acme.start(doomed, "two")
        task = asyncio.create_task(other.lists.use_teams([west]))
        await doomed.stopped.wait()
        doomed.fate = spared
        acme.world.rosters[west].remove(jane)
        acme.clock.now += timedelta(minutes=10)
        await process.lists.use_teams([west])
        doomed.resumed.set()
        await task
    assert jane not in await inside(database, west)
    confirmed = await database.scalar(sa.select(team.c.members_at).where(team.c.id == west))
    assert confirmed == acme.clock()


async def test_a_group_lists_who_joined_since(acme: Company, database: Database) -> None:
    process = await acme.start(database)
    await process.lists.sync()
    await process.sync.sync_newest(Purpose.NEWEST)
    new = acme.world.add_member("New", "Comer", NEWCOMER, groups=("West Coast",))
    acme.world.add_session(new, "Cold Call Opener", acme.clock(), score=80)
    acme.clock.tick(60)
    await process.sync.sync_newest(Purpose.NEWEST)  # their session names them first
    await process.lists.use_teams([acme.world.group("West Coast").id])
    assert new.id in await listed(database)
