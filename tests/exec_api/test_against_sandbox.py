"""The client against the stand-in Exec, over a real socket, with its faults and its limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.errors import Broken, ExecError, Limited, Rejected, WorkspaceInactive, WrongKey
from bot.exec_api.budget import Budget
from bot.exec_api.client import ExecClient, exec_http
from bot.sandbox.exec_server import DEMO_KEY, ExecServer, Fault
from bot.sandbox.world import World
from bot.storage.database import Database
from tests.conftest import START, FakeClock, MakeUrl


@dataclass
class Exec:
    server: ExecServer
    client: ExecClient
    budget: Budget

    def newest_first(self) -> list[str]:
        rows = sorted(self.server.world.sessions, key=lambda row: row.created_at, reverse=True)
        return [row.id for row in rows]


@pytest.fixture
async def api(sqlite_urls: MakeUrl, clock: FakeClock) -> AsyncIterator[Exec]:
    async def sleep(seconds: float) -> None:
        # Many sleep at once: the clock must not run for each of them.
        until = clock() + timedelta(seconds=seconds)
        await asyncio.sleep(0)
        clock.now = max(clock.now, until)

    world = World.build(START, sessions=350)
    async with (
        Database(sqlite_urls()) as database,
        ExecServer(world, clock=clock) as server,
        exec_http(server.url, DEMO_KEY) as http,
    ):
        budget = Budget(database, clock=clock)
        client = ExecClient(
            http, budget, clock=clock, sleep=sleep, random=lambda: 0.0, deadline=1.5
        )
        yield Exec(server, client, budget)


async def test_every_list(api: Exec) -> None:
    world = api.server.world
    workspace = await api.client.workspace(purpose="test")
    assert workspace.url_slug == world.workspace.url_slug
    members = await api.client.members(purpose="test")
    assert {each.id for each in members} == set(world.members)
    group = next(iter(world.groups))
    roster = await api.client.members([group], purpose="test")
    assert {each.id for each in roster} == world.rosters[group]
    for found, held in (
        (await api.client.groups(purpose="test"), world.groups),
        (await api.client.skills(purpose="test"), world.skills),
        (await api.client.collections(purpose="test"), world.collections),
    ):
        assert {each.id for each in found} == set(held)
    assert await api.client.scenarios(purpose="test")
    tasks = await api.client.assignments(user_ids=[members[0].id], purpose="test")
    assert {task.user.id for task in tasks} <= {members[0].id}


async def test_pages_of_sessions_and_one_in_full(api: Exec) -> None:
    pages = [await api.client.sessions_page((), n, 100, purpose="test") for n in range(1, 5)]
    rows = [row for found in pages for row in found.page.items]
    assert [row.id for row in rows] == api.newest_first()
    assert [found.page.total_count for found in pages] == [350] * 4
    assert [found.requests for found in pages] == [1] * 4
    detail = await api.client.session(rows[0].id, ["transcript"], purpose="test")
    assert detail.id == rows[0].id


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault("status", times=2), id="503"),
        pytest.param(Fault("html"), id="html"),
        pytest.param(Fault("cut"), id="cut-by-length"),
        pytest.param(Fault("cut", chunked=True), id="cut-in-a-chunk"),
        pytest.param(Fault("reset"), id="reset"),
        pytest.param(Fault("limited", seconds=20), id="limited"),
        pytest.param(Fault("limited", seconds=20, header=False, inside=True), id="limited-inside"),
    ],
)
async def test_troubles_that_pass(api: Exec, fault: Fault) -> None:
    api.server.faults.append(fault)
    found = await api.client.sessions_page((), 1, 10, purpose="test")
    assert len(found.page.items) == 10
    assert found.requests == len(api.server.requests) > 1
    assert (await api.budget.left()).day == 1000 - len(api.server.requests)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        pytest.param(Fault("hang"), Broken, id="hang"),
        pytest.param(Fault("slow", seconds=2), Broken, id="slow"),
        pytest.param(Fault("garbage"), Broken, id="garbage"),
        pytest.param(Fault("status", times=None), Broken, id="503-for-good"),
        pytest.param(Fault("limited", seconds=600), Limited, id="limited-for-long"),
        pytest.param(Fault("wrong_key"), WrongKey, id="key"),
        pytest.param(Fault("inactive"), WorkspaceInactive, id="inactive"),
    ],
)
async def test_troubles_that_last(api: Exec, fault: Fault, kind: type[ExecError]) -> None:
    api.server.faults.append(fault)
    with pytest.raises(kind) as info:
        await api.client.sessions_page((), 1, 10, purpose="test")
    assert DEMO_KEY not in repr(info.value)
    assert info.value.__context__ is None


async def test_refusals(api: Exec) -> None:
    with pytest.raises(Rejected) as info:
        await api.client.session("nothing", purpose="test")
    assert info.value.status == 404
    with pytest.raises(Rejected) as info:
        await api.client.sessions_page((("rank", "platinum"),), 1, 10, purpose="test")
    assert info.value.status == 400


async def test_sixty_a_minute_are_never_overrun(api: Exec) -> None:
    pages = [api.client.sessions_page((), number, 2, purpose="test") for number in range(1, 101)]
    found = await asyncio.gather(*pages)
    assert len({row.id for each in found for row in each.page.items}) == 200
    assert all(request.status == 200 for request in api.server.requests)
