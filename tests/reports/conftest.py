"""A company in a database of its own, for tests of reports."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.conftest import MakeUrl, remove
from tests.reports.company import Company, open_company


@pytest.fixture
async def company(sqlite_urls: MakeUrl) -> AsyncIterator[Company]:
    url = sqlite_urls()
    async with open_company(url) as company:
        yield company
    remove(url)
