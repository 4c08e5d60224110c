"""A stand-in for a language model's HTTP endpoint."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Model:
    """Answers with `line`, or with `body` unchanged, after `seconds`; records what it receives."""

    url: str = ""
    line: str = "?"
    body: str = ""
    status: int = 200
    seconds: float = 0
    sent: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    @property
    def questions(self) -> list[str]:
        """The questions that it received."""
        return [json.loads(body)["messages"][-1]["content"] for body in self.sent]

    async def respond(self, request: web.Request) -> web.Response:
        self.sent.append(await request.text())
        self.keys.append(request.headers.get("Authorization", ""))
        await asyncio.sleep(self.seconds)
        body = self.body or json.dumps({"choices": [{"message": {"content": self.line}}]})
        return web.Response(text=body, status=self.status, content_type="application/json")


@asynccontextmanager
async def serving() -> AsyncIterator[Model]:
    """A model listening on a free port."""
    model, app = Model(), web.Application()
    app.router.add_post("/v1/chat/completions", model.respond)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        model.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        yield model
    finally:
        await runner.cleanup()
