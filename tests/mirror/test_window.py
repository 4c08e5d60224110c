"""After storms, the mirror answers every question exactly as Exec does."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa

from bot.demo.exec_server import Request
from bot.demo.world_things import between
from bot.errors import ExecError
from bot.exec_api.budget import Job
from bot.mirror.query import filters_of, read_sessions, read_window, span_of
from bot.mirror.sync import session_row
from bot.storage.database import Database
from bot.storage.tables import session, to_ms
from tests.conftest import ROOT, FakeClock
from tests.mirror.company import company
from tests.mirror.questions import asking, random_query
from tests.mirror.storm import after_a_storm

QUESTIONS = 75
ROWS = 25


@pytest.mark.parametrize("seed", [1])
async def test_random_questions_are_answered_as_by_exec(
    database: Database, clock: FakeClock, seed: int
) -> None:
    chance = Random(seed)
    storm = after_a_storm(database, clock, chance, people=30, sessions=250, step=timedelta(hours=5))
    async with storm as (acme, seen), asking(acme, database) as ask:
        assert all(seen.seen[each] for each in ("killed", "stopped", "hang", "garbage")), seen.seen
        refused = sum(each.status == 429 for each in acme.exec.requests)
        assert refused == seen.seen["limited"]  # by faults, and never for too many requests
        for _ in range(QUESTIONS):
            await ask.assert_same(random_query(acme.world, chance, clock()))


@pytest.mark.one_database
async def test_pages_stay_still_while_sessions_come_and_go(
    database: Database, clock: FakeClock
) -> None:
    chance = Random(1)
    async with company(clock, sessions=400) as acme:
        one = await acme.start(database)
        await one.mirror.sync_newest(Job.NEWEST)
        await one.mirror.sync_older(10)
        for number in range(12):
            query = random_query(acme.world, chance, clock())
            filters = filters_of(query, span_of(query.period, to_ms(clock())), ids=None)
            before, _ = await read_sessions(database, filters, query.sort)
            stays = {row.id for row in before}
            found: list[str] = []
            cursor = None
            while True:
                rows, cursor = await read_sessions(
                    database, filters, query.sort, after=cursor, limit=ROWS
                )
                found += [row.id for row in rows]
                if len(rows) < ROWS:
                    break
                everything, _ = await read_sessions(database, [])
                gone, *twins = chance.sample(everything, 6)
                new = [
                    session_row(each) | {"id": f"{number} {len(found)} {each.id}"} for each in twins
                ]
                stays.discard(gone.id)
                await database.write(
                    sa.delete(session).where(session.c.id == gone.id),
                    sa.insert(session).values(new),
                )
            assert len(found) == len(set(found))
            assert stays <= set(found)


CHILD = """
import asyncio, sys
from datetime import datetime
from random import Random
from bot.exec_api.budget import Budget, Job
from bot.exec_api.client import ExecClient, exec_http
from bot.mirror.sync import Mirror
from bot.demo.exec_server import DEMO_KEY
from bot.storage.database import Database
from bot.storage.leases import Leases
from tests.mirror.company import HISTORY
async def main(url, exec_url, now):
    clock = lambda: datetime.fromisoformat(now)
    async with Database(url) as database, exec_http(exec_url, DEMO_KEY) as http:
        budget = Budget(database, clock=clock)
        client = ExecClient(http, budget, clock=clock, sleep=asyncio.sleep, random=lambda: 0.0)
        leases = Leases(database, clock, "child")
        mirror = Mirror(database, client, leases, clock, history=HISTORY)
        await mirror.sync_newest(Job.NEWEST)
        await mirror.sync_older(50)
asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.one_database
async def test_a_process_that_is_killed_leaves_a_window_that_is_smaller(
    database: Database, database_url: str, clock: FakeClock
) -> None:
    chance = Random()  # what it does when it is killed differs anyway
    async with company(clock, sessions=1000) as acme:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", CHILD, database_url, acme.exec.url, clock().isoformat(), cwd=ROOT
        )
        pages = chance.randrange(3, 9)

        def kill(_: Request) -> None:
            if len(acme.exec.requests) == pages:
                delay = chance.random() * 0.02
                asyncio.get_running_loop().call_later(delay, os.kill, child.pid, signal.SIGKILL)

        acme.exec.before_page = kill
        assert await child.wait() == -signal.SIGKILL
        one = await acme.start(database)
        window = await read_window(database)
        assert window is not None
        inside = between(acme.world.sessions.all, window.start, window.end)
        assert await database.count(session) == len(inside) >= (pages - 3) * 99
        await one.mirror.sync_older(1)
        assert await database.count(session) == len(inside)  # the lease is still held
        clock.now += timedelta(minutes=6)
        while (await database.count(session)) < len(acme.world.sessions):
            try:
                await one.mirror.sync_older(10)
            except ExecError:
                clock.tick(61)
        rows, _ = await read_sessions(database, [])
        assert [row.id for row in rows] == [row.id for row in acme.world.sessions]
