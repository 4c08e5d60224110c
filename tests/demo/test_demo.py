"""The demo in a real browser, with the real bot."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, Page, ViewportSize, expect

from bot.__main__ import main
from bot.demo.once import StepFailed, do_steps
from bot.demo.run import monday_demo, run_demo, serve_demo
from bot.demo.slack_workspace import SlackMessage
from bot.demo.story import ADMIN, CHANNEL, GROUP, ZONE, Demo, DemoClock, next_monday
from tests.browser import chromium, launched, type_in

DESK: ViewportSize = {"width": 1100, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
ZOOMED: ViewportSize = {"width": 640, "height": 450}  # a desktop window at 200% zoom
WEEK = timedelta(days=7)
TOO_SMALL = """() => [...document.querySelectorAll("button, select, input, textarea, summary")]
    .filter((node) => node.checkVisibility() && (node.offsetHeight < 44 || node.offsetWidth < 44))
    .map((node) => node.outerHTML)"""
# The share of the window's height that messages have.
MESSAGES = """() => {
    const stuck = document.querySelector("#examples");
    const isStuck = getComputedStyle(stuck).position === "sticky";
    const height = document.querySelector("#scroll").clientHeight;
    return (height - (isStuck ? stuck.offsetHeight : 0)) / innerHeight;
}"""
OVERFLOWS = "document.documentElement.scrollWidth - innerWidth"
NOT_ANSWERED = re.compile("I don't|I didn't|I can't|can't find you|Guests can't|You can see only")
TYPO, OUTSIDERS = "/exec sessions glod", ("nora.quinn", "gina.guest")
COMMAND_IS_ON_TOP = """() => {
    const top = (node) => node.getBoundingClientRect().top;
    const typed = [...document.querySelectorAll(".notice.typed")].at(-1);
    if (!typed) return false;
    const above = top(typed) - top(document.querySelector("#scroll"));
    return above >= 0 && above < 40;
}"""
in_module = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Served:
    """The running demo of `execbot demo`; `next` gets a new one after each restart."""

    here: Demo
    next: asyncio.Queue[Demo]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(unused_tcp_port_factory: Callable[[], int]) -> AsyncIterator[Served]:
    stop, demos = asyncio.Event(), asyncio.Queue[Demo]()
    serving = asyncio.create_task(serve_demo(unused_tcp_port_factory(), stop, demos.put_nowait))
    yield Served(await demos.get(), demos)
    stop.set()
    await serving


@pytest.fixture
def here(served: Served) -> Iterator[Demo]:
    yield served.here
    assert served.here.slack.problems == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium here: install one, or name it in CHROMIUM, to test the page")
    async with launched(path) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, here: Demo) -> AsyncIterator[Page]:
    page = await browser.new_page(viewport=DESK, locale="en-US")
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await page.goto(here.url)
    await expect(page.get_by_role("log").get_by_role("article").first).to_be_visible()
    yield page
    await page.close()
    assert wrong == []


async def accessible(page: Page) -> None:
    """Assert that axe-core finds no violations on the page."""
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@in_module
async def test_the_three_steps(page: Page, here: Demo) -> None:
    steps, log = page.get_by_role("region", name="Three steps to try"), page.get_by_role("log")
    await page.clock.install()
    await page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    # The page from before the clock was paused must not mark messages as read.
    await page.goto("about:blank")
    here.slack.read.clear()
    await page.goto(here.url)
    await expect(page.locator("#you")).to_contain_text(f"Jane Smithcoach of {GROUP}")
    await expect(page.locator("#clock")).to_contain_text(
        re.compile(r"^Monday, .*\s9:0\d AM Pacific Time$")
    )
    await expect(log.get_by_role("article")).to_contain_text(" first")
    await expect(page.get_by_role("button", name="west-coast has new messages")).to_be_visible()
    await page.clock.run_for(3_000)
    await expect(steps.get_by_role("listitem").first).to_have_class("done")
    await page.clock.resume()
    await accessible(page)
    # A step for another user offers to switch to them.
    await page.get_by_role("button", name="Liam Murphy rep").click()
    await steps.get_by_role("button", name="Switch to Jane").click()
    await steps.get_by_role("button", name="Show me").click()
    await expect(page.locator(".pointed")).to_contain_text("Liam Murphy")
    await page.keyboard.press("Enter")
    form = page.get_by_role("dialog", name="Nudge Liam")
    await expect(form.get_by_role("textbox")).to_be_focused()
    await form.get_by_role("button", name="Send", exact=True).click()
    await expect(log).to_contain_text("Sent to Liam Murphy.")
    # Reloading the page keeps the progress.
    await page.reload()
    await expect(steps.get_by_role("listitem").nth(1)).to_have_class("done")
    await steps.get_by_role("button", name="Switch to Liam").click()
    await expect(log.get_by_role("article")).to_contain_text("a note from Jane Smith")
    await page.clock.fast_forward(3_000)
    await expect(steps).to_contain_text("All done!")
    await page.clock.fast_forward(10_000)
    await expect(steps).to_be_hidden()


@in_module
async def test_the_suggested_commands_get_answers(here: Demo) -> None:
    """All but the typo, and those of people who can't see anything."""
    team = here.slack.team
    for id_ in here.cast:
        person, dm = team.users[id_], team.dm_of(id_).id
        for line in here.examples(person):
            ack = await here.slack.command(id_, dm, *line.split(" ", 1))
            answer = await here.slack.wait_for_message(id_, dm, after=ack, timeout=30)
            while answer.text.startswith("Looking"):
                answer = await here.slack.wait_for_message(id_, dm, after=answer, timeout=30)
            is_rejected = bool(NOT_ANSWERED.search(answer.text.split("\n")[0]))
            assert is_rejected == (line == TYPO or person.name in OUTSIDERS), (person.name, line)


@in_module
async def test_reports_on_desktop_and_phone(page: Page, here: Demo) -> None:
    await page.set_viewport_size(PHONE)
    await page.get_by_role("button", name="Menu").click()
    await accessible(page)
    await page.locator(f"[data-person={here.slack.team.user_called(ADMIN).id}]").click()
    await page.set_viewport_size(DESK)
    await type_in(page, f'/exec trend group:"{GROUP}" last 60d by week')
    answer = page.get_by_role("log").get_by_role("article").last
    chart = answer.locator(".chart", has_text="Sessions per week")
    await page.wait_for_function(COMMAND_IS_ON_TOP)
    await expect(chart.locator("rect.running")).to_have_count(1)
    await chart.get_by_text("Show as table").click()
    await expect(chart.get_by_role("rowheader").last).to_contain_text("(so far)")
    await type_in(page, "/exec sessions last 7d")
    table = answer.locator(".card")
    cells = table.locator("tbody tr > :nth-child(4)")
    assert await cells.first.evaluate("(td) => getComputedStyle(td).textAlign") == "right"
    await answer.get_by_role("button", name="Share in…").click()
    form = page.get_by_role("dialog")
    channels = form.get_by_label("Channel").locator("option")
    await expect(channels.filter(has_text="west-coast")).to_have_count(1)
    await expect(channels.filter(has_text="globex")).to_have_count(0)  # shared with another company
    await page.keyboard.press("Escape")
    await expect(form).to_have_count(0)
    await page.get_by_role("switch", name="Dark mode").click()
    await accessible(page)
    for size in (ZOOMED, PHONE):
        await page.set_viewport_size(size)
        assert await page.evaluate(MESSAGES) >= 0.6
        assert await page.evaluate(OVERFLOWS) <= 0
    assert await page.evaluate(TOO_SMALL) == []
    await page.get_by_role("button", name="Menu").click()
    assert await page.evaluate(TOO_SMALL) == []


@in_module
async def test_the_page_accepts_only_local_requests(here: Demo) -> None:
    jane = here.slack.team.user_called("jane").id
    dm = here.slack.team.dm_of(jane).id
    async with httpx.AsyncClient(base_url=here.url) as http:
        assert (await http.get("/page/..%2fslack_page.py")).status_code == 404
        assert (await http.get("/page/none.js")).status_code == 404
        assert (await http.get("/demo/team", headers={"Host": "evil.test"})).status_code == 403
        form = await http.post("/demo/send", data={"as": jane, "text": "x"})
        assert form.status_code == 415
        wrong = await http.post("/demo/act", json={"as": jane, "where": "1.0", "action_id": "x"})
        assert (wrong.status_code, wrong.json()["ok"]) == (400, False)
        assert (await http.get("/demo/stream?as=U404")).status_code == 400
        typed = {"as": jane, "channel": dm, "text": "/what is this"}
        assert (await http.post("/demo/command", json=typed)).json() == {"ok": True}
    assert here.slack.notices[-1].text.startswith("/what is not a valid command")


@in_module
async def test_start_over_restarts_the_demo(
    page: Page, served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    log, you = page.get_by_role("log"), page.locator("#you")
    await page.get_by_role("button", name="Liam Murphy rep").click()
    await type_in(page, "/exec me")
    await expect(log).to_contain_text("No practice on record")
    await page.get_by_role("button", name="Start over").click()
    served.here = await served.next.get()
    await expect(you).to_contain_text("Jane Smith", timeout=60_000)
    await expect(log).to_contain_text(" first")
    await page.get_by_role("button", name="Liam Murphy rep").click()
    await expect(you).to_contain_text("Liam Murphy")
    await expect(log.get_by_role("article")).to_have_count(0)
    # The steps also run without a browser.
    await do_steps(served.here)
    said = capsys.readouterr().out
    assert re.findall(r"(?m)^(\d)\. (.+)$", said) == [
        ("1", "Read who needs you"),
        ("2", "Nudge Liam"),
        ("3", "See what Liam sees"),
    ]
    assert said.startswith(f"It's Monday, 9:00 AM. You are Jane Smith, coach of {GROUP}.\n")
    assert "Hi Liam, a note from Jane Smith:" in said


def test_a_failed_step_is_reported_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_: Demo) -> None:
        raise StepFailed("Liam Murphy got no nudge.")

    monkeypatch.setattr("bot.observe.logs.set_up", lambda *_, **__: None)  # it's global
    monkeypatch.setattr("bot.demo.once.monday_demo", nullcontext)
    monkeypatch.setattr("bot.demo.once.do_steps", fails)
    assert main(["demo", "--once"]) == 1
    assert capsys.readouterr().err == "The demo failed: Liam Murphy got no nudge.\n"


def test_a_port_in_use_is_reported_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.observe.logs.set_up", lambda *_: None)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert run_demo(port=port) == 1
    assert capsys.readouterr() == (
        "",
        f"Can't listen on port {port} (address already in use). "
        f"Try: execbot demo --port {port + 1}\n",
    )


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        pytest.param("2026-11-25T11:00", "2026-11-30T17:00", id="on a Wednesday"),
        pytest.param("2026-11-30T17:00", "2026-12-07T17:00", id="it is Monday nine"),
        pytest.param("2026-11-30T05:00", "2026-11-30T17:00", id="Sunday there, Monday in UTC"),
    ],
)
def test_next_monday(now: str, monday: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert next_monday(moment) == datetime.fromisoformat(monday).replace(tzinfo=UTC)


async def test_a_jump_stops_at_each_scheduled_message() -> None:
    here_is = ZoneInfo(ZONE)
    clock = DemoClock()
    clock.move_to(next_monday(clock()) + timedelta(days=2, hours=3))  # Wednesday, noon
    mondays = [next_monday(clock()) + weeks * WEEK for weeks in range(3)]
    async with monday_demo(clock=clock) as here:
        slack, team = here.slack, here.slack.team
        for _ in range(2):
            await here.jump()
        channel, dm = team.channel_called(CHANNEL).id, team.dm_of(team.user_called("jane").id).id

        def of(place: str) -> list[SlackMessage]:
            bot = team.bot_user_id
            return [post for post in slack.messages if (post.user, post.channel) == (bot, place)]

        async with asyncio.timeout(60):
            with slack.watch() as changed:
                while min(len(of(channel)), len(of(dm))) < 3:
                    changed.clear()
                    await changed.wait()
        assert timedelta() <= here.clock() - mondays[-1] < timedelta(hours=1)
        for place, early in ((channel, timedelta()), (dm, timedelta(minutes=30))):
            moments = [datetime.fromtimestamp(float(message.ts), here_is) for message in of(place)]
            assert [at.replace(second=0, microsecond=0) + early for at in moments] == mondays
            assert "comes late" not in str(of(place))
        assert [" practiced, " in message.text for message in of(channel)] == [True] * 3
        assert slack.problems == []
