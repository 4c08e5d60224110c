"""The README's picture: `python -m tests.screenshot` takes it from the running demo."""

from __future__ import annotations

import asyncio
import sys

from bot.sandbox.demo import demo
from tests.browser import chromium, launched, type_in
from tests.readme import README

PICTURE = README.parent / ".github" / "demo.png"
QUESTION = "/exec sessions @jane last 14d gold,silver"


async def take(path: str) -> None:
    async with demo() as here, launched(path) as browser:
        page = await browser.new_page(
            viewport={"width": 1180, "height": 960}, device_scale_factor=1.5, locale="en-GB"
        )
        team = here.slack.team
        ana, room = team.user_called("ana@acme.com"), team.channel_called("west-coast")
        await page.goto(f"{here.url}#as={ana.id}&in={room.id}")
        await type_in(page, QUESTION)
        await page.get_by_role("button", name="Share in channel").wait_for()
        await page.screenshot(path=PICTURE)


if __name__ == "__main__":
    found = chromium()
    if found is None:
        sys.exit("No Chromium here: install one, or name it in CHROMIUM.")
    asyncio.run(take(found))
    print(PICTURE)
