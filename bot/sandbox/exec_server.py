"""A stand-in for Exec's REST API on a local port: strict, limited, and faulty when asked to be.

It is an independent reading of Exec's documents and shares no code with the client.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from aiohttp import web

from bot.sandbox import exec_shapes as shapes
from bot.sandbox.exec_analytics import ANALYTICS_PARAMS, analytics_summary
from bot.sandbox.exec_detail import session_detail
from bot.sandbox.exec_endpoints import (
    DEFAULT_PAGE_SIZE,
    DETAIL_PARAMS,
    ENDPOINTS,
    Ask,
    Endpoint,
    answer_page,
    proficiency_in,
)
from bot.sandbox.exec_faults import Fault, Kind, abort, cut, html, take
from bot.sandbox.exec_limits import Limits
from bot.sandbox.exec_params import PAGING, BadRequest, parse
from bot.sandbox.exec_select import SessionFilter, SessionSelector
from bot.sandbox.world import World

__all__ = ["BASE", "DEMO_KEY", "ExecServer", "Fault", "Kind", "Request"]

BASE = "/rest/v1"
DEMO_KEY = "exec_live_" + "Demo0nly" * 5
SHUTDOWN_SECONDS = 2.0


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

    `key`, `inactive`, `faults` and `before_page` may be changed at any time. `before_page` is
    called with each valid request for a list, just before its rows are chosen.
    `retry_after_header` says whether a refusal by the limits carries the header as well.
    """

    def __init__(
        self,
        world: World,
        *,
        clock: Callable[[], datetime],
        key: str = DEMO_KEY,
        per_minute: int = 60,
        per_day: int = 1000,
        port: int = 0,
    ) -> None:
        self.world = world
        self.key = key
        self.inactive = False
        self.faults: list[Fault] = []
        self.requests: list[Request] = []
        self.before_page: Callable[[Request], object] | None = None
        self.retry_after_header = True
        self.url = ""
        self._clock = clock
        self._limits = Limits(per_minute, per_day)
        self._selector = SessionSelector(world)
        self._port = port
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.answer)
        self._stopping.clear()
        self._runner = web.AppRunner(
            app, access_log=None, handle_signals=False, shutdown_timeout=SHUTDOWN_SECONDS
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}{BASE}"
        return self

    async def __aexit__(self, *_: object) -> None:
        # Lets go of everybody who hangs, so that the runner has nobody to wait for.
        self._stopping.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def answer(self, request: web.Request) -> web.StreamResponse:
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
        if self.inactive:
            return _inactive()
        wait = self._limits.refuse(record.time)
        return None if wait is None else _limited(wait, header=self.retry_after_header)

    async def _fail(
        self, fault: Fault, request: web.Request, record: Request
    ) -> web.StreamResponse:
        if fault.kind == "hang":
            await self._stopping.wait()
            return abort(request)
        if fault.kind == "reset":
            return abort(request)
        if fault.kind == "slow" and await self._stopped_within(fault.seconds):
            return abort(request)
        answer = _spoiled(fault) or self._answer(request, record)
        record.status = answer.status
        if fault.kind == "cut":
            return await cut(request, answer, chunked=fault.chunked)
        return answer

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def _answer(self, request: web.Request, record: Request) -> web.Response:
        if not request.path.startswith(BASE + "/"):
            return _not_found(f"Not found: {request.path}")
        if request.method != "GET":
            return _error(405, "invalid_request", f"No {request.method} here", "invalid_method")
        try:
            return self._get(list(request.query.items()), record)
        except BadRequest as error:
            return _error(400, "invalid_request", str(error), error.code)

    def _get(self, pairs: list[tuple[str, str]], record: Request) -> web.Response:
        if record.path == "/workspace":
            parse(pairs, {})
            return _json(shapes.workspace(self.world.workspace))
        if record.path in ENDPOINTS:
            return self._list(ENDPOINTS[record.path], pairs, record)
        match record.path.removeprefix("/").split("/"):
            case "sessions", session_id:
                return self._session(pairs, session_id)
            case "skills", skill_id, "proficiency" if skill_id in self.world.skills:
                return self._list(proficiency_in(self.world.skills[skill_id]), pairs, record)
            case "scenarios", what, "analytics", "summary":
                return self._summary(pairs, what)
        return _not_found(f"Not found: {record.path}")

    def _summary(self, pairs: list[tuple[str, str]], what: str) -> web.Response:
        values = parse(pairs, ANALYTICS_PARAMS)
        for scenario in self.world.scenarios.values():
            if what in (scenario.id, scenario.slug):
                rows = self._selector.select(SessionFilter(**values))
                return _json(analytics_summary(scenario, rows))
        return _not_found(f"Scenario not found: {what}")

    def _session(self, pairs: list[tuple[str, str]], session_id: str) -> web.Response:
        values = parse(pairs, DETAIL_PARAMS)
        if session_id not in self.world.sessions:
            return _not_found(f"Session not found: {session_id}")
        row = self.world.sessions[session_id]
        return _json(session_detail(self.world, row, values.get("include", ())))

    def _list(
        self, endpoint: Endpoint, pairs: list[tuple[str, str]], record: Request
    ) -> web.Response:
        values = parse(pairs, {**endpoint.params, **PAGING})
        page = values.pop("page", 1)
        page_size = values.pop("page_size", DEFAULT_PAGE_SIZE)
        if self.before_page is not None:
            self.before_page(record)
        ask = Ask(self.world, self._clock(), values, self._selector)
        return _json(answer_page(endpoint, ask, page, page_size))


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
