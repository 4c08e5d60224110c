"""The bot is invited to a channel: who invited it hears what it does there, once and privately."""

from __future__ import annotations

import json

import pytest

from bot.demo.slack_workspace import Message, SlackUser
from tests.workspace import Workspace, labels

pytestmark = pytest.mark.acquainted
HERE, CAN = "Set up a digest here", "What I can do"


def a_channel(workspace: Workspace, *who: str, private: bool = False, shared: bool = False) -> str:
    """A channel of these people, in which the bot is not yet; its id."""
    team = workspace.slack.team
    return team.add_channel(
        "new-here",
        [workspace.user(each) for each in who],
        private=private,
        has_bot=False,
        is_ext_shared=shared,
    ).id


async def invited(workspace: Workspace, who: str, channel: str) -> list[Message]:
    """What the bot says to somebody who invited it, in their conversation with it."""
    before = len(workspace.seen(who, workspace.dm(who)))
    ack = await workspace.slack.invite(workspace.user(who), channel)
    assert ack is not None
    assert ack.ok
    await workspace.bot.drain()
    assert [m for m in workspace.slack.messages if m.channel == channel] == []
    return workspace.seen(who, workspace.dm(who))[before:]


async def test_a_digest_is_offered_only_where_it_can_come(workspace: Workspace) -> None:
    gina, gus = "gina.guest", "gus.globex"
    for who, others, shared in (
        ("jane", [], False),
        ("ana", [gina], False),
        ("ana", [gus], True),
        ("ana", ["ana"] * 300, False),
    ):
        channel = a_channel(workspace, who, *others, shared=shared)
        (told,) = await invited(workspace, who, channel)
        assert labels(told) == [CAN]
    # A coach may.
    await workspace.ask("ana", 'coach add @jane "West Coast"')
    (told,) = (await invited(workspace, "jane", a_channel(workspace, "jane")))[-1:]
    assert labels(told) == [HERE, CAN]


async def test_who_may_ask_nothing_hears_why(workspace: Workspace) -> None:
    nora = SlackUser("U8002", "nora.new", "Nora New", "nora.new@acme.com")
    workspace.slack.team.add_user(nora)
    for who, why in (
        ("nora.new", "I can't find you in Exec"),
        ("gina.guest", "Guests can't see practice results."),
    ):
        (told,) = await invited(workspace, who, a_channel(workspace, who))
        assert why in told.text
        assert labels(told) == []


async def test_no_channel_but_one_s_own_gets_a_digest_by_a_forged_press(
    workspace: Workspace,
) -> None:
    """Its value is a channel's id, which anybody may make up."""
    (told,) = await invited(workspace, "ana", a_channel(workspace, "ana"))
    secret = workspace.slack.team.add_channel("secret", [workspace.user("bob")], private=True)
    await workspace.act(workspace.press_of("ana", told, "digest.here", secret.id))
    await workspace.bot.drain()
    view = workspace.slack.open_view(workspace.user("ana"))
    assert view is not None
    assert "I can't see who is in the channel." in json.dumps(view.view)
    values = {"group": workspace.world.group("West Coast").id, "zone": "Europe/Berlin"}
    ack = await workspace.slack.submit(workspace.user("ana"), view.id, values)
    assert "only in a channel that you are in" in ack.view_errors["channel"]
    assert "secret" not in f"{json.dumps(view.view)} {ack.view_errors}"
