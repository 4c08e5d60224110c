"""Questions answered from what is stored: what they cost, and what they may not get wrong."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.mirror.filling import FEW_REQUESTS
from bot.mirror.sessions import AS_USUAL, ReadOptions
from bot.sandbox import exec_shapes as shapes
from bot.storage.database import Database
from tests.mirror.room import Company, ago, company

pytestmark = pytest.mark.one_database

JANE, BOB = "jane@acme.com", "bob@acme.com"
EVERYTHING, FRESH = ReadOptions(everything=True), ReadOptions(fresh=True)


@pytest.fixture
async def acme(database: Database) -> AsyncIterator[Company]:
    async with company(database) as acme:
        yield acme


def newest_first(acme: Company) -> list[dict[str, Any]]:
    """All sessions as Exec sends them."""
    ordered = sorted(acme.world.sessions, key=lambda each: each.created_at, reverse=True)
    return [shapes.session(acme.world, each) for each in ordered]


@pytest.mark.parametrize("options", [AS_USUAL, FRESH], ids=["as-usual", "refresh"])
async def test_never_more_than_five_requests_unasked(acme: Company, options: ReadOptions) -> None:
    acme.adds_many(1500, over=timedelta(days=20))
    reading = await acme.answered(options=options)
    assert acme.asked == reading.requests <= FEW_REQUESTS
    assert reading.cost is not None
    assert reading.stored_since is not None
    assert reading.total > 70  # of 99, without Exec's own
    whole = await acme.answered(options=EVERYTHING)
    assert whole.cost is None
    assert whole.total == 1125  # without Exec's own three of twelve
    assert (await acme.answered()).total == whole.total


async def test_more_sessions_of_one_moment_than_fit_on_a_page(acme: Company) -> None:
    """Brought over from elsewhere, with a date and no time."""
    at = acme.clock() - timedelta(days=1)
    scenario = next(iter(acme.world.scenarios))
    for number in range(250):
        acme.world.add_session([JANE, BOB][number % 2], scenario, at, score=float(number % 100))
    acme.past.note()
    reading = await acme.answered(options=EVERYTHING)
    assert reading.total == 250
    await acme.lives(timedelta(minutes=3))
    await acme.check()
    assert await acme.covers(ago(acme, days=90), ago(acme, minutes=20))
    assert acme.asked < 20


def short(acme: Company, *sent: int) -> Callable[[], httpx.Response]:
    """Answers with so many of 80 rows, one after the other."""
    rows, lengths = newest_first(acme), itertools.cycle(sent)
    pagination = {"page": 1, "page_size": 100, "total_count": 80, "total_pages": 1}
    return lambda: httpx.Response(
        200, json={"data": rows[: next(lengths)], "pagination": pagination}
    )


@pytest.mark.parametrize("sent", [(0,), (40, 30)], ids=str)
async def test_a_page_with_fewer_rows_than_it_counts_is_no_answer(
    acme: Company, sent: tuple[int, ...]
) -> None:
    """Whatever is not in it: nothing was deleted."""
    acme.adds_many(80, over=timedelta(days=2))
    before = await acme.answered(include_system=True)
    acme.wire.trouble = short(acme, *sent)
    acme.clock.tick(120)
    reading = await acme.answered(include_system=True, options=FRESH)
    assert reading.freshness.away is not None
    assert reading.freshness.away.kind == "unreachable"
    assert reading.total == before.total == 80
    acme.wire.trouble = None
    acme.clock.tick(20)
    back = await acme.answered(include_system=True, options=FRESH)
    assert (back.freshness.away, back.total) == (None, 80)
