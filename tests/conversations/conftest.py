"""Conversations: what people say in Slack and what they hear, through every real part.

A test talks to a running bot by signed HTTP, which talks to the stand-in Slack and Exec.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox.demo import SEED
from bot.sandbox.slack_records import Message
from bot.sandbox.slack_team import SlackChannel
from bot.sandbox.world import World
from bot.storage.tables import catalogue_age, metadata
from tests.conftest import FakeClock, MakeUrl, copies_of, filled_once, remove
from tests.office import NOW, MakeOffice, Office, an_office

# How the names of the tables begin that hold what was read of Exec and of people's accounts.
OF_EXEC = ("catalogue", "member", "roster", "practice", "slack_user")


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
    async with an_office(clock, DATABASE_URL=url) as office:
        clock.now = NOW - timedelta(hours=2)
        core = office.bot.core
        for group in office.world.groups.values():
            clock.tick(61)  # Exec counts requests by the minute
            await office.ask("ana", f'sessions group:"{group.name}" last 7d')
        await office.ask("ana", "sessions group:west scenario:renewal skill:negotiation last 7d")
        clock.now = NOW
        await core.sync.run()
        await office.ask("ana", "sessions last 1d")  # what is new was looked at just now, too
        await core.people.accounts(office.slack.team.id, tuple(office.slack.team.users))
        async with core.database.transaction() as connection:
            values = {"fetched_at": NOW - timedelta(minutes=2), "tried_at": None}
            await connection.execute(catalogue_age.update().values(values))
            for table in reversed(metadata.sorted_tables):
                if not table.name.startswith(OF_EXEC):
                    await connection.execute(table.delete())


@pytest.fixture
def office_urls(request: pytest.FixtureRequest) -> MakeUrl:
    """Makes the databases that offices open with: empty, or those of a bot that is acquainted."""
    return _urls_for(request)


def _urls_for(request: pytest.FixtureRequest) -> MakeUrl:
    marks = {mark.name for mark in request.node.iter_markers()}
    is_acquainted = "acquainted" in marks and "new_here" not in marks
    urls: MakeUrl = request.getfixturevalue("acquainted_urls" if is_acquainted else "sqlite_urls")
    return urls


@asynccontextmanager
async def well_behaved(
    clock: FakeClock,
    *,
    refusals_expected: bool = False,
    by_clock: bool = False,
    world: World | None = None,
    **settings: str,
) -> AsyncIterator[Office]:
    """An office; at its end: nobody was mentioned, and Slack refused nothing unless expected."""
    async with an_office(clock, by_clock=by_clock, world=world, **settings) as office:
        yield office
        bot = office.slack.team.bot_user_id
        for message in office.slack.history:
            assert message.user != bot or office.slack.mentions_of(message) == []
        assert office.slack.problems == [] or refusals_expected


Scene = Callable[[Office], Awaitable[object]]


class Scenes:
    """What was said and done in offices before tests that begin after it.

    The bot is another one then, as after a restart. The company is as it was made: what a scene
    changes in Exec a test changes once more.
    """

    def __init__(self, common: Path) -> None:
        self._common = common
        self._held: dict[str, tuple[MakeUrl, str]] = {}

    def database(self, scene: Scene, urls: MakeUrl) -> str:
        """What the bot holds after a scene in an office that opens with one of these."""
        name = _name(scene)
        if name not in self._held:
            template = filled_once(self._common, name, urls, partial(self._play, scene, name))
            said = (self._common / f"{name}.json").read_text()
            self._held[name] = copies_of(template), said
        return self._held[name][0]()

    def show(self, scene: Scene, office: Office) -> None:
        """Have the messages of the scene stand in a new office."""
        left, slack = self._left(scene), office.slack
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
        async with an_office(clock, DATABASE_URL=url) as office:
            await scene(office)
            await office.bot.work.drain(30)
            slack = office.slack
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
def open_office(
    request: pytest.FixtureRequest, clock: FakeClock, office_urls: MakeUrl, scenes: Scenes
) -> MakeOffice:
    """Opens an office with settings of its own; `office` is the usual one.

    Without `by_clock` nothing happens unless a test does it.
    """
    marker = request.node.get_closest_marker("begins")
    scene = marker.kwargs["after"] if marker else None

    @asynccontextmanager
    async def make(
        *, clock: FakeClock = clock, world: World | None = None, **variables: Any
    ) -> AsyncIterator[Office]:
        if scene is None:
            url = office_urls()
        else:
            url, world = scenes.database(scene, office_urls), World.build(NOW, seed=SEED)
            clock.now = scenes.ended(scene)
        settings = {"DATABASE_URL": url, **variables}
        async with well_behaved(clock, world=world, **settings) as office:
            if scene is not None:
                scenes.show(scene, office)
            yield office
        remove(url)

    return make


@pytest.fixture
async def office(open_office: MakeOffice) -> AsyncIterator[Office]:
    async with open_office() as office:
        yield office


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened_once(request: pytest.FixtureRequest) -> AsyncIterator[Office]:
    """The usual office, for a whole module."""
    async with well_behaved(FakeClock(NOW), DATABASE_URL=_urls_for(request)()) as office:
        yield office


@pytest.fixture
def shared_office(opened_once: Office) -> Office:
    """The office of all rows of a module's tables, where what is said in one is nothing to the
    next. Such a test runs in the event loop of its module."""
    opened_once.clock.tick(61)  # Exec counts requests by the minute
    opened_once.forget()
    return opened_once
