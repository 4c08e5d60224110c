"""The demo's three steps without a browser: plays them, and prints what people see."""

from __future__ import annotations

import asyncio
import sys
import textwrap
from typing import TypeVar

from bot.sandbox.block_rules import elements_of
from bot.sandbox.demo import Demo, DemoStory, demo, open_monday
from bot.sandbox.slack_workspace import Json, Message, SlackUser

NUDGE, SEND = "nudge", "send"  # in the words of what is pressed
WIDTH = 100
PATIENCE_SECONDS = 20.0

T = TypeVar("T")


class StoryBroken(Exception):
    """A step did not come about; says which, for whoever runs the demo."""


def run_once() -> int:
    """Play the steps; the exit code, 1 where one did not come about."""
    from bot.observe.logs import set_up

    set_up("ERROR", "text", stream="stderr")
    try:
        asyncio.run(play())
    except StoryBroken as error:
        print(f"The demo does not work: {error}", file=sys.stderr)
        return 1
    return 0


async def play() -> None:
    """Play the steps in a demo of their own, and print what is seen. Raises StoryBroken."""
    async with demo(monday=True) as here:
        story = await open_monday(here)
        team, coach = here.slack.team, story.coach
        _say(f"It is Monday, 9:00 AM. You are {coach.real_name}, {coach.role}.")
        mine = _there(story.of_coach(), f"no message came to {coach.real_name}.")
        titles = [step["title"] for step in await story.steps() or []]
        _say(f"\n1. {titles[0]}")
        _show(f"{team.bot_name} wrote to you", mine)
        here.slack.mark_read(coach.id, mine.channel, mine.ts)

        _say(f"\n2. {titles[1]}")
        nudge = await _nudge(here, story, mine)

        _say(f"\n3. {titles[2]}")
        _show(f"{story.rep.real_name}, {story.rep.role}, sees a direct message", nudge)
        here.slack.mark_read(story.rep.id, nudge.channel, nudge.ts)
        await _finish(here, story)


async def _nudge(here: Demo, story: DemoStory, mine: Message) -> Message:
    """As the coach, send whom they are advised to a nudge; the message that arrives."""
    coach, rep = story.coach, story.rep
    nudge_button = _button(mine, f"{NUDGE} {rep.real_name.split()[0].casefold()}")
    preview = await _press(here, coach, mine, nudge_button)
    _show(f"You press “{nudge_button['text']['text']}”", preview)
    send = _button(preview, SEND)
    _show(f"You press “{send['text']['text']}”", await _press(here, coach, preview, send))
    return _there(await story.nudge(), f"no nudge came to {rep.real_name}.")


def _there(found: T | None, otherwise: str) -> T:
    """What was found; StoryBroken says what is `otherwise`."""
    if found is None:
        raise StoryBroken(otherwise)
    return found


async def _press(here: Demo, user: SlackUser, message: Message, element: Json) -> Message:
    ack = await here.slack.click(user.id, message, element["action_id"])
    try:
        return await here.slack.wait_for_message(
            user.id, message.channel, after=ack, timeout=PATIENCE_SECONDS
        )
    except TimeoutError:
        raise StoryBroken(f"no answer came to the press of {element['action_id']}.") from None


def _button(message: Message, words: str) -> Json:
    """The button of a message that these words are on."""
    all_ = (element for block in message.blocks for element in elements_of(block))
    pressed = (each for each in all_ if each["type"] == "button")
    found = (each for each in pressed if words in each["text"]["text"].casefold())
    return _there(next(found, None), f"there is no button to {words}.")


async def _finish(here: Demo, story: DemoStory) -> None:
    undone = [step["title"] for step in await story.steps() or [] if not step["done"]]
    if undone:
        raise StoryBroken(f"this step is not done: {undone[0]}.")
    if here.slack.problems:
        raise StoryBroken(f"Slack would refuse a message: {here.slack.problems[0]}.")
    _say("\nThat's all: 3 of 3 steps done. To go on in a browser, leave out --once.")


def _show(title: str, message: Message) -> None:
    words = message.text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    _say(f"{title}:")
    for line in words.splitlines():
        _say(textwrap.fill(line, WIDTH, initial_indent="  | ", subsequent_indent="  | "))


def _say(words: str) -> None:
    print(words, flush=True)
