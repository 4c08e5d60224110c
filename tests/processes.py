"""The bot and its commands as processes, forked by the fork server."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import stat
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.fork_server import ADDRESS, ROOT

LISTENING = re.compile(r"listening on port (\d+)")


@dataclass(eq=False)
class Child:
    """A forked process: its input, its output, and its exit code once it has ended."""

    pid: int
    stdin: asyncio.StreamWriter
    stdout: asyncio.StreamReader
    stderr: asyncio.StreamReader
    ended: asyncio.Task[int]
    connections: tuple[asyncio.StreamWriter, ...]

    def send_signal(self, number: int) -> None:
        if not self.ended.done():
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """The exit code; negative for a signal."""
        return await asyncio.shield(self.ended)

    async def communicate(self, typed: str = "") -> tuple[str, str]:
        """Its output until it ends. `typed` is its whole input."""
        self.stdin.write(typed.encode())
        self.stdin.write_eof()
        out, err = await asyncio.gather(self.stdout.read(), self.stderr.read())
        await self.wait()
        self.close()
        return out.decode(), err.decode()

    def close(self) -> None:
        """Kill it if it still runs, and close its streams."""
        self.kill()
        for connection in self.connections:
            connection.close()


async def python(
    *arguments: str, variables: Mapping[str, str], folder: Path = ROOT, merged: bool = False
) -> Child:
    """Fork `python -m MODULE …` or `python -c CODE …`. `merged` sends its errors to its output.

    Its environment has only `variables`.
    """
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    env = {**kept, "PYTHONIOENCODING": "utf-8", "TZ": "UTC", **variables}
    order = {"arguments": arguments, "env": env, "cwd": str(folder)}
    streams, its_streams = socket.socketpair()
    errors, its_errors = socket.socketpair()
    server = socket.socket(socket.AF_UNIX)
    server.connect(os.environ[ADDRESS])
    with its_streams, its_errors:
        its_output = its_streams.fileno()
        descriptors = (its_output, its_output, its_output if merged else its_errors.fileno())
        socket.send_fds(server, [json.dumps(order).encode()], descriptors)
    stdout, stdin = await asyncio.open_connection(sock=streams)
    stderr, to_errors = await asyncio.open_connection(sock=errors)
    report, to_server = await asyncio.open_connection(sock=server)
    pid = int(await report.readline())

    async def end() -> int:
        return int(await report.read())

    ended = asyncio.create_task(end())
    return Child(pid, stdin, stdout, stderr, ended, (stdin, to_errors, to_server))


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str


async def bot_command(
    *arguments: str,
    variables: Mapping[str, str],
    folder: Path,
    typed: str = "",
    seconds: float = 30,
) -> Ended:
    """Run `python -m bot …` to its end; `typed` is its whole input."""
    process = await python("-m", "bot", *arguments, variables=variables, folder=folder)
    try:
        out, err = await asyncio.wait_for(process.communicate(typed), seconds)
    finally:
        process.close()
    return Ended(await process.wait(), out, err)


@dataclass(slots=True)
class BotProcess:
    """`python -m bot run`. `port` is set once it listens; `output` is everything it printed."""

    process: Child
    output: str = ""
    listening: asyncio.Future[int] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    reading: asyncio.Task[None] = field(init=False)

    @property
    def port(self) -> int:
        return self.listening.result()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __post_init__(self) -> None:
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for line in self.process.stdout:
            self.output += line.decode()
            match = LISTENING.search(line.decode())
            if match and not self.listening.done():
                self.listening.set_result(int(match[1]))
        if not self.listening.done():
            self.listening.cancel()

    async def listens(self, seconds: float = 30) -> None:
        """Wait until it serves. Raises AssertionError with its output if it doesn't."""
        try:
            await asyncio.wait_for(asyncio.shield(self.listening), seconds)
        except (TimeoutError, asyncio.CancelledError):
            raise AssertionError(f"the bot did not start:\n{self.output}") from None

    async def ends(self, seconds: float = 30) -> int:
        """The exit code, once it has ended on its own."""
        code = await asyncio.wait_for(self.process.wait(), seconds)
        await self.reading
        return code

    async def stop(self) -> int:
        """Send SIGTERM. Returns the exit code."""
        self.process.terminate()
        return await self.ends()


@asynccontextmanager
async def bot_process(variables: Mapping[str, str], folder: Path) -> AsyncIterator[BotProcess]:
    """A running bot, killed at the end if it still runs."""
    process = await python("-m", "bot", "run", variables=variables, folder=folder, merged=True)
    bot = BotProcess(process)
    try:
        await bot.listens()
        yield bot
    finally:
        process.kill()
        await bot.ends()
        process.close()


def modes(folder: Path) -> dict[str, int]:
    """The permissions of each file in a folder."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def fetch(
    url: str, *, data: bytes | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """GET, or POST with `data`, on a new connection."""
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        method = "GET" if data is None else "POST"
        async with session.request(method, url, data=data, headers=headers) as answer:
            return answer.status, await answer.text()
