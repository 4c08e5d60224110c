"""Conversations: signed requests to a running bot, between stand-ins for Slack and Exec."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.demo.run import settle_in
from bot.demo.world import World
from bot.exec_api.budget import Job
from bot.storage.tables import metadata
from tests.conftest import FakeClock, MakeUrl, copies_of, filled_once, remove
from tests.workspace import NOW, MakeOffice, Workspace, a_workspace

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


@pytest.fixture(scope="session", autouse=True)
def _wait_for_checks() -> Iterator[None]:
    """A form opens with the result of its checks, however busy the machine is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.features.schedule_form.CHECK_WITHIN", 30.0)
        yield


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture(scope="session")
def acquainted_urls(sqlite_urls: MakeUrl, common: Path) -> MakeUrl:
    """Makes databases of a bot that has read the company's lists, groups and sessions."""
    return copies_of(filled_once(common, "acquainted", sqlite_urls, _read_the_company))


async def _read_the_company(url: str) -> None:
    async with a_workspace(FakeClock(NOW), DATABASE_URL=url) as workspace:
        core, team = workspace.bot, workspace.slack.team
        await settle_in(core, workspace.world)
        await core.lists.use_assignments(tuple(workspace.world.members), timedelta(), Job.LISTS)
        await core.people.accounts(team.id, tuple(team.users))
        async with core.db.transaction() as connection:
            for table in reversed(metadata.sorted_tables):
                if table.name not in READ:
                    await connection.execute(table.delete())


def _urls_for(request: pytest.FixtureRequest) -> MakeUrl:
    """Makes the databases that workspaces open with: empty for tests marked `new_here`."""
    marks = {mark.name for mark in request.node.iter_markers()}
    name = "sqlite_urls" if "new_here" in marks else "acquainted_urls"
    urls: MakeUrl = request.getfixturevalue(name)
    return urls


@asynccontextmanager
async def well_behaved(
    clock: FakeClock,
    *,
    refusals_expected: bool = False,
    world: World | None = None,
    **settings: Any,
) -> AsyncIterator[Workspace]:
    """A workspace. At its end, checks that nobody was mentioned and Slack refused nothing."""
    async with a_workspace(clock, world=world, **settings) as workspace:
        yield workspace
        bot = workspace.slack.team.bot_user_id
        for message in workspace.slack.history:
            assert message.user != bot or workspace.slack.mentions_of(message) == []
        assert workspace.slack.problems == [] or refusals_expected


@pytest.fixture
def open_workspace(request: pytest.FixtureRequest, clock: FakeClock) -> MakeOffice:
    """Opens a workspace with settings of its own; `workspace` is the usual one."""
    urls = _urls_for(request)
    marker = request.node.get_closest_marker("begins")

    @asynccontextmanager
    async def make(
        *, clock: FakeClock = clock, world: World | None = None, **variables: Any
    ) -> AsyncIterator[Workspace]:
        url = urls()
        settings = {"DATABASE_URL": url, **variables}
        async with well_behaved(clock, world=world, **settings) as workspace:
            if marker is not None:
                await marker.kwargs["after"](workspace)
                await workspace.bot.drain(30)
            yield workspace
        remove(url)

    return make


@pytest.fixture
async def workspace(open_workspace: MakeOffice) -> AsyncIterator[Workspace]:
    async with open_workspace() as workspace:
        yield workspace


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened_once(request: pytest.FixtureRequest) -> AsyncIterator[Workspace]:
    """The usual workspace, for a whole module."""
    async with well_behaved(FakeClock(NOW), DATABASE_URL=_urls_for(request)()) as workspace:
        yield workspace


@pytest.fixture
def shared_workspace(opened_once: Workspace) -> Workspace:
    """One workspace for all tests of a module that don't disturb each other.

    Such a test runs in the event loop of its module.
    """
    opened_once.clock.tick(61)  # Exec counts requests by the minute
    opened_once.forget()
    return opened_once
