"""A stand-in for Exec's REST API on a local port: strict, limited, and faulty when asked to be.

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
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Literal, Self

from aiohttp import web

from bot.demo import exec_shapes as shapes
from bot.demo.exec_lists import BadRequest, Lists, choices, parse
from bot.demo.exec_shapes import session_detail
from bot.demo.world import World

Kind = Literal[
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
PAGE = "<!DOCTYPE html><html><body><h1>{title}</h1><p>Please try again later.</p></body></html>"
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
BASE = "/rest/v1"
DEMO_KEY = "exec_live_" + "Demo0nly" * 5
SHUTDOWN_SECONDS = 2.0


@dataclass(slots=True)
class Fault:
    """One kind of trouble for the next `times` requests (None: until removed from the list).

    `path` is a prefix of the paths it meets ("/sessions"), None for all; the first `skip`
    matching requests go unharmed. `seconds` is how long `slow` waits, and what `limited`
    names as retry_after; `header` and `inside` say whether that is sent as a Retry-After
    header too, and inside of the error object. `held` waits until `released` is set. `status`
    goes with the kind of that name, `body` is what `garbage` sends as JSON, `chunked` is the
    other way to cut an answer.
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
    released: asyncio.Event = field(default_factory=asyncio.Event, compare=False)


class Limits:
    """Counts granted requests; a refused one does not count, or nobody would ever recover."""

    def __init__(self, per_minute: int, per_day: int) -> None:
        self._windows = (
            (per_minute, MINUTE, deque[datetime]()),
            (per_day, DAY, deque[datetime]()),
        )

    def refuse(self, now: datetime) -> int | None:
        """Grant a request (None), or say in how many whole seconds there will be room again."""
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
    """A request as it arrived; `status` is None until, and unless, it was answered."""

    method: str
    path: str
    params: dict[str, str]
    time: datetime
    status: int | None = None


class ExecServer:
    """Serves a world while its `async with` block runs; `url` is the API's base.

    `key`, `faults` and `before_page` may be changed at any time. `before_page` is called with each
    valid request for a list, just before its rows are chosen.
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
        self._lists = Lists(world)
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._respond)
        self._stopping.clear()
        self._runner = web.AppRunner(
            app, access_log=None, handle_signals=False, shutdown_timeout=SHUTDOWN_SECONDS
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}{BASE}"
        return self

    async def __aexit__(self, *_: object) -> None:
        # Lets go of everybody who hangs, so that the runner has nobody to wait for.
        self._stopping.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        """The answer to a request, however it came."""
        record = Request(
            method=request.method,
            path=request.path.removeprefix(BASE),
            params=dict(request.query),
            time=self._clock(),
        )
        self.requests.append(record)
        refusal = self._refuse(request, record)
        if refusal is not None:
            record.status = refusal.status
            return refusal
        fault = take(self.faults, record.path)
        if fault is None:
            answer = self._answer(request, record)
            record.status = answer.status
            return answer
        return await self._fail(fault, request, record)

    def _refuse(self, request: web.Request, record: Request) -> web.Response | None:
        """What Exec checks before it looks at the question."""
        if request.headers.get("Authorization") != f"Bearer {self.key}":
            return _wrong_key()
        wait = self._limits.refuse(record.time)
        return None if wait is None else _limited(wait, header=True)

    async def _fail(
        self, fault: Fault, request: web.Request, record: Request
    ) -> web.StreamResponse:
        if fault.kind == "hang":
            await self._stopping.wait()
            return abort(request)
        if fault.kind == "reset":
            return abort(request)
        if fault.kind == "slow":
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), fault.seconds)
        if fault.kind == "held":
            await self._stopped_or(fault.released)
        answer = _spoiled(fault) or self._answer(request, record)
        record.status = answer.status
        if fault.kind == "cut":
            return await cut(request, answer, chunked=fault.chunked)
        return answer

    async def _stopped_or(self, released: asyncio.Event) -> None:
        waits = [asyncio.create_task(each.wait()) for each in (self._stopping, released)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    def _answer(self, request: web.Request, record: Request) -> web.Response:
        if not request.path.startswith(BASE + "/"):
            return _not_found(f"Not found: {request.path}")
        try:
            return self._get(list(request.query.items()), record)
        except BadRequest as error:
            return _error(400, "invalid_request", str(error), error.code)

    def _get(self, pairs: list[tuple[str, str]], record: Request) -> web.Response:
        if record.path == "/workspace":
            parse(pairs, {})
            return _json(shapes.workspace(self.world.workspace))
        if detail := re.fullmatch("/sessions/([^/]+)", record.path):
            return self._session(pairs, detail[1])

        def before() -> None:
            if self.before_page is not None:
                self.before_page(record)

        page = self._lists.page(record.path, pairs, self._clock(), before)
        return _not_found(f"Not found: {record.path}") if page is None else _json(page)

    def _session(self, pairs: list[tuple[str, str]], session_id: str) -> web.Response:
        values = parse(pairs, {"include": choices("transcript", "evaluations")})
        if session_id not in self.world.sessions:
            return _not_found(f"Session not found: {session_id}")
        row = self.world.sessions[session_id]
        return _json(session_detail(self.world, row, values.get("include", ())))


def _spoiled(fault: Fault) -> web.Response | None:
    """The answer of faults that do not need the real one."""
    if fault.kind == "status":
        return html(fault.status)
    if fault.kind == "html":
        return html(200)
    if fault.kind == "garbage":
        return _json(fault.body)
    if fault.kind == "limited":
        return _limited(fault.seconds, header=fault.header, inside=fault.inside)
    if fault.kind == "wrong_key":
        return _wrong_key()
    return _inactive() if fault.kind == "inactive" else None


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        status=status,
        body=json.dumps(body, ensure_ascii=False).encode(),
        headers=headers,
        content_type="application/json",
    )


def _error(status: int, kind: str, message: str, code: str) -> web.Response:
    return _json({"error": {"type": kind, "code": code, "message": message}}, status)


def _not_found(message: str) -> web.Response:
    # The published example of this error has no code.
    return _json({"error": {"type": "not_found", "message": message}}, 404)


def _wrong_key() -> web.Response:
    message = "Invalid or inactive API key"
    return _error(401, "authentication_error", message, "invalid_api_key")


def _inactive() -> web.Response:
    return _error(403, "authorization_error", "Workspace is inactive", "workspace_inactive")


def _limited(seconds: float, *, header: bool, inside: bool = False) -> web.Response:
    """`inside` moves retry_after into the error object: the documents do not say where it is."""
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
