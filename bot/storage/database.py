"""Connections to the database: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import sqlite3
import stat
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import Damaged, StorageError, WrongEncoding
from bot.storage import schema
from bot.storage.tables import EPOCH, MILLISECOND, claim

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

T = TypeVar("T")
Row: TypeAlias = sa.Row[*tuple[Any, ...]]

log = logging.getLogger(__name__)

OTHERS = stat.S_IRWXG | stat.S_IRWXO
SQLITE_BUSY_SECONDS = 8
CONNECT_SECONDS = 5
# A server that went away without a word is noticed within this time, not TCP's quarter of an hour.
POSTGRES = {
    "connect_timeout": CONNECT_SECONDS,
    "tcp_user_timeout": 10_000,
    "client_encoding": "utf8",  # the driver gives bytes for text where a database has SQL_ASCII
}
# Another process that stopped in the middle of a transaction must not stop this one for long.
PATIENCE = "-c lock_timeout=5s -c statement_timeout=10s -c idle_in_transaction_session_timeout=15s"


def async_url(url: str) -> URL:
    """The URL with the driver we ship: `postgres://` (Heroku) and `postgresql://` too."""
    parsed = make_url(url)
    if parsed.get_backend_name() in {"postgres", "postgresql"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite":
        return parsed.set(drivername="sqlite+aiosqlite")
    raise ValueError(f"{parsed.get_backend_name()} is not supported: use sqlite or postgresql")


class Database:
    """Transactions, and the one difference between the two databases that callers meet."""

    def __init__(self, url: str) -> None:
        self.url = async_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _engine(self.url)
        # The same connections, on which SQLite's transactions begin by this statement.
        self._beginning = {
            begin: self.engine.execution_options(sqlite_begin=begin)
            for begin in ("", "BEGIN", "BEGIN IMMEDIATE")
        }
        self._path = Path(self.url.database or "") if self.is_sqlite else None
        # SQLite's own waiting is a sleep of growing length; in one process a queue is sooner done.
        self._writing = asyncio.Lock() if self.is_sqlite else nullcontext()

    async def __aenter__(self) -> Database:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.engine.dispose()

    @asynccontextmanager
    async def transaction(self, *, reads: bool = False) -> AsyncIterator[AsyncConnection]:
        """One transaction; `reads` promises that nothing is written in it.

        Raises StorageError when the database does not answer.
        """
        # A transaction that reads first and writes later fails at once with "database is locked"
        # when another one wrote in between, whatever the time-out says; IMMEDIATE waits instead.
        begin = "BEGIN" if reads else "BEGIN IMMEDIATE"
        async with (
            nullcontext() if reads else self._writing,
            self._connection(begin) as connection,
            connection.begin(),
        ):
            yield connection

    @asynccontextmanager
    async def _connection(self, begin: str = "") -> AsyncIterator[AsyncConnection]:
        """A connection on which SQLite's transactions begin by this statement. By default each
        statement is a transaction of its own there."""
        with self._as_storage_errors():
            async with self._beginning[begin].connect() as connection:
                yield connection

    # A transaction of its own each; all raise StorageError.

    async def rows(
        self, query: sa.Executable, values: Mapping[str, Any] | None = None
    ) -> Sequence[Row]:
        """What a query finds, with these `values` of its parameters."""
        async with self._connection() as connection:
            return (await connection.execute(query, values)).all()

    async def row(self, query: sa.Executable) -> Row | None:
        """The first row that a query finds; None without one."""
        return next(iter(await self.rows(query)), None)

    async def scalars(self, query: sa.Select[T]) -> Sequence[T]:
        """The first column of what a query finds."""
        return [row[0] for row in await self.rows(query)]

    async def scalar(self, query: sa.Select[T]) -> T | None:
        """The first of these; None without one."""
        return next(iter(await self.scalars(query)), None)

    async def count(self, rows: sa.FromClause, *conditions: sa.ColumnElement[bool]) -> int:
        """How many of these rows meet the conditions."""
        query = sa.select(sa.func.count()).select_from(rows).where(*conditions)
        return await self.scalar(query) or 0

    async def write(self, *changes: sa.Executable) -> int:
        """Make these changes; how many rows they were, of updates and deletes."""
        async with self.transaction() as connection:
            return sum([(await connection.execute(change)).rowcount for change in changes])

    async def returned(
        self, change: sa.Executable, values: Mapping[str, Any] | None = None
    ) -> Row | None:
        """Make a change; the first row that it returns, None where it changed nothing."""
        async with self.transaction() as connection:
            return (await connection.execute(change, values)).first()

    def insert(self, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that knows ON CONFLICT, in the dialect at hand."""
        if self.is_sqlite:
            return sqlite.insert(table)
        # Imported here: SQLite's is not kept waiting for the larger dialect.
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)

    async def put(
        self, connection: AsyncConnection, table: sa.Table, rows: Sequence[Mapping[str, Any]]
    ) -> None:
        """Insert rows, all with the same columns; of a row whose key is there these are changed."""
        if not rows:
            return
        insert, keys = self.insert(table), table.primary_key.columns
        new = {name: insert.excluded[name] for name in rows[0] if name not in keys}
        await connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=new), rows)

    async def upgrade(self) -> None:
        """Bring the schema up. Safe with several processes starting together.

        Raises StorageError when the database does not answer, or does not let us; OtherSchema and
        WrongEncoding, and leaves the database as it was.
        """
        with self._as_storage_errors():
            if self._path is not None:
                _protect(self._path)
                async with self._connection() as connection:
                    # Readers and a writer do not wait for each other; the file remembers it.
                    await connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            async with self.transaction() as connection:
                if not self.is_sqlite:
                    encoding = (await connection.exec_driver_sql("SHOW server_encoding")).scalar()
                    if encoding != "UTF8":
                        raise WrongEncoding(str(encoding))
                    # Other processes wait as long as it takes, and so does a long migration.
                    await connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
                    await connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
                await connection.run_sync(schema.upgrade)

    async def vacuum(self) -> None:
        """Leave nothing of what was deleted in SQLite's file and its log: pages that were split or
        joined hold copies of rows. Raises StorageError."""
        if self.is_sqlite:
            async with self._writing, self._connection() as connection:
                await connection.exec_driver_sql("VACUUM")
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    async def check(self) -> None:
        """Write a row: a full disk, or a file that may only be read, still answers questions.

        Raises StorageError.
        """
        # Another one each time: SQLite writes nothing where nothing changes.
        row = {"name": "check", "until": EPOCH + secrets.randbelow(10**9) * MILLISECOND}
        async with self.transaction() as connection:
            await self.put(connection, claim, [row])

    @contextmanager
    def _as_storage_errors(self) -> Iterator[None]:
        """Inside, a database that does not answer is a StorageError."""
        try:
            yield
        except (OperationalError, InterfaceError, InternalError, PoolTimeout) as error:
            raise _storage_error(error) from error
        except DBAPIError as error:
            # SQLite reports a file that is damaged, or no database, with the bare class.
            if error.connection_invalidated or type(error) is DatabaseError:
                raise _storage_error(error) from error
            raise


def _protect(path: Path) -> None:
    """Let only its owner read a SQLite file and its log: in it is what people practiced."""
    # Without a folder, or the right to write in it, SQLite is the one to say so.
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    # SQLite gives a new log the mode of the file.
    for each in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        try:
            if each.is_file() and each.stat().st_mode & OTHERS:
                each.chmod(0o600)
        except OSError:
            log.warning("others on this machine may read %s, and I can't change that", each.name)


def _storage_error(error: Exception) -> StorageError:
    """A driver's error, by its name alone: its message may hold a host, a user or a row."""
    cause = getattr(error, "orig", None) or error
    name: str = getattr(cause, "sqlite_errorname", None) or type(cause).__name__
    return Damaged() if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) else StorageError(name)


class SqliteConnection(sqlite3.Connection):
    """A connection that gives up its transaction when it is closed.

    SQLite keeps a closed one, with its lock, as long as there are rows that nobody fetched: those
    of a cancelled INSERT … RETURNING live as long as its traceback.
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
            connect_args={**POSTGRES, "options": PATIENCE},
            hide_parameters=True,
        )
    engine = create_async_engine(
        url,
        pool_timeout=SQLITE_BUSY_SECONDS,
        connect_args={
            "timeout": SQLITE_BUSY_SECONDS,
            "isolation_level": None,  # the driver begins no transaction: `begin` below does
            "factory": SqliteConnection,
        },
        hide_parameters=True,
    )

    @sa.event.listens_for(engine.sync_engine, "connect")
    def connect(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous=NORMAL")
        # What is forgotten is not to be found in the file either.
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    @sa.event.listens_for(engine.sync_engine, "begin")
    def begin(connection: sa.Connection) -> None:
        statement = connection.get_execution_options().get("sqlite_begin", "BEGIN IMMEDIATE")
        if statement:
            connection.exec_driver_sql(statement)

    return engine
