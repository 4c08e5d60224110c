"""A person who asks what the background is waiting to ask does not wait with it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest

from bot.exec_api.budget import Budget
from bot.exec_api.client import ExecClient, SessionsPage, exec_http
from bot.exec_api.wire import Page
from bot.storage.database import Database
from bot.storage.tables import MILLISECOND
from tests.conftest import START, FakeClock, MakeUrl
from tests.exec_api.spending import NOTHING, fill, seconds


class Waiting:
    """A sleep that lasts until it is told to end."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.over = asyncio.Event()

    async def __call__(self, duration: float) -> None:
        self.begun.set()
        await self.over.wait()


@pytest.mark.parametrize("purpose", ["question", "digest"])
async def test_the_more_urgent_go_at_once(
    sqlite_urls: MakeUrl, clock: FakeClock, purpose: str
) -> None:
    waiting = Waiting()
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=NOTHING))
    async with (
        Database(sqlite_urls()) as database,
        exec_http("https://exec.test", "exec_live_" + "a" * 40, transport=transport) as http,
    ):
        await fill(database, [START - timedelta(seconds=30)] * 55)
        client = ExecClient(
            http,
            Budget(database, clock=clock),
            clock=clock,
            sleep=waiting,
            random=lambda: 0.0,
        )
        background = asyncio.create_task(client.sessions_page((), 1, 100, purpose="people"))
        same = asyncio.create_task(client.sessions_page((), 1, 100, purpose="roster"))
        async with asyncio.timeout(100):
            await waiting.begun.wait()
            answer = await client.sessions_page((), 1, 100, purpose=purpose)

        assert answer == SessionsPage(Page((), 1, 100, 0, 0), 1, START)
        assert not background.done()
        clock.now = START + seconds(31) + MILLISECOND
        waiting.over.set()
        # Those who are as little urgent still share one request.
        assert [(await background).requests, (await same).requests] == [1, 0]
