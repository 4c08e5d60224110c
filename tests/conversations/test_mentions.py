"""Mentions of the bot in channels: who asks is answered alone, and may share the answer."""

from __future__ import annotations

import pytest

from tests.workspace import MakeOffice, Workspace, labels, offered, table

pytestmark = pytest.mark.acquainted
WEST = "west-coast"


def public(workspace: Workspace, channel: str = WEST) -> list[str]:
    """What the bot said to everybody in a channel."""
    bot = workspace.slack.team.bot_user_id
    return [
        message.text
        for message in workspace.slack.messages
        if (message.user, message.visible_to, message.channel)
        == (bot, None, workspace.channel(channel))
    ]


@pytest.mark.parametrize("code", ["not_in_channel", "is_archived", "channel_not_found"])
async def test_where_the_bot_cannot_post_it_answers_by_direct_message(
    workspace: Workspace, code: str
) -> None:
    workspace.slack.fault("chat.postEphemeral", code)
    ack = await workspace.act(workspace.message_of("ana", "sessions last 20d", WEST))
    answer = await workspace.heard("ana", workspace.dm("ana"), after=ack)
    assert table(answer)
    shared = await workspace.press("ana", answer, "Share in channel")
    assert shared.text.startswith("Nobody else is here.")
    told = await workspace.press("ana", answer, "Refresh")
    assert told.ts == answer.ts
    assert "Share in channel" not in labels(told)
    assert workspace.seen("ana", WEST) == []


async def test_a_deleted_channel_and_one_of_others(workspace: Workspace) -> None:
    """A channel that is gone by then; one with guests, who hear one sentence for each question."""
    gone = workspace.message_of("jane", "help", WEST, channel="C0DELETED")
    ack = await workspace.act(gone)
    told = await workspace.heard("jane", workspace.dm("jane"), after=ack)
    assert told.text.startswith("Just ask, ")

    delivery = workspace.message_of("gina.guest", "sessions last 7d", "with-our-agency")
    for _ in range(3):
        await workspace.act(delivery)
    await workspace.bot.drain()
    (refused,) = workspace.seen("gina.guest", "with-our-agency")
    assert "Guests can't see practice results." in refused.text
    assert refused.visible_to == workspace.user("gina.guest")
    await workspace.act(workspace.message_of("gus.globex", "sessions last 7d", "with-globex"))
    await workspace.bot.drain()
    (away,) = workspace.seen("gus.globex", "with-globex")
    assert "your account belongs to another workspace." in away.text

    answer = await workspace.tell("ana", "@exec how is west coast doing", "with-our-agency")
    shared = await workspace.press("ana", answer, "Share in channel")
    assert "guests can't see practice results" in shared.text
    assert public(workspace, "with-our-agency") == []


async def test_without_the_scopes_nothing_is_heard_and_the_rest_works(
    open_workspace: MakeOffice,
) -> None:
    async with open_workspace() as workspace:
        workspace.slack.scopes -= {
            "app_mentions:read",
            "im:history",
            "channels:history",
            "groups:history",
        }
        await workspace.slack.said(workspace.user("ana"), workspace.channel(WEST), "@exec help")
        await workspace.slack.said(workspace.user("ana"), workspace.dm("ana"), "help")
        assert workspace.slack.acks == []
        answer = await workspace.ask("ana", "sessions last 20d", WEST)
        assert {"Refresh", "Share in channel"} <= set(offered(answer))
