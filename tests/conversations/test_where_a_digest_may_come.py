"""A digest comes to a channel that whoever sets it up is in."""

from __future__ import annotations

import pytest

from bot.demo.slack_workspace import SlackUser, View
from tests.conversations.test_coaches import bob_coaches
from tests.conversations.test_digests import LINE, filled, kept, posts
from tests.workspace import Workspace

pytestmark = pytest.mark.acquainted

OUTSIDE = (
    "You can have a digest only in a channel that you are in. Join this one first, then try again."
)


@pytest.fixture
def secret(workspace: Workspace) -> str:
    """A private channel of Ana and somebody else."""
    members = [workspace.user("ana"), workspace.user("mc.dubois")]
    return workspace.slack.team.add_channel("reorganisation", members, private=True).id


async def form(workspace: Workspace, who: str, channel: str = "sales-practice") -> View:
    await workspace.say(who, 'digest "West Coast"', channel)
    return await filled(workspace, who)


@pytest.mark.begins(after=bob_coaches)
async def test_a_form_sent_with_a_channel_that_its_sender_is_not_in(
    workspace: Workspace, secret: str
) -> None:
    view = await form(workspace, "bob")
    ack = await workspace.slack.submit(workspace.user("bob"), view.id, {"channel": secret})
    assert ack.view_errors["channel"] == OUTSIDE
    assert await kept(workspace) == []
    workspace.slack.team.channels[secret].members.append(workspace.user("bob"))
    ack = await workspace.slack.submit(workspace.user("bob"), view.id, {"channel": secret})
    assert not ack.view_errors
    await workspace.bot.drain()
    assert [one.place for one in await kept(workspace)] == [secret]


@pytest.mark.begins(after=bob_coaches)
async def test_a_form_tells_nobody_who_is_in_a_channel_that_they_are_not_in(
    workspace: Workspace, secret: str
) -> None:
    view, user = await form(workspace, "bob"), workspace.user("bob")
    chosen = {"channel": secret}
    await workspace.slack.click(user, view.id, "channel", secret, values=chosen)
    await workspace.until(lambda: "Join this one first" in str(workspace.slack.views[user].view))
    said = str(workspace.slack.views[user].view)
    assert "reorganisation" not in said
    assert "Dubois" not in said


@pytest.mark.begins(after=bob_coaches)
@pytest.mark.parametrize("kind", ["shared", "crowded"])
async def test_nor_what_it_is_called_where_no_digest_could_come_to_it(
    workspace: Workspace, secret: str, kind: str
) -> None:
    """Whatever is sent for a channel that somebody is not in, its name and size stay there."""
    channel, people = workspace.slack.team.channels[secret], 230 if kind == "crowded" else 30
    channel.is_ext_shared = kind == "shared"
    for number in range(people):
        user = SlackUser(f"U7{number:04}", f"many{number}", f"Many {number}", None)
        channel.members.append(workspace.slack.team.add_user(user).id)
    view, user_id = await form(workspace, "bob"), workspace.user("bob")
    await workspace.slack.click(user_id, view.id, "channel", secret, values={"channel": secret})
    await workspace.bot.drain()
    ack = await workspace.slack.submit(user_id, view.id, {"channel": secret})
    assert list(ack.view_errors) == ["channel"]
    said = f"{ack.view_errors}{workspace.slack.views[user_id].view}"
    assert "I can't see who is in the channel." in said
    assert "reorganisation" not in said
    assert str(people) not in ack.view_errors["channel"]


async def test_an_admin_who_is_not_there_sets_none_up_either(workspace: Workspace) -> None:
    """In a channel that is open to all, a command can be typed without joining."""
    workspace.slack.team.add_channel("open", [workspace.user("jane")])
    assert (await workspace.ask("ana", LINE, "open")).text == OUTSIDE
    assert await kept(workspace) == []


@pytest.mark.begins(after=bob_coaches)
async def test_an_admin_looks_after_one_where_they_are_not(workspace: Workspace) -> None:
    """They change what it says and when, send and resume it, but move it only to where they are."""
    place = workspace.slack.team.add_channel(
        "west", [workspace.user("bob"), workspace.user("jane")]
    ).id
    await workspace.ask("bob", LINE, "west")
    listed = await workspace.ask("ana", "digest list")
    user = workspace.user("ana")
    await workspace.press_only("ana", listed, "Edit")
    view = await filled(workspace, "ana")
    elsewhere = workspace.slack.team.add_channel("east", [workspace.user("bob")]).id
    ack = await workspace.slack.submit(user, view.id, {"channel": elsewhere})
    assert ack.view_errors["channel"] == OUTSIDE
    ack = await workspace.slack.submit(user, view.id, {"rhythm": "every friday"})
    assert not ack.view_errors
    changed = await workspace.heard("ana", after=ack)
    asked = await workspace.press("ana", changed, "Send now")
    await workspace.press("ana", asked, "Post now")
    (one,) = await kept(workspace)
    assert (one.place, one.schedule) == (place, "every friday 9:00")
    await workspace.deliver()
    assert len(posts(workspace, "west")) == 1
