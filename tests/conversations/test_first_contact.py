"""The first time somebody opens Messages, and an invitation of the bot to a channel."""

from __future__ import annotations

import json

from bot.demo.slack_workspace import Message, SlackUser
from tests.conversations.acts import dms
from tests.workspace import Workspace, labels

HERE, CAN = "Set up a digest here", "What I can do"
OUTSIDERS = {
    "gina.guest": "Guests can't see practice results.",
    "nora.new": "I can't find you in Exec",
}


async def open_messages(workspace: Workspace, who: str) -> list[Message]:
    """The bot's direct messages to somebody who opens them."""
    ack = await workspace.slack.home_opened(workspace.user(who), "messages")
    assert ack is not None
    assert ack.ok
    await workspace.bot.drain()
    return dms(workspace, who)


async def invite(workspace: Workspace, who: str, *others: str, shared: bool = False) -> Message:
    """The bot's direct message to somebody who invites it to a new channel with these people."""
    members = [workspace.user(each) for each in (who, *others)]
    channel = workspace.slack.team.add_channel(
        "new-here", members, has_bot=False, is_ext_shared=shared
    )
    ack = await workspace.slack.invite(workspace.user(who), channel.id)
    assert ack is not None
    assert ack.ok
    await workspace.bot.drain()
    assert [m for m in workspace.slack.messages if m.channel == channel.id] == []
    return dms(workspace, who)[-1]


async def test_outsiders_read_why_they_see_nothing(workspace: Workspace) -> None:
    nora = SlackUser("U8002", "nora.new", "Nora New", "nora.new@acme.com")
    workspace.slack.team.add_user(nora)
    for who, why in OUTSIDERS.items():
        for _ in range(2):
            (hello,) = await open_messages(workspace, who)
        assert hello.text.startswith(f"Hello! I answer questions about practice on Exec. {why}")
        assert labels(hello) == []
        invited = await invite(workspace, who)
        assert why in invited.text
        assert labels(invited) == []
    # Once they are in Exec, the hello has questions.
    workspace.world.add_member("Nora", "New", "nora.new@acme.com")
    workspace.clock.tick(3601)
    await workspace.ask("nora.new", "me")
    hello = (await open_messages(workspace, "nora.new"))[-1]
    assert labels(hello)[0] == "What next?"


async def test_a_digest_is_offered_only_where_it_can_be_posted(workspace: Workspace) -> None:
    for who, others, shared in (
        ("jane", [], False),
        ("ana", ["gina.guest"], False),
        ("ana", ["gus.globex"], True),
        ("ana", ["ana"] * 300, False),
    ):
        assert labels(await invite(workspace, who, *others, shared=shared)) == [CAN]
    await workspace.ask("ana", 'coach add @jane "West Coast"')
    assert labels(await invite(workspace, "jane")) == [HERE, CAN]


async def test_a_forged_press_sets_up_no_digest_in_a_channel_of_others(
    workspace: Workspace,
) -> None:
    """The button's value is the id of a channel, which anybody can make up."""
    invited = await invite(workspace, "ana")
    secret = workspace.slack.team.add_channel("secret", [workspace.user("bob")], private=True)
    await workspace.act(workspace.press_of("ana", invited, "digest.new", secret.id))
    await workspace.bot.drain()
    view = workspace.slack.views.get(workspace.user("ana"))
    assert view is not None
    assert "only in a channel that you are in" in json.dumps(view.view)
    values = {"group": workspace.world.group("West Coast").id, "zone": "Europe/Berlin"}
    ack = await workspace.slack.submit(workspace.user("ana"), view.id, values)
    assert "only in a channel that you are in" in ack.view_errors["channel"]
    assert "secret" not in f"{json.dumps(view.view)} {ack.view_errors}"
