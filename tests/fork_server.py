"""Starts Python processes in milliseconds, by forking one that has imported everything.

`python -m tests.fork_server FD` forks a process for each connection to a listening socket. The
client sends an order, which is a line of JSON, and the standard streams of the new process. It
receives the process's id and, when the process has ended, its exit code.

One server serves all workers of a run. It imports modules when they are first needed.
"""

from __future__ import annotations

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
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
IMPORTED = (
    "alembic.command",
    "bot.cli.forget",
    "bot.cli.doctor",
    "bot.cli.manifest",
    "bot.cli.run",
    "bot.demo.run",
    "bot.cli.terminal",
    "sqlalchemy.dialects.postgresql.psycopg",
    "tzlocal",
)
# The environment variable with the path of the socket.
ADDRESS = "EXECBOT_TEST_FORK_SERVER"


def start(folder: Path) -> Callable[[], None]:
    """Start the fork server of this run, listening in `folder`. Returns a function that stops
    it."""
    os.environ[ADDRESS] = str(folder / "fork_server")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.environ[ADDRESS])
        listener.listen(64)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.fork_server", str(listener.fileno())],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            pass_fds=[listener.fileno()],
            start_new_session=True,
        )

    def end() -> None:
        process.communicate()

    return end


def main() -> None:
    listener = socket.socket(fileno=int(sys.argv[1]))
    if sys.stdin in select.select([listener, sys.stdin], [], [])[0]:
        return  # the run is over, and nothing was ordered
    for module in IMPORTED:
        import_module(module)
    gc.collect()
    gc.freeze()
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:  # the run is over: end all processes of this session
            os.killpg(0, signal.SIGKILL)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        with listener.accept()[0] as connection:
            if os.fork() == 0:
                listener.close()
                fork(connection)
                return


def fork(connection: socket.socket) -> None:
    """Fork a process as ordered and report its exit. In the fork, returns when its work is done."""
    line, streams, _, _ = socket.recv_fds(connection, 1 << 16, 3)
    pid = os.fork()
    if pid == 0:
        connection.close()
        become(json.loads(line), streams)
        return
    for descriptor in streams:
        os.close(descriptor)
    connection.sendall(f"{pid}\n".encode())
    _, status = os.waitpid(pid, 0)
    connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def become(order: dict[str, Any], streams: list[int]) -> None:
    """Behave like `python ARGUMENTS`."""
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
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
