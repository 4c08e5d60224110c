"""The connections of the HTTP server: whoever opens them, they leave room for the next question."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, cast

from aiohttp import web

# However many files the machine allows: each takes 8 kB, and Slack's proxies open a few dozen.
MOST = 4_096


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
    return MOST if soft == resource.RLIM_INFINITY else min(soft // 2, MOST)
