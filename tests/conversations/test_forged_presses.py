"""Presses of buttons that a message doesn't have, which people can make up."""

from __future__ import annotations

from bot.demo.slack_workspace import Message
from tests.conversations.acts import digest_form, posts, share
from tests.workspace import Workspace, button

MENU = "sessions.more"


async def share_own(workspace: Workspace, who: str, channel: str) -> Message:
    """Somebody's own sessions, as they shared them in a channel."""
    answer = await workspace.ask(who, "sessions me last 30d", channel)
    return await share(workspace, who, answer)


async def forge(
    workspace: Workspace, who: str, message: Message, action: str, value: str, menu: str = ""
) -> Message:
    """The answer to a forged press, which only that person sees."""
    ack = await workspace.act(workspace.press_of(who, message, action, value, menu))
    answer = await workspace.answer_to(who, message.channel, after=ack)
    assert answer.visible_to == workspace.user(who)
    return answer


async def test_a_post_is_neither_removed_nor_replaced(workspace: Workspace) -> None:
    post = await share_own(workspace, "jane", "west-coast")
    for who in ("priya", "ana"):
        answer = await forge(workspace, who, post, "confirm.cancel", "x")
        assert answer.text == "Other people can see this message, so I can't remove it."
    own = await workspace.ask("priya", "sessions me last 30d", "west-coast")
    refresh = button(own, "Refresh")["value"]
    for action, menu in (("sessions.refresh", MENU), ("sessions.next", ""), ("query.run", "")):
        answer = await forge(workspace, "priya", post, action, refresh, menu)
        assert answer.ts != post.ts
    # Neither another button's value nor that of another post removes it.
    elsewhere = await share_own(workspace, "priya", "sales-practice")
    for value in (refresh, button(elsewhere, "Remove")["value"]):
        answer = await forge(workspace, "priya", post, "share.remove", value)
        assert answer.text == "Only the person who shared this, or an admin, can remove it."
    assert posts(workspace, "west-coast") == [post]


async def test_a_form_opened_from_a_post_leaves_it(workspace: Workspace) -> None:
    post = await share_own(workspace, "jane", "west-coast")
    answer = await workspace.ask("ana", "sessions last 30d", "west-coast")
    refresh = button(answer, "Refresh")["value"]
    await workspace.act(workspace.press_of("ana", post, "digest.from_answer", refresh, MENU))
    view = await digest_form(workspace, "ana")
    ack = await workspace.slack.submit(workspace.user("ana"), view.id, {})
    saved = await workspace.answer_to("ana", "west-coast", after=ack)
    assert saved.visible_to == workspace.user("ana")
    assert posts(workspace) == [post]


async def test_in_a_direct_message_an_answer_is_replaced(workspace: Workspace) -> None:
    """Nobody else sees it, though Slack shows it as a message like any other."""
    place = workspace.dm("jane")
    answer = await workspace.ask("jane", "sessions me last 30d", place)
    plain = workspace.slack.post(place, {"text": answer.text, "blocks": answer.blocks})
    fresh = await workspace.press("jane", plain, "Refresh")
    assert fresh.ts == plain.ts
    await workspace.act(workspace.press_of("jane", fresh, "confirm.cancel", "x"))
    await workspace.until(lambda: workspace.slack.message(plain.ts) is None)
