"""Work that is cancelled in the middle of the database leaves it usable, and lets the loop end."""

from __future__ import annotations

import asyncio
import itertools
import types
from collections.abc import Coroutine, Generator
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from bot.storage.database import Database
from bot.storage.tables import lease


@pytest.fixture(autouse=True)
def _with_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.caches.with_threads", True)


async def write(database: Database, name: str) -> None:
    row = {"name": name, "holder": "x", "expires_at": sa.text("0")}
    async with database.transaction() as connection:
        await connection.execute(sa.insert(lease).values(row))


async def cancelled_at(waits: range, work: Coroutine[Any, Any, object]) -> None:
    """Await `work`, in a task that is cancelled at these of its waits, counted from 0."""
    await stepped(waits, work)  # since Python 3.12 a task takes no generator


@types.coroutine
def stepped(waits: range, work: Coroutine[Any, Any, object]) -> Generator[Any, Any, None]:
    step = partial(work.send, None)
    for turn in itertools.count():
        try:
            waited_for = step()
        except StopIteration:
            return
        task = asyncio.current_task()
        if turn in waits and task:
            task.cancel()
        try:
            yield waited_for
        except asyncio.CancelledError as error:
            step = partial(work.throw, error)
        else:
            step = partial(work.send, None)


async def change(database: Database) -> None:
    async with database.transaction() as connection:
        changed = sa.update(lease).values(holder="y").returning(lease.c.name)
        assert len((await connection.execute(changed)).all()) == 2


@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])
async def test_a_writer_cancelled_anywhere_leaves_nothing_locked(
    database: Database, times: int
) -> None:
    for name in ("a", "b"):
        await write(database, name)

    # They keep what the cancelled work held alive, as a task or a log does that keeps an error.
    cut_short: list[asyncio.CancelledError] = []
    for first in itertools.count():
        waits = range(first, first + times)
        try:
            await asyncio.create_task(cancelled_at(waits, change(database)))
        except asyncio.CancelledError as error:
            cut_short.append(error)
        else:
            break
        async with asyncio.timeout(100):
            await change(database)

    assert len(cut_short) > 1  # while it is executed, and while it is committed

    # A connection whose closing was cut short, too, waits for aiosqlite's thread, which may have
    # ended. A loop that is closed cancels it at one wait only, and there may be another.
    for _ in range(5):
        if others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.wait(others, timeout=1)
    assert asyncio.all_tasks() == {asyncio.current_task()}
