"""What a question found: the rows, and how far they can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.exec_api.models import Session


@dataclass(frozen=True, slots=True)
class Reading:
    """Rows that match a question, in the order asked for, each session once.

    `total` is how many sessions match in all; None when only reading on would tell
    (a filter that Exec does not know, such as a score, and more pages than were read).
    `complete` says that `rows` are all of them; otherwise they are the first of that order,
    found among the first `scanned` sessions out of `candidates` that Exec holds.
    `moved` says that Exec's count changed while the pages were read.
    `requests` is what the reading cost; `as_of` (aware, UTC) is when it was true.
    """

    rows: tuple[Session, ...]
    total: int | None
    complete: bool
    scanned: int
    candidates: int
    moved: bool
    as_of: datetime
    requests: int
