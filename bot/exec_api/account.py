"""What the budget keeps in the database: one row that is locked, and a row for each request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.exec_api.windows import Lesson, Whose, Window
from bot.storage.database import Database
from bot.storage.tables import MILLISECOND, budget_account, budget_request

ACCOUNT = budget_account.c.id == 1
NOTHING_LEARNED: Mapping[Whose, Lesson] = MappingProxyType({"minute": Lesson(), "day": Lesson()})


@dataclass(frozen=True, slots=True)
class Account:
    """The row that all processes share: Exec's own block, and what its 429s taught."""

    blocked_until: datetime | None = None
    lessons: Mapping[Whose, Lesson] = field(default_factory=lambda: NOTHING_LEARNED)


async def lock(database: Database, connection: AsyncConnection) -> Account:
    """Lock the account until the transaction ends, and read it."""
    locking = (
        budget_account.update()
        .where(ACCOUNT)
        .values(blocked_until=budget_account.c.blocked_until)
        .returning(*budget_account.c)
    )
    row = (await connection.execute(locking)).one_or_none()
    if row is None:
        first = database.insert(budget_account).values(id=1)
        await connection.execute(first.on_conflict_do_nothing())
        row = (await connection.execute(locking)).one()
    return _account(row)


async def read(connection: AsyncConnection) -> Account:
    """The account as it is, unlocked."""
    row = (await connection.execute(budget_account.select().where(ACCOUNT))).one_or_none()
    return Account() if row is None else _account(row)


async def write(connection: AsyncConnection, account: Account) -> None:
    """Write the account, which is locked."""
    minute, day = account.lessons["minute"], account.lessons["day"]
    await connection.execute(
        budget_account.update()
        .where(ACCOUNT)
        .values(
            blocked_until=account.blocked_until,
            others_minute=minute.others,
            others_minute_at=minute.at,
            others_day=day.others,
            others_day_at=day.at,
        )
    )


def _account(row: sa.Row[Any]) -> Account:
    lessons: dict[Whose, Lesson] = {
        "minute": Lesson(row.others_minute, row.others_minute_at),
        "day": Lesson(row.others_day, row.others_day_at),
    }
    return Account(row.blocked_until, lessons)


async def newest_of(
    connection: AsyncConnection, windows: Sequence[Window]
) -> tuple[datetime | None, list[datetime | None]]:
    """The instants of the newest request and of each window's `limit`-th newest one.

    Each is found by walking the index on `at`.
    """
    at = budget_request.c.at
    newest_first = sa.select(at).order_by(at.desc()).limit(1)
    ranks = [1, *(window.limit for window in windows)]
    nths = sa.select(*(newest_first.offset(rank - 1).scalar_subquery() for rank in ranks))
    newest, *others = (await connection.execute(nths)).one()
    return newest, others


async def nth_of_person(
    connection: AsyncConnection, person: str, window: Window
) -> datetime | None:
    """The instant of the `limit`-th newest request that was booked to somebody."""
    at = budget_request.c.at
    query = (
        sa.select(at)
        .where(budget_request.c.person == person)
        .order_by(at.desc())
        .offset(window.limit - 1)
        .limit(1)
    )
    found: datetime | None = (await connection.execute(query)).scalar_one_or_none()
    return found


async def used_by_person(
    connection: AsyncConnection, now: datetime, person: str, window: Window
) -> int:
    """How many requests booked to somebody are in the window at `now`."""
    query = (
        sa.select(sa.func.count())
        .select_from(budget_request)
        .where(budget_request.c.person == person, budget_request.c.at >= now - window.length)
    )
    return int((await connection.execute(query)).scalar_one())


async def used_of(
    connection: AsyncConnection, now: datetime, windows: Sequence[Window]
) -> tuple[datetime | None, list[int]]:
    """The instant of the newest request, and how many are in each window at `now`."""
    at = budget_request.c.at
    count = sa.select(sa.func.count()).select_from(budget_request)
    counts = (count.where(at >= now - each.length).scalar_subquery() for each in windows)
    query = sa.select(sa.select(sa.func.max(at)).scalar_subquery(), *counts)
    newest, *used = (await connection.execute(query)).one()
    return newest, used


async def step_back(
    connection: AsyncConnection, now: datetime, step: timedelta, account: Account
) -> Account:
    """Follow a clock that was `step` ahead and was put right; the account as it is then.

    Rows of the future would otherwise count until that future is over. Their real age is at
    least what this gives them, so no window is ever overrun. All of them move, also those of the
    next few seconds: they must not come to lie behind requests that left later.
    """
    at = budget_request.c.at
    stepped = sa.type_coerce(at, sa.BigInteger) - step // MILLISECOND
    await connection.execute(budget_request.update().where(at > now).values(at=stepped))
    blocked_until = account.blocked_until
    if blocked_until is not None and blocked_until > now:
        account = replace(account, blocked_until=blocked_until - step)
        await write(connection, account)
    return account
