"""Rankings for people without a group, or whose group was not read yet."""

from __future__ import annotations

import pytest

from tests.workspace import Workspace


@pytest.mark.new_here
async def test_a_group_that_was_not_read_yet_is_not_denied(workspace: Workspace) -> None:
    answer = await workspace.ask("jane", "leaderboard")
    assert "I'm still loading the members of the groups." in answer.text
    await workspace.bot.lists.sync()
    assert (await workspace.ask("jane", "leaderboard")).text.startswith("You're number ")
    in_groups = set().union(*workspace.world.rosters.values())
    alone = next(each for id_, each in workspace.world.members.items() if id_ not in in_groups)
    assert "You aren't in a group in Exec" in (await workspace.ask(alone.email, "leaderboard")).text
