"""Work that is cancelled in the middle of the database leaves it usable, and lets the loop end."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from typing import Any

import pytest
import sqlalchemy as sa

from bot.storage.database import Database
from bot.storage.tables import learned
from tests.conftest import MakeUrl


async def write(database: Database, name: str) -> None:
    row = {"name": name, "value": "x", "at": sa.text("0")}
    async with database.transaction() as connection:
        await connection.execute(sa.insert(learned).values(row))


async def read(database: Database) -> int:
    async with database.transaction(reads=True) as connection:
        count = await connection.execute(sa.select(sa.func.count()).select_from(learned))
        return int(count.scalar_one())


@pytest.mark.parametrize("steps", range(12))
async def test_the_first_use_of_a_database_can_be_cancelled_anywhere(
    database_url: str, steps: int
) -> None:
    async with Database(database_url) as database:
        task = asyncio.create_task(read(database))
        for _ in range(steps):
            await asyncio.sleep(0.0003)
        task.cancel()
        await asyncio.wait({task}, timeout=5)
        assert task.done()

    # Whatever is still at work ends by itself: a loop that is closed waits for it.
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        _, stuck = await asyncio.wait(others, timeout=5)
        assert stuck == set()


async def test_a_file_that_opens_slowly_is_still_closed(
    sqlite_urls: MakeUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, opened = sqlite3.connect, []

    def slowly(*args: Any, **options: Any) -> sqlite3.Connection:
        time.sleep(0.1)
        connection: sqlite3.Connection = connect(*args, **options)
        opened.append(connection)
        return connection

    monkeypatch.setattr("sqlite3.connect", slowly)
    async with Database(sqlite_urls()) as database:
        task = asyncio.create_task(read(database))
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.wait({task}, timeout=5)

    assert task.cancelled()
    (connection,) = opened
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


async def test_nobody_waits_for_a_writer_who_was_cancelled(database: Database) -> None:
    chance = random.Random(7)
    for turn in range(15):
        tasks = [
            asyncio.create_task(
                write(database, f"{turn} {number}") if number % 3 else read(database)
            )
            for number in range(9)
        ]
        await asyncio.sleep(chance.random() * 0.01)
        for task in tasks:
            task.cancel()
        _, stuck = await asyncio.wait(tasks, timeout=5)
        assert stuck == set()
        async with asyncio.timeout(5):
            await write(database, f"{turn} afterwards")

    assert await read(database) >= 15
