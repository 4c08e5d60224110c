"""What tests of messages that the bot sends on its own share: a Slack to send to, and death."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.slack_server import SlackServer
from bot.demo.slack_workspace import SlackTeam
from bot.language.locale import Locale
from bot.slack.web import SlackWeb
from tests.conftest import FakeClock

TOKEN = "xoxb-test"
PEOPLE = ("jane", "bob", "ada")


class Killed(BaseException):
    """The process is gone: nothing that it would have done next is done."""


class Life:
    """Ends at a step; every call of a `Mortal` is two, one before it and one after."""

    def __init__(self, steps: int | None = None) -> None:
        self._left = steps

    def step(self) -> None:
        if self._left is None:
            return
        if self._left == 0:
            raise Killed
        self._left -= 1

    async def after(self, method: str) -> None:
        """Called when one of a `Mortal` has done its work."""
        self.step()


class Mortal:
    """Passes calls of async methods on while there is life."""

    def __init__(self, inner: object, life: Life) -> None:
        self._inner = inner
        self._life = life

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._inner, name)

        async def call(*args: Any, **more: Any) -> Any:
            self._life.step()
            result = await method(*args, **more)
            await self._life.after(name)
            return result

        return call


class Sleep:
    """A sleep that takes no time, but moves the clock on; `slept` are the seconds."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._clock.tick(seconds)


@asynccontextmanager
async def a_slack(clock: Callable[[], datetime]) -> AsyncIterator[SlackServer]:
    """A British workspace of jane, bob and ada; the bot is in #sales."""
    team = SlackTeam.from_people(
        [(name.title(), f"{name}@acme.test", "rep") for name in PEOPLE], channels={"sales": None}
    )
    team.locale = Locale.UK
    async with SlackServer(
        team, clock=clock, signing_secret="s", bot_token=TOKEN, app_token="xapp-test"
    ) as server:
        yield server


def web(slack: SlackServer, timeout: float = 5) -> SlackWeb:
    """The bot's way to it, which gives up after `timeout` seconds."""
    return SlackWeb(
        AsyncWebClient(token=TOKEN, base_url=slack.api_url, timeout=timeout, retry_handlers=[])
    )


async def british(_team_id: str, _place: str) -> Locale:
    """Everybody's English."""
    return Locale.UK


def told(slack: SlackServer, who: str) -> list[str]:
    """The texts of all messages in someone's conversation with the bot."""
    channel = slack.team.dm_of(slack.team.user_called(who).id)
    return [message.text for message in slack.messages if message.channel == channel.id]
