"""Every message, drawn light and dark: `python -m tests.screenshots FOLDER [NAME…]`.

Each is drawn for 0, 1, 7 and 200 people, and for people with hostile names, on the page of the
stand-in Slack, which refuses what Slack would. NAME keeps to samples whose name begins so.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page

from bot.rendering.views import Message
from bot.sandbox.slack_server import SlackServer
from bot.sandbox.slack_web import checked_view, put_view
from bot.sandbox.slack_workspace import SlackTeam
from tests.browser import chromium, launched
from tests.rendering import report_samples
from tests.rendering.drawings import about, around_answers, drawn

CROWDS = (0, 1, 7, 200)
THEMES = ("light", "dark")
ROOM = {"width": 860, "height": 3_400}
CHARTS_MS = 60  # a chart is drawn in the frame after its card


def pictures() -> Iterator[tuple[str, object]]:
    """Every sample with its name."""
    for count in CROWDS:
        for name, view in about(report_samples.company(count)).items():
            yield f"{name}-{count}", view
    for name, view in about(report_samples.company(7, hostile=True)).items():
        yield f"{name}-hostile", view
    yield from around_answers().items()


async def take(path: str, folder: Path, wanted: tuple[str, ...]) -> int:
    """Draw the pictures into `folder`; how many there are."""
    team = SlackTeam.from_people([("Ana Costa", "ana@acme.com", "admin")], channels={"west": None})
    slack = SlackServer(
        team,
        clock=lambda: datetime.now(UTC),
        signing_secret="s",
        bot_token="xoxb-1",
        app_token="xapp-1",
    )
    count = 0
    async with slack, launched(path) as browser:
        pages = {theme: await _page(browser, theme) for theme in THEMES}
        for name, view in pictures():
            if wanted and not name.startswith(wanted):
                continue
            for theme, page in pages.items():
                await _picture(page, slack, drawn(view), folder / f"{name}-{theme}.png")
                count += 1
    return count


async def _page(browser: Browser, theme: str) -> Page:
    return await browser.new_page(viewport=ROOM, color_scheme=theme, locale="en-US")


def _show(slack: SlackServer, made: Message | dict[str, Any]) -> str:
    """Put a message or a modal before the person; the selector of what is to be seen."""
    room, person = slack.team.channel_called("west"), slack.team.user_called("ana@acme.com")
    if isinstance(made, dict):
        put_view(slack, person.id, checked_view(slack, "views.open", made, "modal"))
        return "dialog.modal"
    content = {"text": made.text, "blocks": made.blocks}
    slack.check("chat.postMessage", content)
    slack.post(room.id, content, via="chat.postMessage")
    return "article.message"


async def _picture(
    page: Page, slack: SlackServer, made: Message | dict[str, Any], path: Path
) -> None:
    room, person = slack.team.channel_called("west"), slack.team.user_called("ana@acme.com")
    await page.goto("about:blank")
    slack.messages.clear()
    slack.views.clear()
    await page.goto(f"{slack.base_url}/#as={person.id}&in={room.id}")
    # A page that is loaded closes what was open.
    await page.locator("#room", has_text="west").wait_for()
    seen = page.locator(_show(slack, made))
    await seen.wait_for()
    await page.wait_for_timeout(CHARTS_MS)
    await seen.screenshot(path=path)


if __name__ == "__main__":
    found = chromium()
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if found is None:
        sys.exit("No Chromium here: install one, or name it in CHROMIUM.")
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    done = asyncio.run(take(found, folder, tuple(sys.argv[2:])))
    print(f"{done} pictures in {folder}")
