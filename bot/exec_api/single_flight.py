"""Single flight: those in this process who need the same at once share one call."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Iterable
from datetime import datetime
from typing import Any, Generic, TypeVar

T = TypeVar("T")
OnWait = Callable[[datetime], Awaitable[None]]
Tell = Callable[[datetime | None], Coroutine[Any, Any, None]]

log = logging.getLogger(__name__)


async def tell_all(listeners: Iterable[OnWait], until: datetime) -> None:
    """Tell everybody who waits until when a limit holds things up.

    A notice that one of them cannot receive does not hold up the others.
    """
    told = (listener(until) for listener in listeners)
    for failure in await asyncio.gather(*told, return_exceptions=True):
        if isinstance(failure, BaseException):
            log.warning("a notice of waiting failed: %s", type(failure).__name__)


class _Call(Generic[T]):
    def __init__(self, start: Callable[[Tell], Coroutine[Any, Any, T]]) -> None:
        self.task = asyncio.create_task(start(self.tell))
        self.waiting = 0
        self.listeners: list[OnWait] = []
        self.until: datetime | None = None

    async def tell(self, until: datetime | None) -> None:
        """Tell everybody who waits that a limit lasts until then; None: it goes on."""
        self.until = until
        if until is not None:
            await tell_all(self.listeners, until)


class SingleFlight(Generic[T]):
    """The calls under way, by key. With `finishes`, a call goes on when nobody waits any more."""

    def __init__(self, *, finishes: bool = False) -> None:
        self._finishes = finishes
        self._calls: dict[Hashable, _Call[T]] = {}
        # The event loop holds its tasks weakly; a cancelled one still has to put things away.
        self._tasks: set[asyncio.Task[T]] = set()

    async def join(
        self,
        key: Hashable,
        start: Callable[[Tell], Coroutine[Any, Any, T]],
        on_wait: OnWait | None = None,
    ) -> tuple[T, bool]:
        """The result of the call of `key`, and whether it was started here.

        `start(tell)` makes the call; it calls `tell(until)` when it has to wait, which calls the
        `on_wait` of all who share it, and `tell(None)` when it goes on. What it raises, all of
        them get. One who is cancelled leaves alone; when the last one leaves, the call is
        cancelled too, unless it `finishes`.
        """
        started = key not in self._calls
        return await self._share(key, start, on_wait), started

    async def _share(
        self,
        key: Hashable,
        start: Callable[[Tell], Coroutine[Any, Any, T]],
        on_wait: OnWait | None,
    ) -> T:
        call = self._calls.get(key)
        if call is None:
            call = self._calls[key] = _Call(start)
            self._tasks.add(call.task)
            call.task.add_done_callback(lambda task: self._done(key, task))
        call.waiting += 1
        if on_wait is not None:
            call.listeners.append(on_wait)
        try:
            if on_wait is not None and call.until is not None:
                await tell_all([on_wait], call.until)
            # Unlike awaiting the task itself, this leaves it alone when we are cancelled.
            await asyncio.wait({call.task})
            return call.task.result()
        finally:
            self._leave(key, call, on_wait)

    def _leave(self, key: Hashable, call: _Call[T], on_wait: OnWait | None) -> None:
        call.waiting -= 1
        if on_wait is not None:
            call.listeners.remove(on_wait)
        if not (call.waiting or call.task.done() or self._finishes):
            call.task.cancel()
            # Nobody may join a call that is being cancelled.
            self._calls.pop(key)

    def _done(self, key: Hashable, task: asyncio.Task[T]) -> None:
        self._tasks.discard(task)
        call = self._calls.get(key)
        if call is not None and call.task is task:
            del self._calls[key]
        if not task.cancelled():
            # Retrieved, so that asyncio does not report a failure that nobody waits for any more.
            task.exception()
