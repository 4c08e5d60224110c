"""Monday morning in the demo: the control on its page, and what comes by the clock then."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp
import pytest
import pytest_asyncio
import sqlalchemy as sa
from playwright.async_api import BrowserContext, expect

from bot.demo.run import ADMIN, ZONE, Demo, demo, next_monday, settle_in, subscribe
from bot.demo.slack_workspace import Message
from bot.outbox import Kind, State
from bot.storage.tables import delivery

pytestmark = pytest.mark.asyncio(loop_scope="module")

HERE = ZoneInfo(ZONE)
WEEK = timedelta(days=7)


@pytest_asyncio.fixture(loop_scope="module")
async def here() -> AsyncIterator[Demo]:
    """The demo on a Wednesday noon."""
    async with demo() as here:
        now = here.jump.clock()
        wednesday = next_monday(now, ZONE) + timedelta(days=2, hours=3)
        here.world.live_on(now, wednesday)
        here.jump.clock.move_to(wednesday)
        await settle_in(here.bot, here.world)
        await subscribe(here.bot, here.world, here.slack.team, ADMIN)
        yield here
        assert here.slack.problems == []
        assert [each for each in here.exec_server.requests if each.status != 200] == []


def digests(here: Demo) -> list[Message]:
    return posts(here, here.slack.team.channel_called("west-coast").id)


def to_jane(here: Demo) -> list[Message]:
    team = here.slack.team
    return posts(here, team.dm_of(team.user_called("jane@acme.com").id).id)


def posts(here: Demo, channel: str) -> list[Message]:
    bot = here.slack.team.bot_user_id
    return [each for each in here.slack.messages if (each.user, each.channel) == (bot, channel)]


async def arrived(here: Demo, count: int) -> None:
    """Wait until there are so many digests, and messages to the coach."""
    with here.slack.watch() as event:
        async with asyncio.timeout(100):
            while min(len(digests(here)), len(to_jane(here))) < count:
                await event.wait()
                event.clear()


def at(message: Message) -> datetime:
    """When a message says that it was sent, to the minute, in the zone of the digest."""
    return datetime.fromtimestamp(float(message.ts), HERE).replace(second=0, microsecond=0)


def days(monday: datetime) -> str:
    """The week before a Monday, as a message has it: "November 23 – 29"."""
    first, last = monday - WEEK, monday - timedelta(days=1)
    month = "" if first.month == last.month else f"{last:%B} "
    return f"{first:%B} {first.day} – {month}{last.day}"


async def press(here: Demo) -> datetime:
    """Press the control; where it came to."""
    body = {"as": here.slack.team.user_called(ADMIN).id}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{here.url}demo/jump", json=body) as answer,
    ):
        assert answer.status == 200
        told = await answer.json()
    assert (told["ok"], told["zone"]) == (True, ZONE)
    return datetime.fromisoformat(told["at"]).astimezone(HERE)


async def states(here: Demo) -> dict[str, int]:
    """What became of all that fell due."""
    query = (
        sa.select(delivery.c.state, sa.func.count())
        .where(delivery.c.kind == Kind.SCHEDULED)
        .group_by(delivery.c.state)
    )
    async with asyncio.timeout(100):
        while True:
            async with here.bot.db.transaction(reads=True) as connection:
                found = {row[0]: row[1] for row in await connection.execute(query)}
            # A message is seen a moment before the ledger knows.
            if not found.keys() & {State.DUE, State.POSTING}:
                return found
            await asyncio.sleep(0.05)


async def test_three_mondays_bring_each_message_once(here: Demo) -> None:
    mondays = []
    for number in range(1, 4):
        mondays.append(await press(here))
        await arrived(here, number)
    assert [monday - mondays[0] for monday in mondays] == [0 * WEEK, 1 * WEEK, 2 * WEEK]
    scheduled, coached = digests(here), to_jane(here)
    assert list(map(at, scheduled)) == mondays
    assert list(map(at, coached)) == [each - timedelta(minutes=30) for each in mondays]
    for monday, digest, message in zip(mondays, scheduled, coached, strict=True):
        assert digest.text.startswith(f"West Coast, practice {days(monday)}\n")
        assert f"\nYour people, {days(monday)}, " in message.text
        assert " practiced, " in digest.text  # the skipped days have sessions
        assert "comes late" not in digest.text + message.text
    assert await states(here) == {State.SENT: 6}


async def test_the_control_on_the_page(here: Demo, context: BrowserContext) -> None:
    team = here.slack.team
    ana = team.user_called("ana@acme.com")
    room = team.channel_called("west-coast")
    page = await context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await page.goto(f"{here.url}#as={ana.id}&in={room.id}")
    now = here.bot.clock().astimezone(ZoneInfo("America/New_York"))
    await expect(page.locator("#clock")).to_contain_text(f"{now:%A}, {now:%B} {now.day}")
    await expect(page.locator("#clock")).to_contain_text(" Eastern Time")
    button = page.get_by_role("button", name="Jump to Monday 9:00 AM")
    await expect(button).to_have_accessible_description(re.compile("^Moves the demo ahead"))
    await button.click()
    said = page.get_by_text("The week’s digest and messages have arrived.")
    await expect(said).to_be_visible()
    monday = here.bot.clock().astimezone(HERE)
    ending = {1: "st", 2: "nd", 3: "rd"}.get(0 if 10 < monday.day < 20 else monday.day % 10, "th")
    day = f"Monday, {monday:%B} {monday.day}{ending}"
    assert f"It is {day}, 9:00 AM Pacific Time (12:00 PM Eastern Time)." in await said.inner_text()
    await expect(page.locator("#clock")).to_contain_text(f"{day}, 12:00 PM Eastern Time")
    log = page.get_by_role("log")
    await expect(log.get_by_role("article")).to_have_count(1)
    await expect(log.get_by_role("article").last).to_contain_text(f"practice {days(monday)}")
    await expect(log.get_by_role("article").last).to_have_attribute("data-day", day)
    assert await log.locator("time").last.inner_text() == "12:00 PM"
    await page.get_by_role("button", name="Jane Smith").click()
    await page.get_by_role("button", name="Exec APP").click()
    message = log.get_by_role("article").filter(has_text=f"Your people, {days(monday)}")
    assert await message.locator("time").inner_text() == "8:30 AM"
    await expect(page.locator("#clock")).to_contain_text(f"{day}, 9:00 AM Pacific Time")
    await page.set_viewport_size({"width": 390, "height": 900})
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert wrong == []
