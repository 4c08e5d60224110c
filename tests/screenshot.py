"""The README's pictures: `python -m tests.screenshot` takes them all from the running demo."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize

from bot.demo.run import monday_demo
from bot.demo.story import ADMIN, CHANNEL, COACH, Demo
from tests.browser import chromium, launched, type_in
from tests.readme import README

FOLDER = README.parent / ".github"
QUESTION = "/exec sessions @jane last 10d gold,silver"
ELSEWHERE = "sales-practice"
# A window as people have it, and one so high that any message is seen as a whole.
WINDOW: ViewportSize = {"width": 1180, "height": 980}
HIGH: ViewportSize = {"width": 1180, "height": 1900}
PHONE: ViewportSize = {"width": 390, "height": 3200}
ON_PHONES = {
    "team": '/exec team "West Coast"',
    "session": "/exec session last @jane gold",
    "prep": "/exec prep @jane",
}
SCALE, WINDOW_SCALE, HOME_SCALE = 1.2, 1.1, 1.0
CHARTS_MS = 200  # a chart is drawn in the frames after its card
MARGIN = 20
# As wide as messages are; the page is empty next to them.
RIGHT = """node => Math.max(
    ...Array.from(node.querySelector(".content").children, (part) =>
        part.getBoundingClientRect().right),
)"""


async def take(path: str) -> list[Path]:
    """Take the pictures with the Chromium at `path`. Returns their paths."""
    async with monday_demo() as here, launched(path) as browser:
        asked = await _question(here, browser)
        page = await _page(browser, HIGH, SCALE)
        await _open(page, here, COACH, CHANNEL)
        digest = await _message(page, 0, "digest")
        await _open(page, here, COACH, None)
        coach = await _message(page, 0, "coach")
        await _open(page, here, COACH, ELSEWHERE)
        await type_in(page, "/exec me")
        await page.get_by_role("button", name="Send me this every Monday").wait_for()
        me = await _message(page, 0, "me")
        home = await _home(here, browser)
        phones = [picture async for picture in _on_phones(here, browser)]
        return [asked, digest, coach, me, home, *phones]


async def _on_phones(here: Demo, browser: Browser) -> AsyncIterator[Path]:
    """Reports on a phone, light and dark."""
    for name, command in ON_PHONES.items():
        for theme in ("light", "dark"):
            page = await browser.new_page(
                viewport=PHONE, device_scale_factor=SCALE, locale="en-US", color_scheme=theme
            )
            await _open(page, here, ADMIN, ELSEWHERE)
            before = await page.get_by_role("article").count()
            await type_in(page, command)
            answer = page.get_by_role("article").nth(before)
            await answer.get_by_role("combobox", name="More actions").first.wait_for()
            yield await _message(page, before, f"{name}-{theme}")
            await page.close()


async def _home(here: Demo, browser: Browser) -> Path:
    """A coach's Home tab."""
    page, path = await _page(browser, HIGH, HOME_SCALE), FOLDER / "home.png"
    await _open(page, here, COACH, None)
    await page.get_by_role("button", name="Home", exact=True).click()
    tab = page.locator("#home")
    await tab.get_by_role("button", name="Refresh").wait_for()
    await tab.screenshot(path=path)
    await page.close()
    return path


async def _question(here: Demo, browser: Browser) -> Path:
    """The whole page, with a question and its answer."""
    page, path = await _page(browser, WINDOW, WINDOW_SCALE), FOLDER / "demo.png"
    await _open(page, here, ADMIN, ELSEWHERE)
    await type_in(page, QUESTION)
    await page.get_by_role("combobox", name="More actions").wait_for()
    await page.screenshot(path=path)
    return path


async def _page(browser: Browser, size: ViewportSize, scale: float) -> Page:
    return await browser.new_page(viewport=size, device_scale_factor=scale, locale="en-US")


async def _open(page: Page, here: Demo, who: str, channel: str | None) -> None:
    """Switch to someone, and open a channel or their conversation with the bot."""
    team = here.slack.team
    user = team.user_called(who)
    room = team.channel_called(channel) if channel else team.dm_of(user.id)
    await page.goto("about:blank")
    await page.goto(f"{here.url}#as={user.id}&in={room.id}")
    await page.locator("#room", has_text=room.name or team.bot_name).wait_for()


async def _message(page: Page, number: int, name: str) -> Path:
    """One message alone, once it has appeared."""
    message, path = page.get_by_role("article").nth(number), FOLDER / f"{name}.png"
    await message.wait_for()
    await page.wait_for_timeout(CHARTS_MS)
    box = await message.bounding_box()
    assert box is not None
    box["width"] = await message.evaluate(RIGHT) + MARGIN - box["x"]
    await page.screenshot(path=path, clip=box)
    return path


if __name__ == "__main__":
    executable = chromium()
    if executable is None:
        sys.exit("No Chromium here: install one, or name it in CHROMIUM.")
    print(*asyncio.run(take(executable)), sep="\n")
