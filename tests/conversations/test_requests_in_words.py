"""What people ask the bot to do in their own words: it offers a button, and does it on a press."""

from __future__ import annotations

from tests.conversations.acts import dms, make_bob_coach, nudge_form
from tests.workspace import Workspace, labels


async def test_a_nudge_is_sent_by_a_form_to_a_person_who_was_named(workspace: Workspace) -> None:
    await make_bob_coach(workspace)
    for text in ("nudge my team", "remind the people in west coast"):
        answer = await workspace.tell("bob", text)
        assert labels(answer) == ["Who to talk to", "What's overdue"]
    assert "Nudge Sam" not in labels(await workspace.tell("bob", "don't nudge sam"))
    offer = await workspace.tell("bob", "can you nudge sam about the cold call")
    form = await nudge_form(workspace, offer)
    assert dms(workspace, "sam") == []
    ack = await workspace.slack.submit(workspace.user("bob"), form.id, {"text": "Call me, Sam"})
    assert ack.ok
    await workspace.bot.drain()
    (nudge,) = dms(workspace, "sam")
    assert "a note from Bob Jones" in nudge.text


async def test_an_alert_is_set_by_a_button(workspace: Workspace) -> None:
    await make_bob_coach(workspace)
    offer = await workspace.tell("bob", "let me know when sam gets gold")
    assert "Sam Lee" not in (await workspace.tell("bob", "what alerts do I have")).text
    await workspace.press("bob", offer, "Set this alert")
    assert "Sam Lee" in (await workspace.tell("bob", "my alerts")).text
    group = await workspace.tell("bob", "alert me if someone in west coast drops below 65")
    assert "someone in West Coast averages below 65" in group.text
    assert "what to watch for" in (await workspace.tell("bob", "tell me when sam improves")).text
    assert "Set this alert" not in labels(await workspace.tell("sam", "alert me when I am late"))


async def test_a_digest_form_is_filled_in_with_what_was_said(workspace: Workspace) -> None:
    await make_bob_coach(workspace)
    offer = await workspace.tell("bob", "post west coast to #sales-practice every friday")
    await workspace.open_form("bob", offer, "Set up a digest")
    await workspace.bot.drain()
    form = workspace.slack.views[workspace.user("bob")]
    assert "West Coast" in str(form.view)
    assert "every friday" in str(form.view)
