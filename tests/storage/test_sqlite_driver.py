"""SQLite's rows come whole, in few calls to the thread that SQLite is used in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from threading import Event
from typing import Any

import aiosqlite
import pytest
import sqlalchemy as sa

from bot.storage.database import Database
from bot.storage.sqlite_driver import FIRST_ROWS, SqliteConnection, connect
from bot.storage.tables import learned
from tests.conftest import MakeUrl


@pytest.fixture(autouse=True)
def _with_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.quicker.with_threads", True)


ALL = sa.select(learned.c.name).order_by(learned.c.name)


@pytest.fixture
async def database(sqlite_urls: MakeUrl) -> AsyncIterator[Database]:
    async with Database(sqlite_urls()) as database:
        yield database


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the thread was told to do, in order."""
    told: list[str] = []
    execute = aiosqlite.Connection._execute

    async def noted(self: Any, function: Any, *args: Any, **options: Any) -> Any:
        told.append(function.__name__)
        return await execute(self, function, *args, **options)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", noted)
    return told


async def fill(database: Database, count: int) -> list[str]:
    names = [f"{number:04}" for number in range(count)]
    if names:
        insert = sa.text("INSERT INTO learned VALUES (:name, '', '0')")
        async with database.transaction() as connection:
            await connection.execute(insert, [{"name": name} for name in names])
    return names


async def everything_opened(database: Database) -> None:
    """Let the connections that are kept open be so."""
    for reads in (True, False):
        async with database.transaction(reads=reads) as connection:
            await connection.execute(ALL)
    await database.rows(ALL)


MANY = 2 * FIRST_ROWS + 9


@pytest.mark.parametrize("count", [0, 1, FIRST_ROWS - 1, FIRST_ROWS, FIRST_ROWS + 1, MANY])
async def test_all_rows_come(database: Database, count: int) -> None:
    names = await fill(database, count)
    async with database.transaction(reads=True) as connection:
        assert (await connection.execute(ALL)).scalars().all() == names
        streamed = (await connection.stream_scalars(ALL)).partitions(100)
        assert [name async for some in streamed for name in some] == names
        one = await connection.stream_scalars(ALL)
        assert [await one.first()] == (names or [None])[:1]


async def test_rows_that_nobody_wants_hold_nobody_up(database: Database) -> None:
    names = await fill(database, FIRST_ROWS + 1)
    async with database.transaction(reads=True) as connection:
        async for name in await connection.stream_scalars(ALL):
            assert name == names[0]
            break
    async with database.transaction() as connection:
        gone = await connection.execute(sa.delete(learned).returning(learned.c.name))
        assert sorted(gone.scalars()) == names


async def test_a_statement_is_one_call_and_nothing_is_none(
    database: Database, calls: list[str]
) -> None:
    await everything_opened(database)
    calls.clear()
    async with database.transaction():
        pass
    assert calls == []
    async with database.transaction(reads=True) as connection:
        await connection.execute(ALL)
        await connection.execute(ALL)
    assert calls == ["_run", "_run", "commit"]
    calls.clear()
    await database.rows(ALL)
    assert calls == ["_run"]


async def test_what_fails_is_undone_in_one_call(database: Database, calls: list[str]) -> None:
    await everything_opened(database)
    calls.clear()

    async def fail() -> None:
        async with database.transaction() as connection:
            await connection.execute(sa.text("INSERT INTO learned VALUES ('a', '', '0')"))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert calls == ["_run", "rollback"]
    async with database.transaction(reads=True) as connection:
        assert (await connection.execute(ALL)).all() == []


def test_a_call_that_outlives_its_event_loop_leaves_nothing_open(tmp_path: Path) -> None:
    started, may_end = Event(), Event()

    def slow() -> None:
        started.set()
        may_end.wait(30)

    async def leave() -> SqliteConnection:
        connection = await connect(str(tmp_path / "left.db"))
        waits = asyncio.create_task(connection._execute(slow))
        await asyncio.to_thread(started.wait, 30)
        # As SQLAlchemy does with a connection whose task was cancelled: nobody waits for the end.
        waits.cancel()
        connection.stop()
        return connection

    connection = asyncio.run(leave())
    may_end.set()
    end = time.monotonic() + 30
    while connection._connection is not None and time.monotonic() < end:
        time.sleep(0.01)
    assert connection._connection is None
