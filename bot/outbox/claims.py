"""Working on deliveries: each is one process's at a time, and each step only for who holds it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.outbox.deliveries import (
    TO_ITS_PLACE,
    About,
    Delivery,
    DeliveryKind,
    State,
    about_columns,
    delivery_of,
    new_row,
)
from bot.outbox.plans import Subscription, subscription_of
from bot.outbox.reasons import Why
from bot.rendering.views import Message
from bot.storage.database import Database
from bot.storage.tables import delivery as table
from bot.storage.tables import subscription

# Building reads what is held; a post takes seconds, and half a minute of waiting for Slack.
LEASES: Mapping[State, timedelta] = MappingProxyType(
    {State.WORKING: timedelta(seconds=90), State.POSTING: timedelta(seconds=60)}
)
# Slack takes about one message a second in a channel.
PACE = timedelta(seconds=1)


class Claims:
    """All methods raise StorageError."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        leases: Mapping[State, timedelta] = LEASES,
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id
        self._leases = leases

    async def claim(self) -> Delivery | None:
        """Take on the one that is due for longest; None if there is none for now.

        It comes back as `working`, or as `posting` if whoever had it before may have sent it.
        A place where one is under way, or was posted a moment ago, has to wait.
        """
        now = self._clock()
        moments = {
            "now": now,
            "paced_from": now - PACE,
            "working_until": now + self._leases[State.WORKING],
            "posting_until": now + self._leases[State.POSTING],
        }
        row = await self._database.returned(_TAKING, moments)
        return None if row is None else delivery_of(row)

    async def hold(
        self, delivery: Delivery, state: State, about: About | None = None
    ) -> Delivery | None:
        """Go on with it in `state` under a new lease; None if it is another's by now.

        What is posted is `about` that from now on.
        """
        values = {"state": state, "lease_until": self._clock() + self._leases[state]}
        if about is not None:
            values |= about_columns(about)
        async with self._database.transaction() as connection:
            return await _changed(connection, _mine(delivery).values(values))

    async def put_back(self, delivery: Delivery, due_at: datetime, why: str) -> bool:
        """Let it wait until `due_at`; False if it is another's by now."""
        values = {"state": State.WAITING, "due_at": due_at, "why": why, "lease_until": None}
        async with self._database.transaction() as connection:
            return await _changed(connection, _mine(delivery).values(values)) is not None

    async def begin_again(self, delivery: Delivery) -> None:
        """It surely did not arrive: it is built anew for the place where it goes by now, or
        skipped if nobody wants it any more. Nothing happens if it is another's by now."""
        now = self._clock()
        async with self._database.transaction() as connection:
            one = await _subscription(connection, delivery.source_id)
            why = "" if delivery.message is not None else delivery.unwanted(one, now)
            values = {"lease_until": None, **about_columns(None)}
            if why:
                values |= {"state": State.SKIPPED, "why": why, "done_at": now}
            else:
                values |= {"state": State.WAITING, "due_at": now}
            if one is not None and delivery.kind in TO_ITS_PLACE:
                values["place"] = one.plan.place
            await connection.execute(_mine(delivery).values(values))

    async def close(
        self,
        delivery: Delivery,
        state: State,
        *,
        why: str = "",
        ts: str = "",
        tell: Collection[str] = (),
        told: Message | None = None,
        pause: bool = False,
    ) -> bool:
        """It is sent, failed or skipped; False if it is another's by now.

        `tell` are the accounts to be told why, once: that is noted with it, and with `told` if it
        is drawn already. With `pause` the subscription pauses for that reason, and nobody is told
        if it was paused already.
        """
        now = self._clock()
        values = {"state": state, "why": why, "ts": ts, "lease_until": None, "done_at": now}
        values["message"] = None  # what somebody was told is not kept
        async with self._database.transaction() as connection:
            if pause:
                await _subscription(connection, delivery.source_id)
            closed = await _changed(connection, _mine(delivery).values(values))
            if closed is None:
                return False
            if pause and not await _pause(connection, delivery.source_id, why):
                return True
            for account in tell:
                await self._notice(connection, delivery, why, account, told)
        return True

    async def _notice(
        self, connection: AsyncConnection, about: Delivery, why: str, to: str, told: Message | None
    ) -> None:
        kind, source_id, now = DeliveryKind.NOTICE, about.source_id, self._clock()
        key = f"notice {why} {about.id} {to}"
        if why == Why.OLD and source_id:
            # One is enough of all that fell due while no process ran.
            source_id, key = "", f"notice {why} {now:%Y-%m-%d} {to}"
        id_ = self._new_id()
        row = new_row(id_, source_id, key, kind, to, now, message=told, at=about.at, why=why)
        insert = self._database.insert(table).values(row)
        await connection.execute(insert.on_conflict_do_nothing())


def _at(name: str) -> sa.BindParameter[datetime]:
    """The moment that is bound to this name."""
    return sa.bindparam(name, type_=table.c.due_at.type)


def _is_under_way(of: sa.FromClause) -> sa.ColumnElement[bool]:
    return of.c.state.in_((State.WORKING, State.POSTING))


def _taking() -> sa.Executable:
    """What takes on the delivery that is due for longest; looked for every few seconds."""
    other = table.alias()
    due = sa.or_(
        sa.and_(table.c.state == State.WAITING, table.c.due_at <= _at("now")),
        sa.and_(_is_under_way(table), table.c.lease_until <= _at("now")),
    )
    # Another message is on its way to the same place, or just arrived there.
    is_busy = sa.exists().where(
        other.c.place == table.c.place,
        other.c.id != table.c.id,
        sa.or_(
            sa.and_(_is_under_way(other), other.c.lease_until > _at("now")),
            sa.and_(other.c.state == State.SENT, other.c.done_at > _at("paced_from")),
        ),
    )
    first = (
        sa.select(table.c.id)
        .where(due, ~is_busy)
        .order_by(table.c.due_at, table.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    is_posting = table.c.state == State.POSTING
    return (
        sa.update(table)
        # Again with `due`: another process may have changed the row since it was chosen.
        .where(table.c.id == first, due)
        .values(
            state=sa.case((is_posting, State.POSTING), else_=State.WORKING),
            lease_until=sa.case((is_posting, _at("posting_until")), else_=_at("working_until")),
        )
        .returning(table)
    )


_TAKING = _taking()


def _mine(delivery: Delivery) -> sa.sql.dml.ReturningUpdate[Any]:
    return (
        sa.update(table)
        .where(
            table.c.id == delivery.id,
            table.c.state == delivery.state,
            table.c.lease_until == delivery.lease_until,
        )
        .returning(table)
    )


async def _subscription(connection: AsyncConnection, id_: str) -> Subscription | None:
    """One, locked until the end of the transaction.

    First, as those who change a subscription do: else the two could wait for each other.
    """
    query = sa.select(subscription).where(subscription.c.id == id_).with_for_update()
    row = (await connection.execute(query)).first()
    return None if row is None else subscription_of(row)


async def _pause(connection: AsyncConnection, id_: str, why: str) -> bool:
    """Whether it was not paused or removed before."""
    update = (
        sa.update(subscription)
        .where(
            subscription.c.id == id_,
            subscription.c.paused == "",
            subscription.c.removed_at.is_(None),
        )
        .values(paused=why)
        .returning(subscription.c.id)
    )
    return (await connection.execute(update)).first() is not None


async def _changed(connection: AsyncConnection, update: sa.Executable) -> Delivery | None:
    row = (await connection.execute(update)).first()
    return None if row is None else delivery_of(row)
