"""Removing what is stored: of time long past, and of one person."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa

from bot.language.query import PersonKind, PersonRef, Query
from bot.language.text import kept_address
from bot.language.words import query_words
from bot.mirror.rows import to_ms
from bot.mirror.store import SessionStore
from bot.people.coaches import Subject
from bot.storage.claims import hello_of
from bot.storage.database import Database
from bot.storage.keeping import forget_old
from bot.storage.tables import (
    alert,
    alert_told,
    claim,
    coaching,
    delivery,
    last_question,
    member,
    nudge,
    opt_out,
    person_link,
    practice_person,
    practice_session,
    roster_member,
    session_feedback,
    slack_user,
    stored_answer,
    stored_command,
    subscription,
)


@dataclass(frozen=True, slots=True)
class Traces:
    """What is stored of a person: their Exec ids, what they are called, and how much there is.

    `accounts` are their Slack accounts, as (team id, user id), `names` all that they are called
    there and in Exec. `present`: Exec lists them still.
    """

    ids: tuple[str, ...]
    name: str
    sessions: int
    groups: int
    accounts: tuple[tuple[str, str], ...]
    present: bool
    email: str
    names: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        return not self.ids and not self.accounts

    @property
    def marks(self) -> frozenset[str]:
        """The words that identify the person in any text."""
        return frozenset((*self.ids, *(user for _, user in self.accounts), self.email, *self.names))

    @property
    def called(self) -> frozenset[str]:
        """The words that may mean them in typed text: also a first name, or an address up to
        the @."""
        words = {word for name in self.names for word in name.split() if len(word) > 1}
        return self.marks | words | {self.email.partition("@")[0]}


@dataclass(frozen=True, slots=True)
class Gone:
    """How many sessions were removed, and how many messages that the person had sent regularly."""

    sessions: int
    messages: int


# Where people stand by their Exec id; what Exec lists belongs to the lists, and stays true only
# with everybody in them; and what belongs to a Slack account.
_MEMBER_IDS = (
    practice_person.c.id,
    person_link.c.member_id,
    session_feedback.c.user_id,
    coaching.c.coach_id,
    nudge.c.coach_id,
    nudge.c.person_id,
    opt_out.c.member_id,
    alert_told.c.person_id,
)
_LISTED = (member.c.id, roster_member.c.user_id)
_ACCOUNTS = (slack_user, person_link, stored_answer, stored_command, last_question)
# Where an account stands beside what belongs to others.
_BY = (coaching.c.added_by, person_link.c.linked_by, delivery.c.asked_by)


@dataclass(frozen=True, slots=True)
class Forgetting:
    database: Database
    store: SessionStore
    clock: Callable[[], datetime]

    async def forget_old(self, retention: timedelta) -> None:
        """Drop sessions older than `retention`, and all else whose time is over. Raises
        StorageError."""
        now = self.clock()
        await forget_old(self.database, now, retention)
        await self.store.forget_before(to_ms(now - retention))

    async def traces(self, email: str) -> Traces:
        """What is stored of whoever has this e-mail address. Raises StorageError."""
        email = kept_address(email)
        listed = await self.database.rows(sa.select(member).where(member.c.email == email))
        named = sa.select(practice_person).where(practice_person.c.email == email)
        practiced = await self.database.rows(named)
        ids = tuple(sorted({row.id for row in (*listed, *practiced)}))
        names = [
            *(row.name for row in listed),
            *(f"{row.first_name} {row.last_name}".strip() for row in practiced),
        ]
        theirs = practice_session.c.user_id.in_(ids)
        sessions = await self.database.count(practice_session, theirs)
        groups = await self.database.count(
            roster_member, roster_member.c.user_id.in_(ids), roster_member.c.last_seen.is_(None)
        )
        by_mail = sa.select(slack_user.c.team_id, slack_user.c.user_id)
        by_link = sa.select(person_link.c.team_id, person_link.c.user_id)
        accounts = await self.database.rows(
            by_mail.where(slack_user.c.email == email).union(
                by_link.where(person_link.c.member_id.in_(ids))
            )
        )
        name = next(filter(None, names), email)
        pairs = tuple((row.team_id, row.user_id) for row in accounts)
        in_slack = sa.select(slack_user.c.name, slack_user.c.handle).where(_of(slack_user, pairs))
        for row in await self.database.rows(in_slack):
            names += row
        present = any(row.gone_at is None for row in listed)
        called = tuple(sorted({*filter(None, names)}))
        return Traces(ids, name, sessions, groups, pairs, present, email, called)

    async def forget(self, traces: Traces) -> Gone:
        """Remove all of that. Raises StorageError.

        Somebody whom Exec still lists stays in its lists. A question of others that names them by
        their id names nobody: its owner is told when it is due.
        """
        sessions = await self.store.forget_people(traces.ids)
        columns = [*_MEMBER_IDS, *(() if traces.present else _LISTED)]
        named = sa.and_(coaching.c.kind == Subject.PERSON, coaching.c.subject_id.in_(traces.ids))
        users = [user_id for _, user_id in traces.accounts]
        own = sa.select(subscription.c.id).where(_of(subscription, traces.accounts, "owner_id"))
        ids = await self.database.scalars(own)
        await self.database.write(
            sa.delete(delivery).where(
                sa.or_(delivery.c.source_id.in_(ids), delivery.c.place.in_(users))
            ),
            sa.delete(subscription).where(subscription.c.id.in_(ids)),
            *(sa.delete(column.table).where(column.in_(traces.ids)) for column in columns),
            sa.delete(coaching).where(named),
            # An admin who is not in Exec nudges by their account.
            sa.delete(nudge).where(nudge.c.coach_id.in_(users)),
            sa.delete(roster_member).where(
                roster_member.c.user_id.in_(traces.ids), roster_member.c.last_seen.is_not(None)
            ),
            *(change for id_ in traces.ids for change in _unnamed(id_)),
            _ungreeted(traces.accounts),
            *_alerts_of(traces.accounts),
            *(sa.delete(table).where(_of(table, traces.accounts)) for table in _ACCOUNTS),
            *(sa.update(by.table).where(by.in_(users)).values({by.key: ""}) for by in _BY),
        )
        await self._untold(traces)
        await self.database.vacuum()
        return Gone(sessions, len(ids))

    async def _untold(self, traces: Traces) -> None:
        """Remove the texts that are about them, whosever they are."""
        for column in (
            stored_command.c.words,
            stored_answer.c.words,
            last_question.c.words,
            last_question.c.before,
            last_question.c.choices,
            last_question.c.refused,
        ):
            await self._in_texts(column, traces.called, sa.delete(column.table))
        await self._in_texts(delivery.c.message, traces.marks, sa.delete(delivery))
        cleared = sa.update(delivery).values(reported=None)
        await self._in_texts(delivery.c.reported, traces.marks, cleared)

    async def _in_texts(
        self, column: sa.Column[str], marks: Collection[str], change: sa.Delete | sa.Update
    ) -> None:
        """Make the change of the rows in whose text any of the marks stands as a word."""
        marks = [mark for mark in marks if mark]
        if not marks:
            return
        (key,) = column.table.primary_key
        has = partial(sa.func.lower(column).contains, autoescape=True)
        likely = sa.select(key, column).where(sa.or_(*(has(mark.lower()) for mark in marks)))
        is_in = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, marks))})(?!\w)", re.IGNORECASE)
        for row_key, text in await self.database.rows(likely):
            if is_in.search(text):
                await self.database.write(change.where(key == row_key))


def _ungreeted(accounts: Collection[tuple[str, str]]) -> sa.Executable:
    """Remove that they were greeted."""
    names = [hello_of(*account) for account in accounts]
    return sa.delete(claim).where(claim.c.name.in_(names))


def _alerts_of(accounts: Collection[tuple[str, str]]) -> tuple[sa.Executable, ...]:
    """Remove their alerts, and what these have reported."""
    theirs = _of(alert, accounts, "owner_id")
    ids = sa.select(alert.c.id).where(theirs)
    return (
        sa.delete(alert_told).where(alert_told.c.alert_id.in_(ids)),
        sa.delete(alert).where(theirs),
    )


def _of(
    table: sa.Table, accounts: Collection[tuple[str, str]], user_id: str = "user_id"
) -> sa.ColumnElement[bool]:
    """The rows of a table that are of these accounts."""
    return sa.tuple_(table.c.team_id, table.c[user_id]).in_(accounts)


def _unnamed(id_: str) -> Iterator[sa.Executable]:
    """Remove the person from scheduled questions and alerts, and stored answers about them."""
    # Rows of answers are kept for a day, to turn their pages: those with this person in them go,
    # whoever asked.
    answers = stored_answer.c.body.contains(f'"{id_}"', autoescape=True)
    yield sa.update(stored_answer).where(answers).values(body=None)
    named, nobody = _person(id_), _person("removed")
    for ask in (subscription.c.ask, delivery.c.about_ask, alert.c.who):
        change = sa.update(ask.table).where(ask.contains(named, autoescape=True))
        yield change.values({ask.key: sa.func.replace(ask, named, nobody)})


def _person(member_id: str) -> str:
    """A person as stored words name them."""
    return query_words(Query(people=(PersonRef(PersonKind.PERSON, member_id),)))
