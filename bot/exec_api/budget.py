"""The budget of requests: 60 a minute and 1,000 a day, shared by all processes.

Exec does not say where its minutes and days begin. Counting in sliding windows is right
whatever it does: no 60 seconds and no 24 hours ever hold more than the limit. People who wait
may take all of it together, and each of them a share; what is less urgent leaves them some
(`purposes.py`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Limited
from bot.exec_api.purposes import BACKGROUND, Spender, Urgency, current, urgency_of
from bot.storage.database import Database
from bot.storage.tables import EPOCH, MILLISECOND, budget_account, budget_request

DAY = timedelta(hours=24)
# A request is counted here when it leaves, but by Exec when it arrives. One that was long on its
# way and a later one that was not lie closer together there than here, so the windows here are
# longer by what a way may take: 1 s of a minute, where every second counts. A day can spare 5 s
# and does, for over a day clocks drift apart as well.
MINUTE_WINDOW = timedelta(seconds=60 + 1)
DAY_WINDOW = DAY + timedelta(seconds=5)

ACCOUNT = budget_account.c.id == 1
AT = budget_request.c.at

Whose = Literal["minute", "day", "person"]


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


@dataclass(frozen=True, slots=True)
class Left:
    """Requests left in the last 24 hours and the last minute, and Exec's own block if any."""

    day: int
    minute: int
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
        self._minute = Window("minute", MINUTE_WINDOW, per_minute)
        self._day = Window("day", DAY_WINDOW, per_day)

    async def take(self, purpose: str) -> None:
        """Record a request that leaves now, for `purpose` (a word of up to 32 characters).

        It is booked to whose job this is. Raises Limited with the moment the next request of its
        urgency becomes possible for them.
        """
        spender, urgency = current(), urgency_of(purpose)
        windows = [self._minute.open_to(urgency), self._day.open_to(urgency)]
        newest_of, of = NEWEST, {}
        if spender.person:
            windows.append(self._share(spender))
            newest_of, of = NEWEST_OF_PERSON, {"whose": spender.person}
        limits = {window.whose: window.limit - 1 for window in windows}
        async with self._database.transaction() as connection:
            blocked_until = await self._lock(connection)
            # Read under the lock: instants then grow in the order of the requests.
            now = self._now()
            newest, *filled = (await connection.execute(newest_of, limits | of)).one()
            limited = refusal(now, zip(windows, filled, strict=True), blocked_until)
            if limited is not None:
                raise limited
            # Never before the newest one, which another machine's clock may have given.
            at = now if newest is None else max(now, newest)
            row = {"at": at, "purpose": purpose[:32], "person": spender.person}
            await connection.execute(budget_request.insert(), row)

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
        now = self._now()
        begins = {"minute": now - self._minute.length, "day": now - self._day.length}
        ((until, minute, day),) = await self._database.rows(SPENT, begins)
        return Left(
            day=max(0, self._day.limit - day),
            minute=max(0, self._minute.limit - minute),
            blocked_until=until if until is not None and now < until else None,
        )

    async def affordable(self) -> int:
        """How many requests whose job this is may cause now; nobody's: what is left of the day."""
        left, spender = (await self.left()).day, current()
        if not spender.person:
            return left
        share = self._share(spender)
        theirs = budget_request.c.person == spender.person
        used = await self._database.count(budget_request, theirs, self._now() - share.length <= AT)
        return max(0, min(left, share.limit - used))

    async def spare_from(self) -> datetime | None:
        """When there is more left of the day than what is kept for people; None for now.

        Sooner if less is asked until then than was a day before.
        """
        spare = self._day.open_to(BACKGROUND)
        ((nth_newest,),) = await self._database.rows(NEWEST_OF_DAY, {"day": spare.limit - 1})
        opens = spare.opens(nth_newest)
        return opens if opens is not None and self._now() < opens else None

    async def used(self) -> dict[str, int]:
        """The requests of the last 24 hours by purpose, the most first."""
        purpose, count = budget_request.c.purpose, sa.func.count()
        by_purpose = (
            sa.select(purpose, count)
            .where(self._now() - self._day.length <= AT)
            .group_by(purpose)
            .order_by(count.desc(), purpose)
        )
        return {row[0]: row[1] for row in await self._database.rows(by_purpose)}

    async def used_by_part(
        self, parts: int, *, ago: timedelta = timedelta()
    ) -> list[dict[str, int]]:
        """The requests of the 24 hours that ended so long ago, by purpose, in so many parts of
        equal length, oldest first."""
        at, purpose = budget_request.c.at, budget_request.c.purpose
        end = self._clock() - ago
        start = end - DAY
        length = DAY // parts // MILLISECOND
        begins = (start - EPOCH) // MILLISECOND
        part = (sa.type_coerce(at, sa.BigInteger) - begins) // length
        by_part = (
            sa.select(part, purpose, sa.func.count())
            .where(at >= start, at < end if ago else sa.true())
            .group_by(part, purpose)
        )
        found: list[dict[str, int]] = [{} for _ in range(parts)]
        for number, name, count in await self._database.rows(by_part):
            among = found[min(number, parts - 1)]
            among[name] = among.get(name, 0) + count
        return found

    def _now(self) -> datetime:
        return EPOCH + (self._clock() - EPOCH) // MILLISECOND * MILLISECOND

    def _share(self, spender: Spender) -> Window:
        return Window("person", self._day.length, spender.share(self._day.limit))

    async def _lock(self, connection: AsyncConnection) -> datetime | None:
        """Lock the account until the transaction ends; Exec's own block."""
        row = (await connection.execute(LOCKING)).one_or_none()
        if row is None:
            first = self._database.insert(budget_account).values(id=1)
            await connection.execute(first.on_conflict_do_nothing())
            row = (await connection.execute(LOCKING)).one()
        until: datetime | None = row[0]
        return until


def _newest_but(name: str, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[datetime]:
    """The instant of the newest request but as many as are bound to this name, of those that meet
    the conditions. It is found by walking an index."""
    newest = sa.select(AT).where(*conditions).order_by(AT.desc())
    return newest.offset(sa.bindparam(name, type_=sa.Integer)).limit(1).scalar_subquery()


def _count_since(name: str) -> sa.ScalarSelect[int]:
    """The requests since the moment that is bound to this name."""
    since = sa.bindparam(name, type_=AT.type)
    return (
        sa.select(sa.func.count()).select_from(budget_request).where(since <= AT).scalar_subquery()
    )


# The newest request of all, and those that fill each window; every request looks at them.
NEWEST = sa.select(
    sa.select(sa.func.max(AT)).scalar_subquery(), _newest_but("minute"), _newest_but("day")
)
IS_PERSONS = budget_request.c.person == sa.bindparam("whose", type_=budget_request.c.person.type)
NEWEST_OF_PERSON = NEWEST.add_columns(_newest_but("person", IS_PERSONS))
NEWEST_OF_DAY = sa.select(_newest_but("day"))
# Writes what is there, so that others wait; gives Exec's block.
LOCKING = (
    budget_account.update()
    .where(ACCOUNT)
    .values(blocked_until=budget_account.c.blocked_until)
    .returning(budget_account.c.blocked_until)
)
# Exec's block, and what was asked in the last `minute` and `day`. Every answer looks at it.
SPENT = sa.select(
    sa.select(budget_account.c.blocked_until).where(ACCOUNT).scalar_subquery(),
    _count_since("minute"),
    _count_since("day"),
)
