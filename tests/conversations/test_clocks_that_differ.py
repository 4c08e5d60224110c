"""Processes that share PostgreSQL act by its clock, however far off those of their machines are."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import utc_now
from bot.demo.run import running
from bot.errors import Limited
from bot.exec_api.budget import MINUTE, Budget, Job
from bot.settings import SlackSettings
from bot.storage.database import Database
from bot.storage.server_clock import ServerClock
from tests.conftest import MakeUrl
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
        settings = SlackSettings(**place.variables)
        async with running(settings, place.slack, await ahead(shared), by_clock=False):
            probe = (place.slack.request_url or "").replace("/slack/events", "/readyz")
            status, body = await fetch(probe)
    assert (status, json.loads(body)["checks"]["clock"]) == (200, "600 s ahead of the database's")


async def test_a_request_by_a_fast_clock_holds_up_no_others(shared: Database) -> None:
    fast, right = (
        Budget(shared, clock=clock, per_minute=1) for clock in (await ahead(shared), utc_now)
    )
    await fast.spend(Job.PEOPLE)
    with pytest.raises(Limited) as limited:
        await right.spend(Job.PEOPLE)
    assert limited.value.until <= utc_now() + MINUTE + SECOND
