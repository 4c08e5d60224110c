"""What happens to the waiting deliveries of a subscription that changes: in its transaction.

A worker that holds one finds it changed before it posts, and stops.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.outbox.ledger import TO_ITS_PLACE, DeliveryKind, State, about_columns
from bot.outbox.plans import REMOVED
from bot.storage.tables import delivery as table

_UNSENT = (State.WAITING, State.WORKING)


async def skip(connection: AsyncConnection, id_: str, why: str, now: datetime) -> None:
    """Nothing that fell due by the clock is sent any more; of one that is removed, nothing that
    was asked for either."""
    unsent = _to_its_place(id_).where(table.c.state.in_(_UNSENT))
    if why != REMOVED:
        unsent = unsent.where(table.c.kind == DeliveryKind.SCHEDULED)
    values = {"state": State.SKIPPED, "why": why, "lease_until": None, "done_at": now}
    await connection.execute(unsent.values(values))


async def forget(connection: AsyncConnection, ids: Collection[str]) -> None:
    """Nothing that came of these subscriptions is remembered."""
    await connection.execute(sa.delete(table).where(table.c.subscription_id.in_(ids)))


async def revive(connection: AsyncConnection, id_: str, why: str) -> None:
    """What was skipped for that reason waits again."""
    skipped = _to_its_place(id_).where(table.c.state == State.SKIPPED, table.c.why == why)
    await connection.execute(skipped.values(state=State.WAITING, why="", done_at=None))


async def begin_again(connection: AsyncConnection, id_: str, place: str, now: datetime) -> None:
    """What is not sent yet goes to `place`, and is built anew."""
    values = {"state": State.WAITING, "place": place, "lease_until": None, "due_at": now}
    values |= about_columns(None)
    await connection.execute(_to_its_place(id_).where(table.c.state.in_(_UNSENT)).values(values))


def _to_its_place(id_: str) -> sa.Update:
    return sa.update(table).where(table.c.subscription_id == id_, table.c.kind.in_(TO_ITS_PLACE))
