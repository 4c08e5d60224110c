"""Whom the bot writes to for somebody: the account that is theirs, if it may hear of practice."""

from __future__ import annotations

from bot.sandbox.slack_records import Message
from tests.conversations.conftest import Office
from tests.conversations.test_coaches import WEST, sent_on_monday


async def person(office: Office, name: str) -> Message:
    """One of Bob's people, with the buttons for them."""
    await office.ask("ana", WEST)
    everyone = await office.press("bob", await sent_on_monday(office), "See everyone")
    (select,) = [
        element
        for block in everyone.blocks
        for element in block.get("elements", ())
        if element.get("action_id") == "coach.choose"
    ]
    option = next(each for each in select["options"] if each["text"]["text"] == name)
    ack = await office.slack.select(office.user("bob"), everyone, "coach.choose", option["value"])
    return await office.heard("bob", everyone.channel, after=ack)


def told(office: Office, who: str) -> list[str]:
    return [message.text for message in office.seen(who, office.dm(who))]


async def test_linked_between_preview_and_sending_they_get_none_either(office: Office) -> None:
    jane = await person(office, "Jane Smith")
    preview = await office.press("bob", jane, "Send a friendly nudge")
    await office.ask("ana", "link @jane raj.patel@acme.com")
    refused = await office.press("bob", preview, "Send it")
    assert refused.text == "I found no Slack account of *Jane Smith*."
    assert told(office, "jane") == []


async def test_who_was_linked_to_somebody_else_does_not_hear_that_they_coach(
    office: Office,
) -> None:
    await office.ask("ana", "link @jane raj.patel@acme.com")
    done = await office.ask("ana", 'coach add jane@acme.com "East Coast"')
    assert "I found no Slack account of theirs" in done.text
    assert told(office, "jane") == []


async def test_with_a_link_of_their_own_they_are_reached_again(office: Office) -> None:
    jane = await person(office, "Jane Smith")
    await office.ask("ana", "link @jane raj.patel@acme.com")
    await office.ask("ana", "link @priya jane@acme.com")
    preview = await office.press("bob", jane, "Send a friendly nudge")
    assert (await office.press("bob", preview, "Send it")).text == "Sent to *Jane Smith*."
    assert told(office, "jane") == []
    (nudge,) = told(office, "priya")
    assert "Bob Jones asked me to send this" in nudge
