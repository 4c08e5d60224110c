"""Nudges: the coach sees the words first and may change them; each person gets them once; then the
coach sees what went, and next Monday what came of it."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from bot.sandbox.slack_payloads import submission
from bot.sandbox.slack_workspace import Message
from tests.conversations.test_coaches import (
    first_person,
    last_to_bob,
    monday_came,
    one_of,
    preview_of,
)
from tests.conversations.test_delivered_twice import second_bot
from tests.workspace import Workspace, labels

pytestmark = [pytest.mark.acquainted, pytest.mark.begins(after=monday_came)]


def links(message: Message) -> dict[str, str]:
    """Where the buttons of a message lead."""
    return {
        element["text"]["text"]: element["url"]
        for block in message.blocks
        for element in block.get("elements", ())
        if "url" in element
    }


async def test_who_has_no_practice_on_record_starts_with_something_easy(
    workspace: Workspace,
) -> None:
    liam = await one_of(workspace, last_to_bob(workspace), "Liam Murphy")
    workspace.world.assignments.clear()
    workspace.clock.tick(24 * 3600)
    preview = await preview_of(workspace, liam)
    assert "A role-play takes about ten minutes. Want to do one this week?" in preview.text
    await workspace.press("bob", preview, "Send")
    (nudge,) = workspace.seen("Liam Murphy", workspace.dm("Liam Murphy"))
    url = links(nudge)["Start one"]
    (easy,) = [each for each in workspace.world.scenarios.values() if each.url == url]
    assert easy.difficulty == "easy"


async def test_a_nudge_in_the_words_of_the_coach_is_sent_once(workspace: Workspace) -> None:
    message = last_to_bob(workspace)
    person, user = first_person(message), workspace.user("bob")
    preview, other = [await preview_of(workspace, message) for _ in range(2)]
    form = await workspace.open_form("bob", preview, "Edit…")
    (usual,) = [block["element"] for block in form.view["blocks"] if block["type"] == "input"]
    assert usual["initial_value"] in preview.text
    for nothing in (" \n ", "\u200b\u3164\u2800", "\u202e\ufe0f", "\u0301"):
        refused = await workspace.slack.submit(user, form.id, {"text": nothing})
        assert "Write a few words." in refused.body
    # Slack's own client lets nobody write more.
    state = {"text": "x" * 501}
    refused = await workspace.act(submission(workspace.slack, user, form, state))
    assert "Write at most 500 characters." in refused.body
    typed = (
        "Hi <!channel> & <@U1> :wave:,\n*ten* minutes? https://evil.test/a <https://evil.test|Exec>"
    )
    ack = await workspace.slack.submit(user, form.id, {"text": typed})
    sent = await workspace.heard("bob", message.channel, after=ack)
    heard = "Hi &lt;!channel&gt; &amp; &lt;@U1&gt; :wave:,\n∗ten∗ minutes?"
    assert sent.ts == preview.ts
    assert sent.text.startswith(f"Sent to {person}.\n{heard}")
    (nudge,) = workspace.seen(person, workspace.dm(person))
    assert heard in nudge.text
    for each in (sent, nudge):
        assert "&lt;@U1&gt; :wave:,\n> ∗ten∗ minutes?" in each.blocks[1]["text"]["text"]
        # Nothing in it leads anywhere, not even where Slack makes a link of any address it reads.
        assert not re.search(r"https?://|<[^>]*evil", each.text)
        assert not re.search(r"<[^>]*evil", json.dumps(each.blocks))
    # Neither the other preview nor the same form sends it again, whichever process they come to.
    async with second_bot(workspace) as addresses:
        for workspace.slack.request_url in addresses:
            state = {"text": typed}
            await workspace.act(submission(workspace.slack, user, form, state))
        assert (await workspace.press("bob", other, "Send")).text.startswith("I already sent")
        await workspace.bot.drain()
    assert len(workspace.seen(person, workspace.dm(person))) == 1


async def test_a_cancelled_nudge_is_not_sent(workspace: Workspace) -> None:
    message = last_to_bob(workspace)
    person = first_person(message)
    preview = await preview_of(workspace, message)
    await workspace.press_only("bob", preview, "Cancel")
    await workspace.bot.drain()
    assert workspace.seen(person, workspace.dm(person)) == []


async def next_monday(workspace: Workspace) -> Message:
    """The message that Bob gets a week later."""
    before = len(workspace.seen("bob", workspace.dm("bob")))
    workspace.clock.now += timedelta(days=7)
    for _ in range(3):
        await workspace.bot.delivering.run_due()
        workspace.clock.now += timedelta(minutes=1)
    (message,) = workspace.seen("bob", workspace.dm("bob"))[before:]
    return message


def practice(workspace: Workspace, person: str, days: float) -> None:
    """A session of somebody, so many days from now."""
    scenario = next(iter(workspace.world.scenarios.values()))
    at = workspace.clock() + timedelta(days=days)
    workspace.world.add_session(workspace.world.person(person), scenario, at, score=60)


async def test_a_week_like_the_last_one_says_so_in_a_line(workspace: Workspace) -> None:
    west = {each.id for each in workspace.world.roster("West Coast")}
    for each in [each for each in workspace.world.sessions if each.user_id in west]:
        workspace.world.delete(each.id)
    workspace.world.assignments.clear()
    await workspace.ask("bob", "help")  # by then it is known that they are gone
    first = await next_monday(workspace)
    assert "Nobody new" not in first.text
    workspace.slack.fault("chat.postMessage", "reset")  # it is made once more, a minute later
    again = await next_monday(workspace)
    assert "Nobody new since my last message." in again.text
    assert labels(again) == ["See everyone"]
    practice(workspace, "Sam Lee", 1)
    assert "Nobody new" in (await next_monday(workspace)).text
    # Silent once more, which is new.
    assert "Nobody new" not in (await next_monday(workspace)).text
