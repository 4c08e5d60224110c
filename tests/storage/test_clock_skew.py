"""Processes that share PostgreSQL use its clock, however wrong their own clocks are."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import utc_now
from bot.demo.run import running
from bot.errors import Limited
from bot.exec.budget import MINUTE, Budget, Purpose
from bot.settings import SlackSettings, load
from bot.storage.database import Database
from bot.storage.server_clock import ServerClock
from tests.conftest import MakeUrl
from tests.office import open_place
from tests.processes import fetch


async def test_a_clock_that_is_ten_minutes_ahead_is_reported_and_holds_up_nobody(
    postgres_urls: MakeUrl, tmp_path: Path
) -> None:
    url = postgres_urls()
    async with Database(url) as shared, open_place(tmp_path, DATABASE_URL=url) as place:
        fast_clock = ServerClock(shared, lambda: utc_now() + timedelta(minutes=10))
        await fast_clock.measure()
        fast, right = (Budget(shared, clock=clock, per_minute=1) for clock in (fast_clock, utc_now))
        await fast.spend(Purpose.PEOPLE)
        with pytest.raises(Limited) as limited:
            await right.spend(Purpose.PEOPLE)
        settings = load(SlackSettings, **place.variables)
        async with running(settings, place.slack, fast_clock, by_clock=False):
            probe = place.slack.request_url.replace("/slack/events", "/readyz")
            status, body = await fetch(probe)
    assert (status, json.loads(body)["checks"]["clock"]) == (200, "600 s ahead of the database's")
    assert limited.value.until <= utc_now() + MINUTE + timedelta(seconds=1)
