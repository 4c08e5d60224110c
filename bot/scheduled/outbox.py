"""Sends messages that must arrive exactly once.

    due ──► posting ──► sent      A delivery is marked `posting` before Slack is called. If it stays
     ▲         │                  there, it may have arrived: it is looked up in the channel by its
     └─────────┴──────► failed    id before it is posted again.

Marks are compare-and-swap updates, by the database's time. A post begins within POST_WITHIN of its
mark, by a clock that also runs while the process is stopped: a process that was stopped in between
can't post what another one has looked up meanwhile. (Slack has no idempotency keys, so a process
stopped for a minute inside the HTTP client could still post twice.)
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol, TypeAlias

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import elapsed
from bot.errors import BotError, ExecError, Limited, RateLimited, SlackError, StorageError, Unsure
from bot.messages.blocks import Message
from bot.reports.intervals import Interval, Periods, periods_over
from bot.storage.database import Database
from bot.storage.tables import alert, delivery, subscription

log = logging.getLogger(__name__)

# A message, and the facts in it that are stored with its delivery.
Drawn: TypeAlias = tuple[Message, list[Any] | None]

POST_WITHIN = 15.0  # seconds between a mark and its post
POST_SECONDS = 10.0  # for a post
LOOK_UP_AFTER = timedelta(minutes=1)
TOO_LATE = timedelta(hours=24)
LATE_AFTER = timedelta(minutes=15)  # a message sent later says that it is late
RETRY_AFTER = timedelta(minutes=1)
EXEC_AGAIN_AFTER = timedelta(minutes=5)
DRAW_SECONDS = 80.0  # enough to wait out Exec's limit per minute
AT_ONCE = 16


class State(StrEnum):
    """The state of a delivery."""

    DUE = "due"
    POSTING = "posting"
    SENT = "sent"
    FAILED = "failed"


class DeliveryKind(StrEnum):
    """The kind of a delivery."""

    SCHEDULED = "scheduled"
    NOW = "now"  # somebody pressed Send now
    ALERT = "alert"
    NUDGE = "nudge"
    ONE_TIME = "one_time"  # such as a greeting, or the notice about a failed delivery


class Reason(StrEnum):
    """Why a message wasn't sent, or is waiting."""

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


class Explanation(NamedTuple):
    """Why a message wasn't sent. A reason with a remedy, which somebody has to apply, pauses the
    subscription. Both are sentences with `{place}`, `{owner}` and `{command}`."""

    why: str
    remedy: str = ""


REASONS: Mapping[Reason, Explanation] = MappingProxyType(
    {
        Reason.CHANNEL: Explanation(
            "I'm not in {place}, or I can't post there anymore.",
            "Invite me with `/invite` or choose another channel, then press Resume.",
        ),
        Reason.READERS: Explanation(
            "{place} has guests, people from another company or more than 200 members, so I don't "
            "post practice results there.",
            "Choose another channel, or press Resume once that has changed.",
        ),
        Reason.OWNER: Explanation(
            "{owner} can't see this practice anymore.",
            "An admin can give the people back with `{command} coach add`. Then press Resume.",
        ),
        Reason.GONE: Explanation(
            "The group or the people it is about are gone from Exec.",
            "Edit or remove it, or press Resume once that has changed.",
        ),
        Reason.FEW: Explanation(
            "I post only results of three or more people.",
            "Edit it to ask about more people, or remove it.",
        ),
        Reason.EXEC: Explanation("I couldn't reach Exec for a day."),
        Reason.SLACK: Explanation("Slack didn't accept it for a day."),
        Reason.UNKNOWN: Explanation(
            "Slack didn't say whether it arrived, and I couldn't look it up. I didn't send it "
            "again, so that it can't arrive twice."
        ),
        Reason.BROKEN: Explanation(
            "Something went wrong on my side. The person who runs this bot can look it up in the "
            "log."
        ),
        Reason.LATE: Explanation("I wasn't running when it was due, and now it is too old."),
    }
)
# Slack's errors for a message that it will never accept.
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
# Slack's errors for a history that it will never show.
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
    """There is nothing to send."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to a channel or an account (`place`), for its owner.

    A scheduled message has a question in stored words and its period, `start_at` to `end_at`. Any
    other has its stored `message`. `facts` are the facts in the message, as its kind stores them.
    `about` is the Exec id of the person a nudge is for.
    """

    id: str
    kind: DeliveryKind
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

    def periods(self, now: datetime) -> Periods:
        """The period of the question."""
        start, end = self.start_at or self.planned_at, self.end_at or self.planned_at
        return periods_over(Interval(start, end), self.zone, now)

    def late(self, now: datetime) -> datetime | None:
        """When the message was due, if it is late."""
        is_late = self.kind is DeliveryKind.SCHEDULED and now - self.planned_at >= LATE_AFTER
        return self.planned_at if is_late else None


def delivery_id(*parts: str) -> str:
    """The id of the message with these parts, the same in every process. A hash, because other apps
    can read the metadata of a message."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def delivery_of(row: sa.Row[Any]) -> Delivery:
    """A delivery from a row of the table."""
    values = row._asdict()
    return Delivery(**values | {"kind": DeliveryKind(row.kind), "state": State(row.state)})


class Poster(Protocol):
    """What the outbox calls of Slack. All methods raise SlackError."""

    async def post(self, to: str, message: Message, *, delivery_id: str) -> str: ...

    async def find_post(self, channel_id: str, delivery_id: str, since: datetime) -> str | None: ...

    async def open_dm(self, user_id: str) -> str: ...


class Outbox:
    """Posts due messages, in any number of processes.

    `draw` returns the message of a delivery, by what its owner can see now, and the facts in it; it
    raises Unsent, Nothing and BotError. `failure_notice` returns the notice about a failed delivery
    to its owner, or None. All methods raise StorageError.
    """

    def __init__(
        self,
        db: Database,
        web: Poster,
        clock: Callable[[], datetime],
        draw: Callable[[Delivery], Awaitable[Drawn]],
        failure_notice: Callable[[Delivery, Reason], Awaitable[Delivery | None]],
        elapsed: Callable[[], float] = elapsed,
    ) -> None:
        self._db, self._web, self._clock = db, web, clock
        self._draw, self._failure_notice, self._elapsed = draw, failure_notice, elapsed

    async def run(self) -> None:
        """Post everything that is due; in each place one after the other."""
        while rows := await self._due():
            first = {row.place: row for row in reversed(rows)}
            await asyncio.gather(*map(self.deliver, list(first.values())[:AT_ONCE]))

    async def _due(self) -> list[Delivery]:
        """The deliveries that are due, or may have arrived; oldest first."""
        now, c = self._clock(), delivery.c
        is_due = (c.state == State.DUE) & (c.try_at <= now)
        is_unknown = (c.state == State.POSTING) & (c.marked_at <= now - LOOK_UP_AFTER)
        query = sa.select(delivery).where(is_due | is_unknown & (c.try_at <= now))
        rows = await self._db.rows(query.order_by(c.planned_at, c.id).limit(10 * AT_ONCE))
        return list(map(delivery_of, rows))

    async def deliver(self, row: Delivery) -> State:
        """Try to deliver a row. Returns its new state. POSTING means that the outcome is
        unknown."""
        try:
            if row.state is State.POSTING and (state := await self._look_up(row)) is not State.DUE:
                return state
            if self._clock() >= row.planned_at + TOO_LATE:
                return await self._fail(row, Reason(row.reason or Reason.LATE))
            if row.message is not None:
                return await self._post(row, Message(**row.message))
            async with asyncio.timeout(DRAW_SECONDS):
                message, facts = await self._draw(row)
            return await self._post(row, message, facts)
        except Unsent as error:
            return await self._fail(row, error.reason)
        except Nothing:
            return await self._move(row, State.FAILED)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - the edge
            return await self._retry(row, error)

    async def insert(self, connection: AsyncConnection, *rows: Delivery) -> list[Delivery]:
        """Insert deliveries whose ids are new, and return these."""
        new = []
        for row in rows:
            statement = self._db.insert(delivery).values(asdict(row)).on_conflict_do_nothing()
            if (await connection.execute(statement.returning(delivery.c.id))).first():
                new.append(row)
        return new

    async def send(self, row: Delivery) -> State:
        """Send a stored message now, once per id. Returns its state. If Slack didn't accept it, it
        has failed and isn't retried."""
        # Due after this attempt, so that another process takes over only if this one dies.
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

    async def newest(self, subscription_id: str) -> Delivery | None:
        """The newest delivery of a subscription."""
        c = delivery.c
        query = sa.select(delivery).where(c.subscription_id == subscription_id)
        row = await self._db.row(query.order_by(c.planned_at.desc()).limit(1))
        return None if row is None else delivery_of(row)

    async def _post(self, row: Delivery, message: Message, facts: list[Any] | None = None) -> State:
        """Post with the delivery's id as metadata."""
        while True:
            began = self._elapsed()
            if (marked := await self._mark(row, facts)) is None:
                return State.POSTING  # another process took it
            row = marked
            if self._elapsed() - began <= POST_WITHIN:
                break
        try:
            async with asyncio.timeout(POST_SECONDS):
                ts = await self._web.post(row.place, message, delivery_id=row.id)
        except (Unsure, TimeoutError):
            return State.POSTING
        except SlackError as error:
            plain = message.plain()
            if error.code == "invalid_blocks" and plain.blocks != message.blocks:
                return await self._post(row, plain, facts)
            if error.code in PERMANENT:
                log.warning("a delivery is refused: %s", error.code)
                return await self._fail(row, PERMANENT[error.code])
            return await self._retry(row, error)
        return await self._move(row, State.SENT, ts=ts)

    async def _look_up(self, row: Delivery) -> State:
        """Look up in the channel whether a post has arrived: SENT, DUE, or POSTING to retry."""
        is_person = row.place.startswith(("U", "W"))
        marked_at = row.marked_at or row.planned_at
        try:
            channel = await self._web.open_dm(row.place) if is_person else row.place
            ts = await self._web.find_post(channel, row.id, marked_at)
        except SlackError as error:
            if error.code in UNREADABLE or self._clock() >= row.planned_at + TOO_LATE:
                log.warning("can't look up whether a delivery arrived: %s", error.code)
                return await self._fail(row, Reason.UNKNOWN)
            seconds = error.seconds if isinstance(error, RateLimited) else 0.0
            wait = max(RETRY_AFTER, timedelta(seconds=seconds))
            return await self._move(row, State.POSTING, try_at=self._clock() + wait)
        return State.DUE if ts is None else await self._move(row, State.SENT, ts=ts)

    async def _retry(self, row: Delivery, error: Exception) -> State:
        """Put a row off until the error may be over."""
        now = self._clock()
        match error:
            case Limited():
                reason, wait = Reason.EXEC, error.until - now
            case ExecError() | TimeoutError():
                reason, wait = Reason.EXEC, EXEC_AGAIN_AFTER
            case RateLimited():
                reason, wait = Reason.SLACK, timedelta(seconds=error.seconds)
            case BotError():
                reason, wait = Reason.SLACK, RETRY_AFTER
            case _:
                log.exception("a delivery can't be drawn: %s", row.words.partition(" ")[0])
                reason, wait = Reason.BROKEN, EXEC_AGAIN_AFTER
        wait = min(max(wait, timedelta(seconds=1)), TOO_LATE)
        return await self._move(row, State.DUE, reason=reason, try_at=now + wait)

    async def _fail(self, row: Delivery, reason: Reason) -> State:
        """Mark a row as failed and notify its owner, once; lasting reasons pause the
        subscription."""
        notice = await self._failure_notice(row, reason)
        async with self._db.transaction() as connection:
            if not await self._change(connection, row, State.FAILED, reason=reason):
                return State.FAILED
            if REASONS[reason].remedy and row.kind is DeliveryKind.SCHEDULED:
                mine = sa.update(subscription).where(subscription.c.id == row.subscription_id)
                await connection.execute(mine.values(next_at=None, reason=reason))
            if reason is Reason.UNKNOWN and row.kind is DeliveryKind.ALERT:
                await self._store_known(connection, row)  # it may have arrived
            if notice is not None:
                await self.insert(connection, notice)
        return State.FAILED

    async def _mark(self, row: Delivery, facts: list[Any] | None) -> Delivery | None:
        """Mark a row as posting. Returns None if another process changed it after it was read."""
        now = self._clock()
        values = {"state": State.POSTING, "marked_at": now, "try_at": now, "facts": facts}
        mark = _unchanged(row).values(attempts=row.attempts + 1, **values).returning(delivery)
        marked = await self._db.returned(mark)
        return None if marked is None else delivery_of(marked)

    async def _move(self, row: Delivery, state: State, **values: Any) -> State:
        """Set the state of a row, unless another process changed it; returns `state`."""
        async with self._db.transaction() as connection:
            moved = await self._change(connection, row, state, **values)
            if moved and state is State.SENT and row.kind is DeliveryKind.ALERT:
                await self._store_known(connection, row)
        return state

    async def _change(
        self, connection: AsyncConnection, row: Delivery, state: State, **values: Any
    ) -> bool:
        if state in (State.SENT, State.FAILED):
            values["done_at"] = self._clock()
        moved = await connection.execute(_unchanged(row).values(state=state, **values))
        return bool(moved.rowcount)

    async def _store_known(self, connection: AsyncConnection, row: Delivery) -> None:
        """Store the events of a message as known to the owner of the alerts."""
        found = await connection.execute(sa.select(delivery.c.facts).where(delivery.c.id == row.id))
        now = self._clock()
        rows = [
            {"subscription_id": id_, "key": key, "member_id": member_id, "at": now}
            for id_, key, member_id in found.scalar_one() or ()
        ]
        await self._db.put(connection, alert, rows)


def _unchanged(row: Delivery) -> sa.Update:
    """An update that matches only if the row hasn't changed since it was read."""
    c = delivery.c
    return sa.update(delivery).where(
        c.id == row.id, c.state == row.state, c.attempts == row.attempts
    )
