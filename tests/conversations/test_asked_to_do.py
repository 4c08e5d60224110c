"""What people ask the bot to do in their own words: it is shown first, and done by a button."""

from __future__ import annotations

import pytest

from tests.conversations.test_coaches import WEST
from tests.workspace import Workspace, labels

pytestmark = pytest.mark.acquainted


async def coached(workspace: Workspace) -> None:
    await workspace.ask("ana", WEST)


with_a_coach = pytest.mark.begins(after=coached)


@with_a_coach
async def test_a_nudge_is_shown_and_sent_by_a_button(workspace: Workspace) -> None:
    preview = await workspace.tell("bob", "can you nudge sam about the cold call")
    assert preview.text.startswith("Sam Lee will get this:\nHi Sam, a note from Bob Jones:\n")
    assert workspace.seen("sam", workspace.dm("sam")) == []
    assert (await workspace.press("bob", preview, "Send")).text.startswith("Sent to Sam Lee.")
    (nudge,) = workspace.seen("sam", workspace.dm("sam"))
    assert "a note from Bob Jones" in nudge.text


@with_a_coach
async def test_who_names_nobody_sends_nothing(workspace: Workspace) -> None:
    for text in ("ping everyone who's overdue", "nudge my team", "remind the people in west coast"):
        answer = await workspace.tell("bob", text)
        assert "without showing you the words first" in answer.text
        assert labels(answer) == ["Who to talk to", "What's overdue"]
    refused = await workspace.tell("sam", "nudge jane")
    assert "Nudges are from a coach" in refused.text


@with_a_coach
async def test_an_alert_is_offered_and_set_by_a_button(workspace: Workspace) -> None:
    offered = await workspace.tell("bob", "let me know when sam gets his first gold")
    assert offered.text.startswith("I'll message you once, when Sam Lee earns a first gold.")
    assert "You have no alerts" in (await workspace.tell("bob", "what alerts do I have")).text
    await workspace.press("bob", offered, "Set this alert")
    assert "Sam Lee" in (await workspace.tell("bob", "my alerts")).text
    of_groups = await workspace.tell("bob", "alert me if any group's average goes under 65")
    assert "when someone in West Coast averages below 65" in of_groups.text
    assert "I don't watch a group's average" in of_groups.text
    other = await workspace.tell("bob", "tell me whenever sam finishes something")
    assert "I can message you once when Sam Lee earns a first gold" in other.text
    assert "Alerts are for coaches" in (await workspace.tell("sam", "alert me when I am late")).text


async def test_a_coach_is_added_and_removed_by_a_button(workspace: Workspace) -> None:
    asked = await workspace.tell("ana", "please make bob a coach of west coast")
    assert asked.text.startswith("Should Bob Jones coach West Coast?")
    assert "Nobody is a coach" not in (await workspace.press("ana", asked, "Add")).text
    assert "Bob Jones, West Coast" in (await workspace.ask("ana", "coach list")).text
    asked = await workspace.tell("ana", "remove bob as coach of west coast")
    assert asked.text.startswith("Should Bob Jones no longer coach West Coast?")
    await workspace.press("ana", asked, "Remove")
    assert "Bob Jones" not in (await workspace.ask("ana", "coach list")).text
    assert "Only an admin" in (await workspace.tell("sam", "make sam a coach of west coast")).text


@with_a_coach
async def test_a_digest_is_filled_in_as_far_as_it_was_said(workspace: Workspace) -> None:
    offer = await workspace.tell("bob", "post how west coast is doing to #sales every friday")
    form = await workspace.open_form("bob", offer, "Set up a digest")
    assert "West Coast" in str(form.view)
    assert "every friday" in str(form.view)
    to_me = await workspace.tell("bob", "send me this every monday")
    assert labels(to_me) == [
        "What I get about my people",
        "My Monday message",
        "A digest in a channel",
    ]
