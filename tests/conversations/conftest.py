"""Conversations: what people say in Slack and what they hear, through every real part.

A test talks to a running bot by signed HTTP, which talks to the stand-in Slack and Exec.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.sandbox.demo import Demo, demo
from bot.sandbox.slack_records import Ack, Message
from tests.conftest import FakeClock

# The moment of the examples in the query language: 20 March 2026, 10:00 in Berlin.
NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
COMMAND = "/exec"


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
        self, who: str, text: str, channel: str = "sales-practice", *, timeout: float = 10
    ) -> Message:
        """Type `/exec text`; the bot's answer."""
        ack = await self.say(who, text, channel)
        assert ack.ok, ack
        return await self.heard(who, channel, after=ack, timeout=timeout)

    async def heard(
        self,
        who: str,
        channel: str = "sales-practice",
        *,
        after: Ack | Message,
        timeout: float = 10,
    ) -> Message:
        """The next message, or replacement, that the bot shows someone."""
        return await self.slack.wait_for_message(
            self.user(who), self.channel(channel), after=after, timeout=timeout
        )

    async def press(self, who: str, message: Message, label: str) -> Message:
        """Press the button with this label; what the bot shows then."""
        ack = await self.press_only(who, message, label)
        return await self.slack.wait_for_message(
            self.user(who), message.channel, after=ack, timeout=10
        )

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


@pytest.fixture
def open_office(clock: FakeClock) -> MakeOffice:
    """Opens an office with settings of its own; `office` is the usual one."""

    @asynccontextmanager
    async def make(**variables: str) -> AsyncIterator[Office]:
        settings: Mapping[str, str] = variables
        async with demo(page=False, clock=clock, variables=settings) as here:
            yield Office(here, clock)
            # Nothing that the bot sent may have been refused, unless the test expects it.
            assert all(method != "unexpected" for method, _ in here.slack.problems)

    return make


@pytest.fixture
async def office(open_office: MakeOffice) -> AsyncIterator[Office]:
    async with open_office() as office:
        yield office
        assert office.slack.problems == []
