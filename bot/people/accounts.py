"""Slack accounts and the Exec people they belong to: by e-mail address, or by an admin's link."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot import access
from bot.access import AccountType, Asker
from bot.errors import NotFound, RateLimited, SlackError, Unreached, Unsure
from bot.language.days import zone_of
from bot.language.locale import DEFAULT, Locale, of_profile
from bot.language.query import Member
from bot.language.text import identifying, marked, plain_text, without_address, without_ids
from bot.mirror.lists import MEMBERS, Lists
from bot.people.directory import Directory
from bot.slack.web import SlackUser, SlackWeb
from bot.storage.claims import Claims
from bot.storage.database import Database, Row
from bot.storage.tables import slack_user

log = logging.getLogger(__name__)

# Slack's list of all accounts is read once a day, ahead of what is posted by the clock; an hour or
# so is left for a read that fails.
LIST_AFTER, LIST_MAX_AGE = timedelta(hours=23), timedelta(hours=26)
# Slack tells of about a hundred single accounts a minute (users.info is of its Tier 4). Look-ups of
# any kind count, so that whoever types a command meanwhile still finds room.
LOOKUPS_A_MINUTE = 80
MINUTE = timedelta(minutes=1)
AGAIN_AFTER = 15.0  # seconds
# Who can't see practice, and reads along where they are.
OUTSIDERS = frozenset({AccountType.GUEST, AccountType.STRANGER})
# A busy hour asks Slack once per person, and a new guest is refused within the hour.
MAX_AGE = timedelta(hours=1)
EVER = timedelta(days=36_500)
MOST_SPOKEN = 4
NOT_IN_EXEC = "somebody who is not in Exec"
# How the ids of people begin, and not those of conversations.
_PERSONAL = ("U", "W")
_USER = r"<@(?P<user>[UW][A-Z0-9]+)(?:\|[^<>|]*)?>"
_FIRST = re.compile(rf"\s*{_USER}[\s,:]*(?P<rest>.*)", re.DOTALL)
_LAST = re.compile(rf"(?P<rest>.*?)\s*{_USER}[\s?!.]*", re.DOTALL)
AT_ONCE = 10  # requests to Slack


@dataclass(frozen=True, slots=True)
class Account:
    """A Slack account, and the Exec id that an admin linked to it."""

    user: SlackUser
    linked: str | None


class People:
    """All methods raise SlackError and StorageError."""

    def __init__(
        self,
        database: Database,
        directory: Directory,
        lists: Lists,
        slack: SlackWeb,
        clock: Callable[[], datetime],
        admins: tuple[str, ...],
        locale: Locale = DEFAULT,
    ) -> None:
        self._database = database
        self._directory = directory
        self._lists = lists
        self._slack = slack
        self._clock = clock
        self._admins = admins
        self._locale = locale
        self._claims = Claims(database, clock)
        self._looking_up = asyncio.Lock()

    # Who asks

    async def asker(self, team_id: str, user_id: str, *, in_exec: bool = True) -> Asker:
        """Who a Slack account is; without `in_exec` only that. Raises NotFound, and ExecError
        before the members were ever read."""
        return await self._asker(await self.account(team_id, user_id), in_exec)

    async def _asker(self, account: Account, in_exec: bool) -> Asker:
        user, member = account.user, None
        if in_exec and user.account_type is AccountType.FULL:
            await self._lists.ensure(MEMBERS)
            member = await self.member_of(account)
            if member is None and user.email and await self._lists.read_members_again():
                member = await self.member_of(account)
        return Asker(
            team_id=user.team_id,
            user_id=user.id,
            name=_name_of(user, member),
            email=user.email,
            account_type=user.account_type,
            zone=zone_of(user.tz),
            member=member,
            named_admin=user.account_type is AccountType.FULL and user.email in self._admins,
        )

    async def admitted(self, team_id: str, user_id: str, *, in_exec: bool = True) -> Asker:
        """The same for whoever can see anything at all. Raises NotAllowed for everybody else."""
        account = await self.account(team_id, user_id)
        access.admit(account.user.account_type)
        asker = await self._asker(account, in_exec)
        if in_exec:
            access.visibility(asker)
        return asker

    async def asker_by_email(self, email: str, zone: ZoneInfo) -> Asker:
        """Somebody at the command line, who has no Slack account there."""
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
        """The Slack ids of the admins: those of the settings, and Exec's. Accounts that are
        switched off are left out."""
        found = []
        for email in dict.fromkeys((*self._admins, *await self._directory.admins())):
            try:
                found.append(await self._slack.user_by_email(email))
            except (RateLimited, Unreached, Unsure):
                raise
            except SlackError as error:
                log.warning("an admin's account can't be looked up: %s", error.code)
        return tuple(user_id for user_id in found if user_id is not None)

    # Accounts

    async def slack_user(
        self, team_id: str, user_id: str, *, within: timedelta = MAX_AGE
    ) -> SlackUser:
        """A Slack account, from the database if it was read `within` that time."""
        return (await self.account(team_id, user_id, within=within)).user

    async def account(self, team_id: str, user_id: str, *, within: timedelta = MAX_AGE) -> Account:
        """The same with an admin's link. Raises NotFound."""
        accounts = await self.accounts(team_id, (user_id,), within=within)
        if user_id not in accounts:
            raise NotFound("Slack doesn't show me this account. Name the person.")
        return accounts[user_id]

    async def accounts(
        self, team_id: str, user_ids: Sequence[str], *, within: timedelta = MAX_AGE
    ) -> dict[str, Account]:
        """The accounts with these ids, without those that Slack doesn't show. What Slack told
        before an error is stored."""
        found = await self._stored(team_id, user_ids, within)
        missing = [user_id for user_id in user_ids if user_id not in found]
        if not missing:
            return found
        await self._look_up(team_id, missing)
        return found | await self._stored(team_id, missing, within)

    async def _stored(
        self, team_id: str, user_ids: Sequence[str], within: timedelta
    ) -> dict[str, Account]:
        query = sa.select(slack_user).where(
            slack_user.c.team_id == team_id,
            slack_user.c.user_id.in_(user_ids),
            slack_user.c.fetched_at > self._clock() - within,
        )
        return {row.user_id: _account(row) for row in await self._database.rows(query)}

    async def _look_up(self, team_id: str, user_ids: Sequence[str]) -> None:
        """Ask Slack for these accounts, and store them."""
        users: list[SlackUser] = []
        errors: list[SlackError] = []
        gate = asyncio.Semaphore(AT_ONCE)

        async def look(user_id: str) -> None:
            async with gate:
                if errors:
                    return
                try:
                    users.append(replace(await self._slack.user(user_id), team_id=team_id))
                except SlackError as error:
                    if error.code not in ("user_not_found", "user_not_visible"):
                        errors.append(error)

        await asyncio.gather(*map(look, user_ids))
        now = self._clock()
        rows = [
            {
                **_type_row(user, team_id, now),
                "email": user.email,
                "name": user.name,
                "handle": user.handle,
                "tz": user.tz,
                "locale": user.locale,
                "fetched_at": now,
            }
            for user in users
        ]
        async with self._database.transaction() as connection:
            await self._database.put(connection, slack_user, rows)
        for error in errors:
            raise error

    # Guests

    async def list_accounts(self, team_id: str) -> None:
        """Read Slack's list of all accounts once a day: it tells who is a guest. Only ids and
        account types are stored."""
        name = f"accounts listed: {team_id}"
        if await self._claims.is_claimed(name):
            return
        began = self._clock()
        async for page in self._slack.users():
            rows = [_type_row(user, team_id, self._clock()) for user in page]
            async with self._database.transaction() as connection:
                await self._database.put(connection, slack_user, rows)
        no_longer_listed = sa.delete(slack_user).where(
            slack_user.c.team_id == team_id,
            slack_user.c.fetched_at.is_(None),
            slack_user.c.linked_id.is_(None),
            slack_user.c.type_at < began,
        )
        await self._database.write(no_longer_listed)
        await self._claims.claim(name, LIST_AFTER)

    async def outsiders(self, team_id: str, user_ids: Sequence[str]) -> int:
        """How many of these can't see practice; at least so many, if any.

        Who isn't in Slack's list of the day is looked up, no faster than Slack tells. Raises
        RateLimited if that takes longer: what was looked up by then is stored.
        """
        async with self._looking_up:
            types = await self._account_types(team_id, user_ids)
            unknown = [user_id for user_id in user_ids if user_id not in types]
            room = len(unknown)
            if unknown:
                recent = slack_user.c.fetched_at > self._clock() - MINUTE
                room = max(0, LOOKUPS_A_MINUTE - await self._database.count(slack_user, recent))
            found = await self.accounts(team_id, unknown[:room])
        # Somebody who is there and whom Slack doesn't show is an outsider too.
        outsiders = len(unknown[:room]) - len(found)
        types |= {user_id: account.user.account_type for user_id, account in found.items()}
        outsiders += sum(each in OUTSIDERS for each in types.values())
        if not outsiders and len(unknown) > room:
            raise RateLimited(AGAIN_AFTER)
        return outsiders

    async def _account_types(self, team_id: str, user_ids: Sequence[str]) -> dict[str, AccountType]:
        query = sa.select(slack_user.c.user_id, slack_user.c.account_type).where(
            slack_user.c.team_id == team_id,
            slack_user.c.user_id.in_(user_ids),
            slack_user.c.type_at > self._clock() - LIST_MAX_AGE,
        )
        rows = await self._database.rows(query)
        return {row.user_id: AccountType(row.account_type) for row in rows}

    # What people typed

    async def spoken(self, team_id: str, text: str) -> str:
        """Words as they were typed, with user names for Slack's ids: the first few, because a
        sentence has no room for more."""
        handles: dict[str, str] = {}
        for user_id in tuple(dict.fromkeys(marked(text)))[:MOST_SPOKEN]:
            with suppress(SlackError, NotFound):
                handles[user_id] = (await self.slack_user(team_id, user_id)).handle
        return without_ids(plain_text(text), handles)

    async def without_apps(self, team_id: str, text: str) -> str:
        """A text without the apps that it begins or ends with: they are spoken to, not about."""
        for pattern in (_FIRST, _LAST):
            for _ in range(MOST_SPOKEN):
                found = pattern.fullmatch(text)
                if found is None or not await self._is_app(team_id, found["user"]):
                    break
                text = found["rest"]
        return text

    async def _is_app(self, team_id: str, user_id: str) -> bool:
        try:
            user = await self.slack_user(team_id, user_id)
        except (SlackError, NotFound):
            return False
        return user.account_type is AccountType.BOT

    # Time and locale

    async def zone(self, team_id: str, user_id: str) -> ZoneInfo:
        """Somebody's time zone as Slack last told it; UTC if it never did."""
        stored = (await self._stored(team_id, (user_id,), EVER)).get(user_id)
        return zone_of(stored.user.tz if stored else "UTC")

    async def locale(self, team_id: str, place: str) -> Locale:
        """The locale of whoever reads what comes to a place: a person's Slack profile, or the
        settings for a channel."""
        if not place.startswith(_PERSONAL):
            return self._locale
        try:
            account = await self.account(team_id, place, within=EVER)
        except NotFound:
            return self._locale
        return of_profile(account.user.locale, self._locale)

    async def zone_name(self, team_id: str, user_id: str) -> str:
        """The IANA name of somebody's time zone. Raises NotFound."""
        return (await self.slack_user(team_id, user_id)).tz

    # The Exec person of an account, and the other way round

    async def member_of(self, account: Account) -> Member | None:
        """The Exec person of a Slack account: an admin's link first, then the e-mail address.

        The address of somebody who left Exec may be another person's by now: only a link leads to
        them (role "removed").
        """
        if account.linked is not None:
            return await self._directory.person(id_=account.linked)
        if not account.user.email:
            return None
        return await self._directory.member(email=account.user.email)

    async def account_of(self, team_id: str, member: Member) -> str | None:
        """The Slack id of an Exec person, by an admin's link or the e-mail address.

        An account that is linked to somebody else isn't theirs, whatever its address is.
        """
        linked = (
            sa.select(slack_user.c.user_id)
            .where(slack_user.c.team_id == team_id, slack_user.c.linked_id == member.id)
            .order_by(slack_user.c.linked_at.desc())
            .limit(1)
        )
        user_id = await self._database.scalar(linked)
        if user_id is not None or not member.email or member.is_removed:
            return user_id
        user_id = await self._slack.user_by_email(member.email)
        of_another = sa.select(slack_user.c.linked_id).where(
            slack_user.c.team_id == team_id,
            slack_user.c.user_id == user_id,
            slack_user.c.linked_id != member.id,
        )
        return user_id if await self._database.scalar(of_another) is None else None

    async def link(self, team_id: str, user_id: str, member: Member) -> str | None:
        """Link a Slack account to an Exec person; the Exec id that it was linked to before."""
        before = (await self.account(team_id, user_id, within=EVER)).linked
        await self._set_link(team_id, user_id, member.id)
        return before

    async def unlink(self, team_id: str, user_id: str) -> str | None:
        """Remove a link; the Exec id that it led to, None if there was none."""
        before = await self._stored(team_id, (user_id,), EVER)
        await self._set_link(team_id, user_id, None)
        return before[user_id].linked if user_id in before else None

    async def _set_link(self, team_id: str, user_id: str, member_id: str | None) -> None:
        change = sa.update(slack_user).where(
            slack_user.c.team_id == team_id, slack_user.c.user_id == user_id
        )
        await self._database.write(change.values(linked_id=member_id, linked_at=self._clock()))

    async def name(self, account: Account) -> str:
        """What others are told that an account is called."""
        return _name_of(account.user, await self.member_of(account))

    async def usergroup_members(self, usergroup_id: str) -> tuple[str, ...]:
        """The Slack ids of a user group's members."""
        return await self._slack.usergroup_members(usergroup_id)

    async def usergroup_by_handle(self, handle: str) -> str | None:
        """The id of a user group by its handle."""
        return await self._slack.usergroup_by_handle(handle)


def _name_of(user: SlackUser, member: Member | None) -> str:
    """The name in Exec, or the address without its domain: never the name in Slack, which people
    change for themselves."""
    return member.name if member else without_address(user.email) or NOT_IN_EXEC


def _type_row(user: SlackUser, team_id: str, now: datetime) -> dict[str, object]:
    """What Slack's list of all accounts tells of one."""
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
    return Account(user, row.linked_id)
