"""What hundreds of bots in one process need to make only once. It changes no outcome."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from jinja2 import Environment, FileSystemBytecodeCache
from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.demo.world import World, practice
from bot.demo.world_things import Session, newest_first
from bot.messages.jinja import load_templates

Patch = pytest.MonkeyPatch
# As in production, for tests that are about the driver's threads: the fixture `sqlite_threads`.
with_threads = False


@contextmanager
def made_once(common: Path) -> Iterator[None]:
    with Patch.context() as patch:
        share_templates(patch, common)
        share_statements(patch)
        share_sessions(patch)
        # Exec that fails is asked again at once.
        patch.setattr("bot.exec_api.client.PAUSE_SECONDS", 0.0)
        with nothing_is_drawn_for_ctrl_c():
            yield


def share_templates(patch: Patch, common: Path) -> None:
    """Compile our templates once for all workers, and load them once for all apps."""

    @cache
    def load(overrides: Path | None, command: str) -> Environment:
        made = load_templates(overrides, command)
        made.bytecode_cache = FileSystemBytecodeCache(str(common))
        return made

    def loaded(overrides: Path | None, command: str) -> Environment:
        # A test may change its own templates.
        return load_templates(overrides, command) if overrides else load(None, command)

    patch.setattr("bot.messages.render.load_templates", loaded)


def share_statements(patch: Patch) -> None:
    """Every engine has a cache of its own, in which its dialect is part of each key.

    All of ours are made alike, so one of a kind is as good as another.
    """
    for dialect in (SQLiteDialect_pysqlite, PGDialectAsync_psycopg):
        patch.setattr(dialect, "__hash__", lambda self: hash(type(self)))
        patch.setattr(dialect, "__eq__", lambda self, other: type(self) is type(other))
    caches: dict[type[Any], Any] = {}

    def made(url: sa.URL, **options: Any) -> AsyncEngine | SqliteEngine:
        make = SqliteEngine if url.get_backend_name() == "sqlite" else create_async_engine
        engine = (create_async_engine if with_threads else make)(url, **options)
        cache = caches.setdefault(type(engine.dialect), engine.sync_engine._compiled_cache)
        engine.sync_engine._compiled_cache = cache
        return engine

    patch.setattr("bot.storage.database.create_async_engine", made)


def share_sessions(patch: Patch) -> None:
    """Sessions are frozen, so every test may have a company of its own with the same ones."""
    invented: dict[object, list[Session]] = {}

    def made(world: World, since: datetime, until: datetime) -> list[Session]:
        key = (world.now, len(world.people), since, until)
        if key not in invented:
            invented[key] = sorted(practice(world, since, until), key=newest_first)
        return invented[key]

    patch.setattr("bot.demo.world.practice", made)


class SqliteEngine:
    """An async engine of SQLite whose statements run here: handing each to a thread and back takes
    longer than most statements do. Others have a turn before each, as with a thread. For a lock
    that another connection here holds, it is tried again."""

    def __init__(self, url: sa.URL, *, connect_args: dict[str, Any], **options: Any) -> None:
        self.seconds = connect_args["timeout"]
        self.sync_engine = sa.create_engine(
            url.set(drivername="sqlite"),
            connect_args={**connect_args, "timeout": 0},
            **{**options, "max_overflow": -1},  # nobody here could wait for a connection
        )
        self.dialect = self.sync_engine.dialect

    def connect(self) -> SqliteConnection:
        return SqliteConnection(self)

    async def dispose(self) -> None:
        self.sync_engine.dispose()


class SqliteConnection:
    def __init__(self, engine: SqliteEngine) -> None:
        self._engine = engine

    async def __aenter__(self) -> SqliteConnection:
        self._sync = self._engine.sync_engine.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._sync.close()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[None]:
        with self._sync.begin():
            yield

    async def execute(self, *statement: Any) -> Any:
        return await self._run(self._sync.execute, *statement)

    async def scalars(self, *statement: Any) -> Any:
        return await self._run(self._sync.scalars, *statement)

    async def exec_driver_sql(self, statement: str) -> Any:
        return await self._run(self._sync.exec_driver_sql, statement)

    async def run_sync(self, work: Callable[..., Any], **options: Any) -> Any:
        return work(self._sync, **options)

    async def commit(self) -> None:
        self._sync.commit()

    async def _run(self, run: Callable[..., Any], *statement: Any) -> Any:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._engine.seconds
        await asyncio.sleep(0)
        while True:
            try:
                return run(*statement)
            except sa.exc.OperationalError as error:
                if "locked" not in str(error.orig) or loop.time() > until:
                    raise
                await asyncio.sleep(0.01)


@contextmanager
def nothing_is_drawn_for_ctrl_c() -> Iterator[None]:
    """Where Ctrl-C does what it does by default, each run of an event loop has it do something
    else for a while, and `signal` then draws the loop's task: a fixture's whole company, twice.
    """

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
