"""How many requests fit into a minute and a day: reckoning over instants, without a database."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal

from bot.errors import Limited
from bot.exec_api.purposes import Urgency
from bot.storage.clocks import CLOCKS_AGREE
from bot.storage.tables import MILLISECOND

Whose = Literal["minute", "day", "person"]

DAY = timedelta(hours=24)
# A request is counted here when it leaves, but by Exec when it arrives. One that was long on its
# way and a later one that was not lie closer together there than here, so the windows here are
# longer by what a way may take: 1 s of a minute, where every second counts. A day can spare 5 s
# and does, for over a day clocks drift apart as well.
MINUTE_WINDOW = timedelta(seconds=60 + 1)
DAY_WINDOW = DAY + timedelta(seconds=5)
# A 429 that says to wait for longer than this is about the day.
LONGEST_WAIT_FOR_A_MINUTE = timedelta(minutes=2)
# Whatever others take, this part of a limit is tried.
LEAST = Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What others who use the same key took of a window, and when a 429 showed it (aware)."""

    others: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` requests in any `length` of time, both ends included."""

    whose: Whose
    length: timedelta
    limit: int

    def opens(self, nth_newest: datetime | None) -> datetime | None:
        """When the next request fits, by the instant of the `limit`-th newest one.

        None when there are fewer requests than that: it fits at any time.
        """
        # One more millisecond: instants are kept rounded down to it.
        return None if nth_newest is None else nth_newest + self.length + MILLISECOND

    def learn(self, now: datetime, used: int, known: Lesson) -> Lesson:
        """What a 429 at `now` teaches when this window holds `used` requests of our own.

        The last of them is the refused one. Requests that were under way together are refused
        together: the later ones must not make less of what the first one taught.
        """
        others = max(self.limit - max(0, used - 1), self.others(now, known))
        return Lesson(others, now)

    def others(self, now: datetime, lesson: Lesson) -> int:
        """How many requests others are believed to take at `now`.

        A lesson is believed for an hour about the minute, for a day about the day, and then
        forgotten at once: were it forgotten bit by bit, each bit would be tried out, and cost
        another 429, while the others go on.
        """
        lasts = timedelta(hours=1) if self.whose == "minute" else DAY
        if lesson.at is None or not lesson.at - CLOCKS_AGREE <= now < lesson.at + lasts:
            return 0
        return max(0, min(lesson.others, self.limit - math.ceil(self.limit * LEAST)))

    def beside(self, others: int) -> Window:
        """What remains of this window for us when others take so many."""
        return replace(self, limit=self.limit - others)

    def open_to(self, urgency: Urgency) -> Window:
        """This window as requests of that urgency may fill it, all requests counted.

        At least one is kept free for the more urgent, if the limit is more than one.
        """
        free = urgency.free_of_minute if self.whose == "minute" else urgency.free_of_day
        kept = math.ceil(self.limit * free) if self.limit > 1 else 0
        return replace(self, limit=self.limit - kept)


def refusal(
    now: datetime,
    windows: Iterable[tuple[Window, datetime | None]],
    blocked_until: datetime | None,
) -> Limited | None:
    """Why no request may leave at `now`, or None when one may.

    Each window comes with the instant of its `limit`-th newest request. The `until` of the
    answer is the earliest moment at which everything allows a request.
    """
    shut: list[tuple[datetime, Literal["exec"] | Whose]] = []
    if blocked_until is not None and now < blocked_until:
        shut.append((blocked_until, "exec"))
    for window, nth_newest in windows:
        opens = window.opens(nth_newest)
        if opens is not None and now < opens:
            shut.append((opens, window.whose))
    return Limited(*max(shut)) if shut else None


def believable(now: datetime, blocked_until: datetime | None) -> datetime | None:
    """The block if it still holds and is one that Exec can have meant (24 hours at most)."""
    if blocked_until is None or not now < blocked_until <= now + DAY + CLOCKS_AGREE:
        return None
    return blocked_until


def judged(wait: timedelta) -> Whose:
    """Which limit Exec's 429 is about, by how long it says to wait."""
    return "minute" if wait <= LONGEST_WAIT_FOR_A_MINUTE else "day"
