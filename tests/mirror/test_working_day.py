"""The budget of a working day, at the size at which it is short. `tests.bench.working_day` lives
through whole weeks."""

from __future__ import annotations

from bot.exec_api.budget import Job
from bot.mirror.lists import ASSIGNMENTS_AGE_OF_ONE, MEMBERS
from tests.bench.working_day import DAY, HOUR, MINUTE, MONDAY, simulation

NOON = MONDAY + 12 * HOUR


async def test_a_list_of_more_pages_than_fit_into_a_minute() -> None:
    async with simulation(5_000, NOON) as one:
        await one.jobs.run()
        read = await one.lists.read(MEMBERS)
        assert read is not None
        assert read.rows == 5_000
        assert one.clock() - NOON < 5 * MINUTE


async def test_a_question_every_two_minutes_takes_one_page_each() -> None:
    async with simulation(5_000, NOON) as one:
        for _ in range(30):
            one.clock.now += 2 * MINUTE
            assert await one.mirror.freshen() is None
        assert await one.jobs.budget.used(Job.ASKED) <= 32


async def test_assignments_read_for_a_question_join_the_daily_read() -> None:
    async with simulation(60, NOON) as one:
        await one.lists.sync()
        for _ in range(3 * 24):
            one.clock.now += HOUR
            await one.lists.sync_assignments()
            if one.clock() - NOON < 10 * HOUR:
                who = f"p{(one.clock() - NOON) // HOUR * 5}"  # all in group g0
                await one.lists.use_assignments([who], ASSIGNMENTS_AGE_OF_ONE, Job.PEOPLE)
        assert await one.jobs.budget.used(Job.ASSIGNMENTS, within=4 * DAY) <= 4
