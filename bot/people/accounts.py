"""Exec person ─► Slack account: by an admin's link, or else by e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.language.query import Member
from bot.slack.api import Slack
from bot.storage.database import Database
from bot.storage.tables import person_link


@dataclass(frozen=True, slots=True)
class Accounts:
    database: Database
    slack: Slack

    async def of(self, team_id: str, member: Member) -> str | None:
        """The Slack user id of someone; None if they have no account there.

        An account with their e-mail address that was linked to somebody else is not theirs.
        Raises SlackError and StorageError.
        """
        linked = (
            sa.select(person_link.c.user_id)
            .where(person_link.c.team_id == team_id, person_link.c.member_id == member.id)
            .order_by(person_link.c.linked_at.desc())
            .limit(1)
        )
        user_id = await self._one(linked)
        if user_id is not None or not member.email:
            return user_id
        user_id = await self.slack.user_by_email(member.email)
        of_another = sa.select(person_link.c.member_id).where(
            person_link.c.team_id == team_id,
            person_link.c.user_id == user_id,
            person_link.c.member_id != member.id,
        )
        return user_id if await self._one(of_another) is None else None

    async def _one(self, query: sa.Select[Any]) -> str | None:
        return await self.database.scalar(query)
