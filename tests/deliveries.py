"""A Slack for tests of messages that the bot sends on its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.slack_server import SlackServer
from bot.demo.slack_workspace import SlackTeam
from bot.language.locale import Locale
from bot.slack.web import SlackWeb

TOKEN = "xoxb-test"
PEOPLE = ("jane", "bob", "ada")


@asynccontextmanager
async def a_slack(clock: Callable[[], datetime]) -> AsyncIterator[SlackServer]:
    """A British workspace of jane, bob and ada; the bot is in #sales."""
    team = SlackTeam(
        [(name.title(), f"{name}@acme.test", "rep") for name in PEOPLE], channels={"sales": None}
    )
    team.locale = Locale.UK
    async with SlackServer(
        team, clock=clock, signing_secret="s", bot_token=TOKEN, app_token="xapp-test"
    ) as server:
        yield server


def web(slack: SlackServer) -> SlackWeb:
    """The bot's Web API client for it, which doesn't wait for rate limits."""
    return SlackWeb(
        AsyncWebClient(token=TOKEN, base_url=slack.api_url, timeout=5, retry_handlers=[])
    )


def messages_to(slack: SlackServer, who: str) -> list[str]:
    """The texts of all messages in someone's conversation with the bot."""
    channel = slack.team.dm_of(slack.team.user_called(who).id)
    return [message.text for message in slack.messages if message.channel == channel.id]
