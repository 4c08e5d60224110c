"""Which process works on what, and whether that process is gone for certain."""

from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path

PROC = Path("/proc")


class Owner:
    """This process, by a mark that no other process ever has; "" where there is none to have.

    Only a process that shares our table of processes can be known to be gone: one of this boot
    of this machine and of this container. Of all others nothing is said.
    """

    def __init__(self, proc: Path = PROC) -> None:
        self._proc = proc
        self._table = _table(proc)
        self.mark = self._mark_of(os.getpid()) or ""

    def is_gone(self, mark: str) -> bool:
        """True only if the process behind `mark` has certainly ended."""
        table, _, rest = mark.partition(".")
        pid = rest.partition(".")[0]
        if not table or table != self._table or not pid.isdigit():
            return False
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False  # it is there, and another user's
        now = self._mark_of(int(pid))
        # The number may have gone to another process since.
        return now is not None and now != mark

    def _mark_of(self, pid: int) -> str | None:
        """None when it cannot be read."""
        if self._table is None:
            return None
        try:
            stat = (self._proc / str(pid) / "stat").read_text(errors="replace")
            # proc(5): the 22nd field, counted after the name, which may hold anything.
            started = stat.rpartition(")")[2].split()[19]
        except (OSError, IndexError):
            return None
        return f"{self._table}.{pid}.{started}"


def _table(proc: Path) -> str | None:
    """What names the table of processes that we are in; None where nothing does."""
    try:
        boot = (proc / "sys/kernel/random/boot_id").read_text().strip()
        namespace = os.readlink(proc / "self/ns/pid")
    except OSError:
        return None
    what = f"{socket.gethostname()}\n{boot}\n{namespace}"
    return hashlib.sha256(what.encode()).hexdigest()[:24]
