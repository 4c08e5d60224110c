"""Conversations: signed requests to a running bot, between stand-ins for Slack and Exec."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.demo.run import settle_in
from bot.exec_api.budget import Purpose
from bot.storage.tables import metadata
from tests.conftest import FakeClock, MakeUrl, copies_of, filled_once, remove
from tests.workspace import NOW, Workspace, a_workspace

# The tables with what was read from Exec and from Slack accounts.
READ = {
    "assignment",
    "bundle",
    "member",
    "scenario",
    "scenario_of",
    "session",
    "slack_user",
    "team",
    "team_member",
    "window",
}


@pytest.fixture(scope="session")
def acquainted_urls(sqlite_urls: MakeUrl, common: Path) -> MakeUrl:
    """Makes databases of a bot that has read the company's lists, groups and sessions."""
    return copies_of(filled_once(common, "acquainted", sqlite_urls, _read_the_company))


async def _read_the_company(url: str) -> None:
    async with a_workspace(FakeClock(NOW), DATABASE_URL=url) as workspace:
        core, team = workspace.bot, workspace.slack.team
        await settle_in(core, workspace.world)
        await core.lists.use_assignments(tuple(workspace.world.members), timedelta(), Purpose.LISTS)
        await core.people.accounts(team.id, tuple(team.users))
        async with core.db.transaction() as connection:
            for table in reversed(metadata.sorted_tables):
                if table.name not in READ:
                    await connection.execute(table.delete())


@asynccontextmanager
async def open_workspace(url: str) -> AsyncIterator[Workspace]:
    """A workspace. At its end, checks that nobody was mentioned and Slack refused nothing."""
    async with a_workspace(FakeClock(NOW), DATABASE_URL=url) as workspace:
        yield workspace
        bot = workspace.slack.team.bot_user_id
        for message in workspace.slack.history:
            assert message.user != bot or workspace.slack.mentions_of(message) == []
        assert workspace.slack.problems == []


@pytest.fixture
async def workspace(request: pytest.FixtureRequest) -> AsyncIterator[Workspace]:
    """The bot has read the company, unless the test is marked `new_here`."""
    is_new = request.node.get_closest_marker("new_here") is not None
    urls: MakeUrl = request.getfixturevalue("sqlite_urls" if is_new else "acquainted_urls")
    url = urls()
    async with open_workspace(url) as workspace:
        yield workspace
    remove(url)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened_once(acquainted_urls: MakeUrl) -> AsyncIterator[Workspace]:
    async with open_workspace(acquainted_urls()) as workspace:
        yield workspace


@pytest.fixture
def shared_workspace(opened_once: Workspace) -> Workspace:
    """One workspace for all tests of a module that don't disturb each other.

    Such a test runs in the event loop of its module.
    """
    opened_once.clock.tick(61)  # Exec counts requests by the minute
    opened_once.forget()
    return opened_once
