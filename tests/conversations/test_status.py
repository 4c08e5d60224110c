"""`/exec status`: what admins read of requests and of what is stored, and nobody else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.sandbox.exec_server import Fault
from bot.storage.tables import practice_session
from tests.conversations.truth import headline
from tests.workspace import Workspace, labels, table

pytestmark = pytest.mark.acquainted


@pytest.mark.new_here
async def test_an_admin_reads_how_it_stands(workspace: Workspace) -> None:
    await workspace.ask("jane", "sessions last 30d")
    told = await workspace.ask("ana", "status")
    used = len(workspace.exec.requests)
    assert used == 3
    assert headline(told) == (
        f"*{used} of 1,000 requests used in the last 24 hours*   "
        f"{1000 - used} left today, {60 - used} of 60 in this minute; "
        f"questions may take {667 - used} today"
    )
    assert table(told) == [
        ["Purpose", "Requests"],
        ["questions that people asked", "2"],
        ["names of groups, scenarios, skills and people", "1"],
    ]
    count = sa.select(sa.func.count()).select_from(practice_session)
    async with workspace.bot.core.database.transaction(reads=True) as connection:
        stored = (await connection.execute(count)).scalar_one()
    assert f"Sessions: {stored}\n" in told.text
    assert "People: 39, as of 10:00\n" in told.text
    assert "Last sync: just now (10:00)\n" in told.text
    assert "I look for new sessions when somebody asks, and at least every six hours" in told.text
    assert labels(told) == ["Refresh"]


async def test_it_is_there_while_exec_is_away(workspace: Workspace) -> None:
    await workspace.ask("ana", "sessions last 1d")
    workspace.clock.tick(120)
    workspace.exec.faults.append(Fault("limited", 1, path="/sessions", seconds=3600))
    await workspace.ask("ana", "sessions last 1d")
    told = await workspace.ask("ana", "status")
    assert "No request may be sent until 11:02." in told.text


@pytest.mark.parametrize(
    ("who", "heard"),
    [("jane", "Only an admin can do that"), ("gina.guest", "Guests can't see practice results.")],
)
async def test_others_are_refused(workspace: Workspace, who: str, heard: str) -> None:
    refusal = await workspace.ask(who, "status")
    assert refusal.text.startswith(heard)
    assert "1,000" not in refusal.text
    assert labels(refusal) == []


@pytest.mark.parametrize(
    ("fault", "first"),
    [
        ("wrong_key", "*Exec has not accepted my key since 10:02.* Put a new one in"),
        ("inactive", "*Your Exec workspace has been inactive since 10:02.* An Exec admin"),
        ("status", "*Exec can't be reached since 10:02.* I keep trying."),
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
