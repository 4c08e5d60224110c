"""The file of a SQLite database is for its owner alone: in it is what people practiced."""

from __future__ import annotations

import logging
import os
import stat
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def protect(path: Path) -> None:
    """Make the file if it is not there, before SQLite does; take the rights of others to it, and
    to those of its log. What can't be done is logged."""
    # Without a folder, or the right to write in it, SQLite is the one to say so. One that is there
    # is not opened: to close it again would take SQLite's own locks from it.
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    # SQLite gives its log the mode of the file, but not anew.
    for each in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        if not _others_may(each):
            continue
        with suppress(OSError):
            each.chmod(0o600)
        if _others_may(each):
            log.warning("others on this machine may read %s, and I can't change that", each.name)
        else:
            log.info("others on this machine could read %s; now only its owner can", each.name)


def identity(path: Path) -> tuple[int, int] | None:
    """Which file has this name now; None without one."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _others_may(path: Path) -> bool:
    return path.is_file() and bool(path.stat().st_mode & OTHERS)
