"""The office of each test: a bot that has read the company already, unless it is `new_here`."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import in_turn, run_apart
from tests.promises.office import Office, get_acquainted, open_office

OpenOffice = Callable[..., AbstractAsyncContextManager[Office]]


@pytest.fixture(scope="session")
def acquainted(common: Path) -> Path:
    """The database of a bot that has read the company; the first worker makes it."""
    folder = common / "acquainted-office"
    with in_turn(common):
        if not folder.exists():
            folder.mkdir()
            run_apart(get_acquainted(folder))
    return folder / "execbot.db"


@pytest.fixture
def open_acquainted(acquainted: Path, tmp_path: Path) -> OpenOffice:
    """Opens an office with settings of its own."""

    @asynccontextmanager
    async def make(**settings: Any) -> AsyncIterator[Office]:
        shutil.copyfile(acquainted, tmp_path / "execbot.db")
        async with open_office(tmp_path, **settings) as office:
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
