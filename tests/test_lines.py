"""The lines in which people's jobs wait: few of one at a time, and a bound on all together."""

from __future__ import annotations

import asyncio
from collections import Counter

from bot.slack.lines import IN_HAND, IN_HAND_OF_ALL, WAITING, Lines


async def test_many_people_have_three_each_in_hand_and_a_hundred_together() -> None:
    lines, in_hand, let_go = Lines(), Counter[str](), asyncio.Event()

    async def job(who: str) -> None:
        try:
            async with lines.turn(who):
                in_hand[who] += 1
                await let_go.wait()
        finally:
            lines.leave(who)

    async def many(who: str, count: int) -> list[asyncio.Task[None]]:
        for _ in range(count):
            assert lines.join(who)
        jobs = [asyncio.create_task(job(who)) for _ in range(count)]
        await asyncio.sleep(0)
        return jobs

    jobs = await many("busy", IN_HAND + WAITING)
    assert not lines.join("busy")
    for number in range(IN_HAND_OF_ALL // IN_HAND + 5):
        jobs += await many(str(number), IN_HAND)
    assert in_hand["busy"] == in_hand["0"] == IN_HAND
    assert in_hand.total() == IN_HAND_OF_ALL
    # One who gives up, in hand or in line, makes room.
    for gone in (jobs[0], jobs[20]):
        gone.cancel()
        await asyncio.wait({gone})
        assert lines.join("busy")
        lines.leave("busy")
    let_go.set()
    await asyncio.wait(jobs)
    assert lines.join("busy")
