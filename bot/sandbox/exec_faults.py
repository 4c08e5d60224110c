"""Ways in which an answer can go wrong, on demand."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

Kind = Literal[
    "slow",
    "hang",
    "reset",
    "status",
    "html",
    "cut",
    "garbage",
    "limited",
    "wrong_key",
    "inactive",
]
PAGE = "<!DOCTYPE html><html><body><h1>{title}</h1><p>Please try again later.</p></body></html>"
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(slots=True)
class Fault:
    """One kind of trouble for the next `times` requests (None: until removed from the list).

    `path` is a prefix of the paths it meets ("/sessions"), None for all; the first `skip`
    matching requests go unharmed. `seconds` is how long `slow` waits, and what `limited`
    names as retry_after; `header` and `inside` say whether that is sent as a Retry-After
    header too, and inside of the error object. `status` goes with the kind of that name,
    `body` is what `garbage` sends as JSON, `chunked` is the other way to cut an answer.
    """

    kind: Kind
    times: int | None = 1
    path: str | None = None
    seconds: float = 1.0
    skip: int = 0
    status: int = 503
    header: bool = True
    inside: bool = False
    chunked: bool = False
    body: Any = field(default_factory=lambda: {"data": [{"id": 7}], "pagination": "soon"})


def take(faults: list[Fault], path: str) -> Fault | None:
    """The first fault that meets this path; one that is used up leaves the list."""
    for fault in faults:
        if fault.path is not None and not path.startswith(fault.path):
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


def html(status: int) -> web.Response:
    title = "OK" if status == 200 else f"{status} Service trouble"
    return web.Response(status=status, text=PAGE.format(title=title), content_type="text/html")


def abort(request: web.Request) -> web.Response:
    """Reset the connection. The response returned here never leaves the building."""
    transport = request.transport
    if transport is not None:
        raw = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        transport.abort()
    return web.Response(status=500)


async def cut(request: web.Request, whole: web.Response, *, chunked: bool) -> web.StreamResponse:
    """Send the head and half of the body, then close the connection in an orderly way."""
    body = whole.body if isinstance(whole.body, bytes) else b""
    half = web.StreamResponse(status=whole.status, headers={"Content-Type": "application/json"})
    if chunked:
        half.enable_chunked_encoding()
    else:
        half.content_length = len(body)
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return half
