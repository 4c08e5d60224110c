"""A real Chromium, if one is installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, async_playwright, expect

# A browser and a bot on two cores may take their time.
expect.set_options(timeout=15_000)

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


def chromium() -> str | None:
    """Where a Chromium is, if anywhere."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@asynccontextmanager
async def launched(path: str) -> AsyncIterator[Browser]:
    """A headless Chromium at this path."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGS)
        try:
            yield browser
        finally:
            await browser.close()


async def type_in(page: Page, line: str) -> None:
    """Type a line into the composer and send it with Enter."""
    await page.locator("#composer").fill(line)
    await page.keyboard.press("Enter")
