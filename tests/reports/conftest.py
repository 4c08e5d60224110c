"""A company for the reports' tests, in a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from bot.storage.database import Database
from tests.conftest import MakeUrl
from tests.reports.company import Company


@pytest_asyncio.fixture
async def company(sqlite_urls: MakeUrl) -> AsyncIterator[Company]:
    async with Database(sqlite_urls()) as db:
        yield Company(db)
