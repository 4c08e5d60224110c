"""The yardstick, a process of its own: a Bolt app that does nothing but ack.

Signature, authorization and HTTP adapter are what the bot has, so that what remains between the
two is the bot's own doing. Prints its port and ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult


def bare_app(signing_secret: str) -> web.Application:
    """The app behind `POST /slack/events`."""

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token="xoxb-bare")

    app = AsyncApp(authorize=authorize, signing_secret=signing_secret)

    @app.command("/exec")
    async def command(ack: AsyncAck) -> None:
        await ack()

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.router.add_post("/slack/events", events)
    return server


async def main() -> None:
    """Serve on a free port until standard input ends."""
    runner = web.AppRunner(bare_app(os.environ["SLACK_SIGNING_SECRET"]), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        print(runner.addresses[0][1], flush=True)
        await asyncio.to_thread(sys.stdin.read)
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
