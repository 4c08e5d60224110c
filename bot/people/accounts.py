"""Slack account ↔ Exec person: by e-mail, or by a link that an admin made."""

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
from bot.people.catalogue import Catalogue
from bot.slack.web import SlackUser, SlackWeb
from bot.storage.claims import Claims
from bot.storage.database import Database, Row
from bot.storage.tables import person_link, slack_user

log = logging.getLogger(__name__)

# Slack's list of all accounts is read once a day, ahead of what is posted by the clock; an hour or
# so is left for a reading that fails.
LIST_AFTER = timedelta(hours=23)
LIST_MAX_AGE = timedelta(hours=26)
# Slack tells of about a hundred single accounts a minute (users.info is of its Tier 4). Lookups of
# any kind count, so that whoever types a command meanwhile still finds room.
LOOKUPS_A_MINUTE = 80
MINUTE = timedelta(minutes=1)
AGAIN_AFTER = 15.0  # seconds
# Who may see no practice, and reads along where they are.
OUTSIDERS = frozenset({AccountType.GUEST, AccountType.STRANGER})
# Long enough that a busy hour asks Slack once per person; short enough that someone who was
# made a guest, switched off or travelled is known as such the same day.
MAX_AGE = timedelta(hours=1)
EVER = timedelta(days=36_500)
MOST_SPOKEN = 4
NOT_IN_EXEC = "somebody who is not in Exec"
# How the ids of people begin, and not those of conversations.
_PERSONAL = ("U", "W")
_USER = r"<@(?P<user>[UW][A-Z0-9]+)(?:\|[^<>|]*)?>"
_FIRST = re.compile(rf"\s*{_USER}[\s,:]*(?P<rest>.*)", re.DOTALL)
_LAST = re.compile(rf"(?P<rest>.*?)\s*{_USER}[\s?!.]*", re.DOTALL)
# Requests to Slack at a time.
AT_ONCE = 10

_SAME = sa.and_(
    person_link.c.team_id == slack_user.c.team_id, person_link.c.user_id == slack_user.c.user_id
)
# These `users` of a `team`, if they were read after `since`: what every question begins with.
_STORED = (
    sa.select(slack_user, person_link.c.member_id)
    .outerjoin(person_link, _SAME)
    .where(
        slack_user.c.team_id == sa.bindparam("team"),
        slack_user.c.user_id.in_(sa.bindparam("users", expanding=True)),
        slack_user.c.fetched_at > sa.bindparam("since"),
    )
)


@dataclass(frozen=True, slots=True)
class Account:
    """A Slack account, and the Exec id that an admin linked it to (None without a link)."""

    user: SlackUser
    linked: str | None


class People:
    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        slack: SlackWeb,
        clock: Callable[[], datetime],
        admins: tuple[str, ...],
        locale: Locale = DEFAULT,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._slack = slack
        self._clock = clock
        self._admins = admins
        self._locale = locale
        self._claims = Claims(database, clock)
        self._looking_up = asyncio.Lock()

    async def asker(self, team_id: str, user_id: str, *, in_exec: bool = True) -> Asker:
        """Who this Slack account is, and without `in_exec` only that.

        Raises SlackError, or ExecError with no members stored.
        """
        return await self._asker(await self.account(team_id, user_id), in_exec)

    async def _asker(self, account: Account, in_exec: bool) -> Asker:
        user, member = account.user, None
        if in_exec and user.account_type is AccountType.FULL:
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
        """The same for whoever may see anything at all: what every door asks first.

        Raises NotAllowed for everybody else, after one look at Slack at most.
        """
        account = await self.account(team_id, user_id)
        asker = await self._asker(account, in_exec)
        if in_exec:
            access.visibility(asker)
        else:
            access.admit(asker.account_type)
        return asker

    async def asker_by_email(self, email: str, zone: ZoneInfo) -> Asker:
        """Someone at the command line, who has no Slack account there."""
        email = identifying(email)
        member = await self._catalogue.person(email=email)
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
        """The Slack user ids of those who look after the bot: whom the operator named, and Exec's
        admins as last known. Who has no account that is switched on is left out.

        Raises SlackError where Slack may tell it another time, and StorageError.
        """
        found = []
        # As `Asker.is_admin` has it; only those of Exec can make a new key there.
        for email in dict.fromkeys((*self._admins, *await self._catalogue.admins())):
            try:
                found.append(await self._slack.user_by_email(email))
            except (RateLimited, Unreached, Unsure):
                raise
            except SlackError as error:
                log.warning("an admin's account can't be looked up: %s", error.code)
        return tuple(user_id for user_id in found if user_id is not None)

    async def slack_user(
        self, team_id: str, user_id: str, *, within: timedelta = MAX_AGE
    ) -> SlackUser:
        """A Slack account, from the database if it was read `within` that. Raises SlackError."""
        return (await self.account(team_id, user_id, within=within)).user

    async def account(self, team_id: str, user_id: str, *, within: timedelta = MAX_AGE) -> Account:
        """As `slack_user`, with what `member_of` needs to know."""
        accounts = await self.accounts(team_id, (user_id,), within=within)
        if user_id not in accounts:
            raise NotFound("Slack doesn't show me this account. Name the person.")
        return accounts[user_id]

    async def accounts(
        self, team_id: str, user_ids: Sequence[str], *, within: timedelta = MAX_AGE
    ) -> dict[str, Account]:
        """The accounts with these ids, without those that Slack does not show.

        Raises SlackError; what Slack told until then is stored.
        """
        found = await self._stored(team_id, user_ids, within)
        missing = [user_id for user_id in user_ids if user_id not in found]
        return found | await self._looked_up(team_id, missing) if missing else found

    async def _looked_up(self, team_id: str, user_ids: Sequence[str]) -> dict[str, Account]:
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
                "team_id": team_id,
                "user_id": user.id,
                "account_type": user.account_type.value,
                "type_at": now,
                "email": user.email,
                "name": user.name,
                "handle": user.handle,
                "tz": user.tz,
                "locale": user.locale,
                "fetched_at": now,
            }
            for user in users
        ]
        links = sa.select(person_link.c.user_id, person_link.c.member_id).where(
            person_link.c.team_id == team_id, person_link.c.user_id.in_(user_ids)
        )
        async with self._database.transaction() as connection:
            await self._database.put(connection, slack_user, rows)
            linked = {row.user_id: row.member_id for row in await connection.execute(links)}
        for error in errors:
            raise error
        return {user.id: Account(user, linked.get(user.id)) for user in users}

    async def list_accounts(self, team_id: str) -> None:
        """Read Slack's list of all accounts, unless that was done within the day: it tells who is a
        guest. Only ids and account types are stored. Raises SlackError and StorageError."""
        name = f"accounts listed: {team_id}"
        if await self._claims.is_claimed(name):
            return
        began = self._clock()
        async for page in self._slack.users():
            now = self._clock()
            rows = [
                {
                    "team_id": team_id,
                    "user_id": user.id,
                    "account_type": user.account_type.value,
                    "type_at": now,
                }
                for user in page
            ]
            async with self._database.transaction() as connection:
                await self._database.put(connection, slack_user, rows)
        no_longer_listed = sa.delete(slack_user).where(
            slack_user.c.team_id == team_id,
            slack_user.c.fetched_at.is_(None),
            slack_user.c.type_at < began,
        )
        await self._database.write(no_longer_listed)
        await self._claims.claim(name, LIST_AFTER)

    async def outsiders(self, team_id: str, user_ids: Sequence[str]) -> int:
        """How many of these may see no practice, by Slack's list of the day: at least so many, if
        it is any.

        Who is not in the list is looked up, no faster than Slack tells. Raises SlackError, and
        RateLimited where that takes longer: what was looked up by then is stored.
        """
        async with self._looking_up:
            types = await self._account_types(team_id, user_ids)
            unknown = [user_id for user_id in user_ids if user_id not in types]
            room = len(unknown)
            if unknown:
                recent = slack_user.c.fetched_at > self._clock() - MINUTE
                room = max(0, LOOKUPS_A_MINUTE - await self._database.count(slack_user, recent))
            found = await self.accounts(team_id, unknown[:room])
        # Whom Slack does not show, though they are there, is not one of ours.
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

    async def spoken(self, team_id: str, text: str) -> str:
        """Words as they were typed: whom Slack marks by an id, by their user name.

        Only the first few are looked up: a sentence has no room for more.
        """
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

    async def zone(self, team_id: str, user_id: str) -> ZoneInfo:
        """Someone's time zone, as last heard from Slack; UTC if we never heard."""
        stored = (await self._stored(team_id, (user_id,), MAX_AGE)).get(user_id)
        return zone_of(stored.user.tz if stored else "UTC")

    async def locale(self, team_id: str, place: str) -> Locale:
        """The English of whoever reads what comes to a place: that of a person's Slack profile;
        that of the settings in a channel, and where Slack tells none. Raises SlackError."""
        if not place.startswith(_PERSONAL):
            return self._locale
        try:
            account = await self.account(team_id, place, within=EVER)
        except NotFound:
            return self._locale
        return of_profile(account.user.locale, self._locale)

    async def zone_name(self, team_id: str, user_id: str) -> str:
        """The IANA name of someone's time zone, looked up. Raises SlackError and NotFound."""
        return (await self.slack_user(team_id, user_id)).tz

    async def member_of(self, account: Account, *, ask_exec: bool = True) -> Member | None:
        """The Exec person of a Slack account: an admin's link first, then the e-mail.

        The address of somebody who was removed from Exec may be another one's by now: only a link
        leads to them (role "removed").
        """
        if account.linked is not None:
            return await self._catalogue.person(id_=account.linked, ask_exec=ask_exec)
        if not account.user.email:
            return None
        return await self._catalogue.member(email=account.user.email, ask_exec=ask_exec)

    async def account_of(self, team_id: str, member: Member) -> str | None:
        """The Slack user id of an Exec person, by an admin's link or else by e-mail; None if they
        have no account there.

        An account with their e-mail address that was linked to somebody else is not theirs, nor is
        one with that of somebody who left.
        Raises SlackError and StorageError.
        """
        linked = (
            sa.select(person_link.c.user_id)
            .where(person_link.c.team_id == team_id, person_link.c.member_id == member.id)
            .order_by(person_link.c.linked_at.desc())
            .limit(1)
        )
        user_id = await self._database.scalar(linked)
        if user_id is not None or not member.email or member.is_removed:
            return user_id
        user_id = await self._slack.user_by_email(member.email)
        of_another = sa.select(person_link.c.member_id).where(
            person_link.c.team_id == team_id,
            person_link.c.user_id == user_id,
            person_link.c.member_id != member.id,
        )
        return user_id if await self._database.scalar(of_another) is None else None

    async def link(self, team_id: str, user_id: str, member: Member, by: str) -> str | None:
        """Join a Slack account to an Exec person; the Exec id that an earlier link led to, None
        if there was none."""
        whose = {"team_id": team_id, "user_id": user_id, "member_id": member.id}
        row = {**whose, "linked_by": by, "linked_at": self._clock()}
        before = sa.select(person_link.c.member_id).where(
            person_link.c.team_id == team_id, person_link.c.user_id == user_id
        )
        async with self._database.transaction() as connection:
            found = await connection.execute(before.with_for_update())
            replaced: str | None = found.scalar_one_or_none()
            await self._database.put(connection, person_link, [row])
        return replaced

    async def unlink(self, team_id: str, user_id: str) -> str | None:
        """Remove a link; the Exec id it led to, None if there was none."""
        delete = (
            sa.delete(person_link)
            .where(person_link.c.team_id == team_id, person_link.c.user_id == user_id)
            .returning(person_link.c.member_id)
        )
        gone = await self._database.returned(delete)
        return None if gone is None else gone.member_id

    async def name(self, account: Account) -> str:
        """What others are told that an account is called. Asks nothing of Exec."""
        return _name_of(account.user, await self.member_of(account, ask_exec=False))

    async def usergroup_members(self, usergroup_id: str) -> tuple[str, ...]:
        return await self._slack.usergroup_members(usergroup_id)

    async def usergroup_by_handle(self, handle: str) -> str | None:
        return await self._slack.usergroup_by_handle(handle)

    async def _stored(
        self, team_id: str, user_ids: Sequence[str], within: timedelta
    ) -> dict[str, Account]:
        since = self._clock() - within
        values = {"team": team_id, "users": list(user_ids), "since": since}
        return {row.user_id: _account(row) for row in await self._database.rows(_STORED, values)}


def _name_of(user: SlackUser, member: Member | None) -> str:
    """The name in Exec, or else the address without its domain: never the name in Slack, which
    people change for themselves."""
    return member.name if member else without_address(user.email) or NOT_IN_EXEC


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
    return Account(user, row.member_id)
