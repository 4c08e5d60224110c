"""The client against the stand-in Exec, over a real socket, with its faults and its limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.errors import ExecError, WrongKey
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
        client = ExecClient(http, budget, clock=clock, sleep=sleep, random=lambda: 0.0, deadline=30)
        yield Exec(server, client, budget)


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
        pytest.param(Fault("cut"), id="cut-by-length"),
        pytest.param(Fault("cut", chunked=True), id="cut-in-a-chunk"),
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
        pytest.param(Fault("wrong_key"), WrongKey, id="key"),
    ],
)
async def test_troubles_that_last(api: Exec, fault: Fault, kind: type[ExecError]) -> None:
    api.server.faults.append(fault)
    with pytest.raises(kind) as info:
        await api.client.sessions_page((), 1, 10, purpose="test")
    assert DEMO_KEY not in repr(info.value)
    assert info.value.__context__ is None


async def test_sixty_a_minute_are_never_overrun(api: Exec) -> None:
    pages = [api.client.sessions_page((), number, 2, purpose="test") for number in range(1, 101)]
    found = await asyncio.gather(*pages)
    assert len({row.id for each in found for row in each.page.items}) == 200
    assert all(request.status == 200 for request in api.server.requests)
