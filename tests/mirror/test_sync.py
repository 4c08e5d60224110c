"""The background keeps what is stored true: what it reads, when, and when it leaves Exec alone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import pairwise

import httpx
import pytest

from bot.mirror.sync import (
    BACK_OFF,
    GRADE_AGES,
    SETTLED,
)
from bot.storage.database import Database
from tests.conftest import MakeUrl
from tests.exec_api.spending import fill
from tests.mirror.room import Company, ago, company

pytestmark = pytest.mark.one_database

JANE, BOB = "jane@acme.com", "bob@acme.com"


@pytest.fixture
async def acme(database: Database) -> AsyncIterator[Company]:
    async with company(database) as acme:
        yield acme


@pytest.fixture
async def simulated(sqlite_urls: MakeUrl) -> AsyncIterator[Company]:
    """On SQLite only: days pass in it."""
    async with Database(sqlite_urls()) as database, company(database) as acme:
        yield acme


async def stored_score(acme: Company, session_id: str) -> float | None:
    score: float | None = (await acme.stored())[session_id]["score"]
    return score


async def stored_ids(acme: Company) -> set[str]:
    return set(await acme.stored())


# Filling


@pytest.mark.two_databases
async def test_the_past_is_filled_newest_first_and_each_page_once(acme: Company) -> None:
    acme.adds_many(1000, over=timedelta(days=60))
    acme.adds_many(200, over=timedelta(days=60), until=timedelta(days=100))
    await acme.lives(timedelta(minutes=1))
    assert await acme.covers(ago(acme, days=90), ago(acme, minutes=2))
    ends = [r.params["end_date"] for r in acme.wire.requests if "end_date" in r.params]
    assert ends == sorted(ends, reverse=True)
    assert len(set(ends)) == len(ends)
    assert acme.asked == 11  # 99 new rows a page, and no more than reaches back 90 days
    assert await acme.purposes() == {"poll": 1, "history": 10}
    await acme.check()


async def test_a_night_is_quiet(simulated: Company) -> None:
    simulated.adds_many(300, over=timedelta(days=60), until=timedelta(days=2))
    await simulated.lives(timedelta(minutes=1))
    simulated.wire.requests.clear()
    await simulated.lives(timedelta(hours=8), step=timedelta(minutes=30))
    assert simulated.asked <= 4


# Late grades, corrections, deletions


@pytest.mark.parametrize("minutes", [1, 50, 1300])
async def test_a_late_grade_is_found(simulated: Company, minutes: int) -> None:
    """When the session passes its next checkpoint, and at the latest at the one after that; after
    the last, in a day."""
    simulated.adds_many(30, over=timedelta(days=2), until=timedelta(hours=1))
    late = simulated.adds(JANE)
    simulated.clock.tick(10)
    assert (await simulated.ask(simulated.question(JANE))).total == 4
    step = timedelta(minutes=max(1, minutes / 2.5))
    await simulated.lives(timedelta(minutes=minutes), step=step)
    simulated.grades(late.id, 77)
    ages = [*GRADE_AGES, SETTLED]
    number = bisect_left(ages, minutes * 60_000)
    deadline = late.created_at + timedelta(milliseconds=ages[number + 1])
    await simulated.lives(deadline - simulated.clock() + step, step=step)
    assert await stored_score(simulated, late.id) == 77
    assert (await simulated.purposes())["settle"] <= len(GRADE_AGES)
    await simulated.check()


# Limits and trouble


async def test_the_last_of_a_day_is_left_to_people(acme: Company) -> None:
    acme.adds_many(2000, over=timedelta(days=60))
    await fill(acme.database, [acme.clock() - timedelta(hours=2)] * 562)
    await acme.lives(timedelta(minutes=10))
    assert await acme.purposes() == {"before": 562, "poll": 1, "history": 5}
    assert (await acme.ask(acme.question(JANE))).total > 0
    asked = acme.asked
    assert asked > 6
    await acme.lives(timedelta(minutes=10), step=timedelta(minutes=2))
    assert acme.asked == asked
    acme.clock.now += timedelta(hours=22)
    await acme.lives(timedelta(minutes=1))
    assert await acme.covers(ago(acme, days=90), ago(acme, minutes=2))


def broken() -> httpx.Response:
    return httpx.Response(500, text="<html>")


async def test_after_a_failure_it_waits_longer_and_longer(acme: Company) -> None:
    acme.adds_many(50, over=timedelta(days=2))
    acme.wire.trouble = broken
    tried: list[datetime] = []
    before = 0
    for _ in range(200):
        began = acme.clock()
        await acme.sync.run()
        if len(acme.wire.requests) > before:
            assert len(acme.wire.requests) - before == 3
            before = len(acme.wire.requests)
            tried.append(began)
        acme.clock.tick(10)
    waits = [after - one for one, after in pairwise(tried)]
    longest = [*BACK_OFF, BACK_OFF[-1]]
    assert all(0 <= (w - b).total_seconds() <= 15 for w, b in zip(waits, longest, strict=False))
    assert acme.sync.state.failures > 0
    acme.wire.trouble = None
    await acme.lives(timedelta(minutes=11))
    assert acme.sync.state.failures == 0
    assert len(await stored_ids(acme)) == 50


async def test_a_refusal_is_heeded(acme: Company) -> None:
    acme.adds_many(50, over=timedelta(days=2))
    acme.wire.trouble = lambda: httpx.Response(429, json={"retry_after": 300})
    await acme.sync.run()
    assert len(acme.wire.requests) == 1
    acme.wire.trouble = None
    await acme.lives(timedelta(seconds=290))
    assert len(acme.wire.requests) == 1
    await acme.lives(timedelta(seconds=60))
    assert len(await stored_ids(acme)) == 50


# The order of things
