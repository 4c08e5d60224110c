"""A stand-in for Slack at the command line, where there is no Slack token."""

from __future__ import annotations

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NotFound
from bot.slack.web import SlackUser, SlackWeb


class _Nothing:
    """A client whose every method raises NotFound."""

    def __getattr__(self, name: str) -> Any:
        raise NotFound("That works only in Slack.")


class NoSlack(SlackWeb):
    """Has no accounts, and says what to type instead."""

    def __init__(self) -> None:
        nothing: Any = _Nothing()
        self.client = AsyncWebClient(token="xoxb-")  # noqa: S106 - Bolt wants one
        self._client = self._sender_client = nothing
        self._identity = None

    async def user(self, user_id: str) -> SlackUser:
        raise NotFound("I can't look up people in Slack here. Use their e-mail address.")

    async def usergroup_members(self, usergroup_id: str) -> tuple[str, ...]:
        raise NotFound("I can't look up user groups in Slack here. Name the people instead.")

    async def usergroup_by_handle(self, handle: str) -> str | None:
        return None

    async def user_by_email(self, email: str) -> str | None:
        return None
