"""Many things wanted at once by one person: three are in hand, the rest wait in order."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.sandbox.exec_server import Fault
from bot.storage.payloads import LEASE, Payloads
from bot.storage.tables import payload
from tests.workspace import Workspace

FOR_EXEC = [f'sessions skill:"{name}" last 3d' for name in ("Closing", "Storytelling")]
SLOW = 'sessions skill:"Negotiation" last 3d'
TOO_MANY = "You have 50 questions waiting already. Ask this one again in a minute."


def heard_of(workspace: Workspace, who: str) -> list[str]:
    """What somebody was told, but for news of progress, in the order in which it came."""
    told = sorted(workspace.seen(who), key=lambda message: message.revision)
    return [message.text for message in told if not message.text.startswith("Looking…")]


async def test_three_questions_of_one_person_are_in_hand_and_the_rest_wait_in_order(
    workspace: Workspace,
) -> None:
    answer = await workspace.ask("jane", "sessions last 7d")
    await workspace.ask("jane", 'explain skill:"Closing"')
    workspace.forget()
    with workspace.exec_held("/sessions"):
        for words in [*FOR_EXEC, SLOW, 'sessions skill:"Rapport Building" last 3d']:
            assert (await workspace.say("jane", words)).ok
        acks = [await workspace.say("jane", f"help zz{n}") for n in range(54)]
        assert all(ack.ok for ack in acks)

        # Forms open at once, and nobody else waits.
        assert (await workspace.open_form("jane", answer, "Edit filters")).id
        assert (await workspace.ask("bob", "help")).text
        assert len(workspace.asked()) == 3
        before = heard_of(workspace, "jane")
        assert len(before) == 2 + 5
        assert before[2:] == [TOO_MANY] * 5

    await workspace.bot.work.drain(60)
    assert len(heard_of(workspace, "jane")) == 2 + 4 + 54
    told = heard_of(workspace, "jane")[2 + 5 :]
    skills = ("Closing", "Storytelling", "Negotiation", "Rapport")
    places = [next(n for n, text in enumerate(told) if skill in text) for skill in skills]
    assert min(places[:3]) < places[3]  # it waited for one of the three in hand
    topics = [int(re.search(r"zz(\d+)", text)[1]) for text in told if "No help topic" in text]
    assert len(topics) == 49
    # With three in hand, no more than two that came before are still without their answer;
    # how long one of them takes is the machine's affair.
    assert all(place >= topic - 2 for place, topic in enumerate(topics))


async def test_a_question_that_waits_in_line_is_not_taken_for_lost(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.work.LEASE", LEASE / 300)
    database, lease = workspace.bot.core.database, payload.c.lease_until
    await workspace.ask("jane", 'explain skill:"Closing"')
    with workspace.exec_held("/sessions"):
        for words in [*FOR_EXEC, SLOW, "help"]:
            await workspace.say("jane", words)
        another = Payloads(database, workspace.clock)
        for _ in range(3):
            workspace.clock.tick(LEASE.total_seconds() * 0.9)
            ends_soon = (~payload.c.done, lease < workspace.clock() + LEASE / 2)
            async with asyncio.timeout(100):
                while await database.count(payload, *ends_soon):  # noqa: ASYNC110 - nothing tells
                    await asyncio.sleep(0.01)
            assert await another.orphans() == []
        assert len(heard_of(workspace, "jane")) == 1
    await workspace.bot.work.drain(60)
    assert len(heard_of(workspace, "jane")) == 5


async def test_those_who_still_wait_at_the_end_are_told(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.work.TELL_SECONDS", 30)
    await workspace.ask("jane", 'explain skill:"Closing"')
    workspace.exec.faults.append(Fault("hang", None, path="/sessions"))
    for words in [*FOR_EXEC, SLOW, "help"]:
        await workspace.say("jane", words)
    await workspace.bot.work.drain(0.1)
    told = heard_of(workspace, "jane")[1:]
    assert (
        told
        == [
            "I was interrupted before I could answer. Nothing is lost: ask again. "
            "Buttons: Try again."
        ]
        * 4
    )
