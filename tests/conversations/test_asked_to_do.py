"""What people ask the bot to do in their own words: it is shown first, and done by a button."""

from __future__ import annotations

import pytest

from tests.conversations.test_coaches import WEST, nudge_form, send, text_of
from tests.workspace import Workspace, labels

pytestmark = pytest.mark.acquainted


async def coached(workspace: Workspace) -> None:
    await workspace.ask("ana", WEST)


with_a_coach = pytest.mark.begins(after=coached)


@with_a_coach
async def test_a_nudge_is_offered_and_sent_by_a_form(workspace: Workspace) -> None:
    offer = await workspace.tell("bob", "can you nudge sam about the cold call")
    assert offer.text == "You can edit the note to Sam Lee before I send it."
    form = await nudge_form(workspace, offer)
    assert "I send it to Sam Lee as a direct message" in text_of(form)
    assert workspace.seen("sam", workspace.dm("sam")) == []
    assert (await send(workspace, form)).text.startswith("Sent to Sam Lee.")
    (nudge,) = workspace.seen("sam", workspace.dm("sam"))
    assert "a note from Bob Jones" in nudge.text


@with_a_coach
async def test_who_names_nobody_sends_nothing(workspace: Workspace) -> None:
    for text in ("nudge my team", "remind the people in west coast"):
        answer = await workspace.tell("bob", text)
        assert labels(answer) == ["Who to talk to", "What's overdue"]
    assert "Nudge Sam" not in labels(await workspace.tell("bob", "don't nudge sam"))


@with_a_coach
async def test_an_alert_is_offered_and_set_by_a_button(workspace: Workspace) -> None:
    offer = await workspace.tell("bob", "let me know when sam gets gold")
    assert "Sam Lee" not in (await workspace.tell("bob", "what alerts do I have")).text
    await workspace.press("bob", offer, "Set this alert")
    assert "Sam Lee" in (await workspace.tell("bob", "my alerts")).text
    of_all = await workspace.tell("bob", "alert me if someone in west coast drops below 65")
    assert "someone in West Coast averages below 65" in of_all.text
    other = await workspace.tell("bob", "tell me when sam improves")
    assert "First golds" in labels(other)
    assert "Set this alert" not in labels(await workspace.tell("sam", "alert me when I am late"))


@with_a_coach
async def test_a_digest_is_filled_in_as_far_as_it_was_said(workspace: Workspace) -> None:
    offer = await workspace.tell("bob", "post west coast to #sales-practice every friday")
    form = await workspace.open_form("bob", offer, "Set up a digest")
    assert "West Coast" in str(form.view)
    assert "every friday" in str(form.view)
