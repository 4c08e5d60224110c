"""The demo's page in a real Chromium, against a tiny bot of its own."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import BrowserContext, Page, expect

from bot.demo.slack_server import SlackServer
from bot.demo.slack_workspace import SlackTeam
from tests.browser import type_in

pytestmark = pytest.mark.asyncio(loop_scope="module")


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def button(action_id: str, text: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "value": "q_1", "text": plain(text), **more}


def options(*names: str) -> list[dict[str, Any]]:
    return [{"text": plain(name), "value": name.lower()} for name in names]


def sessions_table() -> dict[str, Any]:
    raw = [("Thu 19 Mar", "Procurement Discovery", 94.5), ("Wed 18 Mar", "Cold Call Opener", 9)]
    raw += [(f"Tue {day} Mar", "Renewal Save", 60.5 + day) for day in range(1, 11)]
    rows: list[list[dict[str, Any]]] = [
        [{"type": "raw_text", "text": head} for head in ("When", "Scenario", "Score", "Lift")]
    ]
    for when, scenario, score in raw:
        figure = {"type": "raw_number", "value": score, "text": f"{score:g}"}
        # A first attempt has no lift.
        lift = {**figure, "value": 2} if score > 9 else {"type": "raw_text", "text": "–"}
        said = [{"type": "raw_text", "text": each} for each in (when, scenario)]
        rows.append([*said, figure, lift])
    return {
        "type": "data_table",
        "caption": "Sessions of Jane Smith, 13 to 20 March",
        "page_size": 5,
        "row_header_column_index": 1,
        "rows": rows,
    }


def chart(kind: str, *names: str) -> dict[str, Any]:
    weeks = ["26 Jan", "2 Feb", "9 Feb", "16 Feb", "23 Feb", "2 Mar", "9 Mar"]
    values = [18, 22, 31, 27, 35, 29, 41]
    series = [
        {
            "name": name,
            "data": [
                {"label": week, "value": value - 9 * at}
                for week, value in zip(weeks, values, strict=True)
            ],
        }
        for at, name in enumerate(names)
    ]
    axes = {"categories": weeks, "x_label": "Week of", "y_label": "Sessions"}
    return {
        "type": "data_visualization",
        "title": f"Sessions per week ({kind})",
        "chart": {"type": kind, "series": series, "axis_config": axes},
    }


WORDS = (
    "*4 sessions*   _Jane_ ~Smith~ `gold` <https://example.test/a?b=1&amp;c=2|a link> <@U1001>"
    " :first_place_medal: 4 &lt;b&gt;no markup&lt;/b&gt;\n> quoted\n```fixed   width```"
)
MORE = {"type": "overflow", "action_id": "more", "options": options("See", "Snooze")}
CONFIRM = {
    "title": plain("Share it?"),
    "text": mrkdwn("Everybody in the channel *will see* this."),
    "confirm": plain("Share"),
    "deny": plain("Not now"),
}
OPEN = [button("open", "Your week")]
EVERYTHING: list[dict[str, Any]] = [
    {"type": "header", "text": plain("West Coast  ·  practice 9 – 15 March")},
    {"type": "section", "text": mrkdwn(WORDS), "accessory": MORE},
    {
        "type": "section",
        "fields": [
            mrkdwn("*Sessions*\n41   (up 12 from 29)"),
            mrkdwn("*Practice time*\n5 h 12 min   (up 42 min)"),
            mrkdwn("*Average score*\n78.2   (up 2.1, 37 valid attempts)"),
            mrkdwn("*Ranks*\n:first_place_medal: 8   :second_place_medal: 17"),
        ],
    },
    sessions_table(),
    {"type": "divider"},
    chart("bar", "Sessions"),
    chart("line", "Sessions", "People"),
    {
        "type": "actions",
        "elements": [
            button("share", "Share in channel", confirm=CONFIRM),
            button("replace", "Refresh", style="primary"),
            {
                "type": "static_select",
                "action_id": "rank",
                "placeholder": plain("Any rank"),
                "options": options("Gold", "Silver"),
            },
            *OPEN,
        ],
    },
    {"type": "context", "elements": [mrkdwn("As of 10:00  ·  `/exec help` shows how")]},
]


def entry(block_id: str, label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    element = {"action_id": block_id, **element}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        **more,
    }


FORM = {
    "type": "modal",
    "title": plain("Your week"),
    "submit": plain("Show"),
    "close": plain("Cancel"),
    "blocks": [
        entry("name", "Name", {"type": "plain_text_input"}),
        entry(
            "ranks",
            "Ranks",
            {"type": "checkboxes", "options": options("Gold", "Silver", "Bronze")},
            optional=True,
        ),
        entry("order", "Order", {"type": "static_select", "options": options("Best", "Newest")}),
        entry(
            "only",
            "Attempts",
            {"type": "checkboxes", "options": options("Valid", "Invalid")},
            optional=True,
        ),
        entry("since", "Since", {"type": "datepicker", "initial_date": "2026-03-13"}),
        entry("at", "At", {"type": "timepicker", "initial_time": "08:45"}),
    ],
}


class TinyBot:
    """Answers commands with every block, opens the form, refuses the name Zed."""

    def __init__(self, slack: SlackServer, session: aiohttp.ClientSession) -> None:
        self.slack, self.session = slack, session
        self.payloads: list[dict[str, Any]] = []
        self.tasks: set[asyncio.Task[None]] = set()

    async def handle(self, request: web.Request) -> web.Response:
        if request.content_type == "application/json":
            event = (await request.json())["event"]
            home = {
                "type": "home",
                "blocks": [EVERYTHING[0], {"type": "actions", "elements": OPEN}],
            }
            self.soon(self.call("views.publish", {"user_id": event["user"], "view": home}))
            return web.Response()
        form = parse_qs(await request.text())
        if "payload" not in form:
            return self.command({name: values[0] for name, values in form.items()})
        payload = json.loads(form["payload"][0])
        self.payloads.append(payload)
        if payload["type"] == "view_submission":
            return self.submission(payload["view"]["state"]["values"])
        action = payload["actions"][0]["action_id"]
        if action == "open":
            self.soon(self.open(payload["trigger_id"]))
        elif action == "replace":
            self.soon(self.send(payload["response_url"], "refreshed", replace_original=True))
        else:
            self.soon(self.send(payload["response_url"], f"pressed {action}"))
        return web.Response()

    def command(self, command: dict[str, str]) -> web.Response:
        text = command.get("text", "")
        if text == "broken":
            return web.Response(status=500)
        if text == "form":
            self.soon(self.open(command["trigger_id"]))
        else:
            blocks = EVERYTHING if text == "all" else []
            self.soon(self.send(command["response_url"], f"heard {text}", blocks=blocks))
        return web.Response()

    def submission(self, values: dict[str, Any]) -> web.Response:
        if values["name"]["name"]["value"] == "Zed":
            errors = {"name": "Nobody is called Zed."}
            return web.json_response({"response_action": "errors", "errors": errors})
        return web.Response()

    def soon(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def send(self, url: str, text: str, **more: Any) -> None:
        async with self.session.post(url, json={"text": text, **more}) as answer:
            assert answer.status == 200, self.slack.problems

    async def open(self, trigger_id: str) -> None:
        await self.call("views.open", {"trigger_id": trigger_id, "view": FORM})

    async def call(self, method: str, body: dict[str, Any]) -> None:
        headers = {"Authorization": "Bearer xoxb-page"}
        url = f"{self.slack.api_url}{method}"
        async with self.session.post(url, json=body, headers=headers) as answer:
            assert (await answer.json())["ok"], self.slack.problems


@pytest_asyncio.fixture(loop_scope="module")
async def slack() -> AsyncIterator[SlackServer]:
    team = SlackTeam.from_people(
        [
            ("Jane Smith", "jane@acme.test", "rep"),
            ("Bob Jones", "bob@acme.test", "rep"),
            ("Priya Nair", "priya@acme.test", "rep"),
            ("Maria Silva", "maria@acme.test", "manager"),
            ("Ada Admin", "ada@acme.test", "admin"),
        ],
        channels={"sales-practice": None, "west-coast": ["Jane Smith", "Maria Silva"]},
    )
    async with SlackServer(
        team,
        clock=lambda: datetime.now(UTC),
        signing_secret="s",
        bot_token="xoxb-page",
        app_token="xapp-page",
    ) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def bot(slack: SlackServer) -> AsyncIterator[TinyBot]:
    async with aiohttp.ClientSession() as session:
        bot = TinyBot(slack, session)
        app = web.Application()
        app.router.add_post("/slack/events", bot.handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        yield bot
        await asyncio.gather(*bot.tasks)
        await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="module")
async def page(context: BrowserContext, slack: SlackServer, bot: TinyBot) -> AsyncIterator[Page]:
    page = await context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await page.goto(f"{slack.base_url}/#as=U1004")  # Maria
    await expect(page.locator("#channels button")).to_have_count(3)
    yield page
    assert wrong == []


async def column(page: Page, number: int) -> list[str]:
    """What stands in one column of the data table."""
    cells = page.locator(".table-card").first.locator(f"tbody tr > :nth-child({number})")
    return await cells.all_inner_texts()


async def test_answer_and_table(page: Page) -> None:
    await type_in(page, "/exec all")
    log = page.get_by_role("log")
    await expect(log.get_by_text("Only visible to you")).to_be_visible()
    await expect(log.get_by_role("link", name="a link")).to_have_attribute(
        "href", "https://example.test/a?b=1&c=2"
    )
    await expect(log).to_contain_text("<b>no markup</b>")
    await expect(log.locator("strong", has_text="4 sessions")).to_be_visible()
    await expect(log.locator("th[scope=row]").first).to_have_text("Procurement Discovery")

    assert len(await column(page, 1)) == 5
    assert (await column(page, 3))[:3] == ["94.5", "9", "61.5"]
    # Figures stand to the right, also in a column where one is missing.
    for place in (3, 4):
        cells = log.locator(f"tbody tr td:nth-child({place})")
        aligned = await cells.evaluate_all("all => all.map((td) => getComputedStyle(td).textAlign)")
        assert set(aligned) == {"right"}
    score = log.get_by_role("button", name="Score")
    await score.click()
    assert (await column(page, 3))[:2] == ["9", "61.5"]
    await score.click()
    assert (await column(page, 3))[:2] == ["94.5", "70.5"]
    await expect(log.locator("th[aria-sort]")).to_have_attribute("aria-sort", "descending")

    await log.get_by_role("button", name="Next").click()
    await log.get_by_role("button", name="Next").click()
    await expect(log.get_by_role("status")).to_have_text("11–12 of 12")
    await expect(log.get_by_role("button", name="Previous")).to_be_focused()
    await log.get_by_role("searchbox").fill("cold call")
    await expect(log.get_by_role("status")).to_have_text("1–1 of 1 (filtered from 12)")
    assert await column(page, 2) == ["Cold Call Opener"]

    toggle = log.get_by_role("button", name="Show as table").first
    await toggle.click()
    await expect(
        log.get_by_role("group", name="Sessions per week (bar), as a table")
    ).to_be_visible()
    # One switch shows it under every message.
    sent = log.locator(".sent")
    await expect(sent).to_be_hidden()
    await page.get_by_role("switch", name="What the bot sent").click()
    await expect(sent).to_contain_text('"row_header_column_index": 1')


async def test_buttons_menus_confirm(page: Page, bot: TinyBot, slack: SlackServer) -> None:
    await type_in(page, "/exec all")
    share = page.get_by_role("button", name="Share in channel")
    await share.click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Not now").click()
    await expect(share).to_be_focused()
    assert bot.payloads == []
    await share.click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Share").click()
    await expect(page.get_by_role("log")).to_contain_text("pressed share")

    # A menu is named for its row.
    more = page.get_by_role("button", name="More actions: 4 sessions")
    await more.focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitem", name="See")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(more).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("pressed more")
    assert bot.payloads[-1]["actions"][0]["selected_option"]["value"] == "snooze"

    await page.get_by_role("button", name="Any rank").click()
    await page.get_by_role("menuitemradio", name="Silver").click()
    await expect(page.get_by_role("log")).to_contain_text("pressed rank")

    await page.get_by_role("button", name="Refresh").click()
    await expect(page.get_by_role("log")).to_contain_text("refreshed")
    await expect(page.locator(".header")).to_have_count(0)


async def test_modal(page: Page, bot: TinyBot, slack: SlackServer) -> None:
    await type_in(page, "/exec form")
    modal = page.get_by_role("dialog", name="Your week")
    name = modal.get_by_label("Name")
    await expect(name).to_be_focused()
    await modal.get_by_role("button", name="Show").click()
    await expect(modal.get_by_text("Please complete this required field.")).to_have_count(2)
    await name.fill("Zed")
    await modal.get_by_label("Order").select_option("Newest")
    await modal.get_by_label("Gold").check()
    await modal.get_by_label("Valid", exact=True).check()
    await modal.get_by_label("Since").fill("2026-03-01")
    at = modal.get_by_role("combobox", name="At")
    await expect(at.locator("option:checked")).to_have_text("8:45 AM")
    await at.select_option("9:30 AM")
    await modal.get_by_role("button", name="Show").click()
    await expect(modal.get_by_text("Nobody is called Zed.")).to_be_visible()
    await expect(name).to_be_focused()
    await expect(name).to_have_attribute("aria-invalid", "true")
    await name.fill("Jane")
    await page.keyboard.press("Enter")
    await expect(modal).to_have_count(0)
    values = bot.payloads[-1]["view"]["state"]["values"]
    assert values["name"]["name"]["value"] == "Jane"
    assert values["order"]["order"]["selected_option"]["value"] == "newest"
    assert [each["value"] for each in values["ranks"]["ranks"]["selected_options"]] == ["gold"]
    assert values["since"]["since"]["selected_date"] == "2026-03-01"
    assert values["at"]["at"]["selected_time"] == "09:30"
    # A modal ends with the page that shows it.
    await type_in(page, "/exec form")
    await expect(modal).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("log").get_by_text("/exec form")).to_have_count(2)
    await expect(modal).to_have_count(0)
    assert slack.open_view("U1004") is None


async def test_keyboard_only(page: Page, slack: SlackServer) -> None:
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#composer")).to_be_focused()
    await page.keyboard.type("/exec form")
    await page.keyboard.press("Enter")
    modal = page.get_by_role("dialog")
    await expect(modal).to_be_visible()
    for _ in range(20):
        await page.keyboard.press("Tab")
        inside = (
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
        assert await page.evaluate(inside)
    await page.keyboard.press("Escape")
    await expect(modal).to_have_count(0)
    await expect(page.locator("#composer")).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(page.locator("#composer")).to_have_value("/exec form")
    assert slack.views == {}


async def test_what_is_typed_is_completed(page: Page, slack: SlackServer) -> None:
    slack.team.add_usergroup("joiners", [])
    await page.reload()
    box, offered = page.locator("#composer"), page.get_by_role("option")
    await box.focus()
    await page.keyboard.type("/e")
    await expect(offered).to_have_text(["/exec"])
    await page.keyboard.press("Tab")
    await expect(box).to_have_value("/exec ")
    await page.keyboard.type("prep @j")
    await expect(offered).to_have_text(
        [re.compile("Jane Smith@jane$"), re.compile("Bob Jones@bob$"), re.compile("@joiners$")]
    )
    await page.keyboard.press("ArrowDown")
    await expect(offered.nth(1)).to_have_attribute("aria-selected", "true")
    chosen = await offered.nth(1).get_attribute("id")
    await expect(box).to_have_attribute("aria-activedescendant", str(chosen))
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("/exec prep @bob ")
    await expect(offered).to_have_count(0)
    await page.keyboard.type("and @pri")
    await offered.click()
    await expect(box).to_have_value("/exec prep @bob and @priya ")
    # Escape leaves what was typed; what stands there in full is sent.
    await box.fill("/exec @j")
    await page.keyboard.press("Escape")
    await expect(offered).to_have_count(0)
    await expect(box).to_have_value("/exec @j")
    await type_in(page, "/exec @jane")
    await expect(page.get_by_role("log")).to_contain_text("heard @Jane Smith")
