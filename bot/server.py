"""The HTTP server: Slack's requests (in HTTP mode), health, and metrics."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, ip_address

from aiohttp import web

from bot.observe.health import Health
from bot.observe.jobs import guarded
from bot.observe.telemetry import Telemetry
from bot.slack.http import MOST_BYTES, SlackDoor

IPAddress = IPv4Address | IPv6Address
Refresh = Callable[[], Awaitable[None]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build_server(
    *,
    door: SlackDoor | None,
    health: Health,
    telemetry: Telemetry,
    refresh: Refresh,
    metrics_host: IPAddress | None,
) -> web.Application:
    """The routes; `door` is None in Socket Mode. `refresh` brings the gauges up to date, which
    only `metrics_host` may read if there is one."""
    server = web.Application(middlewares=[_never_a_traceback], client_max_size=MOST_BYTES)

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


def is_peer(address: str | None, allowed: IPAddress) -> bool:
    """Whether a request from `address` comes from the one that is allowed to ask; this machine may
    be called by any of its own."""
    try:
        asking = ip_address(address or "")
    except ValueError:
        return False  # from no address at all
    if isinstance(asking, IPv6Address) and asking.ipv4_mapped:
        asking = asking.ipv4_mapped
    return asking == allowed or (asking.is_loopback and allowed.is_loopback)


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
