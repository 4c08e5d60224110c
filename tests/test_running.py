"""A bot that can't start, and one whose database goes away."""

from __future__ import annotations

import asyncio
import json
import re
import resource
import socket
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.demo.run import running
from bot.jobs import Job, JobRunner, Renew
from bot.settings import SlackSettings, load
from bot.storage.tables import lease
from tests.conftest import AWAY, FakeClock
from tests.office import open_place
from tests.processes import Ended, fetch


def assert_one_sentence(ended: Ended, *words: str) -> None:
    """Assert that the output is one sentence without a traceback."""
    assert ended.code == 1, ended
    assert all(word in ended.err for word in words), ended.err
    assert len(ended.err.splitlines()) == 1
    assert not re.search(r"Traceback|[a-z_]+\.py\b", ended.out + ended.err)


async def test_a_port_or_a_database_that_cannot_be_used_ends_the_start(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        async with open_place(tmp_path) as place:
            taken, away = await asyncio.gather(
                place.run("run", PORT=port), place.run("run", DATABASE_URL=AWAY)
            )
    assert_one_sentence(taken, f"127.0.0.1:{port}", "PORT")
    assert_one_sentence(away, "database", "DATABASE_URL")


async def test_a_full_disk_makes_it_unready(tmp_path: Path) -> None:
    async with open_place(tmp_path) as place, place.started() as bot:
        # As if the disk were full: no file of this process may grow further.
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (4_096, hard))
        status, said = await fetch(f"{bot.url}/readyz")

    checks = json.loads(said)["checks"]
    assert (status, checks["slack"]) == (503, "ok")
    assert checks["database"] != "ok"


async def test_jobs_go_on_after_the_database_was_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class HurriedRunner(JobRunner):
        def __init__(self, jobs: Mapping[str, Job], renew: Renew) -> None:
            super().__init__({name: replace(jobs[name], seconds=1) for name in jobs}, renew)

    async def failed(job: str) -> None:
        async with asyncio.timeout(100):
            while f"job {job}: StorageError" not in caplog.text:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    def refuse(*_: object) -> None:
        raise sa.exc.OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr("bot.app.JobRunner", HurriedRunner)
    clock = FakeClock()
    async with (
        open_place(tmp_path) as place,
        running(load(SlackSettings, **place.variables), place.slack, clock) as bot,
    ):
        engine = bot.storage.db.engine.sync_engine
        sa.event.listen(engine, "before_cursor_execute", refuse)
        try:
            for job in ("deliver", "housekeeping"):
                await failed(job)
        finally:
            sa.event.remove(engine, "before_cursor_execute", refuse)
        await bot.storage.leases.claim("x", timedelta(seconds=1))
        clock.tick(2)
        async with asyncio.timeout(100):
            while await bot.storage.db.count(lease, lease.c.name == "x"):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
