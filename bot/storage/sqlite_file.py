"""The file of a SQLite database is for its owner alone: in it is what people practised."""

from __future__ import annotations

import logging
import os
import stat
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

OTHERS = stat.S_IRWXG | stat.S_IRWXO
# SQLite gives these the mode of the file, but not anew.
BESIDE = ("", "-wal", "-shm")


def make(name: str) -> None:
    """Make the file, if it is not there, before SQLite does: others could open it meanwhile."""
    # Without a folder, or the right to write in it, SQLite is the one to say so. One that is there
    # is not opened: to close it again would take SQLite's own locks from it.
    with suppress(OSError):
        os.close(os.open(name, os.O_CREAT | os.O_EXCL, 0o600))


def identity(name: str) -> tuple[int, int] | None:
    """Which file has this name now; None without one."""
    try:
        found = os.stat(name)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def close_to_others(name: str) -> None:
    """Take the rights of others to the file, and to those of its log, where they have any."""
    for path in (Path(f"{name}{ending}") for ending in BESIDE):
        mode = _mode(path)
        if not mode & OTHERS:
            continue
        with suppress(OSError):
            path.chmod(mode & ~OTHERS)
        if _mode(path) & OTHERS:
            log.warning("others on this machine may read %s, and I can't change that", path.name)
        else:
            log.info("others on this machine could read %s; now only its owner can", path.name)


def _mode(path: Path) -> int:
    """The permissions of a file; 0 if it is not there."""
    return stat.S_IMODE(path.stat().st_mode) if path.is_file() else 0
