"""Messages that must arrive once.

    due ──► posting ──► sent      A delivery is marked `posting` before Slack is asked. One that
     ▲         │                  stays there may have arrived: it is looked up in the channel by
     └─────────┴──────► failed    its id before it is posted again.

Marks are compared and set in the database, by the database's time. A post begins within
POST_WITHIN of its mark by a clock that runs while the process is stopped, so a process that was
stopped in between can't post what another one has looked up meanwhile. (A stop of a minute inside
the HTTP client remains: Slack has no idempotency key.)
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import elapsed
from bot.errors import (
    BotError,
    ExecError,
    Limited,
    RateLimited,
    SlackError,
    StorageError,
    Unsure,
)
from bot.messages.blocks import Message
from bot.reports.intervals import Interval, Window, window_over
from bot.slack.web import SlackWeb
from bot.storage.database import Database
from bot.storage.tables import alert, delivery, subscription

log = logging.getLogger(__name__)

POST_WITHIN = 15.0  # seconds between a mark and its post
POST_SECONDS = 10.0  # of a post, however it ends
LOOK_UP_AFTER = timedelta(minutes=1)
TOO_LATE = timedelta(hours=24)
LATE_AFTER = timedelta(minutes=15)  # from then on a message says that it is late
RETRY_AFTER = timedelta(minutes=1)
EXEC_AGAIN_AFTER = timedelta(minutes=5)
DRAW_SECONDS = 80.0  # more than a minute's limit of Exec's
AT_ONCE = 16


class State(StrEnum):
    """How a delivery stands."""

    DUE = "due"
    POSTING = "posting"
    SENT = "sent"
    FAILED = "failed"


class Kind(StrEnum):
    """What a delivery is."""

    SCHEDULED = "scheduled"
    NOW = "now"  # somebody pressed Send now
    ALERT = "alert"
    NUDGE = "nudge"
    NOTICE = "notice"  # what the owner of a subscription should know
    TOLD = "told"  # what somebody should know once: hello, a change of a coach's people
    ALARM = "alarm"  # Exec refuses the key


class Reason(StrEnum):
    """Why a message wasn't sent, or what it waits for."""

    CHANNEL = "channel"
    READERS = "readers"
    OWNER = "owner"
    GONE = "gone"
    FEW = "few"
    EXEC = "exec"
    SLACK = "slack"
    UNKNOWN = "unknown"
    BROKEN = "broken"
    LATE = "late"


# These last until somebody does something about them.
PAUSING = frozenset((Reason.CHANNEL, Reason.READERS, Reason.OWNER, Reason.GONE, Reason.FEW))
# What Slack says of a message that it will never take.
PERMANENT: Mapping[str, Reason] = MappingProxyType(
    dict.fromkeys(
        ("channel_not_found", "not_in_channel", "is_archived", "restricted_action"), Reason.CHANNEL
    )
    | dict.fromkeys(("cannot_dm_bot", "user_disabled", "user_not_found"), Reason.OWNER)
    | dict.fromkeys(
        ("invalid_arguments", "invalid_blocks", "msg_blocks_too_long", "msg_too_long", "no_text"),
        Reason.BROKEN,
    )
    | {"messages_tab_disabled": Reason.SLACK}
)
# What Slack says of a history that it will never show.
UNREADABLE = frozenset(
    (
        *("access_denied", "history_too_long", "method_not_supported_for_channel_type"),
        *("missing_scope", "no_permission", *PERMANENT),
    )
)


class Unsent(Exception):
    """A message that can't be sent."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Nothing(Exception):
    """There is nothing to tell any more."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to a channel or an account (`place`), for its owner.

    `words` are a question in stored words, and the message tells of the time from `start_at` to
    `end_at`; both are empty for a message that is stored. `facts` are what it tells, in a form that
    its kind can compare. `about` is the person a nudge is to.
    """

    id: str
    kind: Kind
    team_id: str
    owner_id: str
    place: str
    planned_at: datetime
    try_at: datetime
    words: str = ""
    zone: str = "UTC"
    subscription_id: str = ""
    start_at: datetime | None = None
    end_at: datetime | None = None
    state: State = State.DUE
    attempts: int = 0
    marked_at: datetime | None = None
    done_at: datetime | None = None
    reason: str = ""
    ts: str = ""
    about: str = ""
    facts: list[Any] | None = None
    message: dict[str, Any] | None = None

    @property
    def is_personal(self) -> bool:
        """Whether it goes to its owner alone."""
        return self.place == self.owner_id

    def window(self, now: datetime) -> Window:
        """What it tells of."""
        start, end = self.start_at or self.planned_at, self.end_at or self.planned_at
        return window_over(Interval(start, end), self.zone, now)

    def late(self, now: datetime) -> datetime | None:
        """When it was due, if it comes late."""
        is_late = self.kind is Kind.SCHEDULED and now - self.planned_at >= LATE_AFTER
        return self.planned_at if is_late else None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message, and the facts in it."""

    message: Message
    facts: list[Any] | None = None


def delivery_id(*said: str) -> str:
    """The same id for the same message, whoever inserts it. It stands in the message's metadata,
    which other apps may read: it gives nothing away."""
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:24]


def delivery_of(row: sa.Row[Any]) -> Delivery:
    """A delivery from a row of the table."""
    values = row._asdict()
    return Delivery(**values | {"kind": Kind(row.kind), "state": State(row.state)})


class Outbox:
    """Posts what is due, in as many processes as run.

    `draw` makes the message of a delivery by what its owner may see now; it raises Unsent, Nothing
    and BotError. `tell` makes what the owner reads about a delivery that failed, None for nothing.
    All methods raise StorageError.
    """

    def __init__(
        self,
        db: Database,
        web: SlackWeb,
        clock: Callable[[], datetime],
        draw: Callable[[Delivery], Awaitable[Drawn]],
        tell: Callable[[Delivery, Reason], Awaitable[Message | None]],
        elapsed: Callable[[], float] = elapsed,
    ) -> None:
        self._db, self._web, self._clock = db, web, clock
        self._draw, self._tell, self._elapsed = draw, tell, elapsed

    async def run(self) -> None:
        """Post everything that is due, in one place one after the other."""
        while rows := await self._due():
            first = {row.place: row for row in reversed(rows)}
            await asyncio.gather(*map(self.deliver, list(first.values())[:AT_ONCE]))

    async def _due(self) -> list[Delivery]:
        """What is due, or may have arrived; the oldest first."""
        now, c = self._clock(), delivery.c
        is_due = (c.state == State.DUE) & (c.try_at <= now)
        is_unknown = (c.state == State.POSTING) & (c.marked_at <= now - LOOK_UP_AFTER)
        query = sa.select(delivery).where(is_due | is_unknown & (c.try_at <= now))
        rows = await self._db.rows(query.order_by(c.planned_at, c.id).limit(10 * AT_ONCE))
        return list(map(delivery_of, rows))

    async def deliver(self, row: Delivery) -> State:
        """Try to deliver one row; returns its state. `posting` means that nobody knows yet."""
        try:
            if row.state is State.POSTING and (known := await self._settle(row)) is not State.DUE:
                return known
            if self._clock() >= row.planned_at + TOO_LATE:
                return await self._fail(row, Reason(row.reason or Reason.LATE))
            async with asyncio.timeout(DRAW_SECONDS):
                drawn = await self._message(row)
            return await self._post(row, drawn)
        except Unsent as error:
            return await self._fail(row, error.reason)
        except Nothing:
            return await self._move(row, State.FAILED)
        except StorageError:
            raise
        except (BotError, TimeoutError) as error:
            return await self._retry(row, error)
        except Exception:
            log.exception("a delivery can't be drawn: %s", row.words.partition(" ")[0])
            return await self._put_off(row, Reason.BROKEN, EXEC_AGAIN_AFTER)

    async def insert(self, connection: AsyncConnection, *rows: Delivery) -> list[Delivery]:
        """Insert deliveries; returns those that weren't there."""
        new = []
        for row in rows:
            statement = self._db.insert(delivery).values(asdict(row)).on_conflict_do_nothing()
            if (await connection.execute(statement.returning(delivery.c.id))).first():
                new.append(row)
        return new

    async def send(self, row: Delivery) -> State:
        """Send a stored message now, once for its id; returns its state. A row that Slack certainly
        didn't take has failed, and is sent no more."""
        # Later than this attempt: only if this process dies another one takes it over.
        row = replace(row, try_at=row.try_at + LOOK_UP_AFTER)
        async with self._db.transaction() as connection:
            new = await self.insert(connection, row)
        if new and await self.deliver(row) is State.DUE:
            c = delivery.c
            unsent = sa.update(delivery).where(c.id == row.id, c.state == State.DUE)
            await self._db.write(unsent.values(state=State.FAILED, done_at=self._clock()))
        found = await self.find(row.id)
        return found.state if found else State.FAILED

    async def find(self, id_: str) -> Delivery | None:
        """A delivery by its id."""
        row = await self._db.row(sa.select(delivery).where(delivery.c.id == id_))
        return None if row is None else delivery_of(row)

    async def newest(
        self, subscription_id: str, states: Collection[State] = tuple(State)
    ) -> Delivery | None:
        """The newest delivery of a subscription."""
        c = delivery.c
        query = sa.select(delivery).where(
            c.subscription_id == subscription_id, c.kind != Kind.NOTICE, c.state.in_(states)
        )
        row = await self._db.row(query.order_by(c.planned_at.desc()).limit(1))
        return None if row is None else delivery_of(row)

    async def _message(self, row: Delivery) -> Drawn:
        if row.message is not None:
            return Drawn(Message(**row.message))
        return await self._draw(row)

    async def _post(self, row: Delivery, drawn: Drawn) -> State:
        """Post with the delivery's id as metadata."""
        while True:
            began = self._elapsed()
            if (marked := await self._mark(row, drawn.facts)) is None:
                return State.POSTING  # another process has it
            row = marked
            if self._elapsed() - began <= POST_WITHIN:
                break
        try:
            async with asyncio.timeout(POST_SECONDS):
                ts = await self._web.post(row.place, drawn.message, delivery_id=row.id)
        except (Unsure, TimeoutError):
            return State.POSTING
        except SlackError as error:
            plain = drawn.message.plain()
            if error.code == "invalid_blocks" and plain.blocks != drawn.message.blocks:
                return await self._post(row, Drawn(plain, drawn.facts))
            if error.code in PERMANENT:
                log.warning("a delivery is refused: %s", error.code)
                return await self._fail(row, PERMANENT[error.code])
            return await self._retry(row, error)
        return await self._move(row, State.SENT, ts=ts)

    async def _settle(self, row: Delivery) -> State:
        """Look up in the channel whether a post has arrived; DUE if it hasn't."""
        is_person = row.place.startswith(("U", "W"))
        marked_at = row.marked_at or row.planned_at
        try:
            channel = await self._web.open_dm(row.place) if is_person else row.place
            ts = await self._web.find_post(channel, row.id, marked_at)
        except SlackError as error:
            if error.code in UNREADABLE or self._clock() >= row.planned_at + TOO_LATE:
                log.warning("nobody can tell whether a delivery arrived: %s", error.code)
                return await self._fail(row, Reason.UNKNOWN)
            seconds = error.seconds if isinstance(error, RateLimited) else 0.0
            wait = max(RETRY_AFTER, timedelta(seconds=seconds))
            return await self._move(row, State.POSTING, try_at=self._clock() + wait)
        return State.DUE if ts is None else await self._move(row, State.SENT, ts=ts)

    async def _retry(self, row: Delivery, error: Exception) -> State:
        """Put a row off until what is in its way may be over."""
        now = self._clock()
        match error:
            case Limited():
                return await self._put_off(row, Reason.EXEC, error.until - now)
            case ExecError() | TimeoutError():
                return await self._put_off(row, Reason.EXEC, EXEC_AGAIN_AFTER)
            case RateLimited():
                return await self._put_off(row, Reason.SLACK, timedelta(seconds=error.seconds))
            case _:
                return await self._put_off(row, Reason.SLACK, RETRY_AFTER)

    async def _put_off(self, row: Delivery, reason: Reason, wait: timedelta) -> State:
        wait = min(max(wait, timedelta(seconds=1)), TOO_LATE)
        return await self._move(row, State.DUE, reason=reason, try_at=self._clock() + wait)

    async def _fail(self, row: Delivery, reason: Reason) -> State:
        """Give a row up. Its owner is told why, once; what lasts pauses the subscription."""
        said = await self._tell(row, reason)
        async with self._db.transaction() as connection:
            if not await self._change(connection, row, State.FAILED, reason=reason):
                return State.FAILED
            if reason in PAUSING and row.kind is Kind.SCHEDULED:
                mine = sa.update(subscription).where(subscription.c.id == row.subscription_id)
                await connection.execute(mine.values(next_at=None, reason=reason))
            if reason is Reason.UNKNOWN and row.kind is Kind.ALERT:
                await self._know(connection, row)  # it may have arrived
            if said is not None:
                now = self._clock()
                notice = Delivery(
                    id=delivery_id("notice", row.id),
                    kind=Kind.NOTICE,
                    team_id=row.team_id,
                    owner_id=row.owner_id,
                    place=row.owner_id,
                    planned_at=now,
                    try_at=now,
                    subscription_id=row.subscription_id,
                    message=said.body,
                )
                await self.insert(connection, notice)
        return State.FAILED

    async def _mark(self, row: Delivery, facts: list[Any] | None) -> Delivery | None:
        """Mark a row as posting; None if another process changed it since it was read."""
        now = self._clock()
        values = {"state": State.POSTING, "marked_at": now, "try_at": now, "facts": facts}
        mark = _unchanged(row).values(attempts=row.attempts + 1, **values).returning(delivery)
        marked = await self._db.returned(mark)
        return None if marked is None else delivery_of(marked)

    async def _move(self, row: Delivery, state: State, **values: Any) -> State:
        """Move a row on, unless another process has done so; returns the new state."""
        async with self._db.transaction() as connection:
            moved = await self._change(connection, row, state, **values)
            if moved and state is State.SENT and row.kind is Kind.ALERT:
                await self._know(connection, row)
        return state

    async def _change(
        self, connection: AsyncConnection, row: Delivery, state: State, **values: Any
    ) -> bool:
        if state in (State.SENT, State.FAILED):
            values["done_at"] = self._clock()
        moved = await connection.execute(_unchanged(row).values(state=state, **values))
        return bool(moved.rowcount)

    async def _know(self, connection: AsyncConnection, row: Delivery) -> None:
        """The owner of alerts knows these events from now on."""
        found = await connection.execute(sa.select(delivery.c.facts).where(delivery.c.id == row.id))
        now = self._clock()
        rows = [
            {"subscription_id": id_, "key": key, "member_id": member_id, "at": now}
            for id_, key, member_id in found.scalar_one() or ()
        ]
        await self._db.put(connection, alert, rows)


def _unchanged(row: Delivery) -> sa.Update:
    """An update that finds nothing if the row was marked or moved since it was read."""
    c = delivery.c
    return sa.update(delivery).where(
        c.id == row.id, c.state == row.state, c.attempts == row.attempts
    )
