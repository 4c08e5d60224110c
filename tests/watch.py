"""The bot in a thread of its own, whose event loop is watched: how long one thing holds it up."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from asyncio.events import Handle
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from bot.app import Bot, build_bot
from bot.config import Settings
from bot.serve import serve

LOOP, LOOP_SECONDS = 100_000, 0.004  # as measured on an AMD EPYC that did nothing else


@dataclass(slots=True)
class Watched:
    """A running bot. `longest` are the seconds of CPU between two awaits, at most, since the last
    `forget`."""

    port: int
    longest: float = 0.0
    _thread: int = field(default_factory=threading.get_ident)

    def forget(self) -> None:
        self.longest = 0.0

    def note(self, seconds: float) -> None:
        if threading.get_ident() == self._thread:
            self.longest = max(self.longest, seconds)


@asynccontextmanager
async def watched(
    settings: Settings, clock: Callable[[], datetime], prepare: Callable[[Bot], Awaitable[None]]
) -> AsyncIterator[Watched]:
    """The bot, serving in another thread: what its stand-ins do in this one is not its doing.

    `prepare` is done there before it serves.
    """
    here = asyncio.get_running_loop()
    ready: asyncio.Future[Watched] = here.create_future()
    ends: list[Callable[[], object]] = []

    async def live() -> None:
        stop = asyncio.Event()
        ends.append(lambda: there.call_soon_threadsafe(stop.set))
        there = asyncio.get_running_loop()

        def started(port: int) -> None:
            here.call_soon_threadsafe(ready.set_result, Watched(port))

        async with build_bot(settings, clock=clock) as bot:
            await prepare(bot)
            # As `bot.serve.run` does.
            gc.collect()
            gc.freeze()
            await serve(bot, stop, started=started, by_clock=False)

    living = asyncio.create_task(asyncio.to_thread(asyncio.run, live()))
    await asyncio.wait({living, ready}, return_when=asyncio.FIRST_COMPLETED)
    try:
        with pytest.MonkeyPatch.context() as patch:
            _watch(patch, ready.result())
            yield ready.result()
    finally:
        for end in ends:
            end()
        await living


def slowness() -> float:
    """How many times as long as a quiet machine this one takes just now; 1 at least.

    Beside other work, and in a cache that others use, the same takes up to twice as much CPU.
    """
    began = time.thread_time()
    sum(number * number for number in range(LOOP))
    return max(1.0, (time.thread_time() - began) / LOOP_SECONDS)


def _watch(patch: pytest.MonkeyPatch, bot: Watched) -> None:
    run = Handle._run

    def timed(handle: Handle) -> None:
        # CPU of this thread, so that a busy machine makes it no longer.
        began = time.thread_time()
        run(handle)
        bot.note(time.thread_time() - began)

    patch.setattr(Handle, "_run", timed)
