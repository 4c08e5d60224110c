"""The demo in a terminal: does its three steps and prints what each person sees."""

from __future__ import annotations

import asyncio
import sys
import textwrap

from bot.demo.block_rules import elements_of
from bot.demo.run import monday_demo
from bot.demo.slack_workspace import SlackMessage
from bot.demo.story import Demo

WIDTH = 100
ANSWER_SECONDS = 20.0


class StepFailed(Exception):
    """A step of the demo failed; the message says why, for the person who runs it."""


def run_once() -> int:
    """Do the steps; returns the exit code, 1 if one failed."""
    from bot.observe.logs import set_up

    set_up("ERROR", "text", stream="stderr")

    async def run() -> None:
        async with monday_demo() as demo:
            await do_steps(demo)

    try:
        asyncio.run(run())
    except (StepFailed, TimeoutError) as error:
        print(f"The demo failed: {str(error) or 'the bot did not answer.'}", file=sys.stderr)
        return 1
    return 0


async def do_steps(demo: Demo) -> None:
    """Do the steps and print what people see. Raises StepFailed, and TimeoutError if the bot
    doesn't answer."""
    slack, coach, message = demo.slack, demo.coach, demo.coach_messages[0]
    steps = await demo.steps()
    _say(f"It's Monday, 9:00 AM. You are {coach.real_name}, {coach.role}.")
    _say(f"\n1. {steps[0]['title']}")
    _show(f"{slack.team.bot_name} sends you a direct message", message)
    slack.mark_read(coach.id, message.channel, message.ts)

    _say(f"\n2. {steps[1]['title']}")
    nudge = await _nudge(demo, message, name=steps[1]["find"])

    _say(f"\n3. {steps[2]['title']}")
    rep = slack.team.users[steps[2]["as"]]
    _show(f"{rep.real_name}, {rep.role}, gets a direct message", nudge)
    slack.mark_read(rep.id, nudge.channel, nudge.ts)

    if undone := [step["title"] for step in await demo.steps() if not step["done"]]:
        raise StepFailed(f"step “{undone[0]}” isn't done.")
    if slack.problems:
        raise StepFailed(f"Slack would reject a message: {slack.problems[0]}.")
    _say("\nAll 3 steps are done. To try the demo in a browser, run it without --once.")


async def _nudge(demo: Demo, message: SlackMessage, *, name: str) -> SlackMessage:
    """Send the nudge that the coach's message suggests; returns what the rep gets."""
    slack, coach = demo.slack, demo.coach
    label = f"Nudge {name.split()[0]}"
    elements = [element for block in message.blocks for element in elements_of(block)]
    buttons = [element for element in elements if element["type"] == "button"]
    button = next((candidate for candidate in buttons if label in candidate["text"]["text"]), None)
    if button is None:
        raise StepFailed(f"{coach.real_name}'s message has no “{label}” button.")
    await slack.click(coach.id, message, button["action_id"])
    await demo.bot.slack.listeners.drain(ANSWER_SECONDS)
    form = slack.views[coach.id]
    field = next(block for block in form.blocks if block["type"] == "input")
    note = field["element"]["initial_value"]
    _say(f"You click “{label}”. A form opens:")
    _print_quoted(note)
    ack = await slack.submit(coach.id, form.id, {field["block_id"]: note})
    answer = await slack.wait_for_message(coach.id, message.channel, after=ack)
    _show(f"You click “Send”. {slack.team.bot_name} answers", answer)
    nudge = await demo.nudge()
    if nudge is None:
        raise StepFailed(f"{name} got no nudge.")
    return nudge


def _show(title: str, message: SlackMessage) -> None:
    _say(f"{title}:")
    _print_quoted(message.text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def _print_quoted(text: str) -> None:
    for line in text.splitlines():
        _say(textwrap.fill(line, WIDTH, initial_indent="  | ", subsequent_indent="  | "))


def _say(text: str) -> None:
    print(text, flush=True)
