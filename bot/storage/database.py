"""The database: SQLite by default, or PostgreSQL."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import Damaged, StorageError
from bot.storage import schema
from bot.storage.tables import EPOCH, MILLISECOND, lease

T = TypeVar("T")
Row: TypeAlias = sa.Row[*tuple[Any, ...]]

# Short, so that a person gets an error within seconds if the file is locked.
SQLITE_BUSY_SECONDS, QUEUE_SECONDS = 2.0, 3.0
CONNECT_SECONDS = 5
# A dead server is noticed within this time, instead of TCP's default of 15 minutes.
POSTGRES = {
    "connect_timeout": CONNECT_SECONDS,
    "tcp_user_timeout": 10_000,
    "client_encoding": "utf8",  # for SQL_ASCII databases, the driver would return bytes
}
# A process that stops in the middle of a transaction must not block others for long.
TIMEOUTS = "-c lock_timeout=5s -c statement_timeout=10s -c idle_in_transaction_session_timeout=15s"


def async_url(url: str) -> URL:
    """The URL with the driver we ship: `postgres://` (Heroku) and `postgresql://` too."""
    parsed = make_url(url)
    if parsed.get_backend_name() in {"postgres", "postgresql"}:
        return parsed.set(drivername="postgresql+psycopg")
    return parsed.set(drivername="sqlite+aiosqlite")


class Database:
    """Transactions on SQLite or PostgreSQL. All methods raise StorageError."""

    def __init__(self, url: str) -> None:
        self.url = async_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._dialect: ModuleType = sqlite if self.is_sqlite else postgresql
        self.engine = _engine(self.url)
        self._path = Path(self.url.database) if self.is_sqlite and self.url.database else None
        # Within a process, a queue is faster than SQLite's lock, which waits by sleeping.
        self._queue = asyncio.Lock() if self.is_sqlite else None

    async def __aenter__(self) -> Database:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.engine.dispose()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that writes."""
        async with self._turn(), self._connection() as connection, connection.begin():
            if self.is_sqlite:
                # A transaction that reads and then writes fails at once if another one wrote in
                # between, regardless of the timeout. With IMMEDIATE it waits at its start instead.
                await connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    @asynccontextmanager
    async def _turn(self, seconds: float | None = QUEUE_SECONDS) -> AsyncIterator[None]:
        """Wait for the turn to write: SQLite has one writer at a time."""
        if self._queue is None:
            yield
            return
        try:
            # Not `wait_for`, which can lose a cancellation.
            async with asyncio.timeout(seconds):
                await self._queue.acquire()
        except TimeoutError:
            raise StorageError("SQLITE_BUSY") from None
        try:
            yield
        finally:
            self._queue.release()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        """A connection. On SQLite, every statement is its own transaction until BEGIN."""
        with self._as_storage_errors():
            async with self.engine.connect() as connection:
                yield connection

    # Each of these is its own transaction.

    async def rows(self, query: sa.Executable) -> Sequence[Row]:
        """All rows of a query."""
        async with self._connection() as connection:
            return (await connection.execute(query)).all()

    async def row(self, query: sa.Executable) -> Row | None:
        """The first row of a query, or None."""
        return next(iter(await self.rows(query)), None)

    async def scalars(self, query: sa.Select[T]) -> Sequence[T]:
        """The first column of each row of a query."""
        return [row[0] for row in await self.rows(query)]

    async def scalar(self, query: sa.Select[T]) -> T | None:
        """The first column of the first row, or None."""
        return next(iter(await self.scalars(query)), None)

    async def count(self, rows: sa.FromClause, *conditions: sa.ColumnElement[bool]) -> int:
        """How many rows meet the conditions."""
        query = sa.select(sa.func.count()).select_from(rows).where(*conditions)
        return await self.scalar(query) or 0

    async def write(self, *changes: sa.Executable) -> int:
        """Run these changes in one transaction. Returns the number of updated or deleted rows."""
        async with self.transaction() as connection:
            return sum([(await connection.execute(change)).rowcount for change in changes])

    async def returned(self, change: sa.Executable) -> Row | None:
        """Run one change. Returns the first row that it returns, or None if it changed nothing."""
        async with self._turn(), self._connection() as connection:
            row = (await connection.execute(change)).first()
            await connection.commit()
        return row

    def insert(self, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that can handle conflicts, in the database's dialect."""
        insert: sqlite.Insert | postgresql.Insert = self._dialect.insert(table)
        return insert

    async def put(
        self,
        connection: AsyncConnection,
        table: sa.Table,
        rows: Sequence[Mapping[str, Any]],
        *,
        only_unlisted: bool = False,
    ) -> None:
        """Upsert rows that all have the same columns; `only_unlisted` keeps existing rows that are
        listed."""
        if not rows:
            return
        upsert = _upsert(self._dialect, table, tuple(rows[0]), only_unlisted)
        # Sorted, so that two processes that write the same rows can't deadlock.
        keys = table.primary_key.columns
        in_order = sorted(rows, key=lambda row: [row[column.name] for column in keys])
        await connection.execute(upsert, in_order)

    async def upgrade(self) -> None:
        """Migrate to the newest schema. Several processes can start together.

        Raises OtherSchema before it changes anything.
        """
        with self._as_storage_errors():
            if self._path is not None:
                _protect(self._path)
                async with self._connection() as connection:
                    # So that readers and the writer don't wait for each other.
                    await connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            async with self.transaction() as connection:
                if not self.is_sqlite:
                    # A migration, and waiting for it, can take long.
                    await connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
                    await connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
                await connection.run_sync(schema.upgrade)

    async def vacuum(self) -> None:
        """Erase deleted rows from SQLite's file and log: split and merged pages have copies."""
        if self.is_sqlite:
            async with self._turn(None), self._connection() as connection:
                await connection.exec_driver_sql("VACUUM")
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    async def check(self) -> None:
        """Write a row, because reads succeed on a full disk, and check a SQLite file. Raises
        Damaged."""
        # A new value each time, since SQLite doesn't write unchanged rows.
        row = {"name": "check", "expires_at": EPOCH + secrets.randbelow(10**9) * MILLISECOND}
        async with self.transaction() as connection:
            await self.put(connection, lease, [row])
        if self._path is not None:
            with self._as_storage_errors():
                await asyncio.to_thread(_quick_check, self._path)

    @contextmanager
    def _as_storage_errors(self) -> Iterator[None]:
        """Turn the drivers' errors into StorageError, except those about our own values."""
        try:
            yield
        except (IntegrityError, DataError):
            raise
        except (DBAPIError, PoolTimeout) as error:
            raise _storage_error(error) from error


# Building an upsert takes as long as running it.
@cache
def _upsert(
    dialect: ModuleType, table: sa.Table, columns: tuple[str, ...], only_unlisted: bool
) -> sa.Executable:
    insert = dialect.insert(table)
    upsert: sa.Executable = insert.on_conflict_do_update(
        index_elements=table.primary_key.columns,
        set_={name: insert.excluded[name] for name in columns},
        where=~table.c.is_listed if only_unlisted else None,
    )
    return upsert


def _protect(path: Path) -> None:
    """Let only its owner read a SQLite file, because it has personal data. SQLite gives its log the
    same mode."""
    with suppress(OSError):  # SQLite reports a missing or read-only folder later
        path.touch()
        path.chmod(0o600)


def _quick_check(path: Path) -> None:
    """Check the file on a new connection, because open ones have cached pages."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, timeout=SQLITE_BUSY_SECONDS, uri=True)) as connection:
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise _storage_error(error) from error
    if verdict != "ok":
        raise Damaged


def _storage_error(error: Exception) -> StorageError:
    """A driver's error by its name, without the message, which may have a host, a user or a row."""
    cause = getattr(error, "orig", None) or error
    name: str = getattr(cause, "sqlite_errorname", None) or type(cause).__name__
    return Damaged() if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) else StorageError(name)


class SqliteConnection(sqlite3.Connection):
    """A connection that rolls back its transaction when it is closed.

    Otherwise SQLite keeps a closed connection, with its lock, until all rows are fetched; those of
    a cancelled INSERT … RETURNING live as long as its traceback.
    """

    def close(self) -> None:
        with suppress(sqlite3.Error):  # closed already
            self.rollback()
        super().close()


def _engine(url: URL) -> AsyncEngine:
    if url.get_backend_name() == "postgresql":
        return create_async_engine(
            url,
            pool_pre_ping=True,
            pool_timeout=CONNECT_SECONDS,
            connect_args={**POSTGRES, "options": TIMEOUTS},
            hide_parameters=True,
        )
    engine = create_async_engine(
        url,
        pool_timeout=SQLITE_BUSY_SECONDS,
        connect_args={
            "timeout": SQLITE_BUSY_SECONDS,
            "isolation_level": None,  # `transaction` starts transactions, not the driver
            "factory": SqliteConnection,
        },
        hide_parameters=True,
    )

    def roll_back(connection: Any) -> None:
        # After a read there is nothing to roll back, and a rollback is a thread switch.
        if connection.driver_connection.in_transaction:
            connection.rollback()

    dialect: Any = engine.sync_engine.dialect
    dialect.do_rollback = roll_back

    @sa.event.listens_for(engine.sync_engine, "connect")
    def connect(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous=NORMAL")
        # Overwrite deleted rows.
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    return engine
