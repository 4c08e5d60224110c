"""Requests as Slack signs them, and as an attacker might send them, byte by byte."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Mapping
from urllib.parse import urlencode

from tests.office import SIGNING_SECRET

FORM = "application/x-www-form-urlencoded"


def fields(**more: str) -> bytes:
    """The body of a slash command, with these additional fields."""
    known = {"command": "/exec", "team_id": "T1", "user_id": "U1", "channel_id": "C1"}
    return urlencode({**known, **more}).encode()


def signed(
    body: bytes, *, secret: str = SIGNING_SECRET, at: float | None = None, kind: str = FORM
) -> dict[str, str]:
    """The headers of a signed request."""
    stamp = str(int(time.time() if at is None else at))
    base = f"v0:{stamp}:".encode() + body
    return {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()}",
    }


class Raw:
    """A request on a bare socket, whose body is sent when the test decides."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: bytes
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._left = left

    @classmethod
    async def open(cls, port: int, headers: Mapping[str, str], body: bytes) -> Raw:
        """Send everything except the body."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        size = {} if "Transfer-Encoding" in headers else {"Content-Length": len(body)}
        named = {"Host": "127.0.0.1", **headers, **size}
        lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        writer.write(f"POST /slack/events HTTP/1.1\r\n{lines}\r\n".encode())
        return cls(reader, writer, body)

    async def send(self, *, half: bool = False) -> None:
        """Send the rest of the body, or half of it. The server may close early."""
        size = len(self._left) // 2 if half else len(self._left)
        now, self._left = self._left[:size], self._left[size:]
        self._writer.write(now)
        try:
            await self._writer.drain()
        except ConnectionError:
            self._left = b""

    async def status(self) -> int:
        """The status of the response."""
        try:
            line = await asyncio.wait_for(self._reader.readline(), 100)
        finally:
            self._writer.close()
        return int(line.split(b" ")[1])

    def close(self) -> None:
        self._writer.close()
