"""Questions answered from what is stored: what they cost, and what they may not get wrong."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.errors import Broken, Limited
from bot.language.query import Kind
from bot.mirror.filling import FEW_REQUESTS
from bot.mirror.sessions import AS_USUAL, KEEP_ROWS, ReadOptions
from bot.sandbox import exec_shapes as shapes
from bot.storage.database import Database
from tests.conftest import MakeUrl
from tests.exec_api.spending import fill
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


@pytest.mark.two_databases
async def test_processes_share_a_look_too(acme: Company) -> None:
    acme.adds_many(50, over=timedelta(days=1))
    others = [acme, acme.another("two"), acme.another("three")]
    await asyncio.gather(*(each.ask(each.question(JANE)) for each in others * 5))
    assert acme.asked == 1


async def test_only_what_is_new_is_read_where_the_rest_must_be_held(acme: Company) -> None:
    acme.adds_many(50, over=timedelta(days=20))
    only_new = ReadOptions(only_new=True)
    assert (await acme.ask(acme.question(JANE), only_new)).cost is not None
    assert acme.asked == 0
    await acme.answered(JANE)
    acme.clock.now += timedelta(hours=1)
    new, asked = acme.adds(JANE), acme.asked
    acme.clock.now += timedelta(minutes=1)
    reading = await acme.answered(JANE, options=only_new)
    assert new.id in {row.id for row in reading.rows}
    assert (reading.cost, acme.asked) == (None, asked + 1)


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


async def test_a_refresh_of_what_is_held_keeps_what_is_held(acme: Company) -> None:
    """A narrow question looks cheap to read again, and is not."""
    scenario = next(iter(acme.world.scenarios))
    for number in range(700):
        acme.world.add_session(
            JANE, scenario, acme.clock() - timedelta(minutes=20 * number + 2), score=50.0
        )
    acme.past.note()
    await acme.answered(JANE, options=EVERYTHING)
    acme.clock.tick(90)
    reading = await acme.answered(JANE, options=FRESH)
    assert reading.cost is None
    assert reading.total == 700


async def test_further_rows_of_a_past_period_that_is_held_in_part(acme: Company) -> None:
    acme.adds_many(2400, over=timedelta(days=4), until=timedelta(days=10))
    for _ in range(3):
        await acme.sync.fill(ago(acme, days=14), "history")
    period = acme.last(until=10 * 86_400, days=4)
    query = acme.question(period=period, include_system=True)
    reading = await acme.ask(query)
    assert reading.cost is not None
    assert reading.total > len(reading.rows) == KEEP_ROWS
    more = await acme.sessions.read_on(query, await acme.sessions.read_on(query, reading))
    assert more.total == reading.total == len({row.id for row in more.rows})


@pytest.mark.parametrize(
    ("purpose", "used"),
    [
        ("recent", [timedelta(hours=1)] * 600),
        ("recent", [timedelta(seconds=each / 2) for each in range(55)]),
    ],
    ids=["day", "minute"],
)
async def test_a_limit_of_the_background_holds_up_nobody_else(
    acme: Company, purpose: str, used: list[timedelta]
) -> None:
    """It leaves a share of the limits to people: they must get at it at once."""
    acme.adds_many(50, over=timedelta(days=5))
    await acme.answered(JANE)
    acme.clock.tick(1200)
    await fill(acme.database, [acme.clock() - ago for ago in used])
    skill = next(iter(acme.world.skills.values())).name
    with pytest.raises(Limited):
        await acme.ask(
            acme.question(BOB, skill=skill), ReadOptions(everything=True, purpose=purpose)
        )
    reading = await acme.answered(JANE, skill=skill)
    assert reading.freshness.away is None
    assert reading.requests > 0


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


async def test_a_page_without_rows_that_is_not_the_last_is_no_answer(acme: Company) -> None:
    pagination = {"page": 1, "page_size": 100, "total_count": 300, "total_pages": 3}
    acme.wire.trouble = lambda: httpx.Response(200, json={"data": [], "pagination": pagination})
    with pytest.raises(Broken):
        await acme.ask(acme.question(JANE))
    assert acme.asked == 1
    await acme.lives(timedelta(minutes=2))
    assert acme.asked < 10


def short(acme: Company, *sent: int) -> Callable[[], httpx.Response]:
    """Answers with so many of 80 rows, one after the other."""
    rows, lengths = newest_first(acme), itertools.cycle(sent)
    pagination = {"page": 1, "page_size": 100, "total_count": 80, "total_pages": 1}
    return lambda: httpx.Response(
        200, json={"data": rows[: next(lengths)], "pagination": pagination}
    )


async def test_a_page_with_fewer_rows_than_it_counts_is_asked_for_again(
    acme: Company,
) -> None:
    acme.adds_many(80, over=timedelta(days=2))
    before = await acme.answered(include_system=True)
    acme.wire.trouble = short(acme, 40, 80)
    acme.clock.tick(120)
    reading = await acme.answered(include_system=True, options=FRESH)
    assert (reading.freshness.away, reading.total, reading.requests) == (None, before.total, 2)


async def test_a_count_that_is_always_too_high_stops_nothing(acme: Company) -> None:
    acme.adds_many(79, over=timedelta(days=2))
    acme.wire.trouble = short(acme, 79)
    reading = await acme.answered(include_system=True)
    assert (reading.freshness.away, reading.total) == (None, 79)


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


@pytest.fixture
async def large(sqlite_urls: MakeUrl) -> AsyncIterator[Company]:
    """Where the group "West Coast" is everybody, on seven pages."""
    async with Database(sqlite_urls()) as database, company(database, people=640) as large:
        large.world.rosters[large.world.group("West Coast").id] = set(large.world.people)
        large.adds_many(90, over=timedelta(days=2))
        yield large


async def test_a_large_group_is_asked_about_as_such_until_the_background_has_read_it(
    large: Company,
) -> None:
    everybody = large.question(group="West Coast", period=large.last(days=1))
    for options, most in ((AS_USUAL, 2), (ReadOptions(everything=True, purpose="recent"), 0)):
        large.wire.requests.clear()
        reading = await large.ask(everybody, options)
        assert reading.total == 45
        assert reading.freshness.roster_as_of is None
        assert len(large.wire.requests) == most
    await large.lives(timedelta(minutes=10), step=timedelta(minutes=1))
    assert (await large.purposes())["roster"] == 7
    large.wire.requests.clear()
    assert (await large.ask(everybody)).freshness.roster_as_of is not None
    assert [each.path for each in large.wire.requests] == ["/sessions"]


async def test_what_a_roster_took_counts_towards_what_is_asked_first(
    large: Company,
) -> None:
    large.world.rosters[large.world.group("West Coast").id] = set(list(large.world.people)[:320])
    large.adds_many(500, over=timedelta(days=2))
    reading = await large.ask(large.question(group="West Coast", period=large.last(days=2)))
    assert reading.cost is not None
    assert len(large.wire.requests) <= FEW_REQUESTS
    assert reading.requests == len(large.wire.requests)


async def test_a_roster_is_read_in_the_name_of_the_question(large: Company) -> None:
    """What the background reads takes nothing of what is people's."""
    west = large.question(group="West Coast", period=large.last(days=1))
    await fill(large.database, [large.clock()] * 750)
    before = await large.purposes()
    with pytest.raises(Limited):
        await large.ask(west, ReadOptions(everything=True, purpose="recent"))
    assert await large.purposes() == before


async def test_a_scenario_is_called_what_the_list_calls_it(acme: Company) -> None:
    """Also when nobody has practised it since it got its new name."""
    first = next(iter(acme.world.scenarios.values()))
    acme.adds(JANE, ago=20 * 86400, score=50)
    for number in range(110):
        acme.adds(BOB, 1, ago=60 * number)
    await acme.lives(timedelta(minutes=1))
    acme.world.scenarios[first.id] = replace(first, name="Brand new")
    acme.clock.tick(7 * 3600)
    assert "Brand new" in [each.name for each in await acme.catalogue.items(Kind.SCENARIO)]
    reading = await acme.ask(acme.question(JANE))
    assert [row.scenario.name for row in reading.rows] == ["Brand new"]


async def test_what_was_long_ago_needs_no_look_at_the_newest(acme: Company) -> None:
    acme.adds_many(400, over=timedelta(days=30))
    await acme.answered(period=acme.last(days=1))
    acme.wire.requests.clear()
    await acme.answered(JANE, period=acme.last(until=20 * 86_400, days=5))
    (only,) = acme.wire.requests
    assert "user_ids" in only.params


async def test_a_late_answer_undoes_nothing_that_was_read_later(acme: Company) -> None:
    acme.adds_many(30, over=timedelta(days=2))
    pages = acme.reader._pages((), None, None, "question")
    late = await anext(pages)
    await pages.aclose()
    acme.clock.tick(5)
    one, other, *_ = late.sessions
    acme.grades(one.id, 99.0)
    acme.deletes(other.id)
    await acme.answered(include_system=True, options=FRESH)
    assert late.stretch is not None
    await acme.store.put(late.stretch, late.sessions)
    assert (await acme.stored())[one.id]["score"] == 99
    assert other.id not in await acme.stored()
    await acme.check()
