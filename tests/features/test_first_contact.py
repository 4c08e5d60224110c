"""Opening Messages for the first time, and inviting the bot to a channel."""

from __future__ import annotations

import json

from bot.demo.slack_workspace import SlackMessage
from tests.office import Office
from tests.shown import labels

HERE, CAN = "Set up a digest here", "What I can do"
OUTSIDERS = {
    "gina.guest": "Guests can't see practice results.",
    "nora.new": "I can't find you in Exec",
}


async def open_messages(office: Office, who: str) -> list[SlackMessage]:
    """The bot's direct messages to somebody who opens Messages."""
    await office.open_home(who, "messages")
    return office.dms(who)


async def invite(office: Office, who: str) -> SlackMessage:
    """The bot's direct message to somebody who invites it to a new channel."""
    channel = office.slack.team.add_channel("new-here", [office.user(who)], has_bot=False)
    ack = await office.slack.invite(office.user(who), channel.id)
    assert ack is not None
    assert ack.ok
    await office.drain()
    assert [m for m in office.slack.messages if m.channel == channel.id] == []
    return office.dms(who)[-1]


async def test_outsiders_read_why_they_see_nothing(office: Office) -> None:
    office.add_user("Nora New")
    for who, why in OUTSIDERS.items():
        for _ in range(2):
            (hello,) = await open_messages(office, who)
        assert hello.text.startswith(f"Hello! I answer questions about practice on Exec. {why}")
        assert labels(hello) == []
        invited = await invite(office, who)
        assert why in invited.text
        assert labels(invited) == []
    # Once they are in Exec, the hello has questions.
    office.world.add_member("Nora", "New", "nora.new@acme.com")
    office.clock.tick(3601)
    await office.ask("nora.new", "me")
    hello = (await open_messages(office, "nora.new"))[-1]
    assert labels(hello)[0] == "What next?"


async def test_a_digest_is_offered_to_people_who_can_set_one_up(office: Office) -> None:
    assert labels(await invite(office, "jane")) == [CAN]
    await office.ask("ana", 'coach add @jane "West Coast"')
    assert labels(await invite(office, "jane")) == [HERE, CAN]


async def test_a_forged_press_sets_up_no_digest_in_a_channel_of_others(
    office: Office,
) -> None:
    """The button's value is the id of a channel, which anybody can make up."""
    invited = await invite(office, "ana")
    secret = office.slack.team.add_channel("secret", [office.user("bob")], private=True)
    await office.forge("ana", invited, "digest.new", secret.id)
    view = office.slack.views.get(office.user("ana"))
    assert view is not None
    assert "#secret" not in json.dumps(view.view)
    values = {"group": office.world.group("West Coast").id, "zone": "Europe/Berlin"}
    ack = await office.submit("ana", view, values)
    assert "only in a channel that you are in" in ack.view_errors["channel"]
    assert "secret" not in f"{json.dumps(view.view)} {ack.view_errors}"
