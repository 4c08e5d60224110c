"""A host's clock that was ahead for a while and was put right: nothing that was written meanwhile
holds up the truth until that time has come."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.language.query import Kind
from bot.mirror.mirror import AS_USUAL, ReadOptions
from bot.people.rosters import MAX_AGE
from bot.storage.database import Database
from tests.conftest import START, MakeUrl
from tests.mirror.office import Office, milliseconds, office
from tests.mirror.truth import assert_right, last, question

pytestmark = pytest.mark.one_database

JANE, BOB = "jane@acme.com", "bob@acme.com"
DAY = timedelta(days=1)
AHEAD = [timedelta(seconds=70), timedelta(minutes=10), DAY, timedelta(days=900)]


@pytest.fixture
async def acme(database: Database) -> AsyncIterator[Office]:
    async with office(database) as acme:
        acme.adds_many(50, over=timedelta(days=5))
        yield acme


@pytest.fixture
async def on_sqlite(sqlite_urls: MakeUrl) -> AsyncIterator[Office]:
    async with Database(sqlite_urls()) as database, office(database) as acme:
        acme.adds_many(50, over=timedelta(days=5))
        yield acme


def put_right(acme: Office) -> None:
    acme.clock.now = START + timedelta(seconds=5)
    # What Exec holds by its own clock, which was right.
    acme.past.moments[1:] = []
    acme.past.note(at=milliseconds(START - DAY))


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
@pytest.mark.parametrize("fresh", [False, True], ids=["asked", "refreshed"])
async def test_a_new_session_is_in_the_next_answer(
    acme: Office, ahead: timedelta, fresh: bool
) -> None:
    acme.clock.now += ahead
    await acme.ask(question(acme, JANE))
    put_right(acme)
    new = acme.adds(JANE, ago=2, score=91.0)
    query, now = question(acme, JANE), acme.clock()
    reading = await acme.ask(query, ReadOptions(fresh=True) if fresh else AS_USUAL)
    assert_right(acme, query, reading, now)
    assert new.id in {row.id for row in reading.rows}
    assert reading.as_of <= now
    await acme.check()


async def test_also_when_the_time_has_come(on_sqlite: Office) -> None:
    """What was looked at then does not count later either."""
    acme = on_sqlite
    acme.clock.now += timedelta(minutes=10)
    await acme.ask(question(acme, JANE))
    await acme.sync.run()
    put_right(acme)
    await acme.sync.run()
    acme.clock.tick(20)
    new = acme.adds(JANE, score=91.0)
    acme.clock.now = START + timedelta(minutes=10, seconds=10)
    await acme.check()
    assert new.id in {row.id for row in (await acme.ask(question(acme, JANE))).rows}


async def test_also_where_nobody_looks_just_then(on_sqlite: Office) -> None:
    """An old stretch that a clock that was ahead looked at is forgotten with what is newer."""
    acme = on_sqlite
    old = question(acme, JANE, period=last(acme, until=DAY.total_seconds(), days=2))
    await acme.sync.run()
    acme.clock.now += timedelta(minutes=10)
    await acme.ask(old, ReadOptions(fresh=True))
    await acme.sync.run()
    put_right(acme)
    await acme.sync.run()
    acme.clock.tick(20)
    gone = next(each for each in acme.world.sessions if DAY < START - each.created_at < 2 * DAY)
    acme.deletes(gone.id)
    acme.clock.now = START + timedelta(minutes=10, seconds=10)
    await acme.check()


async def test_what_a_right_clock_looked_at_stays(acme: Office) -> None:
    await acme.ask(question(acme, JANE))
    before = await acme.covered()
    acme.clock.now += timedelta(minutes=10)
    acme.adds(JANE, ago=5)
    await acme.ask(question(acme, JANE))
    acme.clock.now = START + timedelta(seconds=30)
    after = await acme.covered()
    assert set(after.held) <= set(before.held)
    assert all(piece.as_of <= milliseconds(acme.clock()) for piece in after.held)


@pytest.mark.two_databases
async def test_clocks_that_differ_by_seconds_keep_what_both_looked_at(acme: Office) -> None:
    acme.clock.tick(4)
    await acme.ask(question(acme, JANE))
    held = await acme.covered()
    acme.clock.tick(-4)
    assert await acme.covered() == held
    assert (await acme.ask(question(acme, JANE))).requests == 0


@pytest.mark.parametrize(
    "options", [AS_USUAL, ReadOptions(everything=True), ReadOptions(True, True)], ids=str
)
@pytest.mark.parametrize("group", ["", "West Coast"])
async def test_a_question_during_which_the_clock_is_put_right_is_answered(
    on_sqlite: Office, options: ReadOptions, group: str
) -> None:
    """The look that began before teaches nothing; one more does."""
    acme = on_sqlite
    acme.clock.now += DAY
    acme.wire.after = lambda: put_right(acme)
    reading = await acme.ask(question(acme, JANE, group=group), options)
    assert reading.as_of <= acme.clock()
    assert acme.asked <= 3
    assert all(each.as_of <= milliseconds(acme.clock()) for each in (await acme.covered()).held)
    await acme.check()


@pytest.mark.parametrize("ahead", [timedelta(seconds=30), timedelta(minutes=10), DAY], ids=str)
async def test_the_background_goes_on_at_once(on_sqlite: Office, ahead: timedelta) -> None:
    """Also a small step is noticed before its time has come."""
    acme = on_sqlite
    await acme.lives(timedelta(seconds=4), step=timedelta(seconds=2))
    acme.clock.now += ahead
    await acme.ask(question(acme, JANE))
    await acme.lives(timedelta(seconds=4), step=timedelta(seconds=2))
    put_right(acme)
    await acme.lives(timedelta(seconds=4), step=timedelta(seconds=2))
    new = acme.adds(JANE, score=91.0)
    await acme.lives(ahead, step=max(timedelta(seconds=2), ahead / 10))
    await acme.check()
    acme.clock.tick(60)
    assert new.id in {row.id for row in (await acme.ask(question(acme, JANE))).rows}


async def test_a_short_list_of_names_is_read_again(on_sqlite: Office) -> None:
    acme = on_sqlite
    acme.clock.now += timedelta(days=30)
    await acme.catalogue.items(Kind.SKILL)
    put_right(acme)
    acme.wire.requests.clear()
    for _ in range(2):
        await acme.catalogue.items(Kind.SKILL)
    assert [each.path for each in acme.wire.requests] == ["/skills"]


@pytest.mark.parametrize("is_restarted", [False, True], ids=["goes on", "restarted"])
async def test_a_long_list_of_names_is_read_again_in_the_background(
    sqlite_urls: MakeUrl, is_restarted: bool
) -> None:
    async with Database(sqlite_urls()) as database, office(database, people=520) as large:
        large.clock.now += timedelta(days=30)
        await large.catalogue.members()
        put_right(large)
        names = (large.another("two") if is_restarted else large).catalogue
        await names.members()
        assert await names.refresh_if_due("member", purpose="people")
        assert (await names.age("member")).fetched_at == large.clock()
        assert not await names.refresh_if_due("member", purpose="people")


async def test_rosters_are_read_again(on_sqlite: Office) -> None:
    acme = on_sqlite
    west, ana = acme.world.group("West Coast").id, acme.world.person("ana@acme.com").id
    acme.clock.now += timedelta(days=30)
    before = (await acme.rosters.of((west,)))[west]
    put_right(acme)
    acme.changes_roster(west, ana)
    after = (await acme.rosters.of((west,)))[west]
    assert after.users == before.users ^ {ana}
    assert after.as_of == acme.clock()
    acme.clock.now += MAX_AGE
    assert await acme.rosters.due(acme.clock()) == (west,)
