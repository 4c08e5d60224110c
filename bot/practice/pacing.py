"""How many requests looking again may cost, by what people and digests leave.

Pure. What is not urgent stays, with all others together, under six tenths of a day's requests.
It is spread over the day, at the pace that is right if people ask what they asked a week ago: else
Sunday night would take what Monday needs. What is urgent is little, and may take some more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.practice.settling import DAY, MINUTE

# Parts of a day's limit: of all requests together, for what is not urgent and for what is; of
# looking again; and of that for what is urgent, unless it took more.
ALL_SHARE, URGENT_ALL_SHARE = 0.58, 0.66
OWN_SHARE = 0.45
URGENT_SHARE = 0.08
# The words under which these requests are booked.
READ_RECENT, ASK_TOTALS, READ_OLDER = "recent", "totals", "reread"
OWN = (READ_RECENT, ASK_TOTALS, READ_OLDER)
# What is urgent may take four of a minute's sixty requests.
URGENT_EVERY = MINUTE // 4


@dataclass(frozen=True, slots=True)
class Pace:
    """What may be spent in a day on looking again, how much of it is left for what is urgent and
    what is not, and how long to wait after a request that is not (ms)."""

    per_day: int
    left_urgent: int
    left: int
    every: int

    @property
    def pages_a_day(self) -> float:
        """How many pages may be read in a day where no two are begun in the same place."""
        return 0.75 * self.per_day

    def may(self, *, urgent: bool) -> bool:
        """Whether a request may be spent now."""
        return (self.left_urgent if urgent else self.left) > 0

    def wait(self, spent: int, *, urgent: bool) -> int:
        """How long to wait after so many requests (ms)."""
        return spent * (URGENT_EVERY if urgent else self.every)


def pace(used: Mapping[str, int], week_ago: Mapping[str, int], limit: int) -> Pace:
    """The pace after the requests `used` in the last 24 hours, by purpose, and those that were
    used a week ago in the 24 hours that followed then; `limit` is a day's."""
    others = _others(used)
    older = used.get(READ_OLDER, 0)
    own = sum(used.values()) - others
    urgent = max(own - older, int(URGENT_SHARE * limit))
    per_day = max(0, int(min(OWN_SHARE * limit, URGENT_ALL_SHARE * limit - others)))

    def free(others: int) -> int:
        return int(min(OWN_SHARE * limit, ALL_SHARE * limit - others)) - urgent

    every = DAY // max(1, free(max(others, _others(week_ago))))
    return Pace(per_day, per_day - own, free(others) - older, every)


def _others(used: Mapping[str, int]) -> int:
    """What people, digests and the rest of the background took."""
    return sum(count for purpose, count in used.items() if purpose not in OWN)
