"""Questions that wait for the night: each is worked on by one process at a time.

    waiting ─► working ─► posting ─► done
       ▲          │          │
       └──────────┴──────────┴─────► failed

A lease says until when a row is its worker's. It is also the worker's proof: every step names
the lease that it was taken under, so a worker that was too slow finds the row changed, and stops.
A row in `posting` whose lease ran out may or may not have reached Slack: look before sending.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import UserError
from bot.storage.clocks import ahead
from bot.storage.database import Database
from bot.storage.tables import awaited_question as table


class State(StrEnum):
    WAITING = "waiting"
    WORKING = "working"
    POSTING = "posting"
    DONE = "done"
    FAILED = "failed"


# An answer may take as long as Exec's limits make it; a post takes seconds.
LEASES = {State.WORKING: timedelta(minutes=30), State.POSTING: timedelta(minutes=1)}
MOST = 20  # waiting for one person
KEEP = timedelta(days=3)
# Nobody is told to wait for longer.
LONGEST_WAIT = timedelta(hours=24)
# Any fixed number: it sets our advisory locks apart from others.
_LOCKS = 0x61776169


@dataclass(frozen=True, slots=True)
class Awaited:
    """A question as it stands. `id` is opaque; `lease_until` is None while it waits."""

    id: str
    team_id: str
    user_id: str
    words: str
    asked_at: datetime
    due_at: datetime
    state: State
    lease_until: datetime | None


class AwaitedQuestions:
    """All methods raise StorageError."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    async def keep(self, team_id: str, user_id: str, words: str, due_at: datetime) -> str:
        """Note that this person wants these words answered from `due_at` on; the id.

        The same words of the same person that wait already are not noted twice. Raises UserError
        when too many wait.
        """
        async with self._database.transaction() as connection:
            await self._one_at_a_time(connection, f"{team_id} {user_id}")
            theirs = sa.select(table.c.id, table.c.words).where(
                table.c.team_id == team_id,
                table.c.user_id == user_id,
                table.c.state.in_((State.WAITING, State.WORKING)),
            )
            waiting = (await connection.execute(theirs)).all()
            for row in waiting:
                if row.words == words:
                    return str(row.id)
            if len(waiting) >= MOST:
                raise UserError(
                    "{count} of your questions wait for tonight already, and that is as many as I "
                    "keep. Ask this one tomorrow.",
                    count=str(len(waiting)),
                )
            id_ = self._new_id()
            await connection.execute(
                sa.insert(table).values(
                    id=id_,
                    team_id=team_id,
                    user_id=user_id,
                    words=words,
                    asked_at=self._clock(),
                    due_at=due_at,
                    state=State.WAITING,
                )
            )
        return id_

    async def claim(self) -> Awaited | None:
        """Take on the question that is due for longest; None if there is none left.

        It comes back as `working`, or as `posting` if whoever had it before may have sent it.
        """
        now = self._clock()
        # What lies further ahead than anything may was written by a clock that was wrong.
        longest = max(LEASES.values())
        stale = sa.or_(table.c.lease_until <= now, ahead(table.c.lease_until, now + longest))
        is_time = sa.or_(table.c.due_at <= now, ahead(table.c.due_at, now + LONGEST_WAIT))
        due = sa.or_(
            sa.and_(table.c.state == State.WAITING, is_time),
            sa.and_(table.c.state.in_((State.WORKING, State.POSTING)), stale),
        )
        first = (
            sa.select(table.c.id)
            .where(due)
            .order_by(table.c.due_at, table.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        is_posting = table.c.state == State.POSTING
        take = (
            sa.update(table)
            # Again with `due`: another process may have changed the row since it was chosen.
            .where(table.c.id == first, due)
            .values(
                state=sa.case((is_posting, State.POSTING), else_=State.WORKING),
                lease_until=sa.case(
                    (is_posting, sa.literal(now + LEASES[State.POSTING], table.c.due_at.type)),
                    else_=sa.literal(now + LEASES[State.WORKING], table.c.due_at.type),
                ),
            )
            .returning(table)
        )
        return await self._changed(take)

    async def hold(self, question: Awaited, state: State) -> Awaited | None:
        """Go on with it in `state` under a new lease; None if it is another's by now."""
        until = self._clock() + LEASES[state]
        return await self._changed(_mine(question).values(state=state, lease_until=until))

    async def put_back(self, question: Awaited, due_at: datetime) -> bool:
        """Let it wait until `due_at`; False if it is another's by now."""
        values = {"state": State.WAITING, "due_at": due_at, "lease_until": None}
        return await self._changed(_mine(question).values(values)) is not None

    async def finish(self, question: Awaited, state: State) -> bool:
        """It is `done` or `failed`, its words are forgotten; False if it is another's by now."""
        values = {"state": state, "words": "", "lease_until": None}
        return await self._changed(_mine(question).values(values)) is not None

    async def forget_old(self) -> None:
        """Delete what was asked days ago, whatever became of it."""
        old = sa.delete(table).where(table.c.asked_at < self._clock() - KEEP)
        async with self._database.transaction() as connection:
            await connection.execute(old)

    async def _changed(self, update: sa.Executable) -> Awaited | None:
        async with self._database.transaction() as connection:
            row = (await connection.execute(update)).mappings().first()
        if row is None:
            return None
        return Awaited(**{**row, "state": State(row["state"])})

    async def _one_at_a_time(self, connection: AsyncConnection, person: str) -> None:
        """Two questions of one person at once would not see each other. SQLite has one writer."""
        if not self._database.is_sqlite:
            key = sa.func.hashtext(person)
            await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCKS, key)))


def _mine(question: Awaited) -> sa.sql.dml.ReturningUpdate[Any]:
    return (
        sa.update(table)
        .where(
            table.c.id == question.id,
            table.c.state == question.state,
            table.c.lease_until == question.lease_until,
        )
        .returning(table)
    )
