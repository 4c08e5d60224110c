"""The HTTP server: Slack's requests (in HTTP mode), health, and metrics."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from bot.health import Health
from bot.telemetry import Telemetry

Refresh = Callable[[], Awaitable[None]]


def build_server(
    *, app: AsyncApp | None, health: Health, telemetry: Telemetry, refresh: Refresh
) -> web.Application:
    """The routes; `app` is None in Socket Mode. `refresh` brings the gauges up to date."""
    server = web.Application()

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "up"})

    async def readyz(_request: web.Request) -> web.Response:
        state = await health.state()
        return web.json_response(
            {"ready": state.ready, "checks": state.checks}, status=200 if state.ready else 503
        )

    async def metrics(_request: web.Request) -> web.Response:
        await refresh()
        return web.Response(
            body=telemetry.exposition(), headers={"Content-Type": telemetry.content_type}
        )

    if app is not None:
        server.router.add_post("/slack/events", _events(app, telemetry))
    server.router.add_get("/healthz", healthz)
    server.router.add_get("/readyz", readyz)
    server.router.add_get("/metrics", metrics)
    return server


def _events(
    app: AsyncApp, telemetry: Telemetry
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def events(request: web.Request) -> web.Response:
        started = time.perf_counter()
        answer = await app.async_dispatch(await to_bolt_request(request))
        telemetry.acks.observe(time.perf_counter() - started)
        return await to_aiohttp_response(answer)

    return events
