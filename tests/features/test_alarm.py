"""If Exec refuses the key, each admin gets one message, however many processes notice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from bot.app import App, open_app
from bot.demo.slack_server import SlackServer
from bot.errors import ExecError, WrongKey
from bot.features import register_all
from bot.scheduled.outbox import LOOK_UP_AFTER
from bot.settings import ExecSettings, load
from tests.conftest import FakeClock
from tests.deliveries import PEOPLE, a_slack, messages_to, web

pytestmark = pytest.mark.one_database

OpenProcess = Callable[..., AbstractAsyncContextManager[App]]


@pytest.fixture
async def slack(clock: FakeClock) -> AsyncIterator[SlackServer]:
    async with a_slack(clock) as slack:
        yield slack
        assert slack.problems == []


@pytest.fixture
def open_process(slack: SlackServer, database_url: str, clock: FakeClock) -> OpenProcess:
    """Opens one process of the bot."""

    @asynccontextmanager
    async def open_(*admins: str) -> AsyncIterator[App]:
        settings = load(
            ExecSettings,
            EXEC_API_KEY=f"exec_live_{'x' * 20}",
            DATABASE_URL=database_url,
            EXECBOT_ADMINS=",".join(admins or ("ada@acme.test",)),
            EXECBOT_LOCALE="en-GB",
        )
        async with open_app(settings, web=web(slack), clock=clock) as app:
            register_all(app)
            yield app

    return open_


async def run_jobs(app: App) -> None:
    await app.jobs["alarm"].run()
    await app.scheduled.outbox.run()


async def exec_says(
    app: App, answer: dict[str, Any] | ExecError, clock: FakeClock, hours: float = 0
) -> None:
    """Exec answers a request of this process, and the process runs its jobs."""
    clock.now += timedelta(hours=hours)
    app.exec.client.note(answer)
    await run_jobs(app)


@pytest.mark.two_databases
async def test_many_processes_send_it_once(
    open_process: OpenProcess, slack: SlackServer, clock: FakeClock
) -> None:
    admins = [f"{name}@acme.test" for name in PEOPLE]
    async with AsyncExitStack() as stack:
        apps = [await stack.enter_async_context(open_process(*admins)) for _ in range(6)]
        for app in apps:
            app.exec.client.note(WrongKey())
        for _ in range(3):
            await asyncio.gather(*map(run_jobs, apps))
            clock.now += LOOK_UP_AFTER
    assert [len(messages_to(slack, name)) for name in PEOPLE] == [1, 1, 1]


async def test_a_key_that_works_again_is_news_when_it_fails_again(
    open_process: OpenProcess, slack: SlackServer, clock: FakeClock
) -> None:
    async with open_process() as app:
        await exec_says(app, WrongKey(), clock)
        await exec_says(app, {}, clock, hours=0.5)
        assert len(messages_to(slack, "ada")) == 1
        await exec_says(app, WrongKey(), clock, hours=5)
    assert len(messages_to(slack, "ada")) == 2


async def test_admins_without_an_account_hold_up_no_others(
    open_process: OpenProcess, slack: SlackServer, clock: FakeClock
) -> None:
    slack.team.user_called("jane").deleted = True
    admins = ("nobody@acme.test", "jane@acme.test", "bob@acme.test", "Ada@acme.test")
    async with open_process(*admins) as app:
        for _ in range(3):
            await exec_says(app, WrongKey(), clock)
    assert [len(messages_to(slack, who)) for who in PEOPLE] == [0, 1, 1]
    methods = [call.method for call in slack.calls]
    assert methods.count("chat.postMessage") == 2
    assert methods.count("users.lookupByEmail") == len(admins)
