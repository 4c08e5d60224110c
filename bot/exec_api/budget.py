"""The budget of requests: 60 a minute and 1,000 a day, shared by all processes.

Exec does not say where its minutes and days begin. Counting in sliding windows is right
whatever it does: no 60 seconds and no 24 hours ever hold more than the limit. A third of the day
is kept for new sessions, late grades and due messages; people may take all the rest together, and
what is less urgent leaves them some.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Limited
from bot.storage.database import Database
from bot.storage.tables import EPOCH, MILLISECOND, budget_account, budget_request

DAY = timedelta(hours=24)
# A request is counted here when it leaves, but by Exec when it arrives. One that was long on its
# way and a later one that was not lie closer together there than here, so the windows here are
# longer by what a way may take: 1 s of a minute, where every second counts. A day can spare 5 s
# and does, for over a day clocks drift apart as well.
MINUTE_WINDOW = timedelta(seconds=60 + 1)
DAY_WINDOW = DAY + timedelta(seconds=5)
RESERVE = 3  # of a day, the third that is kept for what is `reserved`

NONE = Fraction(0)
# What a person waits for, and what comes to people when it is due.
QUESTION, DUE = "question", "digest"


@dataclass(frozen=True, slots=True)
class Urgency:
    """How urgent requests are: the fractions of a day's and a minute's limit that they leave free.

    `reserved`: a third of the day is kept for these, whatever else is asked. Of the rest the
    others leave `free_for_people`, a fraction of the day.
    """

    word: str
    free_of_day: Fraction
    free_of_minute: Fraction
    free_for_people: Fraction = NONE
    reserved: bool = False


PEOPLE = Urgency("people", NONE, NONE)
DIGEST = Urgency("digest", NONE, Fraction(1, 30), reserved=True)
NEWS = Urgency("news", NONE, Fraction(1, 12), reserved=True)
BACKGROUND = Urgency("background", Fraction(3, 10), Fraction(1, 12), Fraction(1, 10))


@dataclass(frozen=True, slots=True)
class Purpose:
    """A word under which requests are booked, and its meaning as people read it.

    `waits`: a limit is waited for. What reads sessions in the background does not: it comes again
    by itself, and must hold up nobody who wants to read the same.
    """

    word: str
    urgency: Urgency
    meaning: str
    waits: bool = True


PURPOSES: Mapping[str, Purpose] = MappingProxyType(
    {
        purpose.word: purpose
        for purpose in (
            Purpose(QUESTION, PEOPLE, "questions that people asked"),
            Purpose("names", PEOPLE, "names of groups, scenarios, skills and people"),
            Purpose("health", PEOPLE, "checks that Exec can be reached"),
            Purpose("doctor", PEOPLE, "the doctor command"),
            Purpose(DUE, DIGEST, "digests and messages for coaches"),
            Purpose("poll", NEWS, "looking for new sessions", waits=False),
            Purpose("settle", NEWS, "looking for late grades", waits=False),
            Purpose("history", BACKGROUND, "importing history", waits=False),
            Purpose("recent", BACKGROUND, "reading the last two weeks again", waits=False),
            Purpose("reread", BACKGROUND, "reading older sessions again", waits=False),
            Purpose("people", BACKGROUND, "who joined and who left"),
            Purpose("roster", BACKGROUND, "who is in which group"),
        )
    }
)
RESERVED = frozenset(word for word, purpose in PURPOSES.items() if purpose.urgency.reserved)


def urgency_of(purpose: str) -> Urgency:
    """The urgency of a purpose word; behind a word of no row somebody may be waiting."""
    row = PURPOSES.get(purpose)
    return PEOPLE if row is None else row.urgency


def waits(purpose: str) -> bool:
    """Whether a request of this purpose waits for a limit to end."""
    row = PURPOSES.get(purpose)
    return row is None or row.waits


ACCOUNT = budget_account.c.id == 1
AT = budget_request.c.at

WindowName = Literal["minute", "day", "questions"]


@dataclass(frozen=True, slots=True)
class RequestWindow:
    """At most `limit` requests in any `length` of time, both ends included.

    That of `questions` holds all but those that have a reserve; the others hold all.
    """

    whose: WindowName
    length: timedelta
    limit: int

    def available_at(self, nth_newest: datetime | None) -> datetime | None:
        """When the next request fits, by the instant of the `limit`-th newest one.

        None when there are fewer requests than that: it fits at any time.
        """
        # One more millisecond: instants are kept rounded down to it.
        return None if nth_newest is None else nth_newest + self.length + MILLISECOND


def windows_of(urgency: Urgency, *, per_minute: int, per_day: int) -> tuple[RequestWindow, ...]:
    """The windows that a request of this urgency has to fit into."""
    windows = (
        RequestWindow(
            "minute", MINUTE_WINDOW, per_minute - _kept(per_minute, urgency.free_of_minute)
        ),
        RequestWindow("day", DAY_WINDOW, per_day - _kept(per_day, urgency.free_of_day)),
    )
    if urgency.reserved:
        return windows
    unreserved = per_day - per_day // RESERVE - _kept(per_day, urgency.free_for_people)
    return (*windows, RequestWindow("questions", DAY_WINDOW, unreserved))


def _kept(limit: int, free: Fraction) -> int:
    """How many of a limit are left to the more urgent: at least one, if it is more than one."""
    return math.ceil(limit * free) if limit > 1 else 0


def refusal(
    now: datetime,
    windows: Iterable[tuple[RequestWindow, datetime | None]],
    blocked_until: datetime | None,
) -> Limited | None:
    """Why no request may leave at `now`, or None when one may.

    Each window comes with the instant of its `limit`-th newest request. The `until` of the
    answer is the earliest moment at which everything allows a request.
    """
    blocked: list[tuple[datetime, Literal["exec"] | WindowName]] = []
    if blocked_until is not None and now < blocked_until:
        blocked.append((blocked_until, "exec"))
    for window, nth_newest in windows:
        available_at = window.available_at(nth_newest)
        if available_at is not None and now < available_at:
            blocked.append((available_at, window.whose))
    return Limited(*max(blocked)) if blocked else None


@dataclass(frozen=True, slots=True)
class Left:
    """Requests left in the last 24 hours and the last minute, how many of the day's are left for
    `questions`, and Exec's own block if any."""

    day: int
    minute: int
    questions: int
    blocked_until: datetime | None


class Budget:
    """Every request to Exec is taken from here first, by every process on this database.

    All methods raise StorageError when the database does not answer.
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime],
        per_minute: int = 60,
        per_day: int = 1000,
    ) -> None:
        self._database = database
        self._clock = clock
        self._per_minute = per_minute
        self._per_day = per_day

    async def take(self, purpose: str) -> None:
        """Record a request that leaves now, for `purpose` (a word of up to 32 characters).

        Raises Limited with the moment the next request of its urgency becomes possible.
        """
        windows = self._windows(urgency_of(purpose))
        async with self._database.transaction() as connection:
            blocked_until = await self._lock(connection)
            # Read under the lock: instants then grow in the order of the requests.
            now = self._now()
            nth_newest = [
                _taken(window, now).order_by(AT.desc()).offset(window.limit - 1).limit(1)
                for window in windows
            ]
            newest = sa.select(sa.func.max(AT))
            found = sa.select(*(each.scalar_subquery() for each in (newest, *nth_newest)))
            last, *nths = (await connection.execute(found)).one()
            limited = refusal(now, zip(windows, nths, strict=True), blocked_until)
            if limited is not None:
                raise limited
            # Never before the newest one, which another machine's clock may have given.
            at = now if last is None else max(now, last)
            await connection.execute(budget_request.insert(), {"at": at, "purpose": purpose[:32]})

    async def block(self, until: datetime) -> None:
        """Heed a 429: remember, for all processes, that Exec wants no request before `until`.

        `until` (aware) is cut to 24 hours from now; a shorter block does not end a longer one.
        """
        async with self._database.transaction() as connection:
            known = await self._lock(connection)
            wanted = min(until, self._now() + DAY)
            longest = wanted if known is None else max(wanted, known)
            update = budget_account.update().where(ACCOUNT).values(blocked_until=longest)
            await connection.execute(update)

    async def left(self) -> Left:
        """What may still be asked now."""
        now, windows = self._now(), self._windows(PEOPLE)
        taken = (
            sa.select(sa.func.count()).select_from(_taken(each, now).subquery()) for each in windows
        )
        blocked = sa.select(budget_account.c.blocked_until).where(ACCOUNT)
        found = sa.select(*(each.scalar_subquery() for each in (blocked, *taken)))
        ((until, *counts),) = await self._database.rows(found)
        left = {
            window.whose: max(0, window.limit - count)
            for window, count in zip(windows, counts, strict=True)
        }
        return Left(
            day=left["day"],
            minute=left["minute"],
            questions=min(left["day"], left["questions"]),
            blocked_until=until if until is not None and now < until else None,
        )

    async def used(self, *, ago: timedelta = timedelta()) -> dict[str, int]:
        """The requests of the 24 hours that ended so long ago, by purpose, the most first."""
        purpose, count = budget_request.c.purpose, sa.func.count()
        end = self._now() - ago
        by_purpose = (
            sa.select(purpose, count.label("requests"))
            .where(end - DAY_WINDOW <= AT, end >= AT if ago else sa.true())
            .group_by(purpose)
            .order_by(count.desc(), purpose)
        )
        return {row.purpose: row.requests for row in await self._database.rows(by_purpose)}

    def _now(self) -> datetime:
        return EPOCH + (self._clock() - EPOCH) // MILLISECOND * MILLISECOND

    def _windows(self, urgency: Urgency) -> tuple[RequestWindow, ...]:
        return windows_of(urgency, per_minute=self._per_minute, per_day=self._per_day)

    async def _lock(self, connection: AsyncConnection) -> datetime | None:
        """Lock the account until the transaction ends; Exec's own block."""
        row = (await connection.execute(LOCKING)).one_or_none()
        if row is None:
            first = self._database.insert(budget_account).values(id=1)
            await connection.execute(first.on_conflict_do_nothing())
            row = (await connection.execute(LOCKING)).one()
        until: datetime | None = row.blocked_until
        return until


def _taken(window: RequestWindow, now: datetime) -> sa.Select[datetime]:
    """The instants of the requests that a window counts now."""
    counted = (
        budget_request.c.purpose.not_in(RESERVED) if window.whose == "questions" else sa.true()
    )
    return sa.select(AT).where(now - window.length <= AT, counted)


# Writes what is there, so that others wait; gives Exec's block.
LOCKING = (
    budget_account.update()
    .where(ACCOUNT)
    .values(blocked_until=budget_account.c.blocked_until)
    .returning(budget_account.c.blocked_until)
)
