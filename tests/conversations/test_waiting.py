"""Questions that take long, and many at once."""

from __future__ import annotations

import asyncio

from bot.sandbox.exec_server import Fault
from bot.sandbox.slack_records import Message
from tests.workspace import MakeOffice, RunningClock, Workspace, labels, table

AT_ONCE = 50


async def all_said(workspace: Workspace, who: str, first: Message) -> list[Message]:
    """What someone was shown in one place, until there is an answer."""
    heard = [first]
    while not labels(heard[-1]):
        heard.append(await workspace.told(who, after=heard[-1], seconds=15))
    return heard


async def test_looking_and_then_the_answer_in_its_place(workspace: Workspace) -> None:
    await workspace.ask("jane", "help")
    workspace.exec.faults.append(Fault("slow", 1, path="/sessions", seconds=4))
    ack = await workspace.say("jane", "sessions last 7d")
    assert ack.took < 1
    looking, answer = await all_said(workspace, "jane", await workspace.told("jane", after=ack))
    assert looking.text == "Looking…"
    assert looking.ts == answer.ts
    assert table(answer)[1:]
    assert len(workspace.seen("jane")) == 2  # the help, and one more


async def test_a_quick_answer_is_not_announced(workspace: Workspace) -> None:
    answer = await workspace.ask("jane", "sessions last 7d")
    assert not answer.edited


async def test_many_pages_show_how_far_it_is(workspace: Workspace) -> None:
    await workspace.ask("ana", "help")
    answer = await workspace.ask("ana", "sessions +system")
    workspace.exec.faults.append(Fault("slow", None, path="/sessions", seconds=0.45))
    ack = await workspace.press_only("ana", answer, "Read further back")
    heard = await all_said(workspace, "ana", await workspace.told("ana", after=ack))
    assert heard[0].text.startswith("Looking… page ")
    assert heard[0].text.endswith(" of 13.")
    assert "1,333 sessions" in heard[-1].text
    assert "Figures over" not in heard[-1].text
    assert {message.ts for message in heard} == {answer.ts}


async def test_fifty_at_once_while_exec_takes_five_seconds(open_workspace: MakeOffice) -> None:
    async with open_workspace(clock=RunningClock()) as workspace:
        await workspace.ask("ana", "sessions last 1d top 1")
        people = [
            user
            for user in workspace.slack.team.users.values()
            if user.email and user.email.endswith("@acme.com")
        ]
        workspace.exec.faults.append(Fault("slow", None, seconds=5))
        told = (f"sessions last {number // len(people) + 7}d" for number in range(AT_ONCE))
        asked = [(people[number % len(people)].id, words) for number, words in enumerate(told)]
        acks = await asyncio.gather(*(workspace.say(who, words) for who, words in asked))
        assert all(ack.ok for ack in acks)
        assert max(ack.took for ack in acks) < 5  # none waited for Exec; see docs/measurements.md

        await workspace.until(lambda: len(answers(workspace)) == AT_ONCE, seconds=90)
        bot = workspace.slack.team.bot_user_id
        texts = [m.text for m in workspace.slack.messages if m.user == bot]
        assert not [text for text in texts if text.startswith(("Exec", "Looking", "Something"))]
        assert len(texts) == AT_ONCE + 1


def answers(workspace: Workspace) -> list[Message]:
    """The real answers since the workspace opened, without the first."""
    found = [m for m in workspace.slack.messages if "Refresh" in labels(m)]
    return found[1:]
