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
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Protocol, TypeAlias

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import elapsed
from bot.errors import BotError, ExecError, Limited, RateLimited, SlackError, StorageError, Unsure
from bot.messages.blocks import Message
from bot.scheduled.delivery import (
    REASONS,
    Deliveries,
    Delivery,
    DeliveryKind,
    Nothing,
    Reason,
    State,
    Unsent,
    delivery_of,
)
from bot.storage.database import Database
from bot.storage.tables import alert, delivery, subscription

log = logging.getLogger(__name__)

# A message, and the facts in it that are stored with its delivery.
Drawn: TypeAlias = tuple[Message, list[Any] | None]

POST_WITHIN = 15.0  # seconds between a mark and its post
POST_SECONDS = 10.0  # for a post
LOOK_UP_AFTER = timedelta(minutes=1)
TOO_LATE = timedelta(hours=24)
RETRY_AFTER = timedelta(minutes=1)
EXEC_AGAIN_AFTER = timedelta(minutes=5)
DRAW_SECONDS = 80.0  # enough to wait out Exec's limit per minute
AT_ONCE = 16

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
        self._deliveries = Deliveries(db)
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

    async def send(self, row: Delivery) -> State:
        """Send a stored message now, once per id. Returns its state. If Slack didn't accept it, it
        has failed and isn't retried."""
        # Due after this attempt, so that another process takes over only if this one dies.
        row = replace(row, try_at=row.try_at + LOOK_UP_AFTER)
        async with self._db.transaction() as connection:
            new = await self._deliveries.insert(connection, row)
        if new and await self.deliver(row) is State.DUE:
            c = delivery.c
            unsent = sa.update(delivery).where(c.id == row.id, c.state == State.DUE)
            await self._db.write(unsent.values(state=State.FAILED, done_at=self._clock()))
        stored = await self._deliveries.find(row.id)
        return stored.state if stored else State.FAILED

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
                await self._deliveries.insert(connection, notice)
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
        facts = await connection.execute(sa.select(delivery.c.facts).where(delivery.c.id == row.id))
        now = self._clock()
        rows = [
            {"subscription_id": id_, "key": key, "member_id": member_id, "at": now}
            for id_, key, member_id in facts.scalar_one() or ()
        ]
        await self._db.put(connection, alert, rows)


def _unchanged(row: Delivery) -> sa.Update:
    """An update that matches only if the row hasn't changed since it was read."""
    c = delivery.c
    return sa.update(delivery).where(
        c.id == row.id, c.state == row.state, c.attempts == row.attempts
    )
