"""Single flight: identical questions in the air at the same moment share one answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from datetime import datetime
from typing import Any, Generic, TypeVar

from bot.errors import Limited

T = TypeVar("T")
OnWait = Callable[[datetime], Awaitable[None]]
Tell = Callable[[datetime | None], Coroutine[Any, Any, None]]

log = logging.getLogger(__name__)


class _Flight(Generic[T]):
    def __init__(self, start: Callable[[Tell], Coroutine[Any, Any, T]]) -> None:
        self.task = asyncio.create_task(start(self.tell))
        self.passengers = 0
        self.listeners: list[OnWait] = []
        self.until: datetime | None = None

    async def tell(self, until: datetime | None) -> None:
        """Tell everybody aboard that the flight waits until then; None: it goes on."""
        self.until = until
        if until is not None:
            await _tell(self.listeners, until)


async def _tell(listeners: list[OnWait], until: datetime) -> None:
    # A notice that one passenger cannot receive must not end the flight of the others.
    told = (listener(until) for listener in listeners)
    for failure in await asyncio.gather(*told, return_exceptions=True):
        if isinstance(failure, BaseException):
            log.warning("a notice of waiting failed: %s", type(failure).__name__)


class Flights(Generic[T]):
    """The questions in the air, by key."""

    def __init__(self) -> None:
        self._flights: dict[Hashable, _Flight[T]] = {}
        # The event loop holds its tasks weakly; a cancelled one still has to put things away.
        self._tasks: set[asyncio.Task[T]] = set()

    async def join(
        self,
        key: Hashable,
        start: Callable[[Tell], Coroutine[Any, Any, T]],
        on_wait: OnWait | None = None,
    ) -> tuple[T, bool]:
        """The answer of the flight of `key`, and whether this call started it.

        `start(tell)` asks the question; it calls `tell(until)` when it has to wait, which calls
        the `on_wait` of all who share it, and `tell(None)` when it goes on. What it raises, all
        of them get, but for a limit of whoever started it: then another one starts it anew. One
        who is cancelled leaves alone; when the last one leaves, it is cancelled too.
        """
        while True:
            started = key not in self._flights
            try:
                return await self._board(key, start, on_wait), started
            except Limited as limit:
                if started or not limit.is_personal:
                    raise

    async def _board(
        self,
        key: Hashable,
        start: Callable[[Tell], Coroutine[Any, Any, T]],
        on_wait: OnWait | None,
    ) -> T:
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight(start)
            self._tasks.add(flight.task)
            flight.task.add_done_callback(lambda task: self._landed(key, task))
        flight.passengers += 1
        if on_wait is not None:
            flight.listeners.append(on_wait)
        try:
            if on_wait is not None and flight.until is not None:
                await _tell([on_wait], flight.until)
            # Unlike awaiting the task itself, this leaves it alone when we are cancelled.
            await asyncio.wait({flight.task})
            return flight.task.result()
        finally:
            self._leave(key, flight, on_wait)

    def _leave(self, key: Hashable, flight: _Flight[T], on_wait: OnWait | None) -> None:
        flight.passengers -= 1
        if on_wait is not None:
            flight.listeners.remove(on_wait)
        if not flight.passengers and not flight.task.done():
            flight.task.cancel()
            # Nobody may board a flight that was called off.
            self._flights.pop(key)

    def _landed(self, key: Hashable, task: asyncio.Task[T]) -> None:
        self._tasks.discard(task)
        flight = self._flights.get(key)
        if flight is not None and flight.task is task:
            del self._flights[key]
        if not task.cancelled():
            # Retrieved, so that asyncio does not report a failure that nobody waits for any more.
            task.exception()
