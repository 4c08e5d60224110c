"""How much runs between two awaits, counted in calls: the same on any machine."""

from __future__ import annotations

import sys
from asyncio.events import Handle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest


@dataclass(slots=True)
class Watched:
    """`most` is the largest number of calls in one step of the event loop since the last
    `forget`."""

    most: int = 0
    calls: int = 0

    def forget(self) -> None:
        self.most = 0

    def note(self, *_: object) -> None:
        self.calls += 1


@contextmanager
def watched() -> Iterator[Watched]:
    """Watch this thread's event loop. Work in other threads doesn't block it."""
    seen, run = Watched(), Handle._run

    def counted(handle: Handle) -> None:
        seen.calls = 0
        run(handle)
        seen.most = max(seen.most, seen.calls)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Handle, "_run", counted)
        sys.setprofile(seen.note)
        try:
            yield seen
        finally:
            sys.setprofile(None)
