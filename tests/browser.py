"""A real Chromium, where one is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright, expect

# Two browsers and a bot on two cores may take their time.
expect.set_options(timeout=15_000)

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Where a Chromium is, if anywhere."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@contextmanager
def started(path: str, folder: Path) -> Iterator[str]:
    """The Chromium at `path`, headless, with an empty profile in `folder`; the URL at which
    `connected` finds it. It serves any number of tests, one after the other or at once."""
    profile = [f"--user-data-dir={folder}", "--remote-debugging-port=0", "--headless"]
    process = subprocess.Popen(
        [path, *ARGS, *profile], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield f"http://127.0.0.1:{_port(folder / 'DevToolsActivePort')}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _port(file: Path, seconds: float = 60) -> int:
    """The port that Chromium writes into this file once it listens."""
    for _ in range(int(seconds * 20)):
        lines = file.read_text().splitlines() if file.exists() else []
        if lines:
            return int(lines[0])
        time.sleep(0.05)
    raise TimeoutError(f"Chromium did not write {file}")


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Browser]:
    """The Chromium that was `started`."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(url)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def launched(path: str) -> AsyncIterator[Browser]:
    """The Chromium at `path`, headless."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGS)
        try:
            yield browser
        finally:
            await browser.close()


async def type_in(page: Page, line: str) -> None:
    """Write a line into the composer and send it with Enter."""
    await page.locator("#composer").fill(line)
    await page.keyboard.press("Enter")
