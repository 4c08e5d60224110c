"""The store of subscriptions.

A subscription is active unless it is paused or removed. What stops it also stops what
of it waits in the outbox, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.outbox import deliveries
from bot.outbox.plans import Plan, Subscription, columns, subscription_of
from bot.outbox.reasons import NotSentReason
from bot.storage.database import Database
from bot.storage.tables import subscription as table

# Any fixed number: it sets our advisory locks apart from others.
_LOCKS = 0x73756273


class Subscriptions:
    """All methods raise StorageError. Those that change one return it, or None if it is gone.

    `change` leaves it as it is where the channel has such a digest already: then it returns that
    one.
    """

    def __init__(
        self, database: Database, clock: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    async def add(self, team_id: str, owner_id: str, plan: Plan) -> tuple[Subscription, bool]:
        """A subscription, and whether it is new.

        A channel has one question once at one schedule: the one that is there stays as it is. What
        goes to a person is there once for them: the plan replaces the one before, and it is on
        again.
        """
        async with self._database.transaction() as connection:
            await self._one_at_a_time(connection, team_id, plan)
            like = await self._like(connection, team_id, owner_id, plan)
            if like is None:
                return await self._insert(connection, team_id, owner_id, plan), True
            if not like.is_personal:
                return like, False
            on = {"removed_at": None, "paused": "", "looked_at": self._clock()}
            return await self._changed(connection, like, {**columns(plan), **on}), False

    async def keep(self, team_id: str, owner_id: str, plan: Plan) -> Subscription:
        """The same, new or not."""
        one, _ = await self.add(team_id, owner_id, plan)
        return one

    async def keep_first(self, team_id: str, owner_id: str, plan: Plan) -> Subscription | None:
        """The same for one that comes by itself; None if they ever had one, and stopped or
        changed it as they like."""
        async with self._database.transaction() as connection:
            await self._one_at_a_time(connection, team_id, plan)
            if await self._like(connection, team_id, owner_id, plan) is not None:
                return None
            return await self._insert(connection, team_id, owner_id, plan)

    async def find(self, id_: str) -> Subscription | None:
        """Finds by id, including removed ones."""
        return next(iter(await self._read(table.c.id == id_)), None)

    async def listed(
        self, team_id: str, *, place: str | None = None, owner_id: str | None = None
    ) -> tuple[Subscription, ...]:
        """Those that are not removed: all, those of a place, or those of a person."""
        conditions = [table.c.team_id == team_id, table.c.removed_at.is_(None)]
        if place is not None:
            conditions.append(table.c.place == place)
        if owner_id is not None:
            conditions.append(table.c.owner_id == owner_id)
        return await self._read(*conditions)

    async def on(self) -> tuple[Subscription, ...]:
        """All that are neither paused nor removed, of every team."""
        return await self._read(table.c.removed_at.is_(None), table.c.paused == "")

    async def change(self, id_: str, plan: Plan) -> Subscription | None:
        """Replace the plan. What fell due before now does not fall due again by the new one."""
        values = columns(plan)
        found = await self.find(id_)
        if found is None:
            return None
        async with self._database.transaction() as connection:
            like = await self._other(connection, found, plan)
            old = await self._row(connection, id_)
            if old is None or old.removed_at is not None:
                return None
            if like is not None:
                return like
            if (old.plan.schedule, old.plan.zone) != (plan.schedule, plan.zone):
                values["looked_at"] = self._clock()
            return await self._changed(connection, old, values)

    async def pause(self, id_: str) -> Subscription | None:
        """Pause it, because somebody asked for that."""
        return await self._set(id_, {"paused": NotSentReason.ASKED})

    async def resume(self, id_: str) -> Subscription | None:
        """Resume it from now on; what fell due meanwhile is not sent."""
        return await self._set(id_, {"paused": "", "looked_at": self._clock()})

    async def remove(self, id_: str) -> Subscription | None:
        """Remove it for good."""
        return await self._set(id_, {"removed_at": self._clock()})

    async def follow(self, id_: str, zone: str) -> None:
        """The owner's Slack profile is in this zone now."""
        update = sa.update(table).where(table.c.id == id_, table.c.follows)
        await self._database.write(update.values(zone=zone, zone_at=self._clock()))

    async def to_follow(self, before: datetime) -> tuple[Subscription, ...]:
        """Those that are on, follow a profile, and last did so before then."""
        is_on = sa.and_(table.c.removed_at.is_(None), table.c.paused == "")
        return await self._read(is_on, table.c.follows, table.c.zone_at < before)

    async def _set(self, id_: str, values: dict[str, Any]) -> Subscription | None:
        async with self._database.transaction() as connection:
            old = await self._row(connection, id_)
            if old is None or old.removed_at is not None:
                return None
            return await self._changed(connection, old, values)

    async def _changed(
        self, connection: AsyncConnection, old: Subscription, values: dict[str, Any]
    ) -> Subscription:
        """Change one, and what of it waits in the outbox accordingly."""
        now = self._clock()
        update = sa.update(table).where(table.c.id == old.id).values(values).returning(table)
        changed = subscription_of((await connection.execute(update)).one())
        why = changed.stopped
        if why:
            await deliveries.skip(connection, old.id, why, now)
        if changed.plan != old.plan:
            await deliveries.begin_again(connection, old.id, changed.plan.place, now)
        return changed

    async def _row(self, connection: AsyncConnection, id_: str) -> Subscription | None:
        """One, locked until the end of the transaction."""
        query = sa.select(table).where(table.c.id == id_).with_for_update()
        row = (await connection.execute(query)).first()
        return None if row is None else subscription_of(row)

    async def _other(
        self, connection: AsyncConnection, one: Subscription, plan: Plan
    ) -> Subscription | None:
        """Another one of the channel like this with `plan`; until the end of the transaction no
        more of them come."""
        if one.is_personal:
            return None
        await self._one_at_a_time(connection, one.team_id, plan)
        return await self._like(connection, one.team_id, one.owner_id, plan, but=one.id)

    async def _like(
        self, connection: AsyncConnection, team_id: str, owner_id: str, plan: Plan, but: str = ""
    ) -> Subscription | None:
        same = [_asks(team_id, plan), table.c.id != but]
        if plan.place != owner_id:
            at_once = (table.c.schedule == plan.schedule, table.c.zone == plan.zone)
            same += [table.c.removed_at.is_(None), *at_once]
        query = sa.select(table).where(*same).limit(1)
        row = (await connection.execute(query)).first()
        return None if row is None else subscription_of(row)

    async def _insert(
        self, connection: AsyncConnection, team_id: str, owner_id: str, plan: Plan
    ) -> Subscription:
        now = self._clock()
        new = Subscription(self._new_id(), team_id, owner_id, plan, now, now)
        await connection.execute(
            sa.insert(table).values(
                id=new.id,
                team_id=team_id,
                owner_id=owner_id,
                zone_at=now,
                created_at=now,
                looked_at=now,
                **columns(plan),
            )
        )
        return new

    async def _read(self, *conditions: sa.ColumnElement[bool]) -> tuple[Subscription, ...]:
        query = sa.select(table).where(*conditions).order_by(table.c.created_at, table.c.id)
        return tuple(map(subscription_of, await self._database.rows(query)))

    async def _one_at_a_time(self, connection: AsyncConnection, team_id: str, plan: Plan) -> None:
        """Two presses at once would not see each other's row. SQLite has one writer."""
        if not self._database.is_sqlite:
            key = sa.func.hashtext(f"{team_id} {plan.place}")
            await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCKS, key)))


def _asks(team_id: str, plan: Plan) -> sa.ColumnElement[bool]:
    """Whether the plan's question goes to its place, perhaps at another time."""
    return sa.and_(table.c.team_id == team_id, table.c.place == plan.place, table.c.ask == plan.ask)
