"""Who is a guest, of another company or switched off, looked at by the clock: no faster than Slack
tells of accounts, whichever process asks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.access import AccountType
from bot.people.people import People
from bot.slack.call import RateLimited
from bot.storage.database import Database
from bot.storage.leases import Leases
from bot.storage.tables import slack_user

# Slack tells of about a hundred accounts a minute (users.info is of its Tier 4). Looks of any kind
# count, so that whoever types a command meanwhile still finds room.
A_MINUTE = 80
MINUTE = timedelta(minutes=1)
LEASE_NAME = "slack accounts"
# Longer than Slack takes over so many; another process waits no longer than that for a dead one.
LEASE = timedelta(seconds=30)
AGAIN_AFTER = 15.0  # seconds
# Who may see no practice, and reads along where they are.
OUTSIDERS = frozenset({AccountType.GUEST, AccountType.STRANGER})


class AccountTypes:
    """All methods raise SlackError and StorageError."""

    def __init__(
        self, database: Database, people: People, leases: Leases, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._people = people
        self._leases = leases
        self._clock = clock
        self._turn = asyncio.Lock()

    async def outsiders(self, team_id: str, user_ids: Sequence[str], since: datetime) -> int:
        """How many of these may see no practice, as of no longer ago than since then.

        Raises RateLimited where that takes longer: what was looked at by then is held.
        """
        if await self.look(team_id, user_ids, since):
            raise RateLimited(AGAIN_AFTER)
        known = await self._known(team_id, user_ids, since)
        # Whom Slack does not show, though they are there, is not one of ours.
        return sum(known.get(user_id, AccountType.STRANGER) in OUTSIDERS for user_id in user_ids)

    async def look(
        self, team_id: str, user_ids: Sequence[str], since: datetime, a_minute: int = A_MINUTE
    ) -> tuple[str, ...]:
        """Look at some who were not looked at since then, while the looks of the last minute are
        fewer than `a_minute`; who is left."""
        if not await self._missing(team_id, user_ids, since):
            return ()
        async with self._turn:
            missing = await self._missing(team_id, user_ids, since)
            if not missing or not await self._leases.take(LEASE_NAME, LEASE):
                return missing
            try:
                room = max(0, a_minute - await self._looks_of_late())
                within = self._clock() - since
                await self._people.accounts(team_id, missing[:room], within=within)
            finally:
                await self._leases.give_back(LEASE_NAME)
            return missing[room:]

    async def _missing(
        self, team_id: str, user_ids: Sequence[str], since: datetime
    ) -> tuple[str, ...]:
        known = await self._known(team_id, user_ids, since)
        return tuple(user_id for user_id in user_ids if user_id not in known)

    async def _known(
        self, team_id: str, user_ids: Sequence[str], since: datetime
    ) -> dict[str, AccountType]:
        """The account types of those who were looked at since then."""
        query = sa.select(slack_user.c.user_id, slack_user.c.standing).where(
            slack_user.c.team_id == team_id,
            slack_user.c.user_id.in_(user_ids),
            self._looked_at_after(since),
        )
        rows = await self._database.rows(query)
        return {row.user_id: AccountType(row.standing) for row in rows}

    def _looked_at_after(self, since: datetime) -> sa.ColumnElement[bool]:
        return slack_user.c.fetched_at > since

    async def _looks_of_late(self) -> int:
        recent = self._looked_at_after(self._clock() - MINUTE)
        return await self._database.count(slack_user, recent)
