"""Processes that share PostgreSQL act by its clock, however far off those of their machines are."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import utc_now
from bot.config import load
from bot.errors import Limited
from bot.exec_api.budget import MINUTE_WINDOW, Budget
from bot.sandbox.demo import running
from bot.storage.database import Database
from bot.storage.leases import Leader, Leases
from bot.storage.server_clock import OFF, ServerClock, clock_of
from tests.conftest import START, FakeClock, MakeUrl
from tests.processes import fetch
from tests.workspace import workspace_apart

SECOND, TEN_MINUTES = timedelta(seconds=1), timedelta(minutes=10)


@pytest.fixture
async def shared(postgres_urls: MakeUrl) -> AsyncIterator[Database]:
    async with Database(postgres_urls()) as database:
        yield database


async def ahead(shared: Database) -> ServerClock:
    """The time as a process has it whose machine is ten minutes ahead."""
    clock = ServerClock(shared, lambda: utc_now() + TEN_MINUTES)
    await clock.measure()
    return clock


async def test_a_clock_that_is_off_is_named(shared: Database, tmp_path: Path) -> None:
    url = shared.url.render_as_string(hide_password=False)
    async with workspace_apart(tmp_path, database=url) as place:
        settings = load(place.variables, slack=True, exec_api=True)
        async with running(settings, place.slack, await ahead(shared), by_clock=False):
            probe = (place.slack.request_url or "").replace("/slack/events", "/readyz")
            status, body = await fetch(probe)
    assert (status, json.loads(body)["checks"]["clock"]) == (200, "600 s ahead of the database's")


async def test_a_request_by_a_fast_clock_holds_up_no_others(shared: Database) -> None:
    fast, right = (
        Budget(shared, clock=clock, per_minute=1) for clock in (await ahead(shared), utc_now)
    )
    await fast.take("question")
    with pytest.raises(Limited) as limited:
        await right.take("question")
    assert limited.value.until <= utc_now() + MINUTE_WINDOW + SECOND


async def test_it_is_the_servers_whatever_is_done_to_the_machines(
    shared: Database, caplog: pytest.LogCaptureFixture
) -> None:
    machine, passed = FakeClock(), FakeClock()
    clock = ServerClock(shared, machine, lambda: passed.now.timestamp())
    assert clock() == START
    before = utc_now()
    await clock.measure()
    assert before <= (measured := clock()) <= utc_now()
    machine.now += TEN_MINUTES
    passed.tick(5)
    assert clock() == measured + 5 * SECOND
    await clock.measure()
    assert sum("behind the database's" in each for each in caplog.messages) == 1
    machine.now = utc_now() + OFF / 2
    await clock.measure()
    assert clock.trouble == ""


@pytest.mark.parametrize(("days", "said"), [(0, False), (28, True)])
async def test_a_database_of_the_future_is_said_at_the_start(
    database: Database, caplog: pytest.LogCaptureFixture, days: int, said: bool
) -> None:
    await Budget(database, clock=lambda: utc_now() + timedelta(days=days)).take("question")
    await clock_of(database)
    assert ("by a clock that was ahead" in caplog.text) is said


async def test_a_fast_clock_does_not_lead_sooner(shared: Database) -> None:
    fast, right = await ahead(shared), await clock_of(shared)
    assert await Leader(Leases(shared, right, "right"), right).leads()
    assert not await Leader(Leases(shared, fast, "fast"), fast).leads()
