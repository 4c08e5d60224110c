"""At most 60 requests a minute and 1,000 a day across all processes."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.errors import Limited
from bot.exec.budget import DAY, MINUTE, Budget, Purpose
from bot.storage.database import Database
from bot.storage.tables import request
from tests.conftest import START, FakeClock


async def granted(budget: Budget, tries: int, job: Purpose) -> int:
    count = 0
    for _ in range(tries):
        try:
            await budget.spend(job)
        except Limited:
            break
        count += 1
    return count


async def test_processes_share_a_minute_and_a_refusal(database_url: str, clock: FakeClock) -> None:
    async with Database(database_url) as left, Database(database_url) as right:
        first, second = budgets = [Budget(database, clock=clock) for database in (left, right)]
        background = await asyncio.gather(
            *(granted(budget, 50, Purpose.LISTS) for budget in budgets)
        )
        assert sum(background) == 40
        people = await asyncio.gather(*(granted(budget, 50, Purpose.PEOPLE) for budget in budgets))
        assert sum(people) == 20
        with pytest.raises(Limited) as limit:
            await first.spend(Purpose.DUE)
        assert START + MINUTE < limit.value.until <= START + MINUTE + timedelta(milliseconds=1)
        clock.now = limit.value.until
        await second.spend(Purpose.DUE)
        assert (await first.left()).minute == 59
        assert await first.used(Purpose.LISTS) == 40

        # Exec itself refuses one of them.
        until = clock() + timedelta(hours=1)
        await first.block(until)
        await second.block(clock() + timedelta(minutes=1))  # the longer one stays
        with pytest.raises(Limited) as limit:
            await second.spend(Purpose.PEOPLE)
        assert (limit.value.until, limit.value.source) == (until, "exec")
        assert (await second.left()).blocked_until == until
        clock.now = until
        await second.spend(Purpose.PEOPLE)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("job", "most"), [(Purpose.OLDER, 850), (Purpose.PEOPLE, 1000), (Purpose.DUE, 1000)]
)
async def test_the_background_leaves_a_part_of_the_day(
    database: Database, clock: FakeClock, job: Purpose, most: int
) -> None:
    """Three requests of the last 20 hours are left."""
    rows = [
        {"sent_at": clock() - timedelta(hours=20) * n / (most - 3), "job": "older"}
        for n in range(most - 3)
    ]
    await database.write(sa.insert(request).values(rows))
    clock.tick(3600)
    budget = Budget(database, clock=clock)
    assert await granted(budget, 10, job) == 3
    with pytest.raises(Limited) as limit:
        await budget.spend(job)
    first = START - timedelta(hours=20) * (most - 4) / (most - 3)
    assert abs(limit.value.until - first - DAY) < timedelta(seconds=1)


@pytest.mark.one_database
async def test_smaller_limits_are_shared_in_the_same_way(
    database: Database, clock: FakeClock
) -> None:
    budget = Budget(database, clock=clock, per_minute=12, per_day=100)
    assert await granted(budget, 20, Purpose.GRADES) == 8
    assert await granted(budget, 20, Purpose.ASKED) == 4
    assert budget.share(200) == 20
