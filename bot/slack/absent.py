"""Stands for Slack at the command line, where there is no Slack token: see `api.Slack`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from bot.errors import NotFound
from bot.rendering.views import Message
from bot.slack.api import Channel, SlackUser


class NoSlack:
    """Knows nobody, and says what to type instead."""

    async def user(self, user_id: str) -> SlackUser:
        raise NotFound("There is no Slack here to look people up in. Use their e-mail address.")

    async def users(self) -> AsyncIterator[tuple[SlackUser, ...]]:
        raise NotFound("There is no Slack here to look people up in. Use their e-mail address.")
        yield ()  # without it this would be no iterator

    async def usergroup_members(self, usergroup_id: str) -> tuple[str, ...]:
        raise NotFound("There is no Slack here to look groups up in. Name the people instead.")

    async def usergroup_by_handle(self, handle: str) -> str | None:
        return None

    async def channel(self, channel_id: str) -> Channel:
        raise NotFound("There is no Slack here, and so there are no channels. Ask in Slack.")

    async def channel_members(self, channel_id: str) -> AsyncIterator[str]:
        raise NotFound("There is no Slack here, and so there are no channels. Ask in Slack.")
        yield ""  # without it this would be no iterator

    async def user_by_email(self, email: str) -> str | None:
        return None

    async def post(self, to: str, message: Message, *, delivery_id: str) -> str:
        raise NotFound("There is no Slack here, and so nobody to write to. Ask in Slack.")

    async def send_file(self, user_id: str, name: str, content: bytes, said: Message) -> None:
        raise NotFound("There is no Slack here, and so nobody to write to. Ask in Slack.")

    async def publish_home(self, user_id: str, view: dict[str, Any]) -> None:
        raise NotFound("There is no Slack here, and so no Home tab. Ask in Slack.")

    async def open_view(self, trigger_id: str, view: dict[str, Any]) -> str:
        raise NotFound("There is no Slack here, and so there are no forms. Ask in Slack.")

    async def update_view(self, view_id: str, view: dict[str, Any]) -> None:
        raise NotFound("There is no Slack here, and so there are no forms. Ask in Slack.")

    async def unfurl(
        self, channel_id: str, event: Mapping[str, Any], cards: Mapping[str, Message]
    ) -> None:
        raise NotFound("There is no Slack here, and so there are no links. Ask in Slack.")

    async def find_post(self, channel_id: str, delivery_id: str, since: datetime) -> str | None:
        return None

    async def open_dm(self, user_id: str) -> str:
        raise NotFound("There is no Slack here, and so nobody to write to. Ask in Slack.")
