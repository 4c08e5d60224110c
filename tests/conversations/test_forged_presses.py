"""Buttons that no message of the bot has there: presses that somebody made up themselves."""

from __future__ import annotations

import itertools

import pytest

from bot.demo.slack_workspace import Message
from tests.conversations.test_sharing import jane_shared, public
from tests.workspace import Workspace, button

pytestmark = pytest.mark.acquainted

CLOSING = ["share.cancel", "confirm.cancel"]
MENU = "sessions.more"


async def forged(
    workspace: Workspace, who: str, message: Message, action: str, value: str, menu: str = ""
) -> Message:
    ack = await workspace.act(workspace.press_of(who, message, action, value, menu))
    return await workspace.heard(who, message.channel, after=ack)


@pytest.mark.begins(after=jane_shared)
async def test_what_others_see_is_not_taken_away_by_a_cancel(workspace: Workspace) -> None:
    (post,) = public(workspace)
    for who, action in itertools.product(("priya", "ana"), CLOSING):
        told = await forged(workspace, who, post, action, "x")
        assert told.text == "Others see this message too, so I leave it where it is."
        assert told.visible_to == workspace.user(who)
        assert public(workspace) == [post]


@pytest.mark.begins(after=jane_shared)
async def test_nothing_takes_the_place_of_what_others_see(workspace: Workspace) -> None:
    (post,) = public(workspace)
    answer = await workspace.ask("priya", "sessions me last 30d", "west-coast")
    for action, menu in (("sessions.refresh", MENU), ("sessions.next", ""), ("query.run", "")):
        value = button(answer, "Refresh")["value"]
        told = await forged(workspace, "priya", post, action, value, menu)
        assert told.ts != post.ts
        assert told.visible_to == workspace.user("priya")
        assert public(workspace) == [post]


@pytest.mark.begins(after=jane_shared)
async def test_nor_does_what_a_form_leads_to(workspace: Workspace) -> None:
    (post,) = public(workspace)
    answer = await workspace.ask("ana", "sessions last 30d", "west-coast")
    await workspace.act(
        workspace.press_of(
            "ana", post, "digest.from_answer", button(answer, "Refresh")["value"], MENU
        )
    )
    user = workspace.user("ana")
    view = await workspace.slack.wait_for_view(user, timeout=30)
    ack = await workspace.slack.submit(user, view.id, {})
    told = await workspace.heard("ana", "west-coast", after=ack)
    assert told.visible_to == user
    assert public(workspace) == [post]


@pytest.mark.begins(after=jane_shared)
async def test_who_shared_something_else_removes_nothing(workspace: Workspace) -> None:
    """Neither by another button of theirs, nor by what they shared in another channel."""
    (post,) = public(workspace)
    answer = await workspace.ask("priya", "sessions me last 30d", "sales-practice")
    asked = await workspace.press("priya", answer, "Share in channel")
    await workspace.press("priya", asked, "Post it")
    (elsewhere,) = (each for each in public(workspace) if each != post)
    for value in (button(answer, "Refresh")["value"], button(elsewhere, "Remove")["value"]):
        told = await forged(workspace, "priya", post, "share.remove", value)
        assert told.text == "Only the person who shared this, or an admin, can remove it."
    assert public(workspace) == [post, elsewhere]


async def test_in_a_direct_conversation_with_the_bot_an_answer_is_replaced(
    workspace: Workspace,
) -> None:
    """There nobody else sees it, though Slack shows it as a message like any other."""
    place = workspace.dm("jane")
    answer = await workspace.ask("jane", "sessions me last 30d", place)
    plain = workspace.slack.post(
        place, {"text": answer.text, "blocks": answer.blocks}, via="chat.postMessage"
    )
    told = await workspace.press("jane", plain, "Refresh")
    assert told.ts == plain.ts
    await workspace.act(workspace.press_of("jane", told, "share.cancel", "x"))
    await workspace.until(lambda: workspace.slack.message(plain.ts) is None)
