"""A person's share of the day: who pays for a request, and what it means for others."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import Limited
from bot.exec_api.budget import DAY_WINDOW, Budget
from bot.exec_api.client import ExecClient, exec_http
from bot.exec_api.purposes import current, is_admins, spent_by, spent_for_all
from bot.storage.database import Database
from bot.storage.tables import MILLISECOND
from tests.conftest import START, FakeClock, MakeUrl
from tests.exec_api.spending import NOTHING, budget, granted, limit_of

__all__ = ["budget"]  # a fixture


@pytest.mark.parametrize(
    ("per_day", "share", "of_admins"),
    [
        pytest.param(1000, 100, 333, id="1000"),
        pytest.param(60, 6, 20, id="60"),
        pytest.param(9, 1, 3, id="9"),
        pytest.param(1, 1, 1, id="1"),
    ],
)
def test_a_tenth_of_the_day_and_a_third_for_admins(
    per_day: int, share: int, of_admins: int
) -> None:
    with spent_by("T1", "U1"):
        assert current().share(per_day) == share
        is_admins("T1", "U2")
        assert current().share(per_day) == share
        is_admins("T1", "U1")
        assert current().share(per_day) == of_admins
    is_admins("T1", "U1")
    assert not current().person


async def test_nobody_takes_more_than_their_share_in_any_24_hours(
    database: Database, clock: FakeClock
) -> None:
    # Two processes on one database count alike.
    budgets = [Budget(database, clock=clock, per_day=40) for _ in range(2)]
    budget = budgets[0]
    with spent_by("T1", "U1"):
        assert await budget.affordable() == 4
        assert [await granted(each, 2, "question") for each in budgets] == [2, 2]
        clock.tick(3600)
        assert await budget.affordable() == 0
        limited = await limit_of(budgets[1], "names")
        assert limited.is_personal
        assert limited.until == START + DAY_WINDOW + MILLISECOND
        clock.now = limited.until - MILLISECOND
        assert await granted(budget, 1, "digest") == 0
        clock.now = limited.until
        assert await granted(budget, 9, "question") == 4
        with spent_for_all():
            assert await granted(budget, 3, "names") == 3
    with spent_by("T1", "U2"):
        assert await granted(budget, 9, "question") == 4
    # What is booked to nobody fills the day, and then there is nothing left of any share.
    assert await granted(budget, 40, "question") == 40 - 4 - 3 - 4
    with spent_by("T1", "U3"):
        assert await budget.affordable() == 0
        assert (await limit_of(budget, "question")).whose == "day"


async def test_the_limit_that_lasts_longer_is_told(budget: Budget, clock: FakeClock) -> None:
    with spent_by("T1", "U1"):
        await granted(budget, 60, "question")
        assert (await limit_of(budget, "question")).whose == "minute"
        clock.tick(62)
        await granted(budget, 40, "question")
        clock.tick(62)
        assert (await limit_of(budget, "question")).whose == "person"
        await budget.block(clock() + timedelta(hours=24))
        assert (await limit_of(budget, "question")).whose == "exec"


async def test_others_do_not_share_the_fate_of_whoever_used_up_theirs(
    sqlite_urls: MakeUrl, clock: FakeClock
) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=NOTHING))
    async with (
        Database(sqlite_urls()) as database,
        exec_http("https://exec.test", "exec_live_" + "a" * 40, transport=transport) as http,
    ):
        budget = Budget(database, clock=clock, per_day=20)
        client = ExecClient(
            http,
            budget,
            clock=clock,
            sleep=asyncio.sleep,
            random=lambda: 0.0,
            patience=90_000,
        )

        async def ask(user_id: str) -> int:
            with spent_by("T1", user_id):
                return (await client.sessions_page((), 1, 100, purpose="question")).requests

        with spent_by("T1", "U1"):
            await granted(budget, 2, "question")
        spent, *others = await asyncio.gather(
            ask("U1"), ask("U2"), ask("U3"), return_exceptions=True
        )
        # Refused at once, however patient: nobody aboard waits for the share of another.
        assert isinstance(spent, Limited)
        assert others == [1, 0]
        # Aboard with somebody who may ask, everybody gets the answer.
        assert await asyncio.gather(ask("U2"), ask("U1")) == [1, 0]


# What passes before somebody asks, in milliseconds, and how far the clock is put back.
PASSES = st.sampled_from([0, 900, 61_000, 3_600_000, 30_000_000, 86_405_001])
PUT_BACK = st.sampled_from([0, 0, 0, 1500, 70_000, 7_200_000])
TRIES = st.tuples(PASSES, PUT_BACK, st.sampled_from(["", "U1", "U2"]), st.integers(1, 5))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(TRIES, min_size=5, max_size=15), st.integers(1, 45))
def test_whatever_happens_to_the_clock_nobody_overruns_their_share(
    sqlite_urls: MakeUrl, tries: list[tuple[int, int, str, int]], per_day: int
) -> None:
    async def play() -> list[tuple[datetime, str]]:
        real, clock, taken = START, FakeClock(), []
        async with Database(sqlite_urls()) as database:
            budget = Budget(database, clock=clock, per_day=per_day)
            for passes, put_back, person, count in tries:
                real += passes * MILLISECOND
                clock.now += (passes - put_back) * MILLISECOND
                with spent_by("T1", person) if person else spent_for_all():
                    before = await budget.affordable()
                    granted_now = await granted(budget, count, "question")
                assert granted_now <= before
                taken += [(real, person)] * granted_now
        return taken

    taken = asyncio.run(play())
    for at, person in taken:
        theirs = [each for each, who in taken if who == person and at - DAY_WINDOW <= each <= at]
        assert not person or len(theirs) <= max(1, per_day // 10)
