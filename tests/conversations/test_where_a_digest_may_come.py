"""A digest comes to a channel that whoever sets it up is in."""

from __future__ import annotations

import pytest

from bot.sandbox.slack_records import View
from bot.sandbox.slack_team import SlackUser
from tests.conversations.test_coaches import bob_coaches
from tests.conversations.test_digests import LINE, filled, kept
from tests.office import Office

pytestmark = pytest.mark.acquainted

OUTSIDE = (
    "You can have a digest only in a channel that you are in. Join this one first, then try again."
)


@pytest.fixture
def secret(office: Office) -> str:
    """A private channel of Ana and somebody else."""
    members = [office.user("ana"), office.user("mc.dubois")]
    return office.slack.team.add_channel("reorganisation", members, private=True).id


async def form(office: Office, who: str, channel: str = "sales-practice") -> View:
    await office.say(who, 'digest "West Coast"', channel)
    return await filled(office, who)


@pytest.mark.begins(after=bob_coaches)
async def test_a_form_sent_with_a_channel_that_its_sender_is_not_in(
    office: Office, secret: str
) -> None:
    view = await form(office, "bob")
    ack = await office.slack.submit(office.user("bob"), view.id, {"channel": secret})
    assert ack.view_errors["channel"] == OUTSIDE
    assert await kept(office) == []
    office.slack.team.channels[secret].members.append(office.user("bob"))
    ack = await office.slack.submit(office.user("bob"), view.id, {"channel": secret})
    assert not ack.view_errors
    await office.bot.work.drain()
    assert [one.plan.place for one in await kept(office)] == [secret]


@pytest.mark.begins(after=bob_coaches)
async def test_a_form_tells_nobody_who_is_in_a_channel_that_they_are_not_in(
    office: Office, secret: str
) -> None:
    view, user = await form(office, "bob"), office.user("bob")
    chosen = {"channel": secret}
    await office.slack.click(user, view.id, "channel", secret, values=chosen)
    await office.until(lambda: "Join this one first" in str(office.slack.views[user][-1].view))
    said = str(office.slack.views[user][-1].view)
    assert "reorganisation" not in said
    assert "Dubois" not in said


CLOSED = {
    "shared": (OUTSIDE, 30),
    "crowded": ("So many people are in this channel that I can't make sure no guests see", 230),
    "shared and crowded": ("So many people are in this channel", 230),
}


@pytest.mark.begins(after=bob_coaches)
@pytest.mark.parametrize("kind", CLOSED)
async def test_nor_what_it_is_called_where_no_digest_could_come_to_it(
    office: Office, secret: str, kind: str
) -> None:
    """Whatever is sent for a channel that somebody is not in, its name and size stay there."""
    refusal, people = CLOSED[kind]
    channel = office.slack.team.channels[secret]
    channel.is_ext_shared = "shared" in kind
    for number in range(people):
        user = SlackUser(f"U7{number:04}", f"many{number}", f"Many {number}", None)
        channel.members.append(office.slack.team.add_user(user).id)
    view, user_id = await form(office, "bob"), office.user("bob")
    await office.slack.click(user_id, view.id, "channel", secret, values={"channel": secret})
    await office.until(lambda: refusal in str(office.slack.views[user_id][-1].view), seconds=10)
    ack = await office.slack.submit(user_id, view.id, {"channel": secret})
    assert ack.view_errors["channel"].startswith(refusal)
    said = f"{ack.view_errors}{office.slack.views[user_id][-1].view}"
    assert "reorganisation" not in said
    assert "I can't see who is in the channel." in said


async def test_an_admin_who_is_not_there_sets_none_up_either(office: Office) -> None:
    """In a channel that is open to all, a command can be typed without joining."""
    office.slack.team.add_channel("open", [office.user("jane")])
    assert (await office.ask("ana", LINE, "open")).text == OUTSIDE
    assert await kept(office) == []


@pytest.mark.begins(after=bob_coaches)
async def test_an_admin_looks_after_one_where_they_are_not(office: Office) -> None:
    """They change what it says and when, send and resume it, but move it only to where they are."""
    place = office.slack.team.add_channel("west", [office.user("bob"), office.user("jane")]).id
    await office.ask("bob", LINE, "west")
    listed = await office.ask("ana", "digest list")
    user = office.user("ana")
    await office.press_only("ana", listed, "Edit")
    view = await filled(office, "ana")
    elsewhere = office.slack.team.add_channel("east", [office.user("bob")]).id
    ack = await office.slack.submit(user, view.id, {"channel": elsewhere})
    assert ack.view_errors["channel"] == OUTSIDE
    ack = await office.slack.submit(user, view.id, {"rhythm": "every friday"})
    assert not ack.view_errors
    changed = await office.heard("ana", after=ack)
    assert changed.text.startswith("Changed. The digest of West Coast comes to #west every Friday")
    sent = await office.press("ana", changed, "Send now")
    assert sent.text == "It is on its way to #west."
    (one,) = await kept(office)
    assert (one.plan.place, one.plan.schedule) == (place, "every friday 9:00")
