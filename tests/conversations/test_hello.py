"""The first time that somebody opens Messages: a hello, and questions that fit them; once, ever."""

from __future__ import annotations

import pytest

from bot.demo.slack_workspace import Message, SlackUser
from tests.workspace import Workspace, labels

pytestmark = pytest.mark.acquainted


async def opened(workspace: Workspace, who: str) -> list[Message]:
    """What the bot has said in somebody's conversation with it, once they opened it."""
    ack = await workspace.slack.home_opened(workspace.user(who), "messages")
    assert ack is not None
    assert ack.ok
    await workspace.bot.drain()
    return workspace.seen(who, workspace.dm(who))


async def test_who_sees_nothing_hears_why_and_nothing_else(workspace: Workspace) -> None:
    nora = SlackUser("U8002", "nora.new", "Nora New", "nora.new@acme.com")
    workspace.slack.team.add_user(nora)
    for who, why in (
        ("gina.guest", "Guests can't see practice results."),
        ("nora.new", "I can't find you in Exec"),
    ):
        (told,) = await opened(workspace, who)
        assert told.text.startswith(f"Hello! I answer questions about practice on Exec. {why}")
        assert labels(told) == []
        assert len(await opened(workspace, who)) == 1
    # Once they may ask, they are greeted as others are.
    workspace.world.add_member("Nora", "New", "nora.new@acme.com")
    workspace.clock.tick(3601)
    await workspace.ask("nora.new", "me")
    _, hello = await opened(workspace, "nora.new")
    assert labels(hello)[0] == "What next?"
