"""Conversations: what people say in Slack and what they hear, through every real part.

A test talks to a running bot by signed HTTP, which talks to the stand-in Slack and Exec.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from bot.exec_api.purposes import is_admins, spent_by
from bot.sandbox.demo import Demo, demo
from bot.sandbox.slack_payloads import command, message_action
from bot.sandbox.slack_records import Ack, Delivery, Message, View
from bot.storage.tables import budget_request, catalogue_age, metadata
from tests.conftest import FakeClock, MakeUrl, copies_of, run_apart

# Its assertions explain themselves as a test's own do.
pytest.register_assert_rewrite("tests.conversations.truth")

# The moment of the examples in the query language: 20 March 2026, 10:00 in Berlin.
NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
COMMAND = "/exec"
# How the names of the tables begin that hold what was read of Exec and of people's accounts.
OF_EXEC = ("catalogue", "member", "roster", "practice", "slack_user")


class RunningClock(FakeClock):
    """A clock that goes on by itself as well, for what waits until a moment has come."""

    def __init__(self, now: datetime = NOW) -> None:
        super().__init__(now)
        self._began = time.monotonic()

    def __call__(self) -> datetime:
        return self.now + timedelta(seconds=time.monotonic() - self._began)


class Office:
    """People in a Slack workspace with the bot in it."""

    def __init__(self, here: Demo, clock: FakeClock) -> None:
        self.world = here.world
        self.exec = here.exec_server
        self.slack = here.slack
        self.bot = here.bot
        self.clock = clock
        for user in self.slack.team.users.values():
            user.tz = "Europe/Berlin"

    def user(self, who: str) -> str:
        """The Slack id of someone by e-mail, name or user name; "jane" is jane@acme.com."""
        team = self.slack.team
        known = {user.email for user in team.users.values()}
        email = f"{who}@acme.com"
        return team.user_called(email if email in known else who).id

    def channel(self, name: str) -> str:
        return self.slack.team.channel_called(name).id

    def dm(self, who: str) -> str:
        """The conversation of someone with the bot."""
        return self.slack.team.dm_of(self.user(who)).id

    async def say(self, who: str, text: str, channel: str = "sales-practice") -> Ack:
        """Type `/exec text`; how Slack's request was answered."""
        return await self.slack.command(self.user(who), self.channel(channel), COMMAND, text)

    async def ask(
        self, who: str, text: str, channel: str = "sales-practice", *, seconds: float = 30
    ) -> Message:
        """Type `/exec text`; the bot's answer."""
        ack = await self.say(who, text, channel)
        assert ack.ok, ack
        return await self.heard(who, channel, after=ack, seconds=seconds)

    async def heard(
        self,
        who: str,
        channel: str = "sales-practice",
        *,
        after: Ack | Message,
        seconds: float = 30,
    ) -> Message:
        """The next message, or replacement, that the bot shows someone; "Looking…" is none yet.

        On a busy machine, anything may take the two seconds after which that is said.
        """
        while True:
            message = await self.told(who, channel, after=after, seconds=seconds)
            if not message.text.startswith("Looking…"):
                return message
            after = message

    async def told(
        self,
        who: str,
        channel: str = "sales-practice",
        *,
        after: Ack | Message,
        seconds: float = 30,
    ) -> Message:
        """The next message, or replacement, that the bot shows someone, whatever it is."""
        return await self.slack.wait_for_message(
            self.user(who), self.channel(channel), after=after, timeout=seconds
        )

    async def press(self, who: str, message: Message, label: str) -> Message:
        """Press the button with this label; what the bot shows then."""
        ack = await self.press_only(who, message, label)
        return await self.heard(who, message.channel, after=ack)

    async def act(self, delivery: Delivery) -> Ack:
        """Let Slack deliver a payload that its own client would not let people make."""
        ack = await self.slack.courier.deliver(delivery)
        assert ack.ok, ack
        return ack

    def command_of(self, who: str, text: str, channel: str = "sales-practice") -> Delivery:
        """The payload of a command, from anyone."""
        user_id, place = self.user(who), self.slack.team.channels[self.channel(channel)]
        url = self.slack.new_response_url(
            "commands", user_id, place.id, message_ts=None, typed=f"{COMMAND} {text}"
        )
        return command(self.slack, user_id, place, COMMAND, text, url)

    def press_of(self, who: str, message: Message, action_id: str, value: str) -> Delivery:
        """The payload of a button with this value, whoever's it is."""
        user_id = self.user(who)
        url = self.slack.new_response_url(
            "actions", user_id, message.channel, message_ts=message.ts, typed=None
        )
        done = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
        return message_action(self.slack, user_id, message, done, url)

    async def open_form(self, who: str, message: Message, label: str) -> View:
        """Press a button that opens a form; the form."""
        await self.press_only(who, message, label)
        return await self.slack.wait_for_view(self.user(who), timeout=30)

    async def leave(self, requests: int) -> None:
        """Let all of the day's requests to Exec but so many be used up, hours ago."""
        used = (await self.bot.core.budget.left()).day - requests
        at = self.clock() - timedelta(hours=3)
        async with self.bot.core.database.transaction() as connection:
            rows = [{"at": at, "purpose": "test"}] * used
            await connection.execute(budget_request.insert(), rows)

    async def leave_share(self, who: str, requests: int) -> None:
        """Let all of an admin's share of the day be used up but so many, hours ago."""
        person = f"{self.slack.team.id}:{self.user(who)}"
        with spent_by(self.slack.team.id, self.user(who)):
            is_admins(self.slack.team.id, self.user(who))
            used = await self.bot.core.budget.affordable() - requests
        at = self.clock() - timedelta(hours=3)
        async with self.bot.core.database.transaction() as connection:
            rows = [{"at": at, "purpose": "test", "person": person}] * used
            await connection.execute(budget_request.insert(), rows)

    async def until(self, fulfilled: Callable[[], bool], seconds: float = 30) -> None:
        """Wait for what becomes true by something in Slack that changes."""
        with self.slack.watch() as changed:
            async with asyncio.timeout(seconds):
                while not fulfilled():
                    changed.clear()
                    await changed.wait()

    def seen(self, who: str, channel: str = "sales-practice") -> list[Message]:
        """What the bot's messages in a channel are, for someone, as they stand now."""
        bot = self.slack.team.bot_user_id
        visible = self.slack.visible(self.user(who), self.channel(channel))
        return [message for message in visible if message.user == bot]

    def paths(self) -> list[str]:
        """What Exec was asked, since the last `forget`."""
        return [request.path for request in self.exec.requests]

    def forget(self) -> None:
        self.exec.requests.clear()

    async def press_only(self, who: str, message: Message, label: str) -> Ack:
        ack = await self.slack.click(self.user(who), message, button(message, label)["action_id"])
        assert ack.ok, ack
        return ack

    def asked(self, path: str = "/sessions") -> list[dict[str, str]]:
        """The parameters of every request that Exec got at `path`, without the paging."""
        paging = ("page", "page_size")
        return [
            {name: value for name, value in request.params.items() if name not in paging}
            for request in self.exec.requests
            if request.path == path
        ]


def buttons(message: Message) -> list[dict[str, Any]]:
    """All buttons of a message, in order."""
    return [
        element
        for block in message.blocks
        for element in (*block.get("elements", ()), block.get("accessory", {}))
        if element.get("type") == "button"
    ]


def labels(message: Message) -> list[str]:
    return [element["text"]["text"] for element in buttons(message)]


def button(message: Message, label: str) -> dict[str, Any]:
    found = [element for element in buttons(message) if element["text"]["text"] == label]
    assert found, f"no button {label!r} among {labels(message)}"
    return found[0]


def table(message: Message) -> list[list[str]]:
    """The cells of the message's data_table (or table), header first; [] without one."""
    for block in message.blocks:
        if block["type"] in ("data_table", "table"):
            return [[cell["text"] for cell in row] for row in block["rows"]]
    return []


def footer(message: Message) -> str:
    """The small print at the end."""
    last = [block for block in message.blocks if block["type"] == "context"][-1]
    return "\n".join(element["text"] for element in last["elements"])


MakeOffice = Callable[..., AbstractAsyncContextManager[Office]]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture(scope="session")
def acquainted_urls(sqlite_urls: MakeUrl, tmp_path_factory: pytest.TempPathFactory) -> MakeUrl:
    """Makes databases of a bot that knows the company: its lists, its groups and its past."""
    template = tmp_path_factory.mktemp("acquainted") / "acquainted.db"
    shutil.copy(make_url(sqlite_urls()).database or "", template)
    run_apart(_get_acquainted(f"sqlite:///{template}"))
    return copies_of(template)


async def _get_acquainted(url: str) -> None:
    """Read all that the bot keeps of Exec, and leave nothing else behind."""
    # Hours ago, so that accounts are looked at again.
    clock, settings = FakeClock(NOW - timedelta(hours=2)), {"DATABASE_URL": url}
    async with demo(page=False, clock=clock, variables=settings, by_clock=False) as here:
        office, core = Office(here, clock), here.bot.core
        for group in office.world.groups.values():
            clock.tick(61)  # Exec counts requests by the minute
            await office.ask("ana", f'sessions group:"{group.name}" last 7d')
        await office.ask("ana", "sessions group:west scenario:renewal skill:negotiation last 7d")
        clock.now = NOW
        await core.sync.run()
        async with core.database.transaction() as connection:
            # The list of members is due, the others are new.
            for what, age in (("member", timedelta(hours=7)), (None, timedelta(minutes=2))):
                is_it = catalogue_age.c.what == "member"
                one = is_it if what else ~is_it
                values = {"fetched_at": NOW - age, "tried_at": None}
                await connection.execute(catalogue_age.update().where(one).values(values))
            for table in reversed(metadata.sorted_tables):
                if not table.name.startswith(OF_EXEC):
                    await connection.execute(table.delete())


@pytest.fixture
def office_urls(request: pytest.FixtureRequest) -> MakeUrl:
    """Makes the databases that offices open with: empty, or those of a bot that is acquainted."""
    marks = {mark.name for mark in request.node.iter_markers()}
    is_acquainted = "acquainted" in marks and "new_here" not in marks
    urls: MakeUrl = request.getfixturevalue("acquainted_urls" if is_acquainted else "sqlite_urls")
    return urls


@pytest.fixture
def open_office(clock: FakeClock, office_urls: MakeUrl) -> MakeOffice:
    """Opens an office with settings of its own; `office` is the usual one.

    Without `by_clock` nothing happens unless a test does it. At the end: nobody was mentioned,
    and Slack refused nothing unless that is expected.
    """

    @asynccontextmanager
    async def make(
        *,
        clock: FakeClock = clock,
        refusals_expected: bool = False,
        by_clock: bool = False,
        **variables: str,
    ) -> AsyncIterator[Office]:
        settings: Mapping[str, str] = {"DATABASE_URL": office_urls(), **variables}
        async with demo(page=False, clock=clock, variables=settings, by_clock=by_clock) as here:
            yield Office(here, clock)
            bot = here.slack.team.bot_user_id
            for message in here.slack.history:
                assert message.user != bot or here.slack.mentions_of(message) == []
            assert here.slack.problems == [] or refusals_expected

    return make


@pytest.fixture
async def office(open_office: MakeOffice) -> AsyncIterator[Office]:
    async with open_office() as office:
        yield office
