"""`/exec status`: what admins read of requests and of what is stored, and nobody else."""

from __future__ import annotations

import pytest

from bot.demo.exec_server import Fault
from tests.conversations.truth import headline
from tests.workspace import Workspace

pytestmark = pytest.mark.acquainted


async def test_it_is_there_while_exec_is_away(workspace: Workspace) -> None:
    await workspace.ask("ana", "sessions last 1d")
    workspace.clock.tick(120)
    workspace.exec.faults.append(Fault("limited", 1, path="/sessions", seconds=3600))
    await workspace.ask("ana", "sessions last 1d")
    told = await workspace.ask("ana", "status")
    assert "Exec takes no request until 11:02." in told.text


@pytest.mark.parametrize(
    ("fault", "first"),
    [
        ("wrong_key", "*Exec has not accepted my key since 10:02.* Put a new one in"),
        ("inactive", "*Your Exec workspace has been inactive since 10:02.* An Exec admin"),
        ("status", "*I haven't been able to reach Exec since 10:02.* I keep trying."),
    ],
)
async def test_its_first_line_says_since_when_exec_does_not_answer(
    workspace: Workspace, fault: str, first: str
) -> None:
    await workspace.ask("ana", "sessions last 1d")
    workspace.clock.tick(120)
    workspace.exec.faults.append(Fault(fault, None))
    await workspace.ask("ana", "sessions last 1d")
    workspace.clock.tick(300)
    await workspace.ask("ana", "sessions last 1d")
    told = await workspace.ask("ana", "status")
    assert headline(told).startswith(first)
    assert told.text.startswith(first.replace("*", ""))
    workspace.exec.faults.clear()
    workspace.clock.tick(60)
    await workspace.ask("ana", "sessions last 1d")
    assert headline(await workspace.press("ana", told, "Refresh")).startswith("*")
    assert "since 10:02" not in (await workspace.ask("ana", "status")).text
