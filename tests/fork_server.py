"""Python processes that start in milliseconds: forked from one that has everything imported.

`python -m tests.fork_server FD` accepts connections at a listening socket and forks a process for
each. Over it come the standard streams of the new one and an order (a line of JSON); what goes back
is its id and, when it has ended, how: the same number as asyncio's `returncode`.

One serves all workers of a run; it imports nothing before it is needed, and ends with the run.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
# What those that are forked need sooner or later.
IMPORTED = (
    "alembic.command",
    "bot.maintenance",
    "bot.doctor",
    "bot.manifest",
    "bot.serve",
    "bot.demo.run",
    "bot.terminal",
    "sqlalchemy.dialects.postgresql.psycopg",
    "tests.deliveries",
    "tzlocal",
)
# The environment variable that tells workers where it listens.
ADDRESS = "EXECBOT_TEST_NURSERY"
DEVNULL, PIPE, STDOUT = subprocess.DEVNULL, subprocess.PIPE, subprocess.STDOUT


def environ(variables: Mapping[str, str]) -> dict[str, str]:
    """An environment with nothing of ours in it but `variables`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "TZ": "UTC", **variables}


@dataclass(eq=False)
class Child:
    """A forked process, with what tests use of `asyncio.subprocess.Process`."""

    pid: int
    stdin: asyncio.StreamWriter | None
    stdout: asyncio.StreamReader | None
    stderr: asyncio.StreamReader | None
    ended: asyncio.Task[int]

    @property
    def returncode(self) -> int | None:
        return self.ended.result() if self.ended.done() else None

    def send_signal(self, number: int) -> None:
        if not self.ended.done():
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        return await asyncio.shield(self.ended)

    async def communicate(self, said: bytes = b"") -> tuple[bytes, bytes]:
        """Say the last of its input; all that it still prints until it ends."""
        if self.stdin is not None:
            self.stdin.write(said)
            self.stdin.close()
        printed = [await out.read() if out else b"" for out in (self.stdout, self.stderr)]
        await self.wait()
        return printed[0], printed[1]


async def python(
    *arguments: str,
    env: Mapping[str, str],
    cwd: Path = ROOT,
    stdin: int = DEVNULL,
    stderr: int = PIPE,
) -> Child:
    """`python -m MODULE …` or `python -c CODE …`, forked: its standard output is a pipe."""
    read_out, write_out = await _readable()
    read_err, write_err = (None, write_out) if stderr == STDOUT else await _readable()
    writer, read_in = await _writable() if stdin == PIPE else (None, os.open(os.devnull, os.O_RDWR))
    given = {read_in, write_out, write_err}
    try:
        order = {"arguments": arguments, "env": dict(env), "cwd": str(cwd)}
        told = await _order(order, (read_in, write_out, write_err))
    finally:
        for descriptor in given:
            os.close(descriptor)
    pid = int(await told.readline())
    return Child(pid, writer, read_out, read_err, asyncio.create_task(_ending(told)))


async def _order(order: Mapping[str, Any], streams: tuple[int, ...]) -> asyncio.StreamReader:
    """Have a process forked; what is told of it."""
    ours = socket.socket(socket.AF_UNIX)
    ours.connect(os.environ[ADDRESS])
    socket.send_fds(ours, [b"."], streams)
    ours.sendall(json.dumps(order).encode() + b"\n")
    return await _reader(ours)


async def _ending(told: asyncio.StreamReader) -> int:
    return int(await told.read())


async def _readable() -> tuple[asyncio.StreamReader, int]:
    """The end of a pipe to read from, and the one for the process."""
    ours, its = os.pipe()
    return await _reader(os.fdopen(ours, "rb", 0)), its


async def _reader(pipe: Any) -> asyncio.StreamReader:
    """Closed when everything was read."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    return reader


async def _writable() -> tuple[asyncio.StreamWriter, int]:
    its, ours = os.pipe()
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.connect_write_pipe(
        asyncio.streams.FlowControlMixin, os.fdopen(ours, "wb", 0)
    )
    return asyncio.StreamWriter(transport, protocol, None, loop), its


def started(folder: Path) -> Callable[[], None]:
    """Start the fork server of this run, which listens in `folder`; what ends it."""
    os.environ[ADDRESS] = str(folder / "fork_server")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.environ[ADDRESS])
        listener.listen(64)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.fork_server", str(listener.fileno())],
            cwd=ROOT,
            env=environ({}),
            stdin=PIPE,
            pass_fds=[listener.fileno()],
            start_new_session=True,
        )

    def end() -> None:
        process.communicate()

    return end


@dataclass
class ForkServer:
    """Forks processes that carry out orders, made to be killed."""

    module: str
    children: dict[int, Child] = field(default_factory=dict)

    async def start(self, orders: Mapping[str, Any]) -> int:
        """A process that does `MODULE.live(orders)`; its id."""
        code = f"import json, sys; from {self.module} import live; live(json.loads(sys.argv[1]))"
        child = await python("-c", code, json.dumps(orders), env=environ({}), stderr=STDOUT)
        self.children[child.pid] = child
        return child.pid

    async def kill(self, pid: int) -> bool:
        """SIGKILL; whether it was still at work."""
        self.children[pid].kill()
        return await self.wait(pid) == -signal.SIGKILL

    async def wait(self, pid: int) -> int:
        """How it ended: 0 well, else the number of a signal below 0."""
        child = self.children.pop(pid)
        out, _ = await child.communicate()
        print(out.decode())
        return await child.wait()


@asynccontextmanager
async def fork_server(module: str) -> AsyncIterator[ForkServer]:
    """Whatever still lives at the end is killed."""
    place = ForkServer(module)
    try:
        yield place
    finally:
        for pid in list(place.children):
            await place.kill(pid)


def main() -> None:
    listener = socket.socket(fileno=int(sys.argv[1]))
    if sys.stdin in select.select([listener, sys.stdin], [], [])[0]:
        return  # the run is over, and nobody needed any
    for module in IMPORTED:
        import_module(module)
    gc.collect()
    gc.freeze()
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:  # the run is over; so are all of us
            os.killpg(0, signal.SIGKILL)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        with listener.accept()[0] as connection:
            if os.fork() == 0:
                listener.close()
                attend(connection)
                return


def attend(connection: socket.socket) -> None:
    """Fork a process as ordered, and tell what becomes of it. Returns in the forked one, at its
    end."""
    _, streams, _, _ = socket.recv_fds(connection, 1, 3)
    with connection.makefile("rb") as said:
        order = json.loads(said.readline())
    pid = os.fork()
    if pid == 0:
        connection.close()
        become(order, streams)
        return
    for descriptor in streams:
        os.close(descriptor)
    connection.sendall(f"{pid}\n".encode())
    _, status = os.waitpid(pid, 0)
    connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def become(order: Mapping[str, Any], streams: list[int]) -> None:
    """Do as `python ARGUMENTS` does."""
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
    for descriptor in set(streams):
        os.close(descriptor)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    time.tzset()
    kind, what, *words = order["arguments"]
    sys.argv = [kind, *words]
    if kind == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(what, {"__name__": "__main__"})


if __name__ == "__main__":
    main()
