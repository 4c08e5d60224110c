"""Conversations: what people say in Slack and what they hear, through every real part.

A test talks to a running bot by signed HTTP, which talks to the stand-in Slack and Exec.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.demo.run import SEED, settle_in
from bot.demo.slack_workspace import Message, SlackChannel
from bot.demo.world import World
from bot.exec_api.budget import Job
from bot.storage.tables import metadata
from tests.conftest import FakeClock, MakeUrl, copies_of, filled_once, remove
from tests.workspace import NOW, MakeOffice, Workspace, a_workspace

# The tables that hold what was read of Exec and of people's accounts.
OF_EXEC = {"session", "member", "team", "team_member", "scenario", "bundle", "scenario_of"} | {
    "assignment",
    "window",
    "slack_user",
}


@pytest.fixture(scope="session", autouse=True)
def _unhurried() -> Iterator[None]:
    """A form opens with what somebody may see in it, however busy the machine is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.features.schedule_form.CHECK_WITHIN", 30.0)
        yield


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture(scope="session")
def acquainted_urls(sqlite_urls: MakeUrl, common: Path) -> MakeUrl:
    """Makes databases of a bot that knows the company: its lists, its groups and its past."""
    template = filled_once(common, "acquainted", sqlite_urls, _get_acquainted)
    return copies_of(template)


async def _get_acquainted(url: str) -> None:
    """Read all that the bot keeps of Exec, and leave nothing else behind."""
    clock = FakeClock(NOW)  # the world is made up to then
    async with a_workspace(clock, DATABASE_URL=url) as workspace:
        clock.now = NOW - timedelta(hours=2)
        core = workspace.bot
        await settle_in(core, workspace.world)
        for minutes in range(-100, 0, 20):
            clock.now = NOW + timedelta(minutes=minutes)
            await core.mirror_jobs.run()
        clock.now = NOW
        await core.mirror.sync_newest(Job.NEWEST)
        await core.lists.use_assignments(tuple(workspace.world.members), timedelta(), Job.LISTS)
        await core.people.accounts(workspace.slack.team.id, tuple(workspace.slack.team.users))
        async with core.db.transaction() as connection:
            for table in reversed(metadata.sorted_tables):
                if table.name not in OF_EXEC:
                    await connection.execute(table.delete())


@pytest.fixture
def workspace_urls(request: pytest.FixtureRequest) -> MakeUrl:
    """Makes the databases that workspaces open with: empty, or of a bot that is acquainted."""
    return _urls_for(request)


def _urls_for(request: pytest.FixtureRequest) -> MakeUrl:
    marks = {mark.name for mark in request.node.iter_markers()}
    name = "sqlite_urls" if "new_here" in marks else "acquainted_urls"
    urls: MakeUrl = request.getfixturevalue(name)
    return urls


@asynccontextmanager
async def well_behaved(
    clock: FakeClock,
    *,
    refusals_expected: bool = False,
    by_clock: bool = False,
    world: World | None = None,
    **settings: str,
) -> AsyncIterator[Workspace]:
    """A workspace; at its end: nobody was mentioned, and Slack refused nothing unless expected."""
    async with a_workspace(clock, by_clock=by_clock, world=world, **settings) as workspace:
        yield workspace
        bot = workspace.slack.team.bot_user_id
        for message in workspace.slack.history:
            assert message.user != bot or workspace.slack.mentions_of(message) == []
        assert workspace.slack.problems == [] or refusals_expected


Scene = Callable[[Workspace], Awaitable[object]]


class Scenes:
    """What was said and done in workspaces before tests that begin after it.

    The bot is another one then, as after a restart. The company is as it was made: what a scene
    changes in Exec a test changes once more.
    """

    def __init__(self, common: Path) -> None:
        self._common = common
        self._held: dict[str, tuple[MakeUrl, str]] = {}

    def database(self, scene: Scene, urls: MakeUrl) -> str:
        """What the bot holds after a scene in a workspace that opens with one of these."""
        name = _name(scene)
        if name not in self._held:
            template = filled_once(self._common, name, urls, partial(self._play, scene, name))
            said = (self._common / f"{name}.json").read_text()
            self._held[name] = copies_of(template), said
        return self._held[name][0]()

    def show(self, scene: Scene, workspace: Workspace) -> None:
        """Have the messages of the scene stand in a new workspace."""
        left, slack = self._left(scene), workspace.slack
        slack.team.channels |= {each["id"]: SlackChannel(**each) for each in left["channels"]}
        slack.messages += [Message(**each) for each in left["messages"]]
        slack.history += slack.messages
        slack.revision = left["revision"]

    def ended(self, scene: Scene) -> datetime:
        return datetime.fromisoformat(self._left(scene)["now"])

    def _left(self, scene: Scene) -> dict[str, Any]:
        left: dict[str, Any] = json.loads(self._held[_name(scene)][1])
        return left

    async def _play(self, scene: Scene, name: str, url: str) -> None:
        clock = FakeClock(NOW)
        async with a_workspace(clock, DATABASE_URL=url) as workspace:
            await scene(workspace)
            await workspace.bot.drain(30)
            slack = workspace.slack
            left = {
                "now": clock.now.isoformat(),
                "revision": slack.revision,
                "channels": [asdict(each) for each in slack.team.channels.values() if each.is_im],
                "messages": [asdict(each) for each in slack.messages],
            }
        (self._common / f"{name}.json").write_text(json.dumps(left))


def _name(scene: Scene) -> str:
    return f"{scene.__module__}.{scene.__name__}"


@pytest.fixture(scope="session")
def scenes(common: Path) -> Scenes:
    return Scenes(common)


@pytest.fixture
def open_workspace(
    request: pytest.FixtureRequest, clock: FakeClock, workspace_urls: MakeUrl, scenes: Scenes
) -> MakeOffice:
    """Opens a workspace with settings of its own; `workspace` is the usual one.

    Without `by_clock` nothing happens unless a test does it.
    """
    marker = request.node.get_closest_marker("begins")
    scene = marker.kwargs["after"] if marker else None

    @asynccontextmanager
    async def make(
        *, clock: FakeClock = clock, world: World | None = None, **variables: Any
    ) -> AsyncIterator[Workspace]:
        if scene is None:
            url = workspace_urls()
        else:
            url, world = scenes.database(scene, workspace_urls), World.build(NOW, seed=SEED)
            clock.now = scenes.ended(scene)
        settings = {"DATABASE_URL": url, **variables}
        async with well_behaved(clock, world=world, **settings) as workspace:
            if scene is not None:
                scenes.show(scene, workspace)
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
    """The workspace of all rows of a module's tables, where what is said in one is nothing to the
    next. Such a test runs in the event loop of its module."""
    opened_once.clock.tick(61)  # Exec counts requests by the minute
    opened_once.forget()
    return opened_once
