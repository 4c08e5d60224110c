"""Slack accounts and their Exec people, by e-mail address or by an admin's link."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.errors import NotFound, SlackError
from bot.exec.lists import MEMBERS, Lists
from bot.language.days import zone_of
from bot.language.locale import DEFAULT, Locale, of_profile
from bot.language.query import REMOVED, Member
from bot.language.text import identifying, without_address
from bot.people import access
from bot.people.access import AccountType, Asker
from bot.people.directory import Directory
from bot.storage.database import Database, Row
from bot.storage.tables import member as person
from bot.storage.tables import slack_user

MAX_AGE = timedelta(hours=1)  # a new guest who asks is refused within this time
ANY_AGE = timedelta(days=36_500)
AT_ONCE = 10  # requests to Slack
MOST_LABELED = 20  # mentions per text
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")
NOT_IN_EXEC = "somebody who is not in Exec"
_IS_PERSON = sa.or_(
    person.c.id == slack_user.c.linked_id,
    sa.and_(
        slack_user.c.linked_id.is_(None),
        slack_user.c.email != "",
        person.c.email == slack_user.c.email,
        person.c.is_listed,
    ),
)
_ACCOUNTS = sa.select(
    slack_user,
    person.c.id.label("member_id"),
    person.c.email.label("member_email"),
    person.c.name.label("member_name"),
    sa.case((person.c.is_listed, person.c.role), else_=REMOVED).label("member_role"),
).outerjoin(person, _IS_PERSON)
HIDDEN = ("user_not_found", "user_not_visible")  # Slack's errors


@dataclass(frozen=True, slots=True)
class SlackUser:
    """A Slack account. `tz` is an IANA name, by default "UTC". `email` is "" without a confirmed
    address, and `locale`, such as "en-US", is "" if Slack has none."""

    team_id: str
    id: str
    email: str
    name: str
    handle: str
    tz: str
    account_type: AccountType
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation. `shared`: people from outside the workspace are in it. `has_bot`: the bot is
    in it, too, and can post."""

    id: str
    name: str
    shared: bool
    people: int
    has_bot: bool = True


class SlackDirectory(Protocol):
    """The accounts, user groups and channels that Slack lists. All methods raise SlackError."""

    async def user(self, user_id: str) -> SlackUser: ...

    def users(self) -> AsyncIterator[tuple[SlackUser, ...]]: ...

    async def user_by_email(self, email: str) -> str | None: ...

    async def usergroup_members(self, usergroup_id: str) -> tuple[str, ...]: ...

    async def usergroup_by_handle(self, handle: str) -> str | None: ...

    async def channel(self, channel_id: str) -> Channel: ...

    def channel_members(self, channel_id: str) -> AsyncIterator[str]: ...


@dataclass(frozen=True, slots=True)
class Account:
    """A Slack account, the Exec id that an admin linked to it, and its Exec person.

    An admin's link takes precedence over the e-mail address. Only a link finds people who left
    Exec, because their address may belong to another person by now.
    """

    user: SlackUser
    linked: str | None
    member: Member | None

    @property
    def name(self) -> str:
        """The name in messages to other people: never the one in Slack, which people can change
        themselves."""
        if self.member is not None:
            return self.member.name
        return without_address(self.user.email) or NOT_IN_EXEC


class Accounts:
    """All methods raise SlackError and StorageError."""

    def __init__(
        self,
        database: Database,
        directory: Directory,
        lists: Lists,
        slack: SlackDirectory,
        clock: Callable[[], datetime],
        admins: tuple[str, ...],
        locale: Locale = DEFAULT,
    ) -> None:
        self.slack = slack
        self._database = database
        self._directory = directory
        self._lists = lists
        self._clock = clock
        self._admins = admins
        self._locale = locale

    # Who asks

    async def asker(self, team_id: str, user_id: str) -> Asker:
        """The person behind a Slack account, with their Exec person.

        Raises NotAllowed for people who can't see anything, NotFound, and ExecError if the members
        were never read.
        """
        account = await self.account(team_id, user_id)
        access.admit(account.user.account_type)
        await self._lists.ensure(MEMBERS)
        if account.member is None and account.user.email:
            await self._lists.read_members_again()
            account = await self.account(team_id, user_id)
        user = account.user
        asker = Asker(
            team_id=user.team_id,
            user_id=user.id,
            name=account.name,
            email=user.email,
            account_type=user.account_type,
            zone=zone_of(user.tz),
            member=account.member,
            named_admin=user.email in self._admins,
            locale=of_profile(user.locale, self._locale),
        )
        access.visibility(asker)
        return asker

    async def asker_by_email(self, email: str, zone: ZoneInfo) -> Asker:
        """The person who uses the command line, without a Slack account."""
        email = identifying(email)
        await self._lists.ensure(MEMBERS)
        member = await self._directory.person(email=email)
        return Asker(
            team_id="",
            user_id=email,
            name=member.name if member else email,
            email=email,
            account_type=AccountType.FULL,
            zone=zone,
            member=member,
            named_admin=email in self._admins,
        )

    async def admin_accounts(self) -> tuple[str, ...]:
        """The Slack ids of the admins in the settings and in Exec, if their accounts are active."""
        members = await self._directory.members()
        in_exec = [member.email for member in members if member.role == "admin" and member.email]
        emails = dict.fromkeys((*self._admins, *in_exec))
        users = [await self.slack.user_by_email(email) for email in emails]
        return tuple(user_id for user_id in users if user_id is not None)

    # Accounts

    async def account(self, team_id: str, user_id: str) -> Account:
        """A Slack account as of the last hour. Raises NotFound."""
        accounts = await self.accounts(team_id, (user_id,))
        if user_id not in accounts:
            raise NotFound("Slack doesn't show me this account. Name the person.")
        return accounts[user_id]

    async def accounts(self, team_id: str, user_ids: Sequence[str]) -> dict[str, Account]:
        """The accounts with these ids that Slack shows, as of the last hour.

        Accounts that Slack returned before an error are stored, so a retry continues there.
        """
        accounts = await self._stored(team_id, user_ids, MAX_AGE)
        missing = [user_id for user_id in user_ids if user_id not in accounts]
        for start in range(0, len(missing), AT_ONCE):
            await self._fetch(team_id, missing[start : start + AT_ONCE])
        return accounts | await self._stored(team_id, missing, MAX_AGE) if missing else accounts

    async def _stored(
        self, team_id: str, user_ids: Sequence[str], within: timedelta
    ) -> dict[str, Account]:
        query = _ACCOUNTS.where(
            slack_user.c.team_id == team_id,
            slack_user.c.user_id.in_(user_ids),
            slack_user.c.fetched_at > self._clock() - within,
        )
        return {row.user_id: _account(row) for row in await self._database.rows(query)}

    async def _fetch(self, team_id: str, user_ids: Sequence[str]) -> None:
        answers = await asyncio.gather(*map(self.slack.user, user_ids), return_exceptions=True)
        now = self._clock()
        rows = [
            {
                **type_row(user, team_id, now),
                "email": user.email,
                "name": user.name,
                "handle": user.handle,
                "tz": user.tz,
                "locale": user.locale,
                "fetched_at": now,
            }
            for user in answers
            if isinstance(user, SlackUser)
        ]
        async with self._database.transaction() as connection:
            await self._database.put(connection, slack_user, rows)
        for error in answers:
            is_hidden = isinstance(error, SlackError) and error.code in HIDDEN
            if isinstance(error, BaseException) and not is_hidden:
                raise error

    # Mentions

    async def labeled(self, team_id: str, text: str) -> str:
        """A text whose mentions have user names, for the first few people."""
        ids = tuple(dict.fromkeys(_MENTION.findall(text)))[:MOST_LABELED]
        handles: dict[str, str] = {}
        if ids and team_id:
            with suppress(SlackError):
                accounts = await self.accounts(team_id, ids)
                handles = {user_id: account.user.handle for user_id, account in accounts.items()}
        return _MENTION.sub(lambda match: f"<@{match[1]}|{handles.get(match[1], '')}>", text)

    # Time and locale

    async def zone(self, team_id: str, user_id: str) -> ZoneInfo:
        """The stored time zone of an account, without asking Slack; UTC if there is none."""
        stored = (await self._stored(team_id, (user_id,), ANY_AGE)).get(user_id)
        return zone_of(stored.user.tz if stored else "UTC")

    async def zone_name(self, team_id: str, user_id: str) -> str:
        """The IANA name of somebody's time zone as of the last hour. Raises NotFound."""
        return (await self.account(team_id, user_id)).user.tz

    async def locale(self, team_id: str, place: str) -> Locale:
        """The locale of a person's stored Slack profile; the one in the settings for a channel."""
        stored = (await self._stored(team_id, (place,), ANY_AGE)).get(place)
        return of_profile(stored.user.locale if stored else "", self._locale)

    # Links between accounts and Exec people

    async def find_account(self, team_id: str, member: Member) -> SlackUser | None:
        """The Slack account of an Exec person, if Slack shows one: by an admin's link, or else by
        the e-mail address. An account that is linked to another person never counts."""
        c = slack_user.c
        linked = sa.select(c.user_id).where(c.team_id == team_id, c.linked_id == member.id)
        user_id = await self._database.scalar(linked.order_by(c.linked_at.desc()).limit(1))
        if user_id is None and member.email and not member.is_removed:
            user_id = await self.slack.user_by_email(member.email)
        accounts = await self.accounts(team_id, (user_id,)) if user_id else {}
        account = next(iter(accounts.values()), None)
        is_theirs = account is not None and account.linked in (None, member.id)
        return account.user if account is not None and is_theirs else None

    async def link(self, team_id: str, user_id: str, member: Member | None) -> None:
        """Link a stored account to an Exec person, or unlink it."""
        linked = {"linked_id": member.id if member else None, "linked_at": self._clock()}
        is_this = (slack_user.c.team_id == team_id, slack_user.c.user_id == user_id)
        await self._database.write(sa.update(slack_user).where(*is_this).values(**linked))


def type_row(user: SlackUser, team_id: str, now: datetime) -> dict[str, object]:
    """A row of an account with its type only."""
    return {
        "team_id": team_id,
        "user_id": user.id,
        "account_type": user.account_type.value,
        "type_at": now,
    }


def _account(row: Row) -> Account:
    user = SlackUser(
        team_id=row.team_id,
        id=row.user_id,
        email=row.email,
        name=row.name,
        handle=row.handle,
        tz=row.tz,
        account_type=AccountType(row.account_type),
        locale=row.locale,
    )
    member = None
    if row.member_id is not None:
        member = Member(row.member_id, row.member_email, row.member_name, row.member_role)
    return Account(user, row.linked_id, member)
