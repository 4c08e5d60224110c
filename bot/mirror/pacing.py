"""How many requests looking again may cost, by what people and digests leave.

Pure. What is not urgent stays, with all others together, under six tenths of a day's requests: of
the 24 hours that end now, and of all that begin before now and end later, if people ask what they
asked a week ago. So weekends carry most of it, and Sunday does not take what Monday needs. What is
urgent is little, and may take some more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.mirror.settling import MINUTE

# Parts of a day's limit: of all requests together, for what is not urgent and for what is; of
# looking again; and of that what is kept for what is urgent.
ALL_SHARE, URGENT_ALL_SHARE = 0.58, 0.597
OWN_SHARE = 0.54
URGENT_SHARE = 0.1
# The words under which these requests are booked.
READ_RECENT, ASK_TOTALS, READ_OLDER = "recent", "totals", "reread"
OWN = (READ_RECENT, ASK_TOTALS, READ_OLDER)
# What is urgent may take four of a minute's sixty requests, what is not one.
URGENT_EVERY = MINUTE // 4
EVERY = MINUTE
# A day is reckoned with in so many parts; what is urgent may come in any of them.
PARTS = 12
# Requests by purpose, in the parts of 24 hours.
Used = Sequence[Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Pace:
    """What may be spent in a day on looking again, and how much of it is left now for what is
    urgent and for what is not."""

    per_day: int
    left_urgent: int
    left: int

    @property
    def pages_a_day(self) -> float:
        """How many pages may be read in a day where no two are begun in the same place."""
        return 0.6 * self.per_day

    def may(self, *, urgent: bool) -> bool:
        """Whether a request may be spent now."""
        return (self.left_urgent if urgent else self.left) > 0

    def wait(self, spent: int, *, urgent: bool) -> int:
        """How long to wait after so many requests (ms)."""
        return spent * (URGENT_EVERY if urgent else EVERY)


def pace(used: Used, week_ago: Used, limit: int) -> Pace:
    """The pace after the requests `used` in the parts of the last 24 hours, and those that were
    used a week ago in the parts of the 24 hours that followed then, each oldest first; `limit` is
    a day's."""
    others = sum(map(_others, used))
    own = sum(sum(part.values()) for part in used) - others
    older = sum(part.get(READ_OLDER, 0) for part in used)
    per_day = max(0, int(min(OWN_SHARE * limit, URGENT_ALL_SHARE * limit - others)))
    urgent = max(own - older, int(URGENT_SHARE * limit))
    left = min(
        ALL_SHARE * limit - _taken(used[part:], week_ago[:part]) - urgent * (part + 1) / len(used)
        for part in range(len(used) + 1)
    )
    kept = urgent - (own - older)
    return Pace(per_day, per_day - own, int(min(left, OWN_SHARE * limit - own - kept)))


def _taken(used: Used, to_come: Used) -> int:
    """Of 24 hours that began before now and end later."""
    return sum(sum(part.values()) for part in used) + sum(map(_others, to_come))


def _others(used: Mapping[str, int]) -> int:
    """What people, digests and the rest of the background took."""
    return sum(count for purpose, count in used.items() if purpose not in OWN)
