"""The demo's three steps without a browser: plays them, and prints what people see."""

from __future__ import annotations

import asyncio
import sys
import textwrap
from typing import TypeVar

from bot.demo.block_rules import elements_of
from bot.demo.run import Demo, DemoStory, demo, open_monday
from bot.demo.slack_workspace import Ack, Json, Message, SlackUser, View

NUDGE = "nudge"  # in the words of what is pressed
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
    await here.slack.click(coach.id, mine, nudge_button["action_id"])
    form, field = await _form(here, coach)
    words = field["element"]["initial_value"]
    _say(f"You press “{nudge_button['text']['text']}”. A form opens:")
    _say(textwrap.fill(words, WIDTH, initial_indent="  | ", subsequent_indent="  | "))
    ack = await here.slack.submit(coach.id, form.id, {field["block_id"]: words})
    _show("You press “Send”", await _answer(here, coach, mine.channel, ack))
    return _there(await story.nudge(), f"no nudge came to {rep.real_name}.")


def _there(found: T | None, otherwise: str) -> T:
    """What was found; StoryBroken says what is `otherwise`."""
    if found is None:
        raise StoryBroken(otherwise)
    return found


async def _form(here: Demo, user: SlackUser) -> tuple[View, Json]:
    """The form that opens for somebody, and its field."""
    try:
        with here.slack.watch() as changed:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    view = here.slack.open_view(user.id)
                    for block in view.blocks if view is not None else ():
                        if view is not None and block["type"] == "input":
                            return view, block
                    changed.clear()
                    await changed.wait()
    except TimeoutError:
        raise StoryBroken("no form opened.") from None


async def _answer(here: Demo, user: SlackUser, channel: str, after: Ack) -> Message:
    try:
        return await here.slack.wait_for_message(
            user.id, channel, after=after, timeout=PATIENCE_SECONDS
        )
    except TimeoutError:
        raise StoryBroken("no answer came to the form.") from None


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
