"""aiosqlite with fewer calls to its thread.

aiosqlite does every step on a thread of its own: make a cursor, begin, execute, fetch, close,
commit, roll back. Such a call takes longer than most of our statements do, and a question needs
some twenty of them. Here a statement brings its first rows along, and a transaction begins with
its first statement.

Measured against plain aiosqlite 0.22 (26 November 2026, 2 cores, CPU per answer from what is
held, the least of eight runs): one's own sessions 9.1 ms and 11.6 ms, a person's 8.5 and 11.3, a
group's 12.1 and 15.2, everybody's 19.5 and 22.9. The median answer takes 7 ms and 10.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any
from weakref import WeakSet

import aiosqlite
from aiosqlite import core

# A statement brings so many rows at once; most have fewer, and are done with it. A report about
# some dozens of people has a thousand or two.
FIRST_ROWS = 2_000


def connect(database: str, **options: Any) -> SqliteConnection:
    """An awaitable connection, for `async_creator_fn`; `options` are `sqlite3.connect`'s."""
    # Cursors are made and dropped here, without the thread; only one of the two works at a time.
    options |= {"factory": SqliteFile, "check_same_thread": False}
    return SqliteConnection(partial(sqlite3.connect, database, **options), iter_chunk_size=64)


class SqliteFile(sqlite3.Connection):
    """A connection that ends its statements when it is closed.

    SQLite keeps a closed connection, with its transaction and its lock, until the last statement
    is done. An INSERT or UPDATE with RETURNING that was cancelled has rows that nobody fetched,
    and its cursor lives as long as the cancelled task's traceback.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self._cursors: WeakSet[sqlite3.Cursor] = WeakSet()
        super().__init__(*args, **options)

    def cursor(self, factory: Any = sqlite3.Cursor) -> Any:
        cursor = super().cursor(factory)
        self._cursors.add(cursor)
        return cursor

    def close(self) -> None:
        for cursor in tuple(self._cursors):
            cursor.close()
        # The driver may close twice, and a cursor of a closed connection raises.
        self._cursors.clear()
        super().close()


class SqliteConnection(aiosqlite.Connection):
    """As much of aiosqlite's connection as SQLAlchemy uses."""

    def __init__(self, connector: Callable[[], sqlite3.Connection], iter_chunk_size: int) -> None:
        super().__init__(connector, iter_chunk_size)
        # As SQLAlchemy has it: a connection that was left open must not keep the process alive.
        self._thread = Thread(target=_serve, args=(self._tx,), daemon=True)
        self._to_begin: str | None = None
        # Something was done, or may have been, since the last commit or rollback.
        self._is_open = False

    def begin(self, statement: str) -> None:
        """Begin a transaction by this statement, as soon as there is anything to do in it."""
        self._to_begin = statement

    def cursor(self) -> Any:
        """A SqliteCursor. (aiosqlite's may be awaited, too; SQLAlchemy does not.)"""
        return SqliteCursor(self, self._conn.cursor())

    async def commit(self) -> None:
        await self._end(super().commit)

    async def rollback(self) -> None:
        await self._end(super().rollback)

    async def _end(self, end: Callable[[], Any]) -> None:
        self._to_begin = None
        if self._is_open:
            await end()
            self._is_open = False

    async def run(self, cursor: sqlite3.Cursor, step: Callable[[], Any]) -> list[Any]:
        """Let `step` execute a statement on `cursor`; the first rows it has."""
        begin, self._to_begin = self._to_begin, None
        self._is_open = True
        call: Callable[..., Awaitable[list[Any]]] = self._execute
        rows = await call(_run, cursor, begin, step)
        # A statement that stands alone is over with its last row: nothing is left to end.
        self._is_open = self._conn.in_transaction or len(rows) == FIRST_ROWS
        return rows


class SqliteCursor(aiosqlite.Cursor):
    """`rows` are there already; more are to come until it `is_done`."""

    _conn: SqliteConnection

    def __init__(self, conn: SqliteConnection, cursor: sqlite3.Cursor) -> None:
        super().__init__(conn, cursor)
        self._rows: list[Any] = []
        self._is_done = True

    async def execute(self, sql: str, parameters: Any = None) -> SqliteCursor:
        return await self._run(partial(self._cursor.execute, sql, parameters or ()))

    async def executemany(self, sql: str, parameters: Any) -> SqliteCursor:
        return await self._run(partial(self._cursor.executemany, sql, parameters))

    async def fetchone(self) -> Any:
        return next(iter(await self.fetchmany(1)), None)

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        size = self.arraysize if size is None else size
        rows, self._rows = self._rows[:size], self._rows[size:]
        if len(rows) < size and not self._is_done:
            rows += await super().fetchmany(size - len(rows))
            self._is_done = len(rows) < size
        return rows

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        if not self._is_done:
            rows += await super().fetchall()
            self._is_done = True
        return rows

    async def close(self) -> None:
        # SQLite lets go of a statement with its last row.
        if not self._is_done:
            await super().close()

    async def _run(self, step: Callable[[], Any]) -> SqliteCursor:
        self._is_done = False
        self._rows = await self._conn.run(self._cursor, step)
        self._is_done = len(self._rows) < FIRST_ROWS
        return self


def _serve(calls: SimpleQueue[Any]) -> None:
    """aiosqlite's own work, and on past an event loop that closed while it waited for a call: the
    calls that are left are done as well, and one of them closes the file."""
    while True:
        with suppress(RuntimeError):
            core._connection_worker_thread(calls)
            return


def _run(cursor: sqlite3.Cursor, begin: str | None, step: Callable[[], Any]) -> list[Any]:
    if begin is not None:
        cursor.execute(begin)
    step()
    return cursor.fetchmany(FIRST_ROWS) if cursor.description else []
