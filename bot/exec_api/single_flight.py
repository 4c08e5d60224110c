"""Single flight: those in this process who need the same at once share one call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Start = Callable[[], Coroutine[Any, Any, T]]


class _Call(Generic[T]):
    def __init__(self, start: Start[T]) -> None:
        self.task = asyncio.create_task(start())
        self.waiting = 0


class SingleFlight(Generic[T]):
    """The calls under way, by key. With `finishes`, a call goes on when nobody waits any more."""

    def __init__(self, *, finishes: bool = False) -> None:
        self._finishes = finishes
        self._calls: dict[Hashable, _Call[T]] = {}
        # The event loop holds its tasks weakly; a cancelled one still has to put things away.
        self._tasks: set[asyncio.Task[T]] = set()

    async def join(self, key: Hashable, start: Start[T]) -> tuple[T, bool]:
        """The result of the call of `key`, and whether it was started here.

        What the call raises, all who share it get. One who is cancelled leaves alone; when the last
        one leaves, the call is cancelled too, unless it `finishes`.
        """
        started = key not in self._calls
        return await self._share(key, start), started

    async def _share(self, key: Hashable, start: Start[T]) -> T:
        call = self._calls.get(key)
        if call is None:
            call = self._calls[key] = _Call(start)
            self._tasks.add(call.task)
            call.task.add_done_callback(lambda task: self._done(key, task))
        call.waiting += 1
        try:
            # Unlike awaiting the task itself, this leaves it alone when we are cancelled.
            await asyncio.wait({call.task})
            return call.task.result()
        finally:
            self._leave(key, call)

    def _leave(self, key: Hashable, call: _Call[T]) -> None:
        call.waiting -= 1
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
