"""At a start, moments that lie in the future become the present.

A machine whose clock was ahead, and was put right before this start, leaves such moments behind.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

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


async def forget_future(database: Database, now: datetime) -> None:
    """Bring moments that lie ahead of `now` (aware) back to it. Raises StorageError.

    What was read of Exec then is forgotten, as nobody knows when that was; so are deliveries that
    were noted and not sent: they are noted again when their time comes.
    """
    latest = (now + CLOCKS_AGREE - EPOCH) // MILLISECOND
    unsent = sa.and_(
        delivery.c.kind == DeliveryKind.SCHEDULED,
        delivery.c.state.in_((State.WAITING, State.MISSED)),
        delivery.c.at > now + CLOCKS_AGREE,
    )
    ahead = [(column, now + length) for length, columns in MOMENTS.items() for column in columns]
    conditions = [
        unsent,
        *(as_of > latest for as_of in LOOKS),
        *(column > moment for column, moment in ahead),
    ]
    # One statement for what is so at nearly every start.
    if not await database.scalar(sa.select(sa.or_(*map(_is_any, conditions)))):
        return
    changes: list[sa.UpdateBase] = [
        *(sa.delete(as_of.table).where(as_of > latest) for as_of in LOOKS),
        sa.delete(delivery).where(unsent),
        *(
            sa.update(column.table).where(column > moment).values({column.name: now})
            for column, moment in ahead
        ),
    ]
    if changed := await database.write(*changes):
        log.warning("%d rows of the database lay in the future: the clock was ahead", changed)


def _is_any(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(condition)
