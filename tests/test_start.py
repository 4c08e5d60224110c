"""A start waits for nothing that it does not need."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from tests.processes import bot_process, environ, fetch
from tests.workspace import workspace_apart

MAIN = "from bot.__main__ import main; main({words})"
# What a program prints about itself when it ends, however it ends.
LOADED = "import atexit, sys; atexit.register(lambda: print('loaded', *sys.modules))\n"


async def loaded(program: str, folder: Path) -> set[str]:
    """The modules that a process has loaded when it ends."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", LOADED + program),
        cwd=folder,
        env=environ({}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    return set(out.decode().rpartition("loaded ")[2].split())


@pytest.mark.parametrize(
    ("words", "without"),
    [
        (["--help"], {"asyncio", "pydantic", "sqlalchemy"}),
        (["ask", "--as", "jane@acme.com"], {"asyncio", "pydantic", "sqlalchemy"}),
        (["run"], {"sqlalchemy", "aiohttp", "slack_bolt"}),  # no setting is there
    ],
    ids=["help", "wrong words", "forgotten settings"],
)
async def test_what_is_told_at_once(words: list[str], without: set[str], tmp_path: Path) -> None:
    modules = await loaded(MAIN.format(words=words), tmp_path)

    assert "bot.__main__" in modules
    assert modules & without == set()


@pytest.mark.parametrize("socket", [False, True], ids=["HTTP", "Socket Mode"])
async def test_a_bot_that_nothing_was_imported_for_starts_and_ends(
    socket: bool, tmp_path: Path
) -> None:
    async with (
        workspace_apart(tmp_path, socket=socket) as place,
        bot_process(place.variables, tmp_path, forked=False) as bot,
    ):
        assert await fetch(f"{bot.url}/healthz") == (200, '{"status": "up"}')
        if socket:
            await place.connected()
        assert await bot.stop() == 0
        assert "Traceback" not in bot.output
