"""What questions may take of the day's requests to Exec, what they get beyond it, and Refresh."""

from __future__ import annotations

import asyncio

import pytest

from bot.exec_api.budget import DUE
from tests.conversations.test_delivered_twice import second_bot
from tests.conversations.truth import assert_tells, truth
from tests.workspace import Workspace, labels, offered, table

pytestmark = pytest.mark.acquainted

USED_UP = "today's requests for questions are used up until Sat 21 Mar 07:0"


async def test_questions_never_take_what_is_kept_for_new_sessions_and_due_messages(
    workspace: Workspace,
) -> None:
    await workspace.ask("jane", "sessions last 7d")
    await workspace.leave_for_questions(0)
    budget = workspace.bot.core.budget
    assert (await budget.left()).day >= 333
    workspace.forget()
    workspace.clock.tick(300)

    # What is stored answers all the same, and says from when on there is news again.
    stored = truth(
        workspace, {"user_emails": "jane@acme.com", "start_date": "2026-03-13T09:06:00Z"}
    )
    answer = await workspace.ask("jane", "sessions last 7d")
    assert f"As of 10:00: {USED_UP}" in answer.text
    assert USED_UP in str(answer.blocks)
    assert_tells(workspace, answer, stored)
    again = await workspace.press("jane", answer, "Refresh")
    assert f"{USED_UP}" in again.text
    assert "Nothing was refreshed." in again.text
    refusal = await workspace.ask("ana", 'sessions skill:"Closing" last 3d')
    assert refusal.text.startswith("Today's requests to Exec are used up; the next one is free at")
    assert labels(refusal) == ["Try again"]
    assert workspace.paths() == []

    # New sessions come in by themselves, and messages are sent.
    made = workspace.world.add_session(
        "jane@acme.com", "Renewal Save", workspace.clock(), score=91.0
    )
    workspace.clock.tick(900)
    await workspace.bot.core.sync.run()
    for _ in range(300):
        await budget.take(DUE)
        workspace.clock.tick(2)
    workspace.forget()
    news = await workspace.ask("jane", "sessions last 7d")
    assert "91.0" in news.text, made
    assert workspace.paths() == []


async def test_an_answer_is_refreshed_once_a_minute_whatever_is_pressed_and_wherever(
    workspace: Workspace,
) -> None:
    first = await workspace.ask("jane", "sessions last 2d")
    workspace.clock.tick(5)
    fresh = await workspace.press("jane", first, "Refresh")
    workspace.clock.tick(20)
    workspace.world.add_session("jane@acme.com", "Renewal Save", workspace.clock(), score=91.0)
    workspace.forget()
    for message in (fresh, first):  # as the old one is still there in a window of hers
        told = await workspace.press("jane", message, "Refresh")
        note = "You refreshed this less than a minute ago. Refresh works again at 10:02."
        assert f"\n{note}\n" in told.text
        assert f"*{note}*" in str(told.blocks)
        assert "Refresh" in offered(told)
        assert len(table(told)) == len(table(fresh))
    async with second_bot(workspace) as (_, second):
        workspace.slack.request_url = second
        assert note in (await workspace.press("jane", told, "Refresh")).text
    assert workspace.asked() == []
    other = await workspace.press(
        "jane", await workspace.ask("jane", "sessions last 1d"), "Refresh"
    )
    assert len(workspace.asked()) == 1
    assert "You refreshed" not in other.text
    workspace.clock.tick(101)
    workspace.forget()
    again = await workspace.press("jane", told, "Refresh")
    assert "You refreshed" not in again.text
    assert len(workspace.asked()) == 1
    assert len(table(again)) == len(table(fresh)) + 1


async def test_three_presses_at_once_are_one(workspace: Workspace) -> None:
    answer = await workspace.ask("jane", "sessions last 2d")
    workspace.clock.tick(5)
    workspace.forget()
    presses = (workspace.press_only("jane", answer, "Refresh") for _ in range(3))
    await asyncio.gather(*presses)
    await workspace.bot.work.drain()
    assert len(workspace.asked()) == 1
