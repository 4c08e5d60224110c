"""Taking requests from an account, and what is left of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.errors import Limited
from bot.exec_api.budget import Budget, Left
from bot.storage.database import Database
from bot.storage.tables import budget_request
from tests.conftest import FakeClock

# An empty list, as Exec answers it.
NOTHING = {
    "data": [],
    "pagination": {"page": 1, "page_size": 100, "total_count": 0, "total_pages": 0},
}


@pytest.fixture
def budget(database: Database, clock: FakeClock) -> Budget:
    return Budget(database, clock=clock)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def left(day: int, minute: int, questions: int, blocked_until: datetime | None = None) -> Left:
    """What is left of 1,000 a day, of which questions may take 667, and of 60 a minute."""
    return Left(day, minute, questions, blocked_until)


async def fill(database: Database, instants: list[datetime], purpose: str = "before") -> None:
    async with database.transaction() as connection:
        await connection.execute(
            budget_request.insert(), [{"at": at, "purpose": purpose} for at in instants]
        )


async def granted(budget: Budget, tries: int, purpose: str = "test") -> int:
    count = 0
    for _ in range(tries):
        try:
            await budget.take(purpose)
        except Limited:
            continue
        count += 1
    return count


async def limit_of(budget: Budget, purpose: str = "test") -> Limited:
    with pytest.raises(Limited) as caught:
        await budget.take(purpose)
    return caught.value
