"""A bot as a process: how it starts, how it ends, and what becomes of those who wait."""

from __future__ import annotations

import asyncio
import json
import re
import resource
import socket
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.app import App
from bot.demo.run import running
from bot.demo.slack_workspace import Message
from bot.jobs import Job
from bot.serve import all_jobs
from bot.settings import SlackSettings
from bot.storage.tables import claim
from tests.conftest import AWAY, FakeClock
from tests.processes import Ended, fetch
from tests.workspace import Workspace, workspace_apart

JANE = "jane@acme.com"


async def until(fulfilled: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for what another process brings about."""
    async with asyncio.timeout(seconds):
        while not fulfilled():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.02)


def told(place: Workspace) -> list[Message]:
    """What the bot's messages for Jane are, as they stand now."""
    seen = place.slack.visible(place.user(JANE), place.channel())
    return [message for message in seen if message.user == place.slack.team.bot_user_id]


def assert_plain(ended: Ended, words: str) -> None:
    """One sentence, and nothing of Python's."""
    assert ended.code == 1, ended
    assert words in ended.err
    assert len(ended.err.splitlines()) == 1
    assert "Traceback" not in ended.out + ended.err
    assert not re.search(r"[a-z_]+\.py\b", ended.out + ended.err)


async def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        async with workspace_apart(tmp_path) as place:
            ended = await place.run("run", PORT=port)

    assert_plain(ended, f"I can't listen on 127.0.0.1:{port} (address already in use).")
    assert "PORT" in ended.err


async def test_a_database_that_is_away(tmp_path: Path) -> None:
    async with workspace_apart(tmp_path) as place:
        ended = await place.run("run", DATABASE_URL=AWAY)

    assert_plain(ended, "database")
    assert "DATABASE_URL" in ended.err


async def test_a_disk_that_is_full_makes_it_unready(tmp_path: Path) -> None:
    async with workspace_apart(tmp_path) as place, place.started() as bot:
        # As if it were: no file of this process may grow further.
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (4_096, hard))
        status, said = await fetch(f"{bot.url}/readyz")

    assert (status, json.loads(said)["checks"]["slack"]) == (503, "ok")
    assert re.fullmatch(r"can't be used: SQLITE_\w+", json.loads(said)["checks"]["database"])


async def test_jobs_outlive_a_database_that_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:

    def hurried(app: App) -> dict[str, Job]:
        return {name: replace(job, seconds=1, after=0) for name, job in all_jobs(app).items()}

    monkeypatch.setattr("bot.serve.all_jobs", hurried)
    clock = FakeClock()
    async with workspace_apart(tmp_path) as place:
        settings = SlackSettings(**place.variables)
        async with running(settings, place.slack, clock) as bot:
            database = bot.db

            def refuse(*_: object) -> None:
                raise sa.exc.OperationalError("SELECT", {}, Exception("gone"))

            with ExitStack() as stack:
                sa.event.listen(database.engine.sync_engine, "before_cursor_execute", refuse)
                stack.callback(
                    sa.event.remove, database.engine.sync_engine, "before_cursor_execute", refuse
                )
                for job in ("deliver", "housekeeping"):
                    line = f"job {job}: StorageError"
                    await until(lambda line=line: caplog.text.count(line) >= 2)
            await bot.claims.claim("x", timedelta(seconds=1))
            clock.tick(2)
            async with asyncio.timeout(100):
                while await database.count(claim, claim.c.name == "x"):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
