"""Deletes old data, and everything about a person."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.language.filters import query_words
from bot.language.query import PersonKind, PersonRef, Query
from bot.language.text import kept_address
from bot.storage.database import Database
from bot.storage.last_questions import FOLLOW_UP_WITHIN
from bot.storage.leases import hello_of
from bot.storage.sessions import SESSIONS
from bot.storage.tables import (
    access_log,
    alert,
    assignment,
    button,
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
    lease.c.expires_at: timedelta(),
    last_question.c.at: FOLLOW_UP_WITHIN,
    button.c.created_at: timedelta(days=30),
    request.c.sent_at: timedelta(days=1, hours=1),
}
# These are kept as long as sessions.
WITH_SESSIONS = (feedback.c.created_at, delivery.c.planned_at)
OF_MEMBER = (session, feedback, assignment, person_setting, alert, access_log)


async def tidy(database: Database, now: datetime, *, history: timedelta, audit: timedelta) -> None:
    """Delete old rows: sessions after `history`, the access log after `audit`.

    Raises StorageError.
    """
    oldest = now - history
    start = sa.select(sa.type_coerce(window.c.start_at, sa.BigInteger))
    start = start.where(window.c.name == SESSIONS)
    ages = {**KEEP, **dict.fromkeys(WITH_SESSIONS, history)}
    await database.write(
        *(sa.delete(column.table).where(column < now - age) for column, age in ages.items()),
        sa.update(delivery)
        .where(delivery.c.done_at.is_not(None), delivery.c.message.is_not(None))
        .values(message=None),
        sa.delete(access_log).where(access_log.c.day <= (now - audit).date()),
        # The edge first, so that no session is missing within the window.
        sa.update(window)
        .where(window.c.name == SESSIONS, window.c.start_at < oldest, window.c.end_at > oldest)
        .values(start_at=oldest),
        # Including sessions read directly from Exec, which aren't kept up to date.
        sa.delete(session).where(session.c.created_at < start.scalar_subquery()),
        # People who left Exec, once their last session is deleted.
        sa.delete(member).where(
            ~member.c.is_listed, member.c.id.not_in(sa.select(session.c.member_id))
        ),
    )


@dataclass(frozen=True, slots=True)
class Traces:
    """The stored data about a person.

    `ids` are their Exec ids, `accounts` their Slack accounts as (team id, user id). `is_listed`:
    Exec still lists them.
    """

    ids: Sequence[str]
    name: str
    email: str
    accounts: Sequence[tuple[str, str]]
    is_listed: bool
    sessions: int
    groups: int

    @property
    def nothing(self) -> bool:
        return not self.ids and not self.accounts


async def find_traces(database: Database, email: str) -> Traces:
    """The stored data about the person with this e-mail address. Raises StorageError."""
    email = kept_address(email)
    people = await database.rows(sa.select(member).where(member.c.email == email))
    ids = [row.id for row in people]
    account = sa.or_(slack_user.c.email == email, slack_user.c.linked_id.in_(ids))
    accounts = await database.rows(sa.select(slack_user).where(account))
    return Traces(
        ids=ids,
        name=next((row.name for row in people if row.name), email),
        email=email,
        accounts=[(row.team_id, row.user_id) for row in accounts],
        is_listed=any(row.is_listed for row in people),
        sessions=await database.count(session, session.c.member_id.in_(ids)),
        groups=await database.count(team_member, team_member.c.member_id.in_(ids)),
    )


async def forget(database: Database, traces: Traces) -> int:
    """Delete the data. Returns the number of deleted subscriptions. Raises StorageError.

    Their row stays while Exec lists them. Buttons, last questions and sent messages are deleted for
    everybody, because they may name anyone.
    """
    own = sa.select(subscription.c.id).where(_of(subscription, traces, "owner_id"))
    subscriptions = await database.scalars(own)
    await database.write(
        sa.delete(button),
        sa.delete(last_question),
        sa.update(delivery).where(delivery.c.done_at.is_not(None)).values(message=None, facts=None),
        *_deletions(traces, subscriptions),
        *_replacements(traces),
    )
    await database.vacuum()
    return len(subscriptions)


def _deletions(traces: Traces, subscriptions: Sequence[str]) -> Iterator[sa.Delete]:
    ids, users = traces.ids, [user_id for _, user_id in traces.accounts]
    theirs: dict[sa.Column[str], Sequence[str]] = {
        **dict.fromkeys((table.c.member_id for table in OF_MEMBER), ids),
        **dict.fromkeys((coaching.c.coach_id, delivery.c.about, access_log.c.person_id), ids),
        # Users of the command line are logged by their address.
        access_log.c.email: [traces.email],
        access_log.c.user_id: [traces.email],
        **dict.fromkeys((delivery.c.subscription_id, alert.c.subscription_id), subscriptions),
        subscription.c.id: subscriptions,
        delivery.c.place: users,
        lease.c.name: [
            *(f"nudge:{id_}" for id_ in ids),
            *(hello_of(*account) for account in traces.accounts),
        ],
    }
    if not traces.is_listed:
        theirs |= {member.c.id: ids, team_member.c.member_id: ids}
    yield from (sa.delete(column.table).where(column.in_(some)) for column, some in theirs.items())
    yield from (sa.delete(table).where(_of(table, traces)) for table in (access_log, slack_user))
    yield sa.delete(coaching).where(coaching.c.kind == "person", coaching.c.subject_id.in_(ids))
    # Messages that wait to be sent. JSON has escapes for letters that aren't ASCII.
    marks = [json.dumps(mark)[1:-1] for mark in (*ids, *users, traces.name, traces.email)]
    text = sa.cast(delivery.c.message, sa.Text)
    yield sa.delete(delivery).where(sa.or_(*(text.contains(x, autoescape=True) for x in marks)))


def _replacements(traces: Traces) -> Iterator[sa.Update]:
    """Other people's rows, without their ids."""
    users = [user_id for _, user_id in traces.accounts]
    yield sa.update(delivery).where(delivery.c.owner_id.in_(users)).values(owner_id="")
    for id_ in traces.ids:
        named = query_words(Query(people=(PersonRef(PersonKind.PERSON, id_),)))
        for words in (subscription.c.words, delivery.c.words):
            change = sa.update(words.table).where(words.contains(named, autoescape=True))
            # An id that nobody has, unique so that no two questions become equal.
            nobody = sa.literal('id:"') + words.table.c.id + '"'
            yield change.values({words.key: sa.func.replace(words, named, nobody)})


def _of(table: sa.Table, traces: Traces, user_id: str = "user_id") -> sa.ColumnElement[bool]:
    """The rows of a table that belong to their accounts."""
    return sa.tuple_(table.c.team_id, table.c[user_id]).in_(traces.accounts)
