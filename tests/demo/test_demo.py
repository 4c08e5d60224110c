"""The demo as a newcomer meets it: the real bot, in a real browser."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect

from bot.demo.run import Demo, demo, run_demo
from tests.browser import type_in


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here() -> AsyncIterator[Demo]:
    async with demo() as here:
        yield here
        assert here.slack.problems == []


@pytest_asyncio.fixture(loop_scope="module")
async def page(context: BrowserContext, here: Demo) -> AsyncIterator[Page]:
    """The page, as Ana, an admin, in #west-coast, where nothing was said yet."""
    here.slack.messages.clear()
    here.slack.notices.clear()
    page = await context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    team = here.slack.team
    ana, room = team.user_called("ana@acme.com"), team.channel_called("west-coast")
    await page.goto(f"{here.url}#as={ana.id}&in={room.id}")
    await expect(page.locator("#room")).to_have_text("# west-coast")
    yield page
    assert wrong == []


@pytest.mark.asyncio(loop_scope="module")
async def test_a_mention_a_direct_message_and_the_home_tab(page: Page, here: Demo) -> None:
    log = page.get_by_role("log")
    await type_in(page, "@Exec who improved most this month?")
    await expect(log.get_by_text("Only visible to you")).to_be_visible()
    await expect(log.get_by_role("article").last).to_contain_text("New personal bests")
    await page.get_by_role("button", name="Exec APP").click()
    await type_in(page, "how is west coast doing?")
    await expect(log.get_by_role("article").last).to_contain_text(" practiced, ")
    await expect(log.get_by_text("Only visible to you")).to_have_count(0)
    await page.get_by_role("button", name="Home", exact=True).click()
    await expect(page.locator("#home").get_by_role("heading", name="Settings")).to_be_visible()
    await expect(log).to_be_hidden()


def test_what_runs_imports_nothing_of_it() -> None:
    names = "import sys, bot.__main__, bot.app, bot.serve; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", names], capture_output=True, text=True, check=True)
    loaded = run.stdout.split()
    assert "bot.handlers" in loaded
    assert [each for each in loaded if each.startswith("bot.demo")] == []


def test_a_port_that_is_taken_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.observe.logs.set_up", lambda *_: None)  # for all that runs here
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert run_demo(port=port) == 1
    assert capsys.readouterr() == (
        "",
        f"I can't listen on port {port} (address already in use). Try: demo --port {port + 1}\n",
    )
