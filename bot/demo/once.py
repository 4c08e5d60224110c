"""The demo's three steps without a browser: plays them, and prints what people see."""

from __future__ import annotations

import asyncio
import sys
import textwrap

from bot.demo.block_rules import elements_of
from bot.demo.run import Demo, DemoStory, monday_demo
from bot.demo.slack_workspace import Message

WIDTH = 100
PATIENCE_SECONDS = 20.0


class StoryBroken(Exception):
    """A step didn't happen; says which, for the person who runs the demo."""


def run_once() -> int:
    """Play the steps; the exit code, 1 if one didn't happen."""
    from bot.observe.logs import set_up

    set_up("ERROR", "text", stream="stderr")

    async def play_one() -> None:
        async with monday_demo() as here:
            await play(here)

    try:
        asyncio.run(play_one())
    except (StoryBroken, TimeoutError) as error:
        print(f"The demo does not work: {str(error) or 'no answer came.'}", file=sys.stderr)
        return 1
    return 0


async def play(here: Demo) -> None:
    """Play the steps, and print what is seen. Raises StoryBroken, and TimeoutError if no answer
    comes."""
    story, slack = here.story, here.slack
    if story is None:
        raise StoryBroken("there is no story.")
    coach, rep = story.coach, story.rep
    _say(f"It is Monday, 9:00 AM. You are {coach.real_name}, {coach.role}.")
    titles = [step["title"] for step in await story.steps()]
    _say(f"\n1. {titles[0]}")
    _show(f"{slack.team.bot_name} wrote to you", story.mine)
    slack.mark_read(coach.id, story.mine.channel, story.mine.ts)

    _say(f"\n2. {titles[1]}")
    nudge = await _nudge(here, story)

    _say(f"\n3. {titles[2]}")
    _show(f"{rep.real_name}, {rep.role}, sees a direct message", nudge)
    slack.mark_read(rep.id, nudge.channel, nudge.ts)

    if undone := [step["title"] for step in await story.steps() if not step["done"]]:
        raise StoryBroken(f"this step is not done: {undone[0]}.")
    if slack.problems:
        raise StoryBroken(f"Slack would refuse a message: {slack.problems[0]}.")
    _say("\nThat's all: 3 of 3 steps done. To go on in a browser, leave out --once.")


async def _nudge(here: Demo, story: DemoStory) -> Message:
    """As the coach, send the nudge that is advised; returns the message that arrives."""
    slack, coach, mine = here.slack, story.coach, story.mine
    words = f"nudge {story.rep.real_name.split()[0].casefold()}"
    elements = (element for block in mine.blocks for element in elements_of(block))
    buttons = [each for each in elements if each["type"] == "button"]
    found = [each for each in buttons if words in each["text"]["text"].casefold()]
    if not found:
        raise StoryBroken(f"there is no button to {words}.")
    await slack.click(coach.id, mine, found[0]["action_id"])
    await here.bot.drain(PATIENCE_SECONDS)
    form = slack.views[coach.id]
    field = next(block for block in form.blocks if block["type"] == "input")
    note = field["element"]["initial_value"]
    _say(f"You press “{found[0]['text']['text']}”. A form opens:")
    _lines(note)
    ack = await slack.submit(coach.id, form.id, {field["block_id"]: note})
    answer = await slack.wait_for_message(coach.id, mine.channel, after=ack)
    _show("You press “Send”", answer)
    nudge = await story.nudge()
    if nudge is None:
        raise StoryBroken(f"no nudge came to {story.rep.real_name}.")
    return nudge


def _show(title: str, message: Message) -> None:
    _say(f"{title}:")
    _lines(message.text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def _lines(words: str) -> None:
    for line in words.splitlines():
        _say(textwrap.fill(line, WIDTH, initial_indent="  | ", subsequent_indent="  | "))


def _say(words: str) -> None:
    print(words, flush=True)
