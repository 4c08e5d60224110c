"""The stand-in for Exec's REST API on 127.0.0.1, with rate limits and planned faults.

It implements Exec's documentation independently of the bot, so that it finds the bot's mistakes.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Self

from aiohttp import web

from bot.demo import exec_shapes as shapes
from bot.demo import faults
from bot.demo.exec_lists import BadRequest, choices, page_of, parse
from bot.demo.world import World

BASE = "/rest/v1"
DEMO_KEY = "exec_live_" + "Demo0nly" * 5


@dataclass(slots=True)
class ExecFault(faults.Fault):
    """A fault with Exec's own kinds: `status` and `html` answer with a web page, `cut` with half
    the body, `garbage` with `body`, and `wrong_key`, `inactive` and `limited` with an error.

    Exec's documentation doesn't say where `limited` has its retry_after: `header` adds a
    Retry-After header, and `inside` moves it from the body into the error object.
    """

    status: int = 503
    header: bool = True
    inside: bool = False
    body: Any = field(default_factory=lambda: {"data": [{"id": 7}], "pagination": "soon"})


class Limits:
    """The rate limits. Rejected requests don't count; otherwise retries would extend them."""

    def __init__(self, per_minute: int, per_day: int) -> None:
        self._windows = (
            (per_minute, timedelta(minutes=1), deque[datetime]()),
            (per_day, timedelta(days=1), deque[datetime]()),
        )

    def refuse(self, now: datetime) -> int | None:
        """Count a request and return None, or return the whole seconds to wait if it's rejected."""
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
class ReceivedRequest:
    """A received request. `status` is None until it's answered."""

    method: str
    path: str
    params: dict[str, str]
    time: datetime
    status: int | None = None


class ExecServer:
    """Serves a world inside an `async with` block, under `url`.

    `before_page` is called with each list request before it's answered.
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
        self.faults: list[ExecFault] = []
        self.requests: list[ReceivedRequest] = []
        self.before_page: Callable[[ReceivedRequest], object] | None = None
        self.url = ""
        self._clock = clock
        self._limits = Limits(per_minute, per_day)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._respond)
        self._runner = web.AppRunner(
            app, access_log=None, handle_signals=False, shutdown_timeout=0.1
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}{BASE}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        path, params = request.path.removeprefix(BASE), dict(request.query)
        record = ReceivedRequest(request.method, path, params, self._clock())
        self.requests.append(record)
        answer = self._refusal(request, record)
        fault = None if answer else faults.take(self.faults, path)
        if fault is not None:
            await fault.wait()
            if fault.kind == "reset":
                return faults.reset(request)
            answer = _fault_answer(fault)
        answer = answer or self._answer(request, record)
        record.status = answer.status
        if fault is not None and fault.kind == "cut":
            return await _send_half(request, answer)
        return answer

    def _refusal(self, request: web.Request, record: ReceivedRequest) -> web.Response | None:
        """The error for a wrong key or an exceeded limit, which Exec checks first."""
        if request.headers.get("Authorization") != f"Bearer {self.key}":
            return _error(*WRONG_KEY)
        wait = self._limits.refuse(record.time)
        return None if wait is None else _limited(wait, header=True)

    def _answer(self, request: web.Request, record: ReceivedRequest) -> web.Response:
        match = None
        try:
            if request.path.startswith(f"{BASE}/"):
                match = self._get(list(request.query.items()), record)
        except BadRequest as error:
            return _error(400, "invalid_request", error.code, str(error))
        # The example in Exec's documentation has no code.
        return _error(404, "not_found", None, "Not found") if match is None else _json(match)

    def _get(self, pairs: list[tuple[str, str]], record: ReceivedRequest) -> shapes.Json | None:
        if record.path == "/workspace":
            parse(pairs, {})
            return {**shapes.group(self.world.workspace), "url_slug": "acme-corp"}
        if detail := re.fullmatch("/sessions/([^/]+)", record.path):
            values = parse(pairs, {"include": choices("evaluations")})
            if detail[1] not in self.world.sessions:
                return None
            row = self.world.sessions[detail[1]]
            return shapes.session_detail(self.world, row, values.get("include", ()))
        if self.before_page is not None:
            self.before_page(record)
        return page_of(self.world, record.path, pairs, self._clock())


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
    return _json({"error": {name: detail for name, detail in error.items() if detail}}, status)


def _limited(seconds: float, *, header: bool, inside: bool = False) -> web.Response:
    wait = shapes.number(seconds)
    error: dict[str, Any] = {"type": "rate_limited", "code": "rate_limited"}
    error["message"] = "Rate limit exceeded"
    body: dict[str, Any] = {"error": error}
    (error if inside else body)["retry_after"] = wait
    return _json(body, 429, {"Retry-After": str(wait)} if header else None)


def _fault_answer(fault: ExecFault) -> web.Response | None:
    """The answer of a fault that replaces the real one."""
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


async def _send_half(request: web.Request, whole: web.Response) -> web.StreamResponse:
    """Send the headers and half the body, then close the connection."""
    body = whole.body if isinstance(whole.body, bytes) else b""
    half = web.StreamResponse(status=whole.status, headers={"Content-Type": "application/json"})
    half.content_length = len(body)
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return half
