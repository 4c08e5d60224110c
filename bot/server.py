"""The HTTP server: Slack's requests (in HTTP mode), health, and metrics."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from bot.health import Health
from bot.logs import stack_of
from bot.telemetry import Telemetry

log = logging.getLogger(__name__)

# How Bolt's reading of a body fails: no UTF-8, no JSON, JSON that is no object, nested too deep.
NO_PAYLOAD = (ValueError, LookupError, AttributeError, TypeError, RecursionError)

Refresh = Callable[[], Awaitable[None]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build_server(
    *, app: AsyncApp | None, health: Health, telemetry: Telemetry, refresh: Refresh
) -> web.Application:
    """The routes; `app` is None in Socket Mode. `refresh` brings the gauges up to date."""
    server = web.Application(middlewares=[_never_a_traceback])

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


@web.middleware
async def _never_a_traceback(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The edge of HTTP: what nobody foresaw is logged with a reference, which the caller gets."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception as error:  # noqa: BLE001 - the edge
        reference = secrets.token_hex(4)
        log.error("reference %s\n%s", reference, stack_of(error))
        return web.json_response({"error": "internal", "reference": reference}, status=500)


def _events(
    app: AsyncApp, telemetry: Telemetry
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def events(request: web.Request) -> web.Response:
        started = time.perf_counter()
        try:
            asked = await to_bolt_request(request)
        except NO_PAYLOAD:
            # Bolt reads the body before it looks at the signature, and trusts it to be Slack's.
            raise web.HTTPBadRequest(text="This is not from Slack.") from None
        answer = await app.async_dispatch(asked)
        telemetry.acks.observe(time.perf_counter() - started)
        return await to_aiohttp_response(answer)

    return events
