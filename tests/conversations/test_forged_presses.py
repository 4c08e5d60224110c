"""Buttons that no message of the bot has there: presses that somebody made up themselves."""

from __future__ import annotations

import itertools
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from bot.sandbox.slack_payloads import submission
from bot.sandbox.slack_workspace import Message
from bot.slack.http import NO_PAYLOAD
from tests.conversations.test_sharing import jane_shared, public
from tests.workspace import Workspace, button

pytestmark = pytest.mark.acquainted

CLOSING = ["share.cancel", "nudge.cancel", "digest.keep"]


async def forged(
    workspace: Workspace, who: str, message: Message, action: str, value: str
) -> Message:
    ack = await workspace.act(workspace.press_of(who, message, action, value))
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
    for action in ("sessions.refresh", "sessions.next", "query.run"):
        told = await forged(workspace, "priya", post, action, button(answer, "Refresh")["value"])
        assert told.ts != post.ts
        assert told.visible_to == workspace.user("priya")
        assert public(workspace) == [post]


@pytest.mark.begins(after=jane_shared)
async def test_nor_does_what_a_form_leads_to(workspace: Workspace) -> None:
    (post,) = public(workspace)
    answer = await workspace.ask("priya", "sessions me last 30d", "west-coast")
    await workspace.act(
        workspace.press_of("priya", post, "sessions.edit", button(answer, "Refresh")["value"])
    )
    user = workspace.user("priya")
    view = await workspace.slack.wait_for_view(user, timeout=30)
    ack = await workspace.slack.submit(user, view.id, {})
    told = await workspace.heard("priya", "west-coast", after=ack)
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
    typo = await workspace.ask("priya", "sessions glod", "west-coast")
    for value in (button(typo, "gold")["value"], button(elsewhere, "Remove")["value"]):
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


async def test_a_value_of_a_type_that_slack_never_sends_is_a_bad_request(
    workspace: Workspace,
) -> None:
    answer = await workspace.ask("ana", "sessions last 20d")
    form = await workspace.open_form("ana", answer, "Edit filters")
    sent = submission(workspace.slack, workspace.user("ana"), form, {})
    pressed = workspace.press_of("ana", answer, "sessions.refresh", "x")
    odd: list[Any] = [
        7,
        True,
        "x",
        ["x"],
        [["x"]],
        [{"value": 7}],
        {"a": 1},
        {"value": ["x"]},
        [None],
    ]
    states = (
        *({"state": each} for each in odd[:4]),
        *({"state": {"values": each}} for each in odd),
        *({"state": {"values": {"more": each}}} for each in odd if each != {"a": 1}),
        *(
            {"state": {"values": {"more": {"a": {field: each}}}}}
            for field in ("value", "selected_option", "selected_options", "selected_users")
            for each in odd
            if (field, each) not in (("value", "x"), ("selected_users", ["x"]))
            and (field, each) != ("selected_option", {"a": 1})
        ),
        {"private_metadata": 7},
        {"callback_id": ["x"]},
    )
    bad = [{"view": sent.payload["view"] | each} for each in states]
    bad += [{"user": each} for each in ("x", 7, None, {"id": 7}, {})]
    for delivery, changes in ((sent, bad), (pressed, bad[-5:])):
        for each in changes:
            payload = deepcopy(delivery.payload) | each | {"trigger_id": f"1.{len(str(each))}"}
            ack = await workspace.slack.deliver(replace(delivery, payload=payload))
            assert (ack.status, ack.body) == (400, NO_PAYLOAD), each
    for value in (7, ["x"], {"a": 1}):
        actions = [pressed.payload["actions"][0] | {"value": value}]
        payload = deepcopy(pressed.payload) | {"actions": actions}
        assert (await workspace.slack.deliver(replace(pressed, payload=payload))).status == 400
