"""What a question found: the rows, what they add up to, and how far they can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.exec_api.models import Session
from bot.reports.sessions import Figures


@dataclass(frozen=True, slots=True)
class Away:
    """Why Exec could not be asked: it is out of reach, a limit or the asker's share of it is used
    up (until then), or it does not accept the key."""

    kind: Literal["unreachable", "limited", "share", "key"]
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Sessions that match a question, in the order asked for, each once.

    `rows` are the first of `total`, and `figures` run over all of these. Everything created up to
    `as_of` (aware, UTC) is in; parts of it were last looked at `checked_at` or later.
    `held_since`: only sessions created since then were counted; the rest is not held, and costs
    about `cost` requests. With a `cost` and nothing held that helps, there are no rows.
    `roster_as_of` is when Exec last said who is in the group that was asked for.
    `looks_every` minutes new sessions are looked for, if that is less often than usual.
    `away` says why Exec could not be asked. `requests` is what the reading cost.
    `again` is set where it was to look at all of this once more, and only looked for what is new:
    the requests that the rest takes. `refreshed` is how much it looked at, if not all.
    """

    rows: tuple[Session, ...]
    total: int
    figures: Figures
    as_of: datetime
    requests: int = 0
    checked_at: datetime | None = None
    held_since: datetime | None = None
    cost: int | None = None
    roster_as_of: datetime | None = None
    looks_every: int | None = None
    away: Away | None = None
    again: int | None = None
    refreshed: Literal["nothing", "a part"] | None = None

    @property
    def complete(self) -> bool:
        """Everything that matches was counted."""
        return self.cost is None


@dataclass(frozen=True, slots=True)
class Whole:
    """All sessions that a report is about, newest first; the other fields as above."""

    rows: tuple[Session, ...]
    as_of: datetime
    roster_as_of: datetime | None
    away: Away | None = None
    checked_at: datetime | None = None
