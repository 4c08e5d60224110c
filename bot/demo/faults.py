"""Faults that tests plan in the stand-ins for Exec and Slack."""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import dataclass, field
from typing import TypeVar

from aiohttp import web

AnyFault = TypeVar("AnyFault", bound="Fault")


@dataclass(slots=True)
class Fault:
    """A fault in the next `times` requests, or in all until it's removed (None).

    `path` is the prefix of the paths or methods that it affects; None affects all. The first `skip`
    requests succeed. Both stand-ins support `slow` (answers after `seconds`), `held` (answers once
    `released` is set), `hang` (never answers) and `reset` (resets the connection).
    """

    kind: str
    times: int | None = 1
    path: str | None = None
    seconds: float = 1.0
    skip: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event, compare=False)

    async def wait(self) -> None:
        """Delay the answer if this kind of fault does."""
        if self.kind == "slow":
            await asyncio.sleep(self.seconds)
        elif self.kind == "held":
            await self.released.wait()
        elif self.kind == "hang":
            await asyncio.Event().wait()


def take(faults: list[AnyFault], path: str) -> AnyFault | None:
    """The first fault that affects a path, counted as used; one that is used up is removed."""
    for fault in faults:
        if fault.path and not path.startswith(fault.path):
            continue
        if fault.skip > 0:
            fault.skip -= 1
            continue
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                # By identity: an equal fault in the list may have uses left.
                faults[:] = [other for other in faults if other is not fault]
        return fault
    return None


def reset(request: web.Request) -> web.Response:
    """Reset the connection; returns a response that is never sent."""
    if request.transport is not None:
        raw = request.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()
