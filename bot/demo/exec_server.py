"""A stand-in for Exec's REST API on a local port: strict, limited, and faulty on demand.

It is an independent reading of Exec's documents and shares no code with the client.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Literal, Self

from aiohttp import web

from bot.demo import exec_shapes as shapes
from bot.demo.exec_lists import BadRequest, choices, page_of, parse
from bot.demo.world import World

BASE = "/rest/v1"
DEMO_KEY = "exec_live_" + "Demo0nly" * 5


@dataclass(slots=True)
class Fault:
    """One kind of trouble for the next `times` requests (None: until removed from the list).

    `path` is a prefix of the paths it meets ("/sessions"), None for all; the first `skip`
    matching requests go unharmed. `held` waits until `released` is set, `hang` until the end.
    `seconds` is how long `slow` waits, and what `limited` names as retry_after: as a Retry-After
    header too if `header`, and in the error object if `inside`, as the documents don't say where.
    `chunked` is the other way to cut an answer.
    """

    kind: Literal[
        "slow",
        "held",
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
    times: int | None = 1
    path: str | None = None
    seconds: float = 1.0
    skip: int = 0
    status: int = 503
    header: bool = True
    inside: bool = False
    chunked: bool = False
    body: Any = field(default_factory=lambda: {"data": [{"id": 7}], "pagination": "soon"})
    released: asyncio.Event = field(default_factory=asyncio.Event, compare=False)


class Limits:
    """Counts granted requests; a refused one doesn't count, or nobody would recover."""

    def __init__(self, per_minute: int, per_day: int) -> None:
        self._windows = (
            (per_minute, timedelta(minutes=1), deque[datetime]()),
            (per_day, timedelta(days=1), deque[datetime]()),
        )

    def refuse(self, now: datetime) -> int | None:
        """Grant a request (None), or return after how many whole seconds to try again."""
        wait = 0
        for limit, span, times in self._windows:
            while times and now - times[0] >= span:
                times.popleft()
            if len(times) >= limit:
                wait = max(wait, ceil((times[-limit] + span - now).total_seconds()), 1)
        if wait:
            return wait
        for _, _, times in self._windows:
            times.append(now)
        return None


@dataclass(slots=True)
class Request:
    """A request as it arrived; `status` is None unless it was answered."""

    method: str
    path: str
    params: dict[str, str]
    time: datetime
    status: int | None = None


class ExecServer:
    """Serves a world while its `async with` block runs; `url` is the API's base.

    `before_page` is called with each valid request for a list, just before its rows are chosen.
    """

    def __init__(
        self,
        world: World,
        *,
        clock: Callable[[], datetime],
        per_minute: int = 60,
        per_day: int = 1000,
    ) -> None:
        self.world = world
        self.key = DEMO_KEY
        self.faults: list[Fault] = []
        self.requests: list[Request] = []
        self.before_page: Callable[[Request], object] | None = None
        self.url = ""
        self._clock = clock
        self._limits = Limits(per_minute, per_day)
        self._stopping = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._respond)
        self._runner = web.AppRunner(
            app, access_log=None, handle_signals=False, shutdown_timeout=2.0
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}{BASE}"
        return self

    async def __aexit__(self, *_: object) -> None:
        # Lets go of requests that hang, so that the runner has nothing to wait for.
        self._stopping.set()
        await self._runner.cleanup()

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        path, params = request.path.removeprefix(BASE), dict(request.query)
        record = Request(request.method, path, params, self._clock())
        self.requests.append(record)
        answer = self._refusal(request, record)
        fault = None if answer else take(self.faults, path)
        if fault is not None:
            if fault.kind in ("slow", "held", "hang"):
                await self._wait(fault)
            if fault.kind in ("hang", "reset"):
                return abort(request)
            answer = _spoiled(fault)
        answer = answer or self._answer(request, record)
        record.status = answer.status
        if fault is not None and fault.kind == "cut":
            return await cut(request, answer, chunked=fault.chunked)
        return answer

    def _refusal(self, request: web.Request, record: Request) -> web.Response | None:
        """What Exec checks before it looks at the question."""
        if request.headers.get("Authorization") != f"Bearer {self.key}":
            return _error(*WRONG_KEY)
        wait = self._limits.refuse(record.time)
        return None if wait is None else _limited(wait, header=True)

    async def _wait(self, fault: Fault) -> None:
        """Wait as long as the fault says, or until the server stops."""
        seconds = fault.seconds if fault.kind == "slow" else None
        events = [self._stopping, *([fault.released] if fault.kind == "held" else [])]
        waits = [asyncio.create_task(each.wait()) for each in events]
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    def _answer(self, request: web.Request, record: Request) -> web.Response:
        pairs = list(request.query.items())
        try:
            found = None
            if request.path.startswith(f"{BASE}/"):
                found = self._get(pairs, record)
        except BadRequest as error:
            return _error(400, "invalid_request", error.code, str(error))
        # The published example of this error has no code.
        return _error(404, "not_found", None, "Not found") if found is None else _json(found)

    def _get(self, pairs: list[tuple[str, str]], record: Request) -> shapes.Json | None:
        if record.path == "/workspace":
            parse(pairs, {})
            return {**shapes.group(self.world.workspace), "url_slug": "acme-corp"}
        if detail := re.fullmatch("/sessions/([^/]+)", record.path):
            values = parse(pairs, {"include": choices("evaluations")})
            if detail[1] not in self.world.sessions:
                return None
            row = self.world.sessions[detail[1]]
            return shapes.session_detail(self.world, row, values.get("include", ()))

        def before() -> None:
            if self.before_page is not None:
                self.before_page(record)

        return page_of(self.world, record.path, pairs, self._clock(), before)


WRONG_KEY = (401, "authentication_error", "invalid_api_key", "Invalid or inactive API key")
INACTIVE = (403, "authorization_error", "workspace_inactive", "Workspace is inactive")


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        status=status,
        body=json.dumps(body, ensure_ascii=False).encode(),
        headers=headers,
        content_type="application/json",
    )


def _error(status: int, kind: str, code: str | None, message: str) -> web.Response:
    error = {"type": kind, "code": code, "message": message}
    return _json({"error": {name: each for name, each in error.items() if each}}, status)


def _limited(seconds: float, *, header: bool, inside: bool = False) -> web.Response:
    wait = shapes.number(seconds)
    error: dict[str, Any] = {"type": "rate_limited", "code": "rate_limited"}
    error["message"] = "Rate limit exceeded"
    body: dict[str, Any] = {"error": error}
    (error if inside else body)["retry_after"] = wait
    return _json(body, 429, {"Retry-After": str(wait)} if header else None)


# Ways in which an answer can go wrong, on demand.


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


def _spoiled(fault: Fault) -> web.Response | None:
    """The answer of faults that don't need the real one."""
    match fault.kind:
        case "status" | "html":
            status = fault.status if fault.kind == "status" else 200
            page = f"<!DOCTYPE html><html><body><h1>{status}: try again later</h1></body></html>"
            return web.Response(status=status, text=page, content_type="text/html")
        case "garbage":
            return _json(fault.body)
        case "limited":
            return _limited(fault.seconds, header=fault.header, inside=fault.inside)
        case "wrong_key":
            return _error(*WRONG_KEY)
        case "inactive":
            return _error(*INACTIVE)
    return None


def abort(request: web.Request) -> web.Response:
    """Reset the connection; the response that is returned here is never sent."""
    if request.transport is not None:
        raw = request.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
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
