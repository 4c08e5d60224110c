"""How many requests looking again may cost, by what people and digests leave.

Pure. It stays under six tenths of a day's requests with all others together, and under less than
half of a day on its own: on a quiet Sunday it must not take what a busy Monday needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.practice.settling import DAY, MINUTE

# Parts of a day's limit: of all requests together, of looking again, and of that for what is due.
ALL_SHARE = 0.57
OWN_SHARE = 0.45
URGENT_SHARE = 0.25
# The words under which these requests are booked.
READ_RECENT, ASK_TOTALS, READ_OLDER = "recent", "totals", "reread"
OWN = (READ_RECENT, ASK_TOTALS, READ_OLDER)
# What is due may take four of a minute's sixty requests.
URGENT_EVERY = MINUTE // 4


@dataclass(frozen=True, slots=True)
class Pace:
    """What may be spent in a day on looking again, how much of it is left in all and for what is
    not urgent, and how long to wait after a request of either kind (ms)."""

    per_day: int
    left: int
    left_unhurried: int
    every_unhurried: int

    @property
    def pages_a_day(self) -> float:
        """How many pages may be read in a day where no two are begun in the same place."""
        return 0.75 * self.per_day

    def may(self, *, urgent: bool) -> bool:
        """Whether a request may be spent now."""
        return (self.left if urgent else min(self.left, self.left_unhurried)) > 0

    def wait(self, spent: int, *, urgent: bool) -> int:
        """How long to wait after so many requests (ms)."""
        return spent * (URGENT_EVERY if urgent else self.every_unhurried)


def pace(used: Mapping[str, int], limit: int) -> Pace:
    """The pace with `used` requests of the last 24 hours by purpose, and a day's `limit`."""
    own = sum(used.get(word, 0) for word in OWN)
    others = sum(used.values()) - own
    per_day = max(0, int(min(OWN_SHARE * limit, ALL_SHARE * limit - others)))
    urgent = max(own - used.get(READ_OLDER, 0), int(URGENT_SHARE * per_day))
    unhurried = max(0, per_day - urgent)
    return Pace(
        per_day,
        per_day - own,
        unhurried - used.get(READ_OLDER, 0),
        DAY // max(1, unhurried),
    )
