"""Caches shared by hundreds of bots in one process. They change no outcome."""

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
from bot.demo.world_things import WorldSession, newest_first
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
        # A failing Exec is asked again at once.
        patch.setattr("bot.exec.client.PAUSE_SECONDS", 0.0)
        with own_interrupt_handler():
            yield


def share_templates(patch: Patch, common: Path) -> None:
    """Compile the templates once for all workers, and load them once for all apps."""

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
    """Share the cache of compiled statements among all engines.

    The dialect is part of each key, and all our engines of one kind have equal dialects.
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
    """Share sessions among the companies of all tests: they are frozen."""
    invented: dict[object, list[WorldSession]] = {}

    def made(world: World, since: datetime, until: datetime) -> list[WorldSession]:
        key = (world.now, len(world.people), since, until)
        if key not in invented:
            invented[key] = sorted(practice(world, since, until), key=newest_first)
        return invented[key]

    patch.setattr("bot.demo.world.practice", made)


class SqliteEngine:
    """An async SQLite engine that runs statements in the event loop: handing each to a thread and
    back takes longer than most statements. It yields before each statement, as a thread would, and
    retries while another connection of this process holds the lock."""

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
def own_interrupt_handler() -> Iterator[None]:
    """Handle Ctrl-C with a function of our own. Each event loop replaces Python's default handler,
    and `signal` then formats the loop's task with a fixture's whole company, twice."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
