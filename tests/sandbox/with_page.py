"""The stand-in Slack with its page, by itself."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.sandbox.slack_server import SlackServer
from bot.sandbox.slack_workspace import SlackTeam


def with_page(team: SlackTeam) -> SlackServer:
    """For `async with`: the page is at its `base_url`."""
    return SlackServer(
        team,
        clock=lambda: datetime.now(UTC),
        signing_secret="s",
        bot_token="xoxb-page",
        app_token="xapp-page",
    )
