"""The mirror answers random questions exactly as Exec does, page by page."""

from __future__ import annotations

from random import Random

import pytest
import sqlalchemy as sa

from bot.exec_api.budget import Purpose
from bot.mirror.query import filters_of, read_sessions, span_of
from bot.mirror.sync import session_row
from bot.storage.database import Database
from bot.storage.tables import session, to_ms
from tests.conftest import FakeClock
from tests.mirror.company import company
from tests.mirror.questions import asking, random_query

QUESTIONS = 45
ROWS = 25


async def test_random_questions_are_answered_as_by_exec(
    database: Database, clock: FakeClock
) -> None:
    chance = Random(1)
    async with company(clock, people=30, sessions=250) as acme, asking(acme, database) as ask:
        await ask.process.mirror.sync_newest(Purpose.NEWEST)
        await ask.process.mirror.sync_older(10)
        await ask.process.lists.sync()
        for group in acme.world.groups:
            await ask.process.lists.use_teams([group])
        for _ in range(QUESTIONS):
            await ask.assert_same(random_query(acme.world, chance, clock()))


@pytest.mark.one_database
async def test_pages_stay_still_while_sessions_come_and_go(
    database: Database, clock: FakeClock
) -> None:
    chance = Random(1)
    async with company(clock, sessions=400) as acme:
        one = await acme.start(database)
        await one.mirror.sync_newest(Purpose.NEWEST)
        await one.mirror.sync_older(10)
        for number in range(6):
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
