"""The first time that somebody opens Messages: a hello, and questions that fit them; once, ever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.maintenance import forget
from bot.sandbox.slack_workspace import Message, SlackUser
from tests.conversations.test_delivered_twice import second_bot
from tests.workspace import Workspace, button, labels

pytestmark = pytest.mark.acquainted


async def opened(workspace: Workspace, who: str) -> list[Message]:
    """What the bot has said in somebody's conversation with it, once they opened it."""
    ack = await workspace.slack.home_opened(workspace.user(who), "messages")
    assert ack is not None
    assert ack.ok
    await workspace.bot.work.drain()
    return workspace.seen(who, workspace.dm(who))


async def test_each_role_is_greeted_with_questions_that_are_answered(workspace: Workspace) -> None:
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    for who, of, first in (
        ("jane", "your practice on Exec", "What next?"),
        ("bob", "your people's practice and your own", "Who should I talk to?"),
        ("ana", "everybody's practice", "Compare the groups"),
    ):
        hello = (await opened(workspace, who))[-1]
        assert hello.text.startswith("Hello! Ask me about " + of)
        assert hello.text.partition("\nTry one:")[0].count(".") == 1
        questions = labels(hello)
        assert (len(questions), questions[0]) == (3, first)
        assert button(hello, first)["style"] == "primary"
        # In a month, too, and as if they had been asked; the hello stays.
        for label in questions:
            workspace.clock.tick(61)
            answer = await workspace.press(who, hello, label)
            asked = await workspace.tell(who, button(hello, label)["value"])
            assert answer.ts != hello.ts
            assert answer.text.split("s of ")[0] == asked.text.split("s of ")[0]
            assert "didn't understand" not in answer.text
        assert hello in workspace.seen(who, workspace.dm(who))


async def test_it_comes_once_ever(workspace: Workspace) -> None:
    assert len(await opened(workspace, "jane")) == 1
    assert len(await opened(workspace, "jane")) == 1
    workspace.clock.tick(timedelta(days=800).total_seconds())
    await workspace.bot.core.forgetting.forget_old(timedelta(days=365))
    assert len(await opened(workspace, "jane")) == 1
    # Their Home is something else.
    await workspace.open_home("jane")
    assert len(workspace.seen("jane", workspace.dm("jane"))) == 1
    await forget(workspace.bot.core, "jane@acme.com", agreed=lambda _: True)
    assert len(await opened(workspace, "jane")) == 2


async def test_two_processes_greet_once(workspace: Workspace) -> None:
    async with second_bot(workspace) as addresses:
        for url in addresses:  # opened twice, and each told twice
            workspace.slack.request_url = url
            ack = await workspace.slack.home_opened(workspace.user("jane"), "messages")
            assert ack is not None
            for other in addresses:
                workspace.slack.request_url = other
                await workspace.slack.redeliver(ack)
        await workspace.bot.work.drain()
    assert len(await opened(workspace, "jane")) == 1


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
    workspace.clock.tick(61)
    await workspace.ask("nora.new", "me")
    _, hello = await opened(workspace, "nora.new")
    assert labels(hello)[0] == "What next?"
