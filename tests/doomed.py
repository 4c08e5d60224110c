"""A database whose process is killed, or stopped for a while, at a chosen step."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import count
from typing import Literal, Self, TypeAlias

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database, Row

Point = Literal["read", "before", "commit", "after"]
Fate: TypeAlias = Callable[[Point], Literal["", "stop", "kill"]]


class Killed(BaseException):
    """The process is gone: nothing may catch this or clean up."""


def spared(_: Point) -> Literal[""]:
    """The fate of a process that survives."""
    return ""


def killed_at(step: int) -> Fate:
    """The fate of a process that is killed at this step, counted from 0."""
    steps = count()
    return lambda _: "kill" if next(steps) == step else ""


class Doomed(Database):
    """Asks `fate` at each read, before each transaction, at its commit and after it."""

    def __init__(self, url: str, fate: Fate) -> None:
        super().__init__(url)
        self.fate = fate
        self.is_dead, self._waiting = False, 0
        self.stopped, self.resumed = asyncio.Event(), asyncio.Event()

    async def __aenter__(self) -> Self:
        return self

    def die(self) -> None:
        """Kill the process at its next step."""
        self.is_dead = True
        self.resumed.set()

    async def _meet(self, point: Point) -> None:
        fate = "kill" if self.is_dead else self.fate(point)
        if fate == "stop":
            self.resumed.clear()
            self.stopped.set()
        if self.stopped.is_set() and point != "commit":  # which would hold up other processes
            self._waiting += 1
            await self.resumed.wait()
            self._waiting -= 1
            if not self._waiting:
                self.stopped.clear()
        if fate == "kill" or self.is_dead:
            self.die()
            raise Killed

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        await self._meet("before")
        async with super().transaction() as connection:
            yield connection
            await self._meet("commit")
        await self._meet("after")

    async def rows(self, query: sa.Executable) -> Sequence[Row]:
        await self._meet("read")
        return await super().rows(query)

    async def returned(self, change: sa.Executable) -> Row | None:
        await self._meet("before")
        row = await super().returned(change)
        await self._meet("after")
        return row
