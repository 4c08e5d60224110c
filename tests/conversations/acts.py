"""What people do and see in several conversations."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.demo.slack_workspace import Message, View
from tests.workspace import Workspace, labels

MONDAY_8_30 = datetime(2026, 3, 23, 7, 30, tzinfo=UTC)  # in Berlin
MONDAY_9 = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)
WEST_DIGEST = 'digest "West Coast" every monday 9:00'


def dms(workspace: Workspace, who: str) -> list[Message]:
    """The bot's direct messages to somebody, as they are now."""
    return workspace.seen(who, workspace.dm(who))


def posts(workspace: Workspace, channel: str = "west-coast") -> list[Message]:
    """The bot's messages that everybody in a channel sees."""
    return [each for each in workspace.seen("ana", channel) if each.visible_to is None]


async def deliver(workspace: Workspace, now: datetime) -> None:
    """Send what is due then."""
    workspace.clock.now = now
    await workspace.deliver()
    await workspace.deliver()


async def share(workspace: Workspace, who: str, answer: Message) -> Message:
    """Share an answer in its channel; the post."""
    preview = await workspace.press(who, answer, "Share in channel")
    await workspace.press(who, preview, "Post it")
    await workspace.bot.drain()
    return [each for each in workspace.seen(who, answer.channel) if each.visible_to is None][-1]


async def digest_form(workspace: Workspace, who: str) -> View:
    """The open form once it shows who is in the channel and what would be posted."""

    def is_complete() -> bool:
        content = str(workspace.slack.views.get(workspace.user(who)))
        return "will see this" in content and "divider" in content

    await workspace.until(is_complete, seconds=10)
    return workspace.slack.views[workspace.user(who)]


async def make_bob_coach(workspace: Workspace) -> None:
    await workspace.ask("ana", 'coach add @bob "West Coast"')


async def monday_message(workspace: Workspace) -> Message:
    """Bob's message about his people, when it is due."""
    await deliver(workspace, MONDAY_8_30)
    return dms(workspace, "bob")[-1]


async def choose_person(workspace: Workspace, message: Message, name: str) -> Message:
    """The answer when Bob chooses one of his people in the menu of a message."""
    (menu,) = [
        element
        for block in message.blocks
        for element in block.get("elements", ())
        if element.get("action_id") == "coach.choose"
    ]
    option = next(each for each in menu["options"] if each["text"]["text"] == name)
    user = workspace.user("bob")
    ack = await workspace.slack.click(user, message, "coach.choose", option["value"])
    return await workspace.answer_to("bob", message.channel, after=ack)


async def nudge_form(workspace: Workspace, message: Message) -> View:
    """The form of the first nudge in a message of Bob's."""
    nudge = next(each for each in labels(message) if each.startswith("Nudge "))
    await workspace.press_only("bob", message, nudge)
    await workspace.bot.drain(30)
    return workspace.slack.views[workspace.user("bob")]
