"""Counts guests and people from other companies, who can't see practice, from a stored list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.access import AccountType
from bot.people.accounts import People, type_row
from bot.storage.claims import Claims
from bot.storage.database import Database
from bot.storage.tables import slack_user

OUTSIDERS = frozenset({AccountType.GUEST, AccountType.STRANGER})
# The list is read daily; if that fails, there are three hours for retries.
LIST_AFTER, LIST_MAX_AGE = timedelta(hours=23), timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Guests:
    """Keeps the list. All methods raise SlackError and StorageError."""

    database: Database
    people: People
    claims: Claims
    clock: Callable[[], datetime]

    async def list_accounts(self, team_id: str) -> None:
        """Read Slack's list of all accounts once a day; only ids and account types are stored."""
        name = f"accounts listed: {team_id}"
        if await self.claims.is_claimed(name):
            return
        began = self.clock()
        async for page in self.people.slack.users():
            rows = [type_row(user, team_id, self.clock()) for user in page]
            async with self.database.transaction() as connection:
                await self.database.put(connection, slack_user, rows)
        no_longer_listed = sa.delete(slack_user).where(
            slack_user.c.team_id == team_id,
            slack_user.c.fetched_at.is_(None),
            slack_user.c.linked_id.is_(None),
            slack_user.c.type_at < began,
        )
        await self.database.write(no_longer_listed)
        await self.claims.claim(name, LIST_AFTER)

    async def count(self, team_id: str, user_ids: Sequence[str]) -> int:
        """How many of these people can't see practice.

        Accounts missing from the list are looked up only if it has no outsiders, so the count may
        be too low, but never zero by mistake.
        """
        query = sa.select(slack_user.c.user_id, slack_user.c.account_type).where(
            slack_user.c.team_id == team_id,
            slack_user.c.user_id.in_(user_ids),
            slack_user.c.type_at > self.clock() - LIST_MAX_AGE,
        )
        types = {row.user_id: row.account_type for row in await self.database.rows(query)}
        if listed := sum(each in OUTSIDERS for each in types.values()):
            return listed
        missing = [user_id for user_id in user_ids if user_id not in types]
        accounts = (await self.people.accounts(team_id, missing)).values()
        # Slack doesn't show some accounts of other companies.
        hidden = len(missing) - len(accounts)
        return hidden + sum(each.user.account_type in OUTSIDERS for each in accounts)
