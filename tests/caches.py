"""What hundreds of bots in one process need to make only once. It changes no outcome."""

from __future__ import annotations

import asyncio
import importlib.util
import signal
import sqlite3
import sys
from asyncio import Future
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import aiosqlite
import pytest
from aiosqlite import core
from jinja2 import Environment, FileSystemBytecodeCache
from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.demo.world import World, practice
from bot.demo.world_things import Session, newest_first
from bot.messages.jinja import load_templates

Patch = pytest.MonkeyPatch


@contextmanager
def made_once(common: Path) -> Iterator[None]:
    with Patch.context() as patch:
        share_templates(patch, common)
        share_statements(patch)
        share_sessions(patch)
        skip_sniffio(patch)
        run_sqlite_without_threads(patch)
        # Exec that fails is asked again at once.
        patch.setattr("bot.exec_api.client.BACKOFF_SECONDS", (0.0, 0.0))
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
    for dialect in (SQLiteDialect_aiosqlite, PGDialectAsync_psycopg):
        patch.setattr(dialect, "__hash__", lambda self: hash(type(self)))
        patch.setattr(dialect, "__eq__", lambda self, other: type(self) is type(other))
    caches: dict[str, Any] = {}

    def made(*args: Any, **options: Any) -> AsyncEngine:
        engine = create_async_engine(*args, **options)
        cache = caches.setdefault(engine.dialect.name, engine.sync_engine._compiled_cache)
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


def skip_sniffio(patch: Patch) -> None:
    """httpcore looks for it at each request, through every folder, as it is not there."""
    if importlib.util.find_spec("sniffio") is None:
        patch.setitem(sys.modules, "sniffio", None)


# As in production, for tests that are about these threads.
with_threads = False


class AtOnce:
    """What aiosqlite hands to its thread, done here."""

    def put_nowait(self, item: tuple[Future[Any] | None, Callable[[], Any]]) -> None:
        future, call = item
        try:
            result = call()
        except BaseException as error:  # noqa: BLE001 - as in a thread: its caller raises it
            if future:
                core.set_exception(future, error)
        else:
            if future:
                core.set_result(future, result)


class WithoutThread(aiosqlite.Connection):
    """A connection whose statements run here. Whoever waits for one goes on a turn of the loop
    later, as with a thread. For a lock that another connection here holds, it is tried again."""

    seconds: float

    async def _execute(self, fn: Callable[..., Any], *args: Any, **options: Any) -> Any:
        if not self._running or not self._connection:
            raise ValueError("Connection closed")
        loop = asyncio.get_running_loop()
        until = loop.time() + self.seconds
        while True:
            try:
                result = fn(*args, **options)
                break
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or loop.time() > until:
                    raise
                await asyncio.sleep(0.002)
        if fn.__name__ in {"execute", "executemany", "commit"}:
            await asyncio.sleep(0)
        return result


def run_sqlite_without_threads(patch: Patch) -> None:
    """Handing a statement to a thread and back takes longer than most statements do."""
    connect = aiosqlite.connect

    def connects(*args: Any, timeout: float, **options: Any) -> aiosqlite.Connection:
        if with_threads:
            return connect(*args, timeout=timeout, **options)
        patched: Any = connect(*args, timeout=0, **options)
        patched.__class__ = WithoutThread
        patched.seconds = timeout
        patched._tx = AtOnce()
        patched._thread = SimpleNamespace(start=lambda: None, daemon=True)
        return cast("aiosqlite.Connection", patched)

    patch.setattr("aiosqlite.connect", connects)


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
