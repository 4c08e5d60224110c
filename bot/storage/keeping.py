"""How long is kept what is there for a while only."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.storage.database import Database
from bot.storage.last_questions import GOES_ON_FOR
from bot.storage.tables import (
    alert,
    alert_told,
    budget_request,
    claim,
    delivery,
    last_question,
    lease,
    nudge,
    roster_member,
    session_feedback,
    stored_answer,
    stored_command,
    subscription,
)

# Rows are personal data that Exec may correct or delete. The question itself stays, so that old
# buttons can ask it again.
KEEP_ROWS = timedelta(days=1)
# What came of a nudge is told so long.
NUDGE_REMEMBERED = timedelta(days=28)
# So long a row is kept after the moment in this column.
KEEP: dict[sa.Column[datetime], timedelta] = {
    claim.c.until: timedelta(),
    last_question.c.at: GOES_ON_FOR,
    nudge.c.at: NUDGE_REMEMBERED,
    stored_command.c.at: timedelta(days=30),
    stored_answer.c.at: timedelta(days=30),
    # What a day of the week takes is expected of the next one.
    budget_request.c.at: timedelta(days=7, hours=1),
    lease.c.until: timedelta(),
}
# These are kept as long as sessions are.
WITH_SESSIONS = (
    roster_member.c.last_seen,
    session_feedback.c.created_at,
    delivery.c.created_at,
    subscription.c.removed_at,
)


async def forget_old(database: Database, now: datetime, retention: timedelta) -> None:
    """Delete what nobody needs any more; sessions are kept for `retention`. Raises StorageError."""
    ages = {**KEEP, **dict.fromkeys(WITH_SESSIONS, retention)}
    rows = sa.update(stored_answer).where(
        stored_answer.c.at < now - KEEP_ROWS, stored_answer.c.body.is_not(None)
    )
    await database.write(
        *(sa.delete(at.table).where(at < now - age) for at, age in ages.items()),
        rows.values(body=None),
        sa.delete(alert_told).where(alert_told.c.alert_id.not_in(sa.select(alert.c.id))),
    )
