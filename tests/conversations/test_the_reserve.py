"""What questions may take of the day's requests to Exec, what they get beyond it, and Refresh."""

from __future__ import annotations

import pytest

from bot.exec_api.budget import DUE
from tests.conversations.truth import assert_tells, truth
from tests.workspace import Workspace, labels

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
