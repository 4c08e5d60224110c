"""Refresh looks at every row of an answer again, or says what that costs, or that it could not."""

from __future__ import annotations

from bot.sandbox.exec_server import Fault
from tests.workspace import Workspace


async def test_where_exec_is_away_nothing_is_refreshed_and_that_is_said(
    workspace: Workspace,
) -> None:
    answer = await workspace.ask("jane", "sessions last 7d")
    workspace.exec.faults.append(Fault("reset", None))
    workspace.clock.tick(120)
    fresh = await workspace.press("jane", answer, "Refresh")
    said = "As of 10:00, Exec can't be reached. Nothing was refreshed."
    assert said in fresh.text
    assert said in str(fresh.blocks)
    assert "refreshed" not in (await workspace.ask("jane", "sessions last 7d")).text

    workspace.exec.faults.clear()
    again = await workspace.press_still("jane", fresh, "Refresh")
    assert "Exec can't be reached" not in again.text
    assert "less than a minute ago" not in again.text
