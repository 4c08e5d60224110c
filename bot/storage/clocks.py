"""What to make of a stored moment that lies ahead: the clock that wrote it was wrong.

A clock that is ahead and is put right, by an hour or by years, leaves such moments behind. They
must not be believed until their time has come.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

# No moment that was written when something happened lies further ahead than this, unless the
# clock was wrong: several hosts' clocks agree to a few seconds.
CLOCKS_AGREE = timedelta(seconds=5)


def is_ahead(moment: datetime, now: datetime) -> bool:
    """Whether a moment that was the present when it was noted still lies ahead at `now`."""
    return moment > now + CLOCKS_AGREE


def ahead(moment: sa.ColumnElement[datetime], now: datetime) -> sa.ColumnElement[bool]:
    """`is_ahead` of a column."""
    return moment > now + CLOCKS_AGREE
