"""Removing what is held: of time long past, and of one person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.language.text import kept_address
from bot.mirror.held import Held, instant
from bot.storage.database import Database
from bot.storage.tables import (
    member,
    person_link,
    practice_person,
    practice_session,
    roster_member,
    roster_past,
    session_feedback,
    slack_user,
    stored_answer,
    stored_command,
)

# A narrow scope that no question used for so long costs more to keep than to read again.
SCOPES_UNUSED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Traces:
    """What is held of a person: their Exec ids, what they are called, and how much there is.

    `accounts` are their Slack accounts, as (team id, user id). `present`: Exec lists them still.
    """

    ids: tuple[str, ...]
    name: str
    sessions: int
    groups: int
    accounts: tuple[tuple[str, str], ...]
    present: bool
    email: str

    @property
    def nothing(self) -> bool:
        return not self.ids and not self.accounts


@dataclass(frozen=True, slots=True)
class Forgetting:
    database: Database
    held: Held
    clock: Callable[[], datetime]

    async def forget_old(self, retention: timedelta) -> None:
        """Drop sessions older than `retention`, what was said of them, who was in a group before
        them, and scopes out of use. Raises StorageError."""
        now = self.clock()
        past = (roster_past.c.listed_at, session_feedback.c.created_at)
        async with self.database.transaction() as connection:
            for at in past:
                await connection.execute(sa.delete(at.table).where(at < now - retention))
        await self.held.forget_before(instant(now - retention))
        await self.held.forget_scopes(now - SCOPES_UNUSED)

    async def traces(self, email: str) -> Traces:
        """What is held of whoever has this e-mail address. Raises StorageError."""
        email = kept_address(email)
        async with self.database.transaction(reads=True) as connection:
            listed = (
                await connection.execute(
                    sa.select(member.c.id, member.c.name, member.c.gone_at).where(
                        member.c.email == email
                    )
                )
            ).all()
            practised = (
                await connection.execute(
                    sa.select(practice_person).where(practice_person.c.email == email)
                )
            ).all()
            ids = tuple(sorted({row.id for row in (*listed, *practised)}))
            names = [
                *(row.name for row in listed),
                *(f"{row.first_name} {row.last_name}".strip() for row in practised),
            ]
            sessions = await _count(connection, practice_session.c.user_id, ids)
            groups = await _count(connection, roster_member.c.user_id, ids)
            accounts = (
                await connection.execute(
                    sa.select(slack_user.c.team_id, slack_user.c.user_id)
                    .where(slack_user.c.email == email)
                    .union(
                        sa.select(person_link.c.team_id, person_link.c.user_id).where(
                            person_link.c.member_id.in_(ids)
                        )
                    )
                )
            ).all()
        name = next(filter(None, names), email)
        pairs = tuple((row.team_id, row.user_id) for row in accounts)
        present = any(row.gone_at is None for row in listed)
        return Traces(ids, name, sessions, groups, pairs, present, email)

    async def forget(self, traces: Traces) -> int:
        """Remove all of that; how many sessions went. Raises StorageError.

        Somebody whom Exec still lists stays in its lists.
        """
        gone = await self.held.forget_people(traces.ids)
        async with self.database.transaction() as connection:
            columns = [
                practice_person.c.id,
                person_link.c.member_id,
                roster_past.c.user_id,
                session_feedback.c.user_id,
            ]
            if not traces.present:
                # What Exec lists belongs to the lists: without it, they would not be true.
                columns += [member.c.id, roster_member.c.user_id]
            for column in columns:
                await connection.execute(sa.delete(column.table).where(column.in_(traces.ids)))
            for id_ in traces.ids:
                # Rows of answers are kept for a day, to turn their pages: those with this person
                # in them go, whoever asked.
                named = stored_answer.c.body.contains(f'"{id_}"', autoescape=True)
                await connection.execute(sa.update(stored_answer).where(named).values(body=None))
            if traces.email:
                # Others asked about them by their address.
                for table in (stored_answer, stored_command):
                    words = sa.func.lower(table.c.words)
                    naming = words.contains(traces.email, autoescape=True)
                    await connection.execute(sa.delete(table).where(naming))
            for team_id, user_id in traces.accounts:
                for table in (slack_user, person_link, stored_answer, stored_command):
                    theirs = sa.and_(table.c.team_id == team_id, table.c.user_id == user_id)
                    await connection.execute(sa.delete(table).where(theirs))
        return gone


async def _count(connection: AsyncConnection, column: sa.Column[str], ids: Sequence[str]) -> int:
    query = sa.select(sa.func.count()).select_from(column.table).where(column.in_(ids))
    count: int = (await connection.execute(query)).scalar_one()
    return count
