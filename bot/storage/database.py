"""The engine: SQLite by default, PostgreSQL by URL, and the schema brought up at start."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager, nullcontext, suppress
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

from bot.errors import Damaged, FileGone, SchemaTooNew, SchemaTooOld, StorageError
from bot.storage import sqlite_driver, sqlite_file
from bot.storage.tables import EPOCH, learned, metadata

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

MIGRATIONS = Path(__file__).parent / "migrations"
# Any fixed number: it names our migration among PostgreSQL's advisory locks.
MIGRATION_LOCK = 0x65786563
# Where Alembic keeps the revision of the schema.
_VERSION = sa.table("alembic_version", sa.column("version_num", sa.String))
SQLITE_BUSY_SECONDS = 8
CONNECT_SECONDS = 5
# A server that went away without a word is noticed within this time, not TCP's quarter of an hour.
POSTGRES = {"connect_timeout": CONNECT_SECONDS, "tcp_user_timeout": 10_000}
# Another process that stopped in the middle of a transaction must not stop this one for long.
T = TypeVar("T")
Row: TypeAlias = sa.Row[*tuple[Any, ...]]
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
        self.engine = _engine(self.url, is_sqlite=self.is_sqlite)
        # A file does not go away; a server may, and what is kept open to it would be found dead by
        # whoever comes next. Only a lone read can be made again then.
        self._writing = Kept(self.engine, most=1 if self.is_sqlite else 0)
        self._reading = Kept(self.engine.execution_options(reads=True), most=self._writing.most)
        alone = {} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._asking = Kept(self.engine.execution_options(asks_once=True, **alone), most=1)
        # The SQLite file that `upgrade` opened, and which one it was.
        self._file: tuple[str, tuple[int, int] | None] | None = None
        self._puts: dict[tuple[sa.Table, tuple[str, ...]], sa.Executable] = {}
        # SQLite's own waiting is a sleep of growing length; in one process a queue is sooner done.
        self._writers = asyncio.Semaphore(1) if self.is_sqlite else nullcontext()

    async def __aenter__(self) -> Database:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        for kept in (self._writing, self._reading, self._asking):
            await kept.close()
        await self.engine.dispose()

    @asynccontextmanager
    async def transaction(self, *, reads: bool = False) -> AsyncIterator[AsyncConnection]:
        """One transaction; `reads` promises that nothing is written in it.

        Raises StorageError when the database does not answer.
        """
        kept = self._reading if reads else self._writing
        with self._as_storage_errors():
            async with (
                nullcontext() if reads else self._writers,
                kept.connection() as connection,
                connection.begin(),
            ):
                yield connection

    # A transaction of its own each; all raise StorageError.

    async def rows(
        self, query: sa.Executable, values: Mapping[str, Any] | None = None
    ) -> Sequence[Row]:
        """What a query finds, with these `values` of its parameters."""
        with self._as_storage_errors():
            try:
                return await self._ask(query, values)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                # It was kept open, and the server went away meanwhile.
                return await self._ask(query, values)

    async def _ask(self, query: sa.Executable, values: Mapping[str, Any] | None) -> Sequence[Row]:
        async with self._asking.connection() as connection:
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
        await connection.execute(self._putting(table, tuple(rows[0])), rows)

    def _putting(self, table: sa.Table, columns: tuple[str, ...]) -> sa.Executable:
        made = self._puts.get((table, columns))
        if made is None:
            insert, keys = self.insert(table), table.primary_key.columns
            new = {name: insert.excluded[name] for name in columns if name not in keys}
            made = insert.on_conflict_do_update(index_elements=keys, set_=new)
            self._puts[table, columns] = made
        return made

    async def upgrade(self) -> None:
        """Bring the schema up. Safe with several processes starting together.

        Raises StorageError when the database does not answer, or does not let us; SchemaTooOld and
        SchemaTooNew, and leaves the database as it was.
        """
        try:
            file = await asyncio.to_thread(_upgrade, self.url)
        except DBAPIError as error:
            raise _storage_error(error) from error
        self._file = (file, sqlite_file.identity(file)) if file else None

    async def settle(self) -> None:
        """Leave nothing of what was deleted in SQLite's file and its log: pages that were split or
        joined hold copies of rows. Raises StorageError."""
        if self.is_sqlite:
            with self._as_storage_errors():
                async with self._writers, self._asking.connection() as connection:
                    await connection.exec_driver_sql("VACUUM")
                    await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    async def check(self) -> None:
        """Write a row: a full disk, or a file that may only be read, still answers questions.

        Raises StorageError.
        """
        row = {"name": "check", "value": secrets.token_hex(8), "at": EPOCH}
        async with self.transaction() as connection:
            await self.put(connection, learned, [row])

    @contextmanager
    def _as_storage_errors(self) -> Iterator[None]:
        """Inside, a database that does not answer is a StorageError."""
        # One that was removed or replaced takes what is written to it, and nobody finds it there.
        if self._file is not None and sqlite_file.identity(self._file[0]) != self._file[1]:
            raise FileGone
        try:
            yield
        except (OperationalError, InterfaceError, InternalError, PoolTimeout) as error:
            raise _storage_error(error) from error
        except DBAPIError as error:
            # SQLite reports a file that is damaged, or no database, with the bare class.
            if error.connection_invalidated or type(error) is DatabaseError:
                raise _storage_error(error) from error
            raise


class Kept:
    """Connections of one engine, of which `most` stay open for whoever comes next.

    To open one and to close it takes longer than most of our statements do: a lone read took
    0.30 ms of CPU, and takes 0.07 with a connection that is open; a transaction 0.31 and 0.13.
    """

    def __init__(self, engine: AsyncEngine, *, most: int) -> None:
        self.most = most
        self._engine = engine
        self._idle: list[AsyncConnection] = []
        self._is_closed = False

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """A connection that nobody else uses meanwhile. After an error it is not used again."""
        connection = self._idle.pop() if self._idle else await _opened(self._engine)
        is_whole = False
        try:
            yield connection
            is_whole = True
        finally:
            if is_whole and len(self._idle) < self.most and not self._is_closed:
                self._idle.append(connection)
            else:
                await _closed(connection)

    async def close(self) -> None:
        """Close what is kept open; nothing is kept from now on."""
        self._is_closed = True
        while self._idle:
            await _closed(self._idle.pop())


async def _opened(engine: AsyncEngine) -> AsyncConnection:
    """A connection, whose opening is never cut short.

    aiosqlite, cancelled while it opens a file, waits for ever when it is closed; a process in
    that state does not end.
    """
    connection = engine.connect()
    opening = asyncio.ensure_future(connection.start())
    try:
        await _to_the_end(opening)
    except asyncio.CancelledError:
        if opening.exception() is None:
            await _closed(connection)
        raise
    return connection


async def _closed(connection: AsyncConnection) -> None:
    """Close a connection, to the end: one that is on its way back into the pool when the engine is
    disposed of would be left open."""
    await _to_the_end(asyncio.ensure_future(connection.close()))


async def _to_the_end(task: asyncio.Future[Any]) -> None:
    """Wait for `task`, however often cancelled meanwhile; only then is that heeded."""
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        raise


def _storage_error(error: Exception) -> StorageError:
    """A driver's error, by its name alone: its message may hold a host, a user or a row."""
    cause = getattr(error, "orig", None) or error
    name: str = getattr(cause, "sqlite_errorname", None) or type(cause).__name__
    return Damaged() if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) else StorageError(name)


def _engine(url: URL, *, is_sqlite: bool) -> AsyncEngine:
    if not is_sqlite:
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
            "async_creator_fn": sqlite_driver.connect,
            "timeout": SQLITE_BUSY_SECONDS,
        },
        hide_parameters=True,
    )
    _own_sqlite_transactions(engine.sync_engine)
    return engine


def _own_sqlite_transactions(engine: sa.Engine) -> None:
    """Begin every transaction as a writer, unless it promised only to read. What asks one thing
    needs none: a statement is a transaction of its own.

    A transaction that reads first and writes later fails at once with "database is locked" when
    another one wrote in between, whatever the time-out says; BEGIN IMMEDIATE waits instead.
    """

    @sa.event.listens_for(engine, "connect")
    def connect(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None
        with ExitStack() as unless_ready:
            # The pool does not know it yet, and so would leave it open, with its thread.
            unless_ready.callback(connection.close)
            cursor = connection.cursor()
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=NORMAL")
            # What is forgotten is not to be found in the file either.
            cursor.execute("PRAGMA secure_delete=ON")
            cursor.close()
            unless_ready.pop_all()

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        driver: Any = connection.connection.driver_connection
        if not options.get("asks_once"):
            driver.begin("BEGIN" if options.get("reads") else "BEGIN IMMEDIATE")


def _sync_url(url: URL) -> URL:
    return url.set(drivername="sqlite") if url.get_backend_name() == "sqlite" else url


def _write_ahead(connection: sa.Connection) -> None:
    """Switch the file to its write-ahead log.

    Of two that do so at once SQLite refuses one, whatever the time-out says: neither could wait
    for the other's lock.
    """
    patient_until = time.monotonic() + SQLITE_BUSY_SECONDS
    while True:
        try:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        except OperationalError:
            if time.monotonic() >= patient_until:
                raise
            time.sleep(0.05)
        else:
            return
        finally:
            connection.rollback()


def _upgrade(url: URL) -> str:
    """Bring the schema up; the path of a SQLite file, "" without one."""
    is_sqlite = url.get_backend_name() == "sqlite"
    if is_sqlite and url.database and not url.query:
        _refuse_file(Path(url.database))
        sqlite_file.make(url.database)
    file = ""
    engine = sa.create_engine(
        _sync_url(url),
        poolclass=sa.NullPool,
        connect_args={} if is_sqlite else POSTGRES,
        hide_parameters=True,
    )
    with engine.connect() as connection:
        if is_sqlite:
            (_, _, file), *_ = connection.exec_driver_sql("PRAGMA database_list")
            sqlite_file.close_to_others(file)
            connection.exec_driver_sql(f"PRAGMA busy_timeout={SQLITE_BUSY_SECONDS * 1000}")
            _write_ahead(connection)
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        if _revision(connection) != max(_revisions()):
            _migrate(connection)
        connection.commit()
    return file


def _refuse_file(path: Path) -> None:
    """Raise SchemaTooOld or SchemaTooNew for such a SQLite file before anything is changed in it:
    whoever opens it to write switches it to the write-ahead log, and writes that into it."""
    if not path.exists():
        return
    uri = f"{path.absolute().as_uri()}?mode=ro"
    engine = sa.create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(uri, uri=True, timeout=SQLITE_BUSY_SECONDS),
        poolclass=sa.NullPool,
        hide_parameters=True,
    )
    with engine.connect() as connection:
        _revision(connection)


def _revisions() -> frozenset[str]:
    """Every revision that this program knows: the files are named after theirs."""
    return frozenset(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _revision(connection: sa.Connection) -> str | None:
    """The revision of the schema in the database; None for an empty one.

    Raises SchemaTooOld and SchemaTooNew.
    """
    tables = set(sa.inspect(connection).get_table_names())
    revision: str | None = None
    if _VERSION.name in tables:
        revision = connection.execute(sa.select(_VERSION)).scalar()
    if revision is None:
        if not tables.isdisjoint(metadata.tables):
            raise SchemaTooOld
    elif revision not in _revisions():
        # Before the first release they were bare numbers.
        raise SchemaTooOld if revision.isdigit() else SchemaTooNew
    return revision


def _migrate(connection: sa.Connection) -> None:
    """Run the migrations that are not done yet."""
    # Imported here: few starts migrate anything, and Alembic would take a fifth of their time.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
