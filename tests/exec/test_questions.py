"""The mirror answers random questions exactly as Exec does."""

from __future__ import annotations

from random import Random

from bot.exec.budget import Purpose
from bot.storage.database import Database
from tests.conftest import FakeClock
from tests.exec.company import company
from tests.exec.questions import asking, random_query

QUESTIONS = 45


async def test_random_questions_are_answered_as_by_exec(
    database: Database, clock: FakeClock
) -> None:
    chance = Random(1)
    async with company(clock, people=30, sessions=250) as acme, asking(acme, database) as ask:
        await ask.process.sync.sync_newest(Purpose.NEWEST)
        await ask.process.sync.sync_older(10)
        await ask.process.lists.sync()
        for group in acme.world.groups:
            await ask.process.lists.use_teams([group])
        for _ in range(QUESTIONS):
            await ask.assert_same(random_query(acme.world, chance, clock()))
