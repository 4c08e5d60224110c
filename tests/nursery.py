"""Processes that start in milliseconds, made to be killed.

`python -m tests.nursery MODULE` has everything imported, and forks a process for each line of
orders (JSON) on its standard input: that one does `MODULE.live(orders)`.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from typing import Any

from tests.processes import ROOT, environ


class Nursery:
    """A test's end of the line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._turn = asyncio.Lock()

    async def start(self, orders: Mapping[str, Any]) -> int:
        """A process that does so; its id."""
        return await self._tell(orders)

    async def kill(self, pid: int) -> bool:
        """SIGKILL; whether it was still at work."""
        os.kill(pid, signal.SIGKILL)
        return await self.wait(pid) == signal.SIGKILL

    async def wait(self, pid: int) -> int:
        """How it ended: 0 well, else the number of a signal or what `waitpid` says."""
        return await self._tell({"wait": pid})

    async def hears(self) -> str:
        assert self._process.stdout is not None
        return (await self._process.stdout.readline()).decode().strip()

    async def _tell(self, message: Mapping[str, Any]) -> int:
        assert self._process.stdin is not None
        async with self._turn:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            return int(await self.hears())


@asynccontextmanager
async def nursery(module: str) -> AsyncIterator[Nursery]:
    """Whatever still lives at the end is killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.nursery",
        module,
        cwd=ROOT,
        env=environ({}),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    place = Nursery(process)
    try:
        assert await place.hears() == "ready"
        yield place
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.communicate()


def main(live: Callable[[dict[str, Any]], None]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    print("ready", flush=True)
    for line in sys.stdin:
        told = json.loads(line)
        if "wait" in told:
            _, status = os.waitpid(told["wait"], 0)
            print(status, flush=True)
            continue
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                live(told)
                status = 0
            finally:
                os._exit(status)
        print(pid, flush=True)


if __name__ == "__main__":
    main(import_module(sys.argv[1]).live)
