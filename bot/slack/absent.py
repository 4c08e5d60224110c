"""A stand-in for Slack at the command line, where there is no Slack token."""

from __future__ import annotations

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import NotFound
from bot.slack.web import SlackWeb


class _NoClient(AsyncWebClient):
    """Calls nothing."""

    async def api_call(self, api_method: str, **_: Any) -> AsyncSlackResponse:
        raise NotFound("I can't look that up in Slack here. Use names or e-mail addresses.")


class NoSlack(SlackWeb):
    """Has no user groups, and says what to type instead of Slack's ids."""

    def __init__(self) -> None:
        super().__init__(_NoClient(token="xoxb-"))  # noqa: S106 - Bolt wants one

    async def usergroup_by_handle(self, handle: str) -> str | None:
        return None
