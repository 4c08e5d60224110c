"""What stands for Slack at the command line, where there is no Slack token."""

from __future__ import annotations

from bot.errors import NotFound
from bot.slack_web import SlackUser


class NoSlack:
    """Knows nobody, and says what to type instead."""

    async def user(self, user_id: str) -> SlackUser:
        raise NotFound("There is no Slack here to look people up in. Use their e-mail address.")

    async def usergroup_members(self, usergroup_id: str) -> tuple[str, ...]:
        raise NotFound("There is no Slack here to look groups up in. Name the people instead.")

    async def usergroup_by_handle(self, handle: str) -> str | None:
        return None
