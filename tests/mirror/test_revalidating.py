"""What is held is looked at again: corrections, deletions and late grades arrive by themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.mirror.revalidation import Window
from bot.storage.database import Database
from tests.conftest import MakeUrl, copies_of, filled_once
from tests.exec_api.spending import fill
from tests.mirror.mirrored import Mirrored, ago, milliseconds, mirrored_company, stored
from tests.mirror.truth import question

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JANE = "jane@acme.com"
MINUTES = timedelta(minutes=15)
LIVED = 20 * HOUR


@pytest.fixture
async def acme(sqlite_urls: MakeUrl) -> AsyncIterator[Mirrored]:
    async with Database(sqlite_urls()) as database, mirrored_company(database) as acme:
        yield acme


@asynccontextmanager
async def crowd(database: Database) -> AsyncIterator[Mirrored]:
    """With so few requests that two weeks can't be read every day."""
    async with mirrored_company(database, per_day=50) as acme:
        acme.adds_many(3300, over=16 * DAY, until=DAY)
        yield acme


@pytest.fixture(scope="session")
def crowded_urls(sqlite_urls: MakeUrl, common: Path) -> MakeUrl:
    """Makes databases of a bot that has lived with that for a while."""

    async def live(url: str) -> None:
        async with Database(url) as database, crowd(database) as acme:
            await acme.sync.run()
            await looks_again(acme, LIVED)

    template = filled_once(common, "crowded", sqlite_urls, live)
    return copies_of(template)


@pytest.fixture
async def crowded(crowded_urls: MakeUrl) -> AsyncIterator[Mirrored]:
    """It starts anew, and what it looked at two weeks of is due in some hours."""
    async with Database(crowded_urls()) as database, crowd(database) as acme:
        acme.clock.now += LIVED
        yield acme


async def looks_again(acme: Mirrored, length: timedelta, step: timedelta = MINUTES) -> None:
    """Time passes, and nothing else is done in the background."""
    end = acme.clock() + length
    while acme.clock() < end:
        await acme.revalidating.step()
        acme.clock.now += step


async def scores(acme: Mirrored) -> dict[str, float | None]:
    """What is held, by id."""
    return {row.id: row.content[0] for row in (await stored(acme.database))[0]}


def session_of(acme: Mirrored, days: float) -> str:
    """The first session that was created within so many days."""
    since = acme.clock() - timedelta(days=days)
    rows = sorted(acme.world.sessions, key=lambda each: each.created_at)
    return next(each.id for each in rows if each.created_at >= since)


async def test_what_changed_in_two_weeks_is_found_in_a_day_and_all_that_is_held_in_a_week(
    acme: Mirrored,
) -> None:
    """Also what is older than the past that is filled in: a question brought it."""
    acme.adds_many(1500, over=130 * DAY)
    acme.adds(JANE, ago=13.5 * 24 * 3600)
    late = session_of(acme, 13.5)
    await acme.ask(question(acme, include_system=True))
    await acme.lives(3 * HOUR, step=MINUTES)
    regraded, deleted = session_of(acme, 9), session_of(acme, 12)
    old, oldest = session_of(acme, 80), session_of(acme, 125)
    acme.grades(regraded, 70.5)
    acme.grades(late, 33.0)
    acme.deletes(deleted)
    acme.grades(old, 1.0)
    acme.deletes(oldest)
    before = await acme.purposes()
    await looks_again(acme, DAY, 2 * MINUTES)
    held = await scores(acme)
    assert (held[regraded], held[late]) == (70.5, 33.0)
    assert deleted not in held
    await looks_again(acme, 6 * DAY, 2 * HOUR)
    held = await scores(acme)
    assert held[old] == 1.0
    assert oldest not in held
    used = await acme.purposes() - before
    assert (used["recent"], used["totals"]) <= (7 * 2 + 2, 0)
    # All of it is fifteen pages, and none is looked at twice within six hours.
    assert 17 < used["reread"] <= 7 * 4 * 15
    await acme.check()


async def test_where_two_weeks_are_too_much_to_read_totals_tell_what_changed(
    crowded: Mirrored,
) -> None:
    await looks_again(crowded, 6 * HOUR)
    before = await crowded.purposes()
    deleted, regraded = session_of(crowded, 13), session_of(crowded, 8)
    crowded.deletes(deleted)
    crowded.grades(regraded, 99.0 if (await scores(crowded))[regraded] != 99.0 else 10.0)
    await looks_again(crowded, DAY)
    held = await scores(crowded)
    assert deleted not in held
    assert held[regraded] == crowded.world.sessions[regraded].score
    used = await crowded.purposes() - before
    assert 5 <= used["totals"] <= 30
    assert used["recent"] <= 14
    await crowded.check()


async def test_where_nothing_changed_two_weeks_cost_two_requests_for_each_rank(
    crowded: Mirrored,
) -> None:
    before = await crowded.purposes()
    await looks_again(crowded, 6 * HOUR)
    used = await crowded.purposes() - before
    assert used["totals"] == 10
    assert used["recent"] == 0


async def test_totals_that_contradict_each_other_delete_nothing(crowded: Mirrored) -> None:
    """Whatever Exec counts, what is gone only a page can tell."""
    held, before = await scores(crowded), await crowded.purposes()
    crowded.wire.total = lambda rank, total: total // 3 if rank == "gold" else total + 500
    await looks_again(crowded, 2 * DAY)
    crowded.wire.total = None
    assert await scores(crowded) == held
    used = await crowded.purposes() - before
    assert used["totals"] > 5
    assert used["totals"] + used["recent"] + used["reread"] <= 2 * 27 + 8
    await crowded.check()


async def test_before_a_report_is_due_what_it_tells_is_looked_at(
    sqlite_urls: MakeUrl,
) -> None:
    """Once for all that are due in these hours."""
    windows: list[Window] = []

    async def soon(_now: datetime) -> list[Window]:
        return windows

    async with (
        Database(sqlite_urls()) as database,
        mirrored_company(database, windows=soon) as acme,
    ):
        acme.adds_many(900, over=30 * DAY)
        await acme.sync.run()
        told = [ago(acme, days=20), milliseconds(acme.clock())]
        at = [milliseconds(acme.clock() + timedelta(hours=hours)) for hours in (6, 6, 7.5)]
        windows += [Window(*told, each) for each in at]
        gone = session_of(acme, 19)
        acme.deletes(gone)
        before = await acme.purposes()
        await looks_again(acme, 3.9 * HOUR)
        assert gone in await scores(acme)
        await looks_again(acme, 2 * HOUR, timedelta(minutes=5))
        assert gone not in await scores(acme)
        assert (await acme.purposes() - before)["recent"] <= 8
        await looks_again(acme, 3 * HOUR)
        assert (await acme.purposes() - before)["recent"] <= 8


async def test_two_processes_check_totals_once(crowded: Mirrored) -> None:
    other = crowded.another("two")
    before = await crowded.purposes()
    for _ in range(24):
        await crowded.revalidating.step()
        await other.revalidating.step()
        crowded.clock.now += MINUTES
    assert (await crowded.purposes() - before)["totals"] == 10


async def test_people_come_first(acme: Mirrored) -> None:
    """What they use is not there to look again."""
    acme.adds_many(1500, over=60 * DAY)
    await acme.sync.run()
    await fill(acme.database, [acme.clock()] * 650)
    before = await acme.purposes()
    await looks_again(acme, 23.5 * HOUR, HOUR)
    assert not {"recent", "reread", "totals"} & (await acme.purposes() - before).keys()
