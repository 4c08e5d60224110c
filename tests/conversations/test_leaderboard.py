"""Places by sessions and scores: who gets names, who their own place, and what a channel reads."""

from __future__ import annotations

import pytest

from tests.workspace import Workspace

pytestmark = pytest.mark.acquainted


@pytest.mark.new_here
async def test_a_group_that_was_not_read_yet_is_not_called_none(workspace: Workspace) -> None:
    unread = await workspace.ask("jane", "leaderboard")
    assert "I don't know yet who is in every group." in unread.text
    await workspace.bot.lists.sync()
    assert (await workspace.ask("jane", "leaderboard")).text.startswith("You're number ")
    alone = next(
        each
        for id_, each in workspace.world.members.items()
        if not any(id_ in ids for ids in workspace.world.rosters.values())
    )
    assert "You are in no group in Exec" in (await workspace.ask(alone.email, "leaderboard")).text
