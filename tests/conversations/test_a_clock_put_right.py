"""A machine's clock that was ahead by weeks, put right before a restart: nothing is lost for it,
and nothing comes twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.slack_bot import build_bot
from tests.conversations.test_digests import LINE, MONDAY_9, deliver, posts
from tests.office import NOW, Office

pytestmark = pytest.mark.acquainted

SECOND, WEEK = timedelta(seconds=1), timedelta(weeks=1)


async def test_digests_come_once_each(office: Office) -> None:
    await office.ask("ana", LINE, "west-coast")
    await deliver(office, MONDAY_9 + 4 * WEEK + SECOND)
    office.clock.now = NOW
    async with build_bot(office.bot.core.settings, clock=office.clock) as bot:
        counts = []
        for week in range(6):
            office.clock.now = MONDAY_9 + week * WEEK + SECOND
            for _ in range(2):
                await bot.delivering.run_due()
                office.clock.tick(2)
            counts.append(len(posts(office)))
    # The fifth Monday's came already.
    assert counts == [2, 3, 4, 5, 5, 6]


async def test_answers_are_new_and_requests_are_there(office: Office) -> None:
    office.clock.now = NOW + 4 * WEEK
    await office.ask("ana", "sessions last 30d")
    office.clock.now = NOW
    async with build_bot(office.bot.core.settings, clock=office.clock) as bot:
        used = sum((await bot.core.budget.used()).values())
        assert used == 1000 - (await bot.core.budget.left()).day > 0
        office.clock.tick(62)
        assert (await bot.core.budget.left()).minute == 60
        office.forget()
        await office.ask("ana", "sessions last 7d")
        assert office.asked()
