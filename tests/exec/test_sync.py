"""Sessions as stored: complete within the window, and never older than a later read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.demo.exec_server import ReceivedRequest
from bot.exec.budget import Purpose
from bot.exec.direct import read_direct
from bot.exec.sessions import read_sessions
from bot.language.query import Kind, Member, Range, ResolvedName, ResolvedQuery
from bot.storage.database import Database
from bot.storage.forget import tidy
from bot.storage.sessions import filters_of, read_window
from bot.storage.tables import feedback, member, session
from tests.conftest import FakeClock
from tests.doomed import Doomed, spared
from tests.exec.company import HISTORY, Company, Process, company, once_it_read

pytestmark = pytest.mark.one_database

JANE, SCENARIO = "jane@acme.com", "Cold Call Opener"


@pytest.fixture
async def acme(clock: FakeClock) -> AsyncIterator[Company]:
    async with company(clock, sessions=250) as acme:
        acme.world.add_session(JANE, SCENARIO, clock() - timedelta(minutes=3))
        yield acme


@pytest.fixture
async def process(acme: Company, database: Database) -> Process:
    """A process that has read everything."""
    process = await acme.start(database)
    await process.sync.sync_newest(Purpose.NEWEST)
    await process.sync.sync_older(10)
    return process


async def scores(database: Database) -> dict[str, float | None]:
    rows = await read_sessions(database, [])
    return {row.id: row.score for row in rows}


def in_exec(acme: Company) -> dict[str, float | None]:
    return {row.id: row.score for row in acme.world.sessions}


async def test_the_window_grows_at_both_edges(acme: Company, database: Database) -> None:
    process, began = await acme.start(database), acme.clock()
    await process.sync.sync_newest(Purpose.NEWEST)
    window = await read_window(database)
    assert window is not None
    assert began - window.start < timedelta(seconds=2)
    await process.sync.sync_older(1)
    window = await read_window(database)
    assert window is not None
    inside = {row.id for row in acme.world.sessions if row.created_at >= window.start}
    assert (await scores(database)).keys() == inside
    assert 90 < len(inside) < 100
    acme.clock.now += timedelta(minutes=5)
    new = acme.world.add_session(JANE, SCENARIO, acme.clock())
    assert (await process.sync.freshen())[1] is None  # not listed so soon
    acme.clock.now += timedelta(seconds=61)
    count = len(acme.exec.requests)
    both = await asyncio.gather(process.sync.freshen(), process.sync.freshen())
    assert [error for _, error in both] == [None, None]
    assert len(acme.exec.requests) == count + 1  # for both who ask
    await process.sync.sync_older(10)
    assert new.id in await scores(database)
    assert await scores(database) == in_exec(acme)


async def test_more_than_a_page_in_one_millisecond(acme: Company, database: Database) -> None:
    process = await acme.start(database)
    for at in (acme.clock() - timedelta(days=1), acme.clock() + timedelta(seconds=20)):
        for _ in range(230):
            acme.world.add_session(JANE, SCENARIO, at)
    await process.sync.sync_newest(Purpose.NEWEST)
    acme.clock.tick(30)
    await process.sync.sync_newest(Purpose.NEWEST)
    await process.sync.sync_older(20)
    assert await scores(database) == in_exec(acme)


async def test_late_grades_corrections_and_deletions_arrive(
    acme: Company, process: Process
) -> None:
    new = acme.world.add_session(JANE, SCENARIO, acme.clock())
    acme.clock.now += timedelta(minutes=40)
    await process.jobs.run()
    acme.world.grade(new.id, 64.1)
    acme.clock.now += timedelta(minutes=30)
    await process.jobs.run()
    assert (await scores(process.database))[new.id] == 64.1
    old = [row for row in acme.world.sessions if row.is_valid_attempt]
    acme.world.grade(old[0].id, 16.1)
    acme.world.delete(old[1].id)
    acme.world.delete(old[-1].id)  # twenty days ago
    acme.clock.now += timedelta(hours=24)
    await process.jobs.run()
    acme.clock.now += timedelta(minutes=5)
    await process.jobs.run()
    assert await scores(process.database) == in_exec(acme)


@pytest.mark.parametrize("asked", [False, True])
async def test_a_process_that_was_stopped_overwrites_nothing(
    acme: Company, process: Process, database_url: str, asked: bool
) -> None:
    """It is stopped before it stores a page, and another process takes over its job. `asked`:
    somebody asks it when it continues, for which it takes another lease of the same name."""
    acme.clock.now += timedelta(days=1)
    async with Doomed(database_url, once_it_read(acme)) as doomed:
        other = await acme.start(doomed, "two")
        task = asyncio.create_task(other.sync.sync_again())
        await doomed.stopped.wait()
        doomed.fate = spared
        row = next(attempt for attempt in acme.world.sessions if attempt.is_valid_attempt)
        acme.world.grade(row.id, 16.1)
        acme.clock.now += timedelta(minutes=6)
        await process.sync.sync_again()
        assert await process.sync.rechecked() is None
        if asked:
            doomed.stopped.clear()
            doomed.fate = once_it_read(acme)
            second = asyncio.create_task(other.sync.sync_newest(Purpose.NEWEST))
            stopped = asyncio.create_task(doomed.stopped.wait())
            await asyncio.wait({second, stopped}, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
            doomed.fate = spared
            doomed.resumed.set()
            await second
        doomed.resumed.set()
        await task
    assert (await scores(process.database))[row.id] == 16.1


async def test_no_request_ends_before_it_starts(acme: Company, process: Process) -> None:
    await process.sync.sync_older(1)  # again, from nine days ago
    acme.clock.now += timedelta(days=28)
    await tidy(process.database, acme.clock(), history=HISTORY, audit=HISTORY)
    await process.sync.sync_older(1)
    for request in acme.exec.requests:
        start, end = (
            datetime.fromisoformat(request.params[f"{name}_date"]) for name in ("start", "end")
        )
        assert start <= end


async def test_a_direct_read_loses_no_row(acme: Company, database: Database) -> None:
    process, world = await acme.start(database), acme.world
    for number in range(250):
        task = world.assignments[number % len(world.assignments)]
        at = acme.clock() - timedelta(minutes=number + 10)
        world.add_session(task.user_id, task.scenario_id, at, score=70)
    programs = tuple(ResolvedName(Kind.PROGRAM, id_, id_) for id_ in world.programs)
    query = ResolvedQuery(None, programs)
    lost: set[str] = set()

    def deletes(request: ReceivedRequest) -> None:
        if len(acme.exec.requests) > 1 and not lost:
            newest = next(row for row in world.sessions if row.score == 70)
            lost.add(world.delete(newest.id).id)

    acme.exec.before_page = deletes
    ids = await read_direct(database, process.client, query, acme.clock(), Purpose.PEOPLE)
    assert ids is not None
    there = {
        row.id
        for row in world.sessions
        for task in world.assignments
        if task.program_id and (task.user_id, task.scenario_id) == (row.user_id, row.scenario_id)
    }
    assert lost
    assert set(ids) - lost == there
    rows = await read_sessions(database, filters_of(query, ids=ids))
    assert {row.id for row in rows} == set(ids)
    everyone = ResolvedQuery(tuple(Member(f"u{n}", "", "") for n in range(401)))
    ids = await read_direct(database, process.client, everyone, acme.clock(), Purpose.PEOPLE)
    assert ids is None


async def test_a_bound_is_the_number_that_was_typed(acme: Company, process: Process) -> None:
    await process.database.write(sa.delete(session))
    for score in (16.1, 64.1):
        acme.world.add_session(JANE, SCENARIO, acme.clock(), score=score)
    acme.clock.tick(60)
    await process.sync.sync_newest(Purpose.NEWEST)
    for bounds, expected in (
        (Range(low=16.1), {16.1, 64.1}),
        (Range(low=64.1, low_open=True), set()),
        (Range(high=64.1), {16.1, 64.1}),
        (Range(high=16.1, high_open=True), set()),
    ):
        rows = await read_sessions(process.database, filters_of(ResolvedQuery(None, score=bounds)))
        assert {row.score for row in rows} == expected, bounds


async def test_a_question_every_two_minutes_takes_one_request_each(
    acme: Company, process: Process
) -> None:
    count = len(acme.exec.requests)
    for _ in range(30):
        acme.clock.tick(120)
        assert (await process.sync.freshen())[1] is None
    assert len(acme.exec.requests) - count <= 30


async def test_feedback_is_read_once_and_again_after_a_new_grade(
    acme: Company, process: Process
) -> None:
    new = acme.world.add_session(JANE, SCENARIO, acme.clock(), score=200 / 3)
    row = await process.feedbacks.find(new.id)
    assert row is not None
    count = len(acme.exec.requests)
    detail, _ = await process.feedbacks.of(row)
    assert detail.positive_feedback
    assert len(acme.exec.requests) == count
    acme.world.grade(new.id, 90)
    acme.clock.tick(60)
    await process.sync.sync_newest(Purpose.NEWEST)
    again = await process.feedbacks.find(new.id)
    assert again is not None
    assert (await process.feedbacks.of(again))[0].score == 90
    assert len(acme.exec.requests) == count + 2
    assert await process.feedbacks.find("nothing") is None


async def test_sessions_that_exec_deleted_and_old_ones_go(acme: Company, process: Process) -> None:
    rows = await read_sessions(process.database, [])
    await process.feedbacks.of(rows[0])
    await process.feedbacks.of(rows[-1])
    acme.world.delete(rows[0].id)
    acme.clock.tick(60)
    await process.sync.sync_newest(Purpose.NEWEST)
    assert await process.database.scalars(sa.select(feedback.c.session_id)) == [rows[-1].id]
    acme.clock.now = acme.world.now + HISTORY - timedelta(days=5)
    await tidy(process.database, acme.clock(), history=HISTORY, audit=HISTORY)
    oldest = acme.clock() - HISTORY
    assert await process.database.count(feedback) == 0
    window = await read_window(process.database)
    assert window is not None
    assert window.start == oldest
    left = {row.id: row.score for row in acme.world.sessions if row.created_at >= oldest}
    assert await scores(process.database) == left
    # People who left Exec are forgotten with their last session.
    there = set(await process.database.scalars(sa.select(session.c.member_id)))
    assert set(await process.database.scalars(sa.select(member.c.id))) == there
