"""Questions that take long, and many at once."""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox.slack_workspace import Message
from tests.workspace import Workspace, offered, table

AT_ONCE = 20
LOOKING_AFTER = "bot.slack.reply.LOOKING_AFTER"


async def test_looking_and_then_the_answer_in_its_place(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    await workspace.ask("jane", "help")
    monkeypatch.setattr(LOOKING_AFTER, 0.0)
    with workspace.exec_held("/sessions"):
        ack = await workspace.say("jane", "sessions last 7d")
        looking = await workspace.told("jane", after=ack)
    answer = await workspace.heard("jane", after=looking)
    assert looking.text == "Looking…"
    assert looking.ts == answer.ts
    assert table(answer)[1:]
    assert len(workspace.seen("jane")) == 2  # the help, and one more


async def test_a_quick_answer_is_not_announced(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LOOKING_AFTER, 60.0)
    answer = await workspace.ask("jane", "sessions last 7d")
    assert not answer.edited


async def test_twenty_at_once_while_exec_says_nothing(workspace: Workspace) -> None:
    await workspace.ask("ana", "sessions last 1d top 1")
    people = [
        user
        for user in workspace.slack.team.users.values()
        if user.email and user.email.endswith("@acme.com")
    ]
    told = (f"sessions last {number // len(people) + 7}d" for number in range(AT_ONCE))
    asked = [(people[number % len(people)].id, words) for number, words in enumerate(told)]
    with workspace.exec_held():
        # None of these waits for Exec.
        acks = await asyncio.gather(*(workspace.say(who, words) for who, words in asked))
    assert all(ack.ok for ack in acks)

    await workspace.until(lambda: len(answers(workspace)) == AT_ONCE, seconds=90)
    bot = workspace.slack.team.bot_user_id
    texts = [m.text for m in workspace.slack.messages if m.user == bot]
    assert not [text for text in texts if text.startswith(("Exec", "Looking", "Something"))]
    assert len(texts) == AT_ONCE + 1


def answers(workspace: Workspace) -> list[Message]:
    """The real answers since the workspace opened, without the first."""
    found = [m for m in workspace.slack.messages if "Refresh" in offered(m)]
    return found[1:]
