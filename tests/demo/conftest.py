"""Fixtures for tests that look at the page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext

from tests.browser import chromium, connected, started


@pytest.fixture(scope="session")
def chromium_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One Chromium for all tests of a worker: to start one takes a second."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium here: install one, or name it in CHROMIUM, to test the page")
    with started(path, tmp_path_factory.mktemp("chromium")) as url:
        yield url


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium_url: str) -> AsyncIterator[Browser]:
    """One connection for a module, in whose event loop its tests run."""
    async with connected(chromium_url) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(viewport={"width": 1100, "height": 900}, locale="en-US")
    context.set_default_timeout(15_000)
    yield context
    await context.close()
