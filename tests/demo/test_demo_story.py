"""The demo's story, from the first look to the last step; and what its page costs and lacks."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, Page, ViewportSize, expect
from playwright.async_api import Error as PlaywrightError

from bot.__main__ import main
from bot.demo.once import StoryBroken, play
from bot.demo.run import GROUP, Demo, demo, open_monday, serve_demo
from tests.browser import type_in

PHONE: ViewportSize = {"width": 390, "height": 844}
ZOOMED: ViewportSize = {"width": 640, "height": 450}  # a desk's window at 200 %
TOO_SMALL = """() => [...document.querySelectorAll("button, select, input, textarea, summary")]
    .filter((node) => node.checkVisibility() && !node.matches("[type=checkbox], [type=radio]"))
    .filter((node) => node.offsetHeight < 44 || node.offsetWidth < 44)
    .map((node) => node.outerHTML)"""
# The part of the window's height in which messages are seen, beside all that stays in place.
MESSAGES = """() => {
    const stuck = document.querySelector("#examples");
    const isStuck = getComputedStyle(stuck).position === "sticky";
    const height = document.querySelector("#scroll").clientHeight;
    return (height - (isStuck ? stuck.offsetHeight : 0)) / innerHeight;
}"""
NOT_ANSWERED = re.compile("I don't|I didn't|I can't|You can see only|No session")
COMMAND_IS_ON_TOP = """() => {
    const top = (node) => node.getBoundingClientRect().top;
    const typed = [...document.querySelectorAll(".notice.typed")].at(-1);
    const above = top(typed) - top(document.querySelector("#scroll"));
    return above >= 0 && above < 40;
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here() -> AsyncIterator[Demo]:
    async with demo(monday=True) as here:
        await open_monday(here)
        yield here
        assert here.slack.problems == []


@pytest_asyncio.fixture(loop_scope="module")
async def page(context: BrowserContext, here: Demo) -> AsyncIterator[Page]:
    page = await context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await page.goto(here.url)
    yield page
    assert wrong == []


async def accessible(page: Page) -> None:
    """axe-core finds nothing on the page as it is."""
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.asyncio(loop_scope="module")
async def test_the_story_is_told_to_its_end(page: Page, here: Demo) -> None:
    story, log = page.get_by_role("region", name="Three steps to try"), page.get_by_role("log")
    await page.clock.install()
    await page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    # Whoever looked before the clock stood still looks no more.
    await page.goto("about:blank")
    here.slack.read.clear()
    await page.goto(here.url)
    # It is Monday, 9:00, and a coach's message is there.
    await expect(page.locator("#you")).to_contain_text(f"Jane SmithCoach of {GROUP}")
    await expect(page.locator("#clock")).to_contain_text(
        re.compile(r"^Monday, .*\s9:0\d AM Pacific Time$")
    )
    mine = log.get_by_role("article")
    await expect(mine).to_contain_text(" first")
    await expect(page.get_by_role("button", name="west-coast has new messages")).to_be_visible()
    # Whoever looks at it is reading it, and after a while has read it.
    await expect(story.get_by_role("listitem").first).to_contain_text("you are reading it")
    await page.clock.run_for(3_000)
    await expect(story.get_by_role("listitem").first).to_have_class("done")
    await expect(story.get_by_role("listitem").nth(1)).to_have_attribute("aria-current", "step")
    await page.clock.resume()
    await accessible(page)
    # A step of somebody else's says whom it makes one.
    await page.get_by_role("button", name="Liam Murphy Rep").click()
    await story.get_by_role("button", name="Be Jane").click()
    await expect(page.locator("#you")).to_contain_text("Jane Smith")
    await story.get_by_role("button", name="Find Liam").click()
    await expect(page.locator(".pointed")).to_contain_text("Liam Murphy")
    await page.keyboard.press("Enter")
    form = page.get_by_role("dialog", name="Nudge Liam")
    await form.get_by_role("button", name="Send", exact=True).click()
    await expect(log).to_contain_text("Sent to Liam Murphy.")
    # A new start of the page keeps what was done, and leads on to how it arrives.
    await page.reload()
    await expect(story.get_by_role("listitem").nth(1)).to_have_class("done")
    await story.get_by_role("button", name="Be Liam").click()
    await expect(page.locator("#you")).to_contain_text("Liam MurphyRep")
    await expect(log.get_by_role("article")).to_contain_text("a note from Jane Smith")
    await expect(story).to_contain_text("That’s all.")
    await accessible(page)
    # And then one is free.
    await story.get_by_role("button", name="Dismiss the steps").click()
    await expect(story).to_be_hidden()
    await page.reload()
    await expect(log.get_by_role("article")).to_contain_text("a note from Jane Smith")
    await expect(story).to_be_hidden()


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_offered_suits_whom_one_looks_as(page: Page, here: Demo) -> None:
    """Nothing that is offered is refused or misunderstood, unless it says so."""
    team, offered = here.slack.team, page.get_by_role("group", name="Try").get_by_role("button")
    for id_ in team.cast:
        person = team.users[id_]
        await page.locator(f"[data-person={id_}]").click()
        await expect(page.locator("#you")).to_contain_text(person.real_name)
        for at in range(len(here.examples(person))):
            articles = page.get_by_role("log").get_by_role("article")
            text, before = await offered.nth(at).inner_text(), await articles.count()
            await offered.nth(at).click()
            await expect(articles).to_have_count(before + 1)
            answer = articles.last
            await expect(answer).not_to_contain_text("Looking")
            if "typo" in text:
                await expect(answer.get_by_role("button", name="gold")).to_be_visible()
            elif "refused" in text:
                await expect(answer).to_contain_text("Guests can't see practice results")
            else:
                await expect(answer).not_to_contain_text(NOT_ANSWERED)
            await expect(page.locator("#you")).to_contain_text(person.real_name)


@pytest.mark.asyncio(loop_scope="module")
async def test_starting_over(context: BrowserContext, unused_tcp_port: int) -> None:
    stop = asyncio.Event()
    serving = asyncio.create_task(serve_demo(unused_tcp_port, stop))
    page = await context.new_page()
    try:
        while not page.url.startswith("http"):
            await asyncio.sleep(0.1)
            with suppress(PlaywrightError):  # it does not listen yet
                await page.goto(f"http://127.0.0.1:{unused_tcp_port}/")
        log, you = page.get_by_role("log"), page.locator("#you")
        await expect(log).to_contain_text(" first")
        await page.get_by_role("button", name="Liam Murphy Rep").click()
        await type_in(page, "/exec me")
        await expect(log).to_contain_text("No practice on record")
        before = await page.locator("#clock").inner_text()
        await page.get_by_role("button", name="Jump to Monday 9:00 AM").click()
        await expect(page.locator("#jumped")).to_contain_text("have arrived")
        await page.get_by_role("button", name="Start over").click()
        await expect(you).to_contain_text("Jane Smith", timeout=60_000)
        await expect(log).to_contain_text(" first")
        assert (await page.locator("#clock").inner_text()).split("\n")[0] == before.split("\n")[0]
        await page.get_by_role("button", name="Liam Murphy Rep").click()
        await expect(you).to_contain_text("Liam Murphy")
        await expect(log.get_by_role("article")).to_have_count(0)
    finally:
        stop.set()
        await serving


@pytest.mark.asyncio(loop_scope="module")
async def test_an_answer_is_shown_from_its_top(page: Page) -> None:
    await page.emulate_media(color_scheme="dark")
    await expect(page.get_by_role("log").get_by_role("article").first).to_be_visible()
    await type_in(page, f'/exec trend group:"{GROUP}" last 60d by week')
    await expect(page.locator(".chart-area svg").last).to_be_visible()
    await page.wait_for_function(COMMAND_IS_ON_TOP)
    # A chart of one thing names it once, and a week that runs is marked.
    answer = page.get_by_role("article").last
    chart = answer.locator(".chart-card", has_text="Sessions per week")
    await expect(chart.locator("figcaption")).to_have_text("Sessions per week")
    await expect(chart.locator(".legend, .axis", has_text="Sessions")).to_have_count(0)
    await expect(chart.locator("rect.running")).to_have_count(1)
    await expect(chart.locator(".axis", has_text="so far")).to_be_visible()
    await accessible(page)


@pytest.mark.asyncio(loop_scope="module")
async def test_on_a_phone_and_at_200_percent(page: Page, here: Demo) -> None:
    await page.set_viewport_size(ZOOMED)
    await expect(page.get_by_role("log").get_by_role("article").first).to_be_visible()
    assert await page.evaluate(MESSAGES) >= 0.6
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    await page.set_viewport_size(PHONE)
    await type_in(page, "/exec me")
    await page.get_by_role("button", name="Send me this every Monday").wait_for()
    assert await page.evaluate(MESSAGES) >= 0.6
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert await page.evaluate(TOO_SMALL) == []
    await accessible(page)
    await page.get_by_role("button", name="Menu").click()
    assert await page.evaluate(TOO_SMALL) == []
    await accessible(page)


@pytest.mark.asyncio(loop_scope="module")
async def test_it_is_played_without_a_browser(capsys: pytest.CaptureFixture[str]) -> None:
    await play()
    told = capsys.readouterr().out
    assert re.findall(r"(?m)^(\d)\. (.+)$", told) == [
        ("1", "Read who needs you"),
        ("2", "Nudge Liam"),
        ("3", "See it arrive as Liam"),
    ]
    assert told.startswith(f"It is Monday, 9:00 AM. You are Jane Smith, coach of {GROUP}.\n")
    assert "Liam Murphy: no practice on record." in " ".join(told.replace("|", "").split())
    assert "3 of 3 steps done" in told


def test_a_step_that_does_not_come_about_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> None:
        raise StoryBroken("no nudge came to Liam Murphy.")

    monkeypatch.setattr("bot.observe.logs.set_up", lambda *_, **__: None)  # for all that runs here
    monkeypatch.setattr("bot.demo.once.play", broken)
    assert main(["demo", "--once"]) == 1
    assert capsys.readouterr() == ("", "The demo does not work: no nudge came to Liam Murphy.\n")
