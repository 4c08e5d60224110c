"""Nudges: the coach edits the words in a form, and the person gets them once."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from bot.demo.slack_payloads import submission
from bot.demo.slack_workspace import Message
from tests.conversations.test_coaches import (
    first_person,
    last_to_bob,
    monday_came,
    nudge_form,
    one_of,
    send,
    text_of,
    words_in,
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
    form = await nudge_form(workspace, liam)
    assert words_in(form) == "A role-play takes about ten minutes. Want to do one this week?"
    await send(workspace, form)
    (nudge,) = workspace.seen("Liam Murphy", workspace.dm("Liam Murphy"))
    url = links(nudge)["Start one"]
    (easy,) = [each for each in workspace.world.scenarios.values() if each.url == url]
    assert easy.difficulty == "easy"


async def test_a_nudge_in_the_words_of_the_coach_is_sent_once(workspace: Workspace) -> None:
    message = last_to_bob(workspace)
    person, user = first_person(message), workspace.user("bob")
    other = await nudge_form(workspace, message)
    workspace.slack.close(user, other.id)
    form = await nudge_form(workspace, message)
    for nothing in (" \n ", "\u200b\u3164\u2800", "\u202e\ufe0f", "\u0301"):
        refused = await workspace.slack.submit(user, form.id, {"text": nothing})
        assert "Write a few words." in refused.body
    typed = (
        "Hi <!channel> & <@U1> :wave:,\n*ten* minutes? https://evil.test/a <https://evil.test|Exec>"
    )
    sent = await send(workspace, form, typed)
    heard = "Hi &lt;!channel&gt; &amp; &lt;@U1&gt; :wave:,\n∗ten∗ minutes?"
    assert sent.text.startswith(f"Sent to {person}.\n{heard}")
    (nudge,) = workspace.seen(person, workspace.dm(person))
    assert heard in nudge.text
    for each in (sent, nudge):
        assert "&lt;@U1&gt; :wave:,\n> ∗ten∗ minutes?" in each.blocks[1]["text"]["text"]
        # Nothing in it leads anywhere, not even where Slack makes a link of any address it reads.
        assert not re.search(r"https?://|<[^>]*evil", each.text)
        assert not re.search(r"<[^>]*evil", json.dumps(each.blocks))
    # Neither the same form nor the other one sends it again, whichever process gets it.
    async with second_bot(workspace) as addresses:
        for workspace.slack.request_url in addresses:
            for again in (form, other):
                state = {"text": typed}
                ack = await workspace.act(submission(workspace.slack, user, again, state))
                refused_now = await workspace.heard("bob", message.channel, after=ack)
                assert person in refused_now.text
        await workspace.bot.drain()
    assert len(workspace.seen(person, workspace.dm(person))) == 1


async def test_the_form_says_if_it_is_the_second_nudge_of_the_day(workspace: Workspace) -> None:
    message = last_to_bob(workspace)
    first = await nudge_form(workspace, message)
    assert "23 March" not in text_of(first)
    await send(workspace, first)
    workspace.clock.tick(2 * 3600)
    second = await nudge_form(workspace, message)
    assert "Mon 23 March at 8:30" in text_of(second).partition("\n")[0]


async def next_monday(workspace: Workspace) -> Message:
    """The message that Bob gets a week later."""
    before = len(workspace.seen("bob", workspace.dm("bob")))
    workspace.clock.now += timedelta(days=7)
    for _ in range(3):
        await workspace.deliver()
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


async def test_a_nudge_from_home_is_answered_by_direct_message(workspace: Workspace) -> None:
    await workspace.open_home("bob")
    await workspace.press_home("bob", "Nudge Sam")
    form = workspace.slack.views[workspace.user("bob")]
    told = await send(workspace, form)
    assert told.text.startswith("Sent to Sam Lee.")
    assert len(workspace.seen("sam", workspace.dm("sam"))) == 1
