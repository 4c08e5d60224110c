"""Requests to act, in people's own words: the bot offers a button, and acts when it's pressed."""

from __future__ import annotations

from tests.office import Office
from tests.shown import labels


async def test_a_nudge_is_sent_by_a_form_to_a_person_who_was_named(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    for text in ("nudge my team", "remind the people in west coast"):
        answer = await office.tell("bob", text)
        assert labels(answer) == ["Who to talk to", "What's overdue"]
    assert "Nudge Sam" not in labels(await office.tell("bob", "don't nudge sam"))
    offer = await office.tell("bob", "can you nudge sam about the cold call")
    form = await office.form("bob", offer, "Nudge")
    assert office.dms("sam") == []
    ack = await office.submit("bob", form, {"text": "Call me, Sam"})
    assert ack.ok
    (nudge,) = office.dms("sam")
    assert "a note from Bob Jones" in nudge.text


async def test_an_alert_is_set_by_a_button(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    offer = await office.tell("bob", "let me know when sam gets gold")
    assert "Sam Lee" not in (await office.tell("bob", "what alerts do I have")).text
    await office.press("bob", offer, "Set this alert")
    assert "Sam Lee" in (await office.tell("bob", "my alerts")).text
    group = await office.tell("bob", "alert me if someone in west coast drops below 65")
    assert "someone in West Coast averages below 65" in group.text
    quiet = await office.tell("bob", "tell me when sam hasn't practiced for 10 days")
    assert "Sam Lee hasn't practiced for 10 days" in quiet.text
    assert "what to watch for" in (await office.tell("bob", "tell me when sam improves")).text
    assert "Set this alert" not in labels(await office.tell("sam", "alert me when I am late"))


async def test_a_digest_form_is_filled_in_with_what_was_said(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    offer = await office.tell("bob", "post west coast to #sales-practice every friday")
    form = await office.form("bob", offer, "Set up a digest")
    assert "West Coast" in str(form.view)
    assert "every friday" in str(form.view)
