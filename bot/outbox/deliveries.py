"""The ledger of deliveries: each occurrence is noted once, whoever notes it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.outbox.ledger import (
    OLD,
    TO_ITS_PLACE,
    UNSETTLED,
    About,
    Delivery,
    DeliveryKind,
    State,
    about_columns,
    delivery_of,
    new_row,
)
from bot.outbox.plans import Plan, Subscription, subscription_of
from bot.storage.database import Database
from bot.storage.tables import delivery as table
from bot.storage.tables import subscription

# Presses of Send now that are closer together are one.
ONE_PRESS = timedelta(minutes=1)
# A date that is still to come anywhere has no moment that long ago in any zone.
_PAST = timedelta(days=3)


class Deliveries:
    """All methods raise StorageError."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    async def note(
        self, of: Subscription, fallen: Mapping[str, datetime], *, send: str | None
    ) -> bool:
        """Note the occurrences that fell due up to now, by key; False if that was done already.

        The one called `send` waits to be sent, the others are missed. A date comes once: where
        it was sent or is about to be, nothing is noted; where it was not, it comes by this time.
        """
        now = self._clock()
        looked = (
            sa.update(subscription)
            .where(
                subscription.c.id == of.id,
                subscription.c.looked_at == of.looked_at,
                subscription.c.paused == "",
                subscription.c.removed_at.is_(None),
                sa.or_(subscription.c.snoozed_until.is_(None), subscription.c.snoozed_until <= now),
            )
            .values(looked_at=now)
            # It may go to another place than when `of` was read.
            .returning(subscription.c.place)
        )
        missed = {"state": State.MISSED, "why": OLD, "done_at": now}
        async with self._database.transaction() as connection:
            place = (await connection.execute(looked)).scalar()
            if place is None:
                return False
            for key, at in fallen.items():
                row = new_row(
                    id_=self._new_id(),
                    subscription_id=of.id,
                    key=key,
                    kind=DeliveryKind.SCHEDULED,
                    place=place,
                    at=at,
                    now=now,
                )
                waits = key == send
                await self._insert(connection, row if waits else row | missed, again=waits)
        return True

    async def send_now(self, of: Subscription, by: str) -> bool:
        """Somebody wants it in its place now; False if the subscription is gone.

        Presses that are less than ONE_PRESS apart are one, or while the first one waits; not
        where that was not sent.
        """
        new_id, now = self._new_id(), self._clock()
        query = (
            sa.select(subscription)
            .where(subscription.c.id == of.id, subscription.c.removed_at.is_(None))
            # Two presses at once would not see each other's row.
            .with_for_update()
        )
        async with self._database.transaction() as connection:
            found = (await connection.execute(query)).mappings().first()
            if found is None:
                return False
            plan = subscription_of(found).plan
            if await _was_asked(connection, of.id, plan, now):
                return True
            row = new_row(
                id_=new_id,
                subscription_id=of.id,
                key=f"{DeliveryKind.NOW} {new_id}",
                kind=DeliveryKind.NOW,
                place=plan.place,
                at=now,
                now=now,
                asked_by=by,
            )
            await self._insert(connection, row)
        return True

    async def find(self, id_: str) -> Delivery | None:
        """For a button under a message that was sent, however long ago."""
        query = sa.select(table).where(table.c.id == id_)
        async with self._database.transaction(reads=True) as connection:
            row = (await connection.execute(query)).mappings().first()
        return None if row is None else delivery_of(row)

    async def last(
        self, subscription_ids: Collection[str], states: Collection[State] = tuple(State)
    ) -> dict[str, Delivery]:
        """The newest scheduled delivery of each, among those in these states."""
        theirs = sa.and_(
            table.c.subscription_id.in_(subscription_ids),
            table.c.kind == DeliveryKind.SCHEDULED,
            table.c.state.in_(states),
        )
        newest = (
            sa.select(table.c.subscription_id, sa.func.max(table.c.at).label("at"))
            .where(theirs)
            .group_by(table.c.subscription_id)
            .subquery()
        )
        same = sa.and_(
            table.c.subscription_id == newest.c.subscription_id, table.c.at == newest.c.at
        )
        query = sa.select(table).join(newest, same).where(theirs)
        async with self._database.transaction(reads=True) as connection:
            rows = (await connection.execute(query)).mappings().all()
        return {row["subscription_id"]: delivery_of(row) for row in rows}

    async def keep_figures(self, of: Delivery, figures: str) -> None:
        """Note what it is about to tell, unless it is another worker's by now."""
        mine = sa.and_(table.c.id == of.id, table.c.lease_until == of.lease_until)
        async with self._database.transaction() as connection:
            await connection.execute(sa.update(table).where(mine).values(figures=figures))

    async def posted(self, place: str, about: About) -> Delivery | None:
        """The last one that told people in this place of that, with its figures; None if none
        did."""
        query = (
            sa.select(table)
            .where(
                table.c.place == place,
                table.c.kind.in_(TO_ITS_PLACE),
                table.c.state == State.SENT,
                table.c.figures.is_not(None),
                *(table.c[name] == value for name, value in about_columns(about).items()),
            )
            .order_by(table.c.done_at.desc())
            .limit(1)
        )
        async with self._database.transaction(reads=True) as connection:
            row = (await connection.execute(query)).mappings().first()
        return None if row is None else delivery_of(row)

    async def taken(self, subscription_ids: Collection[str]) -> dict[str, frozenset[str]]:
        """The dates of each that a later time of the day does not bring again: what belongs to
        them was sent, or is about to be. Those that lie well behind are left out."""
        query = sa.select(table.c.subscription_id, table.c.occurrence).where(
            table.c.subscription_id.in_(subscription_ids),
            table.c.kind == DeliveryKind.SCHEDULED,
            table.c.at > self._clock() - _PAST,
            ~_was_not_sent(),
        )
        async with self._database.transaction(reads=True) as connection:
            rows = (await connection.execute(query)).all()
        return {id_: frozenset(key for of, key in rows if of == id_) for id_ in subscription_ids}

    async def forget_old(self, keep: timedelta) -> None:
        """Delete what was noted that long ago, whatever became of it."""
        old = sa.delete(table).where(table.c.created_at < self._clock() - keep)
        async with self._database.transaction() as connection:
            await connection.execute(old)

    async def _insert(
        self, connection: AsyncConnection, row: dict[str, Any], *, again: bool = False
    ) -> None:
        """Unless it is there; with `again` also in place of one that was not sent.

        It has an id of its own then: nothing that was done for that one counts for this one.
        """
        insert = self._database.insert(table).values(row)
        keys = [table.c.subscription_id, table.c.occurrence]
        if again:
            anew = {column.name: insert.excluded[column.name] for column in table.c}
            insert = insert.on_conflict_do_update(
                index_elements=keys, set_=anew, where=_was_not_sent()
            )
        else:
            insert = insert.on_conflict_do_nothing(index_elements=keys)
        await connection.execute(insert)


def _was_not_sent() -> sa.ColumnElement[bool]:
    """For sure, and nobody is about to."""
    return sa.and_(
        table.c.state.in_((State.FAILED, State.MISSED, State.SKIPPED)), table.c.why != UNSETTLED
    )


async def _was_asked(connection: AsyncConnection, id_: str, plan: Plan, now: datetime) -> bool:
    """Whether somebody pressed Send now a moment ago, or it still waits since they did; for the
    same group and place."""
    is_new = table.c.created_at > now - ONE_PRESS
    is_this = sa.or_(table.c.about_start.is_(None), table.c.about_group == plan.group_id)
    query = sa.select(table.c.id).where(
        table.c.subscription_id == id_,
        table.c.kind == DeliveryKind.NOW,
        table.c.place == plan.place,
        is_this,
        sa.or_(is_new, table.c.state != State.SENT),
        ~_was_not_sent(),
    )
    return (await connection.execute(query.limit(1))).first() is not None
