"""Leases on rows: who works on a row holds it until the moment in its column `lease_until`.

A lease ends by itself, so what a process had in hand when it died is taken on by another one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

# No lease ends later than this, by whichever machine's clock: one that does was written by a clock
# that was wrong, and holds nobody up.
LATEST = timedelta(minutes=3)
TICK = timedelta(milliseconds=1)


def is_held(rows: sa.FromClause, now: datetime) -> sa.ColumnElement[bool]:
    """Whether the leases on these rows are not over at `now` (aware)."""
    return rows.c.lease_until.between(now + TICK, now + LATEST)
