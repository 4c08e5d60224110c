"""The account of requests: 60 a minute and 1,000 a day, shared by all processes.

Exec does not say where its minutes and days begin. Counting in sliding windows is right
whatever it does: no 60 seconds and no 24 hours ever hold more than the limit. People waiting
may take all of it together, and each of them a share (`spending.py`); what is less urgent leaves
them some (`purposes.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.exec_api.account import (
    Account,
    lock,
    newest_of,
    nth_of_person,
    read,
    step_back,
    used_by_person,
    used_of,
    write,
)
from bot.exec_api.purposes import BACKGROUND, urgency_of
from bot.exec_api.spending import Spender, current
from bot.exec_api.windows import (
    DAY,
    DAY_WINDOW,
    MINUTE_WINDOW,
    Window,
    believable,
    judged,
    refusal,
)
from bot.storage.clocks import is_ahead
from bot.storage.database import Database
from bot.storage.tables import EPOCH, MILLISECOND, budget_request

# What a day of the week takes is expected of the next one.
KEPT = timedelta(days=7, hours=1)


@dataclass(frozen=True, slots=True)
class Left:
    """Requests left in the last 24 hours and the last minute, and Exec's own block if any.

    `background` is how many of the day's are left for what nobody waits for. `others_day` and
    `others_minute` are what others who use the same key are believed to take of the two limits;
    everything else here is reckoned without them.
    """

    day: int
    minute: int
    blocked_until: datetime | None
    background: int
    others_day: int
    others_minute: int


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
        spender = current()
        async with self._database.transaction() as connection:
            account = await lock(self._database, connection)
            # Read under the lock: instants then grow in the order of the requests.
            now = _floor(self._clock())
            urgency = urgency_of(purpose)
            windows = [window.open_to(urgency) for window in self._ours(now, account)]
            newest, nths = await newest_of(connection, windows)
            if newest is not None and is_ahead(newest, now):
                account = await step_back(connection, now, newest - now, account)
                newest, nths = await newest_of(connection, windows)
            filled = list(zip(windows, nths, strict=True))
            if spender.person:
                share = self._share(spender)
                filled.append((share, await nth_of_person(connection, spender.person, share)))
            limited = refusal(now, filled, believable(now, account.blocked_until))
            if limited is None:
                # Never before the newest one: a clock that is a little behind, or was put back
                # a little, would soon make this request look older than it is.
                at = now if newest is None else max(now, newest)
                row = {"at": at, "purpose": purpose[:32], "person": spender.person}
                await connection.execute(budget_request.insert(), row)
        # Raised out here, since raising inside would undo the mending of the clock's step.
        if limited is not None:
            raise limited

    async def block(self, until: datetime) -> None:
        """Heed a 429: remember, for all processes, that Exec wants no request before `until`.

        `until` (aware) is cut to 24 hours from now; a shorter block does not end a longer one.
        Our own count had let the request leave, so somebody else uses the key: how much they
        take is learned here.
        """
        async with self._database.transaction() as connection:
            account = await lock(self._database, connection)
            now = _floor(self._clock())
            wanted = min(until, now + DAY)
            window = self._minute if judged(wanted - now) == "minute" else self._day
            _, (used,) = await used_of(connection, now, [window])
            lesson = window.learn(now, used, account.lessons[window.whose])
            known = believable(now, account.blocked_until)
            await write(
                connection,
                Account(max(wanted, known or wanted), {**account.lessons, window.whose: lesson}),
            )

    async def left(self) -> Left:
        """What may still be asked now."""
        now = _floor(self._clock())
        both = (self._minute, self._day)
        async with self._database.transaction(reads=True) as connection:
            account = await read(connection)
            newest, used = await used_of(connection, now, both)
        if newest is not None and is_ahead(newest, now):
            async with self._database.transaction() as connection:
                account = await lock(self._database, connection)
                account = await step_back(connection, now, newest - now, account)
                _, used = await used_of(connection, now, both)
        minute, day = self._ours(now, account)
        return Left(
            day=max(0, day.limit - used[1]),
            minute=max(0, minute.limit - used[0]),
            blocked_until=believable(now, account.blocked_until),
            background=max(0, day.open_to(BACKGROUND).limit - used[1]),
            others_day=self._day.limit - day.limit,
            others_minute=self._minute.limit - minute.limit,
        )

    async def affordable(self) -> int:
        """How many requests whose job this is may cause now; nobody's: what is left of the day."""
        left, spender = (await self.left()).day, current()
        if not spender.person:
            return left
        share, now = self._share(spender), _floor(self._clock())
        async with self._database.transaction(reads=True) as connection:
            used = await used_by_person(connection, now, spender.person, share)
        return max(0, min(left, share.limit - used))

    async def spare_from(self) -> datetime | None:
        """When there is more left of the day than what is kept for people; None for now.

        Sooner if less is asked until then than was a day before.
        """
        now = _floor(self._clock())
        async with self._database.transaction(reads=True) as connection:
            account = await read(connection)
            _, day = self._ours(now, account)
            spare = day.open_to(BACKGROUND)
            _, (nth,) = await newest_of(connection, [spare])
        opens = spare.opens(nth)
        return opens if opens is not None and now < opens else None

    async def used(self) -> dict[str, int]:
        """The requests of the last 24 hours by purpose, the most first."""
        purpose, count = budget_request.c.purpose, sa.func.count()
        by_purpose = (
            sa.select(purpose, count)
            .where(budget_request.c.at >= _floor(self._clock()) - self._day.length)
            .group_by(purpose)
            .order_by(count.desc(), purpose)
        )
        async with self._database.transaction(reads=True) as connection:
            return {row[0]: row[1] for row in await connection.execute(by_purpose)}

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
        async with self._database.transaction(reads=True) as connection:
            for number, name, count in await connection.execute(by_part):
                among = found[min(number, parts - 1)]
                among[name] = among.get(name, 0) + count
        return found

    async def forget_old(self) -> None:
        """Delete the rows that nobody needs any more: those older than a week."""
        old = budget_request.c.at < _floor(self._clock()) - KEPT
        async with self._database.transaction() as connection:
            await connection.execute(budget_request.delete().where(old))

    def _share(self, spender: Spender) -> Window:
        return Window("person", self._day.length, spender.share(self._day.limit))

    def _ours(self, now: datetime, account: Account) -> tuple[Window, Window]:
        """The minute and the day without what others are believed to take of them."""
        lessons = account.lessons
        return (
            self._minute.beside(self._minute.others(now, lessons["minute"])),
            self._day.beside(self._day.others(now, lessons["day"])),
        )


def _floor(moment: datetime) -> datetime:
    return EPOCH + (moment - EPOCH) // MILLISECOND * MILLISECOND
