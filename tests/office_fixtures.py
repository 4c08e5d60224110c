"""The office of each test: its bot has read the company, unless it is `new_here`."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from tests.conftest import create_database, in_turn, run_in_thread
from tests.office import Office, get_acquainted, open_office

OpenOffice = Callable[..., AbstractAsyncContextManager[Office]]


def pytest_runtest_setup(item: pytest.Item) -> None:
    for option, mark in (("--postgres", "sqlite_only"), ("--socket", "http_only")):
        if item.config.getoption(option) and item.get_closest_marker(mark):
            pytest.skip(f"not with {option}")


@pytest.fixture(scope="session")
def acquainted(common: Path) -> Path:
    """The database of a bot that has read the company; the first worker makes it."""
    folder = common / "acquainted-office"
    with in_turn(common):
        if not folder.exists():
            folder.mkdir()
            run_in_thread(get_acquainted(folder))
    return folder / "execbot.db"


@pytest.fixture(scope="session")
def copy_of_acquainted(request: pytest.FixtureRequest, common: Path) -> Callable[[Path], str]:
    """Makes a copy of that database, on SQLite in a folder or, with --postgres, on a server;
    returns its URL."""
    if not request.config.getoption("--postgres"):
        made = request.getfixturevalue("acquainted")

        def copy(folder: Path) -> str:
            shutil.copyfile(made, folder / "execbot.db")
            return f"sqlite:///{folder / 'execbot.db'}"

        return copy
    template = make_url(request.getfixturevalue("postgres_urls")())
    url = template.render_as_string(hide_password=False)
    folder = common / f"acquainted-{os.getpid()}"
    folder.mkdir()
    run_in_thread(get_acquainted(folder, {"DATABASE_URL": url}))
    server = template.set(database="postgres").render_as_string(hide_password=False)
    numbers = itertools.count()
    return lambda _: create_database(
        server, f"office_{os.getpid()}_{next(numbers)}", str(template.database)
    )


@pytest.fixture
def open_acquainted(
    copy_of_acquainted: Callable[[Path], str],
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> OpenOffice:
    """Opens an office with settings of its own."""
    by_socket = request.config.getoption("--socket")
    # All history is stored: reading it again at each step would take half of the time.
    monkeypatch.setattr("bot.exec.jobs.OLDER_PAGES", 0)

    @asynccontextmanager
    async def make(**settings: Any) -> AsyncIterator[Office]:
        settings = {"DATABASE_URL": copy_of_acquainted(tmp_path), **settings}
        async with open_office(tmp_path, settings, by_socket=by_socket) as office:
            yield office

    return make


@pytest.fixture
async def office(open_acquainted: OpenOffice) -> AsyncIterator[Office]:
    async with open_acquainted() as office:
        yield office


@pytest.fixture
async def new_office(tmp_path: Path) -> AsyncIterator[Office]:
    """An office whose bot has read nothing yet."""
    async with open_office(tmp_path) as office:
        yield office
