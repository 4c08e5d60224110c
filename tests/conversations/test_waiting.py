"""Questions that take long, and many at once."""

from __future__ import annotations

import pytest

from tests.workspace import Workspace, table

LOOKING_AFTER = "bot.handlers.LOOKING_AFTER"


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
