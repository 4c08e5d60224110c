"""The members of a channel, which decide whether practice can be posted in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.errors import SlackError, UserError
from bot.people.access import AccountType
from bot.people.accounts import Accounts, type_row
from bot.storage.database import Database
from bot.storage.leases import Leases
from bot.storage.tables import slack_user

# Looking up the members of larger channels would take too many requests to Slack.
MAX_PEOPLE = 200
BARRED_FOR = timedelta(hours=1)
UNSEEN = ("channel_not_found", "not_in_channel", "missing_scope")  # Slack's errors
INVITE_ME = "I'm not in this channel. Invite me with `/invite`, then try again."
OUTSIDERS = frozenset({AccountType.GUEST, AccountType.STRANGER})
# The list of accounts is read daily; if that fails, there are three hours for retries.
LIST_AFTER, LIST_MAX_AGE = timedelta(hours=23), timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Audience:
    """The channel `name`, the number of `people` in it who can see practice results, and the Slack
    `ids` of its members.

    `is_barred`: some can't see practice results, or there are too many to check; then `ids` may be
    empty.
    """

    name: str
    people: int = 0
    ids: frozenset[str] = frozenset()
    is_barred: bool = False


@dataclass(frozen=True, slots=True)
class Audiences:
    """Looks up channels. All methods raise SlackError and StorageError."""

    database: Database
    people: Accounts
    leases: Leases
    clock: Callable[[], datetime]
    # By channel id: when it was looked up, and whether it is barred.
    _barred: dict[str, tuple[datetime, bool]] = field(default_factory=dict, init=False)

    async def is_barred(self, channel_id: str) -> bool:
        """Whether practice can't be posted in a channel, regardless of its members, as of the last
        hour; also if the bot isn't in it, as of now."""
        at, is_barred = self._barred.get(channel_id, (None, False))
        if at is None or self.clock() - at > BARRED_FOR:
            try:
                channel = await self.people.slack.channel(channel_id)
            except SlackError as error:
                return error.code in UNSEEN
            if not channel.has_bot:
                return True
            is_barred = channel.shared or channel.people > MAX_PEOPLE
            self._barred[channel_id] = (self.clock(), is_barred)
        return is_barred

    async def name(self, channel_id: str) -> str:
        """The name of a channel, or "a channel I can't see"."""
        name = ""
        with suppress(SlackError):
            name = (await self.people.slack.channel(channel_id)).name
        return f"#{name}" if name else "a channel I can't see"

    async def look_up(self, team_id: str, channel_id: str) -> Audience:
        """As `count`, but raises UserError if the bot can't see the channel."""
        try:
            return await self.count(team_id, channel_id)
        except SlackError as error:
            if error.code not in UNSEEN:
                raise
            raise UserError(INVITE_ME) from None

    async def count(self, team_id: str, channel_id: str) -> Audience:
        """A channel and its members. The reader may not be one of them: see `ids`."""
        channel = await self.people.slack.channel(channel_id)
        if not channel.has_bot:
            raise SlackError("not_in_channel")
        name = f"#{channel.name}"
        if channel.shared or channel.people > MAX_PEOPLE:
            return Audience(name, is_barred=True)
        ids = [user_id async for user_id in self.people.slack.channel_members(channel_id)]
        if len(ids) > MAX_PEOPLE:  # the count lags behind the list
            return Audience(name, is_barred=True)
        types = await self._types(team_id, ids)
        people = sum(type_ == AccountType.FULL for type_ in types.values())
        # Members that Slack doesn't show are from another company.
        is_barred = len(types) < len(ids) or not OUTSIDERS.isdisjoint(types.values())
        return Audience(name, people, frozenset(ids), is_barred)

    async def _types(self, team_id: str, user_ids: Sequence[str]) -> dict[str, str]:
        """The types of these accounts, from the stored list if they are in it."""
        query = sa.select(slack_user.c.user_id, slack_user.c.account_type).where(
            slack_user.c.team_id == team_id,
            slack_user.c.user_id.in_(user_ids),
            slack_user.c.type_at > self.clock() - LIST_MAX_AGE,
        )
        types = {row.user_id: row.account_type for row in await self.database.rows(query)}
        missing = [user_id for user_id in user_ids if user_id not in types]
        accounts = await self.people.accounts(team_id, missing)
        return types | {id_: type_.user.account_type for id_, type_ in accounts.items()}

    async def list_accounts(self, team_id: str) -> None:
        """Read Slack's list of all accounts once a day; only ids and account types are stored."""
        name = f"accounts listed: {team_id}"
        if await self.leases.held_until(name) is not None:
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
        await self.leases.claim(name, LIST_AFTER)
