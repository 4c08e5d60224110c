"""The HTTP server: Slack's requests (in HTTP mode), health, and metrics; and its connections, of
which, whoever opens them, one is left for the next question."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from typing import Any, cast

from aiohttp import web

from bot.observe.health import Health
from bot.observe.jobs import guarded
from bot.observe.telemetry import Telemetry
from bot.slack.http import MOST_BYTES, SlackDoor

Refresh = Callable[[], Awaitable[None]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


# However many files the machine allows: each takes 8 kB, and Slack's proxies open a few dozen.
MOST_CONNECTIONS = 4_096


def build_server(
    *,
    door: SlackDoor | None,
    health: Health,
    telemetry: Telemetry,
    refresh: Refresh,
    metrics_host: str | None,
) -> web.Application:
    """The routes; `door` is None in Socket Mode. `refresh` brings the gauges up to date, which
    only `metrics_host` may read if there is one."""
    server = web.Application(
        middlewares=[while_answering, _never_a_traceback], client_max_size=MOST_BYTES
    )

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "up"})

    async def readyz(_request: web.Request) -> web.Response:
        state = await health.state()
        return web.json_response(
            {"ready": state.ready, "checks": state.checks}, status=200 if state.ready else 503
        )

    async def metrics(request: web.Request) -> web.Response:
        # Forwarded headers are not trusted: anybody can set them.
        if metrics_host and not is_peer(request.remote, metrics_host):
            raise web.HTTPNotFound
        await refresh()
        return web.Response(
            body=telemetry.exposition(), headers={"Content-Type": telemetry.content_type}
        )

    if door is not None:
        server.router.add_post("/slack/events", _events(door, telemetry))
    server.router.add_get("/healthz", healthz)
    server.router.add_get("/readyz", readyz)
    server.router.add_get("/metrics", metrics)
    return server


def is_peer(address: str | None, allowed: str) -> bool:
    """Whether a request from `address` comes from the one that is allowed to ask; this machine may
    be called by any of its own."""
    try:
        asking, expected = ip_address(address or ""), ip_address(allowed)
    except ValueError:
        return False  # from no address at all
    if isinstance(asking, IPv6Address) and asking.ipv4_mapped:
        asking = asking.ipv4_mapped
    return asking == expected or (asking.is_loopback and expected.is_loopback)


@web.middleware
async def _never_a_traceback(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whoever calls gets the log's reference to what went wrong, null if that was foreseen (the
    database is away). aiohttp's own edge is silent, as it logs whatever a port scanner sends."""
    answer: web.StreamResponse | None = None

    async def ask() -> None:
        nonlocal answer
        try:
            answer = await handler(request)
        except web.HTTPException as refusal:
            answer = refusal

    reference = await guarded("an HTTP request", ask)
    if isinstance(answer, web.HTTPException):
        raise answer
    if answer is None:
        return web.json_response({"error": "internal", "reference": reference}, status=500)
    return answer


def _events(door: SlackDoor, telemetry: Telemetry) -> Handler:
    async def events(request: web.Request) -> web.Response:
        started = time.perf_counter()
        answer = await door.answer(request)
        telemetry.acks.observe(time.perf_counter() - started)
        return answer

    return events


class Connections:
    """Makes the protocol of each connection that is accepted.

    One that waits for the headers of a request is closed after `first` seconds, and after `idle`
    once it has had an answer; of `most` that are open, the one that has waited longest is closed
    for a new one. aiohttp knows neither limit: headers may take as long as they like.
    """

    def __init__(
        self, server: web.Server, *, most: int, first: float, idle: float, **options: Any
    ) -> None:
        self._server, self._options = server, options
        self._most, self._first, self._idle = most, first, idle
        self._loop = asyncio.get_running_loop()
        self._open: set[Connection] = set()
        # The one that has waited longest comes first.
        self._waiting: dict[Connection, asyncio.TimerHandle] = {}

    def __call__(self) -> Connection:
        return Connection(self, self._server, loop=self._loop, **self._options)

    def opened(self, connection: Connection) -> None:
        self._open.add(connection)
        self._wait(connection, self._first)
        if len(self._open) > self._most:
            next(iter(self._waiting)).drop()

    def asks(self, connection: Connection) -> None:
        """The headers of a request are there."""
        if timer := self._waiting.pop(connection, None):
            timer.cancel()

    def answered(self, connection: Connection) -> None:
        if connection in self._open:
            self._wait(connection, self._idle)

    def closed(self, connection: Connection) -> None:
        self._open.discard(connection)
        self.asks(connection)

    def _wait(self, connection: Connection, seconds: float) -> None:
        self._waiting[connection] = self._loop.call_later(seconds, connection.drop)


class Connection(web.RequestHandler):
    """One of them, from its opening to its end."""

    __slots__ = ("_connections",)

    def __init__(self, connections: Connections, server: web.Server, **options: Any) -> None:
        super().__init__(server, **options)
        self._connections = connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._connections.opened(self)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._connections.closed(self)
        super().connection_lost(exc)

    def drop(self) -> None:
        """Close it at once, also if the other side doesn't read what it was sent."""
        self._connections.closed(self)
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()
        self.force_close()

    async def answering(self, answer: Awaitable[web.StreamResponse]) -> web.StreamResponse:
        """The answer to a request on it, which meanwhile is not taken for waiting."""
        self._connections.asks(self)
        try:
            return await answer
        finally:
            self._connections.answered(self)


@web.middleware
async def while_answering(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Tells the connection that it is answered."""
    return await cast(Connection, request.protocol).answering(handler(request))


def most_connections() -> int:
    """Half of the files that this process may open, whose limit is raised as far as it goes; the
    other half is for the database, Exec and Slack."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # not everywhere may it be without end
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    return MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else min(soft // 2, MOST_CONNECTIONS)
