"""The processes that are measured, started and ended."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket

from bot.storage.tables import budget_request

ROOT = Path(__file__).parents[2]
TOKEN = "xoxb-bench"
SECRET = "bench-signing-secret"
START_SECONDS = 30.0
STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Standins:
    """The stand-ins; `exec_takes` sets how slow Exec is."""

    exec_url: str
    exec_key: str
    slack_url: str
    process: asyncio.subprocess.Process

    async def exec_takes(self, seconds: float) -> int:
        """Let Exec take so long from now on; the requests that it got until now."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{seconds}\n".encode())
        return int(await _line(self.process))


@dataclass(frozen=True, slots=True)
class BotProcess:
    """`python -m bot run`, at its port."""

    port: int
    database: Path
    pid: int

    def new_minute(self) -> None:
        """Empty the bot's account of requests, as if the minute and the day were over.

        Otherwise most of a run would be spent waiting for Exec's limit of 60 a minute.
        """
        with closing(sqlite3.connect(self.database, timeout=15)) as connection, connection:
            connection.execute(f"DELETE FROM {budget_request.name}")


@asynccontextmanager
async def standins(moment: datetime, people: int, sessions: int) -> AsyncIterator[Standins]:
    """The stand-ins of a world built at `moment`."""
    size = (str(people), str(sessions))
    async with _child(["-m", "tests.bench.standins", moment.isoformat(), *size]) as process:
        where = json.loads(await _line(process))
        yield Standins(where["exec"], where["key"], where["slack"], process)


@asynccontextmanager
async def bare() -> AsyncIterator[int]:
    """The bare Bolt app; its port."""
    async with _child(["-m", "tests.bench.bare"]) as process:
        yield int(await _line(process))


@asynccontextmanager
async def bot(where: Standins, folder: Path) -> AsyncIterator[BotProcess]:
    """The real bot, with a fresh database in `folder`."""
    port, database = free_port(), folder / "bench.db"
    settings = {
        "EXEC_API_URL": where.exec_url,
        "EXEC_API_KEY": where.exec_key,
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_API_URL": where.slack_url,
        "DATABASE_URL": f"sqlite:///{database}",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "LOG_LEVEL": "ERROR",
    }
    # Its working directory is the folder: no .env of whoever runs this may join in.
    async with _child(["-m", "bot", "run"], settings, folder) as process:
        await _until_healthy(port, process)
        yield BotProcess(port, database, process.pid)


@asynccontextmanager
async def shown(*arguments: str) -> AsyncIterator[str]:
    """What `python -m bot` prints for `arguments`, once it has ended."""
    async with _child(["-m", "bot", *arguments]) as process:
        out, _ = await process.communicate()
        yield out.decode()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket(AF_INET, SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def _child(
    arguments: Sequence[str], settings: Mapping[str, str] | None = None, folder: Path = ROOT
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A Python process that is gone when the block ends."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "SLACK_SIGNING_SECRET": SECRET,
        **(settings or {}),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=environment,
        cwd=folder,
    )
    try:
        yield process
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is None:
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


async def _line(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
    if not line:
        raise RuntimeError("a process of the bench ended early; what it said is above")
    return line.decode().strip()


async def _until_healthy(port: int, process: asyncio.subprocess.Process) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.returncode is None:
        if await asyncio.to_thread(_healthy, port):
            return
        await asyncio.sleep(0.01)
    raise RuntimeError("the bot did not start; what it said is above")


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
