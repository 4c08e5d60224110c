"""The measuring side: signed requests over sockets, and the inbox that answers arrive at.

Written on bare sockets, and requests are made up before the clock starts: what a client library
costs would otherwise be most of a figure of a millisecond.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.slack_courier import encoded
from bot.sandbox.slack_records import Delivery
from tests.bench.processes import SECRET

Json = dict[str, Any]
REQUEST_SECONDS = 30.0


def signed(delivery: Delivery) -> bytes:
    """The whole HTTP request that carries a payload."""
    text, kind = encoded(delivery)
    body, stamp = text.encode(), str(int(time.time()))
    digest = hmac.new(SECRET.encode(), f"v0:{stamp}:{text}".encode(), hashlib.sha256).hexdigest()
    head = (
        "POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={digest}\r\n\r\n"
    )
    return head.encode() + body


class Line:
    """Connections to one app, kept open."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def open(self, count: int) -> None:
        """Have at least so many connections ready, so that none has to be made meanwhile."""
        while len(self._idle) < count:
            self._idle.append(await asyncio.open_connection("127.0.0.1", self._port))

    async def post(self, request: bytes) -> tuple[float, float]:
        """When the request left and when its ack was here. Raises RuntimeError unless 200."""
        await self.open(1)
        reader, writer = self._idle.pop()
        started = time.perf_counter()
        writer.write(request)
        async with asyncio.timeout(REQUEST_SECONDS):
            status = await _read_answer(reader)
        ended = time.perf_counter()
        self._idle.append((reader, writer))
        if status != 200:
            raise RuntimeError(f"a payload was answered with {status}")
        return started, ended

    async def close(self) -> None:
        """Let go of all connections."""
        for _, writer in self._idle:
            writer.close()
        self._idle.clear()


async def _read_answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    await reader.readexactly(_length(head.split("\r\n")))
    return int(head.split(" ", 2)[1])


def _length(lines: list[str]) -> int:
    lengths = [line[15:] for line in lines if line.lower().startswith("content-length:")]
    return int(lengths[0]) if lengths else 0


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message at a response_url, and when all of it was there."""

    at: float
    body: bytes

    @property
    def message(self) -> Json:
        read: Json = json.loads(self.body)
        return read


@dataclass(slots=True)
class Inbox:
    """Where the response_urls lead. The bot takes them for Slack's only on the server of its Web
    API: so this is that, too, and passes calls on to the stand-in at `slack_url`."""

    base_url: str
    slack_url: str = ""
    _mail: dict[str, asyncio.Queue[Arrival]] = field(default_factory=dict)

    async def answer(self, url: str, last: Callable[[Json], bool], seconds: float) -> Arrival:
        """The first message at `url` that is the answer and not news of progress."""
        mail = self._mail.setdefault(urlsplit(url).path, asyncio.Queue())
        async with asyncio.timeout(seconds):
            while True:
                arrival = await mail.get()
                if last(arrival.message):
                    return arrival

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the bot's."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                lines = head.split("\r\n")
                body = await reader.readexactly(_length(lines))
                path, arrival = lines[0].split(" ")[1], Arrival(time.perf_counter(), body)
                if path.startswith("/api/"):
                    writer.write(await self._of_slack(head, body))
                    continue
                self._mail.setdefault(path, asyncio.Queue()).put_nowait(arrival)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the bot closed the connection
        finally:
            writer.close()

    async def _of_slack(self, head: str, body: bytes) -> bytes:
        """The stand-in's answer to a call of the Web API."""
        at = urlsplit(self.slack_url)
        reader, writer = await asyncio.open_connection(at.hostname, at.port)
        writer.write(head.replace("\r\n", "\r\nConnection: close\r\n", 1).encode("latin-1") + body)
        answer = await reader.read()
        writer.close()
        return answer


@asynccontextmanager
async def inbox() -> AsyncIterator[Inbox]:
    """An inbox on a free port."""
    box = Inbox("")
    server = await asyncio.start_server(box.serve, "127.0.0.1", 0)
    box.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield box
    finally:
        server.close()
