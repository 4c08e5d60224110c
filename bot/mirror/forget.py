"""Deletes old data, and everything about a person."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.language.filters import query_words
from bot.language.query import PersonKind, PersonRef, Query
from bot.language.text import kept_address
from bot.mirror.query import SESSIONS
from bot.storage.claims import hello_of
from bot.storage.database import Database
from bot.storage.last_questions import FOLLOW_UP_WITHIN
from bot.storage.tables import (
    access_log,
    alert,
    assignment,
    button,
    claim,
    coaching,
    delivery,
    feedback,
    last_question,
    lease,
    member,
    person_setting,
    request,
    session,
    slack_user,
    subscription,
    team_member,
    window,
)

KEEP = {
    claim.c.until: timedelta(),
    lease.c.expires_at: timedelta(),
    last_question.c.at: FOLLOW_UP_WITHIN,
    button.c.created_at: timedelta(days=30),
    request.c.sent_at: timedelta(days=1, hours=1),
}
# These are kept as long as sessions.
WITH_SESSIONS = (feedback.c.created_at, delivery.c.planned_at)


async def tidy(database: Database, now: datetime, *, history: timedelta, audit: timedelta) -> None:
    """Delete old rows: sessions after `history`, the access log after `audit`.

    Raises StorageError.
    """
    oldest = now - history
    ages = {**KEEP, **dict.fromkeys(WITH_SESSIONS, history)}
    await database.write(
        *(sa.delete(column.table).where(column < now - age) for column, age in ages.items()),
        sa.delete(access_log).where(access_log.c.day <= (now - audit).date()),
        # The edge first, so that no session is missing within the window.
        sa.update(window)
        .where(window.c.name == SESSIONS, window.c.start_at < oldest, window.c.end_at > oldest)
        .values(start_at=oldest),
        # Including sessions read directly from Exec, which aren't kept up to date.
        sa.delete(session).where(session.c.created_at < _start_of_window()),
        # People who left Exec, once their last session is deleted.
        sa.delete(member).where(
            ~member.c.is_listed, member.c.id.not_in(sa.select(session.c.member_id))
        ),
    )


def _start_of_window() -> sa.ScalarSelect[int]:
    """The start of the window in ms."""
    start = sa.select(sa.type_coerce(window.c.start_at, sa.BigInteger))
    return start.where(window.c.name == SESSIONS).scalar_subquery()


@dataclass(frozen=True, slots=True)
class Traces:
    """The stored data about a person.

    `ids` are their Exec ids, `accounts` their Slack accounts as (team id, user id), and `names` all
    their names. `is_listed`: Exec still lists them.
    """

    ids: tuple[str, ...]
    name: str
    email: str
    names: tuple[str, ...]
    accounts: tuple[tuple[str, str], ...]
    is_listed: bool
    sessions: int
    groups: int

    @property
    def nothing(self) -> bool:
        return not self.ids and not self.accounts

    @property
    def marks(self) -> re.Pattern[str]:
        """A pattern for them in any text, including first names and the local part of the
        address."""
        words = {word for name in self.names for word in name.split() if len(word) > 1}
        users = {user_id for _, user_id in self.accounts}
        marks = {*self.ids, *users, *self.names, *words, self.email, self.email.split("@")[0]}
        any_of = "|".join(re.escape(mark) for mark in marks if mark)
        return re.compile(rf"(?<!\w)(?:{any_of})(?!\w)", re.IGNORECASE)


async def find_traces(database: Database, email: str) -> Traces:
    """The stored data about the person with this e-mail address. Raises StorageError."""
    email = kept_address(email)
    people = await database.rows(sa.select(member).where(member.c.email == email))
    ids = tuple(sorted(row.id for row in people))
    account = sa.or_(slack_user.c.email == email, slack_user.c.linked_id.in_(ids))
    accounts = await database.rows(sa.select(slack_user).where(account))
    names = [row.name for row in people if row.name]
    all_names = {*names, *(name for row in accounts for name in (row.name, row.handle) if name)}
    return Traces(
        ids=ids,
        name=next(iter(names), email),
        email=email,
        names=tuple(sorted(all_names)),
        accounts=tuple((row.team_id, row.user_id) for row in accounts),
        is_listed=any(row.is_listed for row in people),
        sessions=await database.count(session, session.c.member_id.in_(ids)),
        groups=await database.count(team_member, team_member.c.member_id.in_(ids)),
    )


async def forget(database: Database, traces: Traces) -> int:
    """Delete the data. Returns the number of deleted subscriptions. Raises StorageError.

    Their row stays while Exec lists them. Other people's stored questions get an id of nobody in
    place of theirs.
    """
    own = sa.select(subscription.c.id).where(_of(subscription, traces, "owner_id"))
    ids = await database.scalars(own)
    async with database.transaction() as connection:
        for change in _changes(traces, ids):
            await connection.execute(change)
        await _remove_texts(connection, traces)
    await database.vacuum()
    return len(ids)


def _changes(traces: Traces, subscriptions: Collection[str]) -> Iterator[sa.Executable]:
    """The statements that delete everything but texts."""
    ids, users = traces.ids, [user_id for _, user_id in traces.accounts]
    columns = [
        *(table.c.member_id for table in (session, feedback, assignment, person_setting)),
        *(coaching.c.coach_id, alert.c.member_id, delivery.c.about),
        *(access_log.c.person_id, access_log.c.member_id),
        *(() if traces.is_listed else (member.c.id, team_member.c.member_id)),
    ]
    yield from (sa.delete(column.table).where(column.in_(ids)) for column in columns)
    yield sa.delete(coaching).where(coaching.c.kind == "person", coaching.c.subject_id.in_(ids))
    # Users of the command line are logged by their address.
    yield sa.delete(access_log).where(
        sa.or_(
            access_log.c.email == traces.email,
            access_log.c.user_id == traces.email,
            _of(access_log, traces),
        )
    )
    theirs = (delivery.c.subscription_id.in_(subscriptions), delivery.c.place.in_(users))
    yield sa.delete(delivery).where(sa.or_(*theirs))
    yield sa.delete(alert).where(alert.c.subscription_id.in_(subscriptions))
    yield sa.delete(subscription).where(subscription.c.id.in_(subscriptions))
    yield sa.delete(lease).where(lease.c.name.in_([f"nudge:{id_}" for id_ in ids]))
    yield sa.delete(claim).where(claim.c.name.in_([hello_of(*each) for each in traces.accounts]))
    for table in (slack_user, button, last_question):
        yield sa.delete(table).where(_of(table, traces))
    for column in (coaching.c.added_by, delivery.c.owner_id):
        yield sa.update(column.table).where(column.in_(users)).values({column.key: ""})
    for id_ in ids:
        named = _person(id_)
        for words in (subscription.c.words, delivery.c.words):
            change = sa.update(words.table).where(words.contains(named, autoescape=True))
            # An id that nobody has, unique so that no two questions become equal.
            nobody = sa.literal('id:"') + words.table.c.id + '"'
            yield change.values({words.key: sa.func.replace(words, named, nobody)})


async def _remove_texts(connection: AsyncConnection, traces: Traces) -> None:
    """Delete buttons, last questions and drawn messages of anybody that name them."""
    marks = traces.marks
    for column in (button.c.data, last_question.c.data, delivery.c.message, delivery.c.facts):
        (key,) = column.table.primary_key
        rows = await connection.execute(sa.select(key, column).where(column.is_not(None)))
        named = [row[0] for row in rows if marks.search(_plain(row[1]))]
        for start in range(0, len(named), 500):
            some = key.in_(named[start : start + 500])
            if column is delivery.c.facts:
                await connection.execute(sa.update(delivery).where(some).values(facts=None))
            else:
                await connection.execute(sa.delete(column.table).where(some))


def _plain(value: object) -> str:
    """JSON, parsed or not, as text without escapes."""
    parsed = json.loads(value) if isinstance(value, str) else value
    return json.dumps(parsed, ensure_ascii=False)


def _of(table: sa.Table, traces: Traces, user_id: str = "user_id") -> sa.ColumnElement[bool]:
    """The rows of a table that belong to their accounts."""
    return sa.tuple_(table.c.team_id, table.c[user_id]).in_(traces.accounts)


def _person(member_id: str) -> str:
    """A person in stored words."""
    return query_words(Query(people=(PersonRef(PersonKind.PERSON, member_id),)))
