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


def is_held(rows: sa.FromClause) -> sa.ColumnElement[bool]:
    """Whether the leases on these rows are not over at the moment that is bound by `held_at`."""
    until = rows.c.lease_until
    return until.between(
        sa.bindparam("held_from", type_=until.type), sa.bindparam("held_to", type_=until.type)
    )


def held_at(now: datetime) -> dict[str, datetime]:
    """What is bound in a statement with `is_held`, for `now` (aware)."""
    return {"held_from": now + TICK, "held_to": now + LATEST}
