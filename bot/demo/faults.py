"""Trouble that tests plan in the stand-ins of Exec and Slack."""

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
    """One kind of trouble for the next `times` requests (None: until removed from the list).

    `path` begins the paths or methods that it meets; the first `skip` requests go unharmed. Both
    stand-ins know `slow` (answers after `seconds`), `held` (once `released` is set), `hang` (never)
    and `reset` (closes the connection).
    """

    kind: str
    times: int | None = 1
    path: str | None = None
    seconds: float = 1.0
    skip: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event, compare=False)

    async def wait(self) -> None:
        """Wait as long as this fault lets people wait."""
        if self.kind == "slow":
            await asyncio.sleep(self.seconds)
        elif self.kind == "held":
            await self.released.wait()
        elif self.kind == "hang":
            await asyncio.Event().wait()


def take(faults: list[AnyFault], path: str) -> AnyFault | None:
    """The first fault that meets this path; one that is used up leaves the list."""
    for fault in faults:
        if fault.path and not path.startswith(fault.path):
            continue
        if fault.skip > 0:
            fault.skip -= 1
            continue
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                # By identity: an equal fault further up the list may have more to do.
                faults[:] = [other for other in faults if other is not fault]
        return fault
    return None


def reset(request: web.Request) -> web.Response:
    """Reset the connection; the response that is returned here is never sent."""
    if request.transport is not None:
        raw = request.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()
