"""At a start, moments that lie in the future become the present.

A machine whose clock was ahead, and was put right before this start, leaves such moments behind.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.outbox.deliveries import DeliveryKind, State
from bot.storage import tables
from bot.storage.database import Database
from bot.storage.tables import EPOCH, MILLISECOND, delivery

log = logging.getLogger(__name__)

# The clocks of several machines differ by seconds.
CLOCKS_AGREE = timedelta(minutes=1)
# Longer than any lease lasts.
LEASE = timedelta(hours=1)
# Exec blocks for no longer, and no delivery is put off for longer.
DAY = timedelta(hours=24)

# By how far ahead of now each of these moments may lie.
MOMENTS = {
    CLOCKS_AGREE: (
        tables.alert.c.created_at,
        tables.alert.c.looked_at,
        tables.alert.c.removed_at,
        tables.alert_told.c.at,
        tables.audit_look.c.at,
        tables.budget_request.c.at,
        tables.catalogue_age.c.fetched_at,
        tables.catalogue_age.c.tried_at,
        tables.delivery.c.created_at,
        tables.delivery.c.done_at,
        tables.learned.c.at,
        tables.nudge.c.at,
        tables.payload.c.received_at,
        tables.praise.c.asked_at,
        tables.practice_scope.c.used_at,
        tables.roster.c.asked_at,
        tables.roster.c.fetched_at,
        tables.roster.c.tried_at,
        tables.roster.c.whole_at,
        tables.scenario_set.c.agrees_since,
        tables.scenario_set.c.asked_at,
        tables.scenario_set.c.checked_at,
        tables.scenario_set.c.read_at,
        tables.scenario_set.c.tried_at,
        tables.session_feedback.c.read_at,
        tables.slack_user.c.fetched_at,
        tables.subscription.c.looked_at,
        tables.subscription.c.zone_at,
    ),
    LEASE: (tables.delivery.c.lease_until, tables.lease.c.until, tables.payload.c.lease_until),
    DAY: (tables.budget_account.c.blocked_until, tables.delivery.c.due_at),
}


LOOKS = (tables.practice_coverage.c.as_of, tables.practice_total.c.as_of)


@dataclass(frozen=True, slots=True)
class _Ahead:
    """Rows that lie in the future; they go where no column of theirs is put right."""

    table: sa.Table
    condition: sa.ColumnElement[bool]
    column: str | None = None

    def change(self, now: datetime) -> sa.UpdateBase:
        if self.column is None:
            return sa.delete(self.table).where(self.condition)
        return sa.update(self.table).where(self.condition).values({self.column: now})


def _ahead(moments: Mapping[timedelta, Any], latest: Any) -> list[_Ahead]:
    """By the latest moments that may be, and the same in milliseconds for looks at Exec."""
    unsent = sa.and_(
        delivery.c.kind == DeliveryKind.SCHEDULED,
        delivery.c.state.in_((State.WAITING, State.MISSED)),
        delivery.c.at > moments[CLOCKS_AGREE],
    )
    return [
        *(_Ahead(as_of.table, as_of > latest) for as_of in LOOKS),
        _Ahead(delivery, unsent),
        *(
            _Ahead(column.table, column > moments[length], column.name)
            for length, columns in MOMENTS.items()
            for column in columns
        ),
    ]


def _any_ahead() -> sa.Select[tuple[bool]]:
    """One statement for what is not so at nearly every start."""
    moments: dict[timedelta, sa.BindParameter[datetime]] = {
        length: sa.bindparam(str(length)) for length in MOMENTS
    }
    found = (sa.exists().where(each.condition) for each in _ahead(moments, sa.bindparam("latest")))
    return sa.select(sa.or_(*found))


_ANY_AHEAD = _any_ahead()


async def forget_future(database: Database, now: datetime) -> None:
    """Bring moments that lie ahead of `now` (aware) back to it. Raises StorageError.

    What was read of Exec then is forgotten, as nobody knows when that was; so are deliveries that
    were noted and not sent: they are noted again when their time comes.
    """
    latest = (now + CLOCKS_AGREE - EPOCH) // MILLISECOND
    moments = {length: now + length for length in MOMENTS}
    given = {str(length): moment for length, moment in moments.items()}
    async with database.transaction(reads=True) as connection:
        found = await connection.execute(_ANY_AHEAD, {**given, "latest": latest})
        is_any = found.scalar_one()
    if is_any:
        changed = await database.write(*(each.change(now) for each in _ahead(moments, latest)))
        log.warning("%d rows of the database lay in the future: the clock was ahead", changed)
