"""The store of alerts: what somebody wants to be told of, and what of it they know.

What is told stands in the outbox from the transaction on in which it is noted as told: whoever
stops in between, it arrives once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.language.alert_words import Rule, What
from bot.outbox.deliveries import DeliveryKind, State, new_row, was_not_sent
from bot.outbox.subscriptions import UNDO_WITHIN
from bot.people.audit import Audit, Look
from bot.rendering.views import Message
from bot.storage.database import Database
from bot.storage.tables import alert as table
from bot.storage.tables import alert_told, delivery

# As many as a list shows at once.
MOST = 20


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert as it stands. `who` are canonical words with ids; up to `looked_at` all that was
    known is told. `paused`: nobody of it is theirs to see any more."""

    id: str
    team_id: str
    owner_id: str
    who: str
    rule: Rule
    created_at: datetime
    looked_at: datetime
    paused: bool = False
    removed_at: datetime | None = None

    @property
    def is_on(self) -> bool:
        return not self.paused and self.removed_at is None


# What somebody knows: the keys, each with the Exec id of whom it is about, "" for a group.
Keys = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """What a look at an alert found: what its owner knows from now on, and what is over; or that it
    pauses."""

    alert: Alert
    told: Keys
    over: Collection[str] = ()
    pauses: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What an owner is told, and whom it names; the look has the id of the delivery."""

    message: Message
    look: Look


class Alerts:
    """All methods raise StorageError."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def like(self, team_id: str, owner_id: str, who: str, rule: Rule) -> Alert | None:
        """The one that watches for the same, perhaps paused; None where it is not there."""
        found = await self.find(_id_of(team_id, owner_id, who, rule))
        return None if found is None or found.removed_at is not None else found

    async def keep(
        self,
        team_id: str,
        owner_id: str,
        who: str,
        rule: Rule,
        *,
        looked_at: datetime,
        known: Keys,
    ) -> Alert:
        """A new alert, or a paused or removed one from now on; its owner knows what is `known`."""
        now = self._clock()
        new = Alert(
            _id_of(team_id, owner_id, who, rule), team_id, owner_id, who, rule, now, looked_at
        )
        row = {
            "id": new.id,
            "team_id": team_id,
            "owner_id": owner_id,
            "who": who,
            "kind": rule.what,
            "number": rule.number,
            "created_at": now,
            "looked_at": looked_at,
            "paused": False,
            "removed_at": None,
        }
        async with self._database.transaction() as connection:
            await self._database.put(connection, table, [row])
            old = sa.delete(alert_told).where(alert_told.c.alert_id == new.id)
            await connection.execute(old)
            await self._know(connection, new.id, known, now)
        return new

    async def find(self, id_: str) -> Alert | None:
        """Finds by id, including removed ones."""
        row = await self._database.row(sa.select(table).where(table.c.id == id_))
        return None if row is None else _alert_of(row)

    async def listed(self, team_id: str, owner_id: str) -> tuple[Alert, ...]:
        """Somebody's alerts, the oldest first."""
        theirs = sa.and_(table.c.team_id == team_id, table.c.owner_id == owner_id)
        return await self._read(theirs, table.c.removed_at.is_(None))

    async def on(self) -> dict[tuple[str, str], tuple[Alert, ...]]:
        """All that are neither paused nor removed, by team and owner."""
        found: dict[tuple[str, str], list[Alert]] = {}
        for one in await self._read(table.c.removed_at.is_(None), ~table.c.paused):
            found.setdefault((one.team_id, one.owner_id), []).append(one)
        return {owner: tuple(ones) for owner, ones in found.items()}

    async def remove(self, id_: str) -> bool:
        """Removes it; `undo` brings it back for UNDO_WITHIN. False if it is gone already."""
        is_there = sa.and_(table.c.id == id_, table.c.removed_at.is_(None))
        change = sa.update(table).where(is_there).values(removed_at=self._clock())
        return await self._database.returned(change.returning(table.c.id)) is not None

    async def undo(self, id_: str) -> bool:
        """As it was before it was removed; False if that is too long ago, or was not."""
        lately = table.c.removed_at > self._clock() - UNDO_WITHIN
        change = sa.update(table).where(table.c.id == id_, lately).values(removed_at=None)
        return await self._database.returned(change.returning(table.c.id)) is not None

    async def told(self, ids: Collection[str]) -> dict[str, frozenset[str]]:
        """The keys that owners know, by alert; not those whose message surely did not arrive."""
        query = (
            sa.select(alert_told.c.alert_id, alert_told.c.key)
            .outerjoin(delivery, delivery.c.id == alert_told.c.delivery_id)
            .where(
                alert_told.c.alert_id.in_(ids),
                sa.or_(delivery.c.id.is_(None), ~was_not_sent()),
            )
        )
        rows = await self._database.rows(query)
        return {id_: frozenset(row.key for row in rows if row.alert_id == id_) for id_ in ids}

    async def told_since(self, owner_id: str, since: datetime) -> bool:
        """Whether somebody got a message about alerts since then, or one is on its way."""
        query = sa.select(delivery.c.id).where(
            delivery.c.place == owner_id,
            delivery.c.kind == DeliveryKind.ALERT,
            delivery.c.created_at > since,
            delivery.c.state.not_in((State.FAILED, State.SKIPPED)),
        )
        return await self._database.row(query.limit(1)) is not None

    async def note(
        self, changes: Sequence[Change], looked_at: datetime, said: Said | None = None
    ) -> bool:
        """Note what a look at one owner's alerts found, and the message that tells them; False, and
        nothing is noted, where one of the alerts was changed or looked at by another process
        meanwhile."""
        ones = {each.alert.id: each.alert for each in changes}
        rows = sa.select(table).where(table.c.id.in_(ones)).order_by(table.c.id)
        now, delivery_id = self._clock(), "" if said is None else said.look.id
        async with self._database.transaction() as connection:
            found = (await connection.execute(rows.with_for_update())).all()
            if {row.id: _alert_of(row) for row in found} != ones:
                return False
            for each in changes:
                id_ = each.alert.id
                values = {"looked_at": looked_at, "paused": each.pauses}
                over = sa.and_(alert_told.c.alert_id == id_, alert_told.c.key.in_(each.over))
                await connection.execute(sa.update(table).where(table.c.id == id_).values(values))
                await connection.execute(sa.delete(alert_told).where(over))
                await self._know(connection, id_, each.told, now, delivery_id)
            if said is not None:
                to, kind = changes[0].alert.owner_id, DeliveryKind.ALERT
                row = new_row(delivery_id, "", delivery_id, kind, to, now, message=said.message)
                await connection.execute(sa.insert(delivery).values(row))
                await Audit(self._database, self._clock).write(connection, said.look)
        return True

    async def _know(
        self,
        connection: AsyncConnection,
        id_: str,
        keys: Keys,
        now: datetime,
        delivery_id: str = "",
    ) -> None:
        known = {"alert_id": id_, "delivery_id": delivery_id, "at": now}
        rows = [{**known, "key": key, "person_id": keys[key]} for key in sorted(keys)]
        await self._database.put(connection, alert_told, rows)

    async def _read(self, *conditions: sa.ColumnElement[bool]) -> tuple[Alert, ...]:
        query = sa.select(table).where(*conditions).order_by(table.c.created_at, table.c.id)
        return tuple(map(_alert_of, await self._database.rows(query)))


def _id_of(team_id: str, owner_id: str, who: str, rule: Rule) -> str:
    """The same for the same: nobody has an alert twice, in whatever process they set it."""
    words = f"{team_id}\n{owner_id}\n{who}\n{rule.words}"
    return hashlib.sha256(words.encode()).hexdigest()[:24]


def _alert_of(row: sa.Row[Any]) -> Alert:
    held = row._asdict()
    rule = Rule(What(held.pop("kind")), held.pop("number"))
    return Alert(rule=rule, **held)
