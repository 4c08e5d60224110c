"""The bot as a process of its own."""

from __future__ import annotations

import asyncio
import re
import stat
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.fork_server import PIPE, ROOT, STDOUT, Child, environ, python

__all__ = ["ROOT", "environ"]

LISTENING = re.compile(r"listening on port (\d+)")


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that ran to its end."""

    code: int
    out: str
    err: str


async def bot_command(
    *arguments: str, variables: Mapping[str, str], folder: Path, seconds: float = 30
) -> Ended:
    """Run `python -m bot …` to its end."""
    process = await python("-m", "bot", *arguments, env=environ(variables), cwd=folder)
    try:
        out, err = await asyncio.wait_for(process.communicate(), seconds)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode())


@dataclass(slots=True)
class BotProcess:
    """`python -m bot run`. `port` is known once it listens; `output` is all it printed."""

    process: Child | asyncio.subprocess.Process
    output: str = ""
    listening: asyncio.Future[int] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    reading: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        return self.listening.result()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.output += line.decode()
            found = LISTENING.search(line.decode())
            if found and not self.listening.done():
                self.listening.set_result(int(found[1]))
        if not self.listening.done():
            self.listening.cancel()

    async def listens(self, seconds: float = 30) -> None:
        """Wait until it serves; says what it printed if it does not."""
        try:
            await asyncio.wait_for(asyncio.shield(self.listening), seconds)
        except (TimeoutError, asyncio.CancelledError):
            raise AssertionError(f"the bot did not start:\n{self.output}") from None

    async def ends(self, seconds: float = 30) -> int:
        """The exit code, once it has ended by itself."""
        code = await asyncio.wait_for(self.process.wait(), seconds)
        assert self.reading is not None
        await self.reading
        return code

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.terminate()
        return await self.ends()


@asynccontextmanager
async def bot_process(
    variables: Mapping[str, str], folder: Path, *, wait: bool = True, forked: bool = True
) -> AsyncIterator[BotProcess]:
    """The bot, running; killed at the end if it still is.

    Forked from what has everything imported, unless the start itself is to be seen.
    """
    words, env = ("-m", "bot", "run"), environ(variables)
    process: Child | asyncio.subprocess.Process
    if forked:
        process = await python(*words, env=env, cwd=folder, stderr=STDOUT)
    else:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *words, env=env, cwd=folder, stdout=PIPE, stderr=STDOUT
        )
    bot = BotProcess(process)
    bot.reading = asyncio.create_task(bot.read())
    try:
        if wait:
            await bot.listens()
        yield bot
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await bot.ends()


def modes(folder: Path) -> dict[str, int]:
    """The permissions of each file in a folder."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def fetch(
    url: str, *, data: bytes | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """GET, or POST with `data`, on a connection of its own."""
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        method = "GET" if data is None else "POST"
        async with session.request(method, url, data=data, headers=headers) as answer:
            return answer.status, await answer.text()
