"""When Exec is in trouble: people are told soon, plainly, and with a way on that works."""

from __future__ import annotations

import pytest

from bot.demo.exec_server import Fault
from bot.mirror import lists
from bot.mirror.reader import LEASE
from bot.storage.leases import Leases
from tests.workspace import Workspace, labels, table

TROUBLE = "Exec is having trouble right now. Try again in a minute."
FAULTS = [
    pytest.param(Fault("status", None), TROUBLE, id="503"),
    pytest.param(Fault("html", None), TROUBLE, id="HTML"),
    pytest.param(Fault("wrong_key", None), "Exec no longer accepts my key.", id="wrong key"),
]


@pytest.mark.new_here
@pytest.mark.parametrize(("fault", "heard"), FAULTS)
async def test_the_first_question_of_all_meets_trouble(
    workspace: Workspace, fault: Fault, heard: str
) -> None:
    workspace.exec.faults.append(fault)
    told = await workspace.ask("jane", "sessions last 7d")
    assert told.text.startswith(heard)
    workspace.exec.faults.clear()
    assert table(await workspace.press("jane", told, "Try again"))[1:]


async def test_buttons_answer_from_what_is_stored_in_trouble(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions last 20d")
    workspace.exec.faults.append(Fault("wrong_key", None))
    workspace.clock.tick(7 * 3600)
    assert table(await workspace.press_still("ana", answer, "Next"))[1:]
    told = await workspace.press_still("ana", answer, "Refresh")
    assert told.text.startswith("298 sessions, Everyone")
    assert "As of 09:59: Exec doesn't accept my key; the admins have been told." in told.text


async def test_a_single_slip_is_not_even_noticed(workspace: Workspace) -> None:
    workspace.exec.faults.append(Fault("status", 1, path="/sessions"))
    assert table(await workspace.ask("ana", "sessions last 7d"))


async def test_names_that_are_held_outlive_an_exec_that_is_down(workspace: Workspace) -> None:
    """Hours later the list of members is old, and still good enough to say no by."""
    await workspace.ask("ana", "sessions last 1d")
    workspace.clock.tick(7 * 3600)
    workspace.exec.faults.append(Fault("status", None))
    refusal = await workspace.ask("jane", "sessions @bob")
    assert refusal.text.startswith("You can see only your own practice")


@pytest.mark.new_here
async def test_a_day_that_is_used_up(workspace: Workspace) -> None:
    await workspace.leave(0)
    told = await workspace.ask("jane", "sessions last 7d")
    assert told.text.startswith(
        "Today's requests to Exec are used up; the next one is free at Sat 21 Mar 07:01."
    )
    assert labels(told) == ["Try again"]


@pytest.mark.new_here
async def test_another_process_reads_the_lists(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "ENSURE_AGAIN", 0)
    assert workspace.bot is not None
    other = Leases(workspace.bot.db, workspace.clock, "another process")
    assert await other.acquire_once("lists", LEASE) is None
    answer = await workspace.ask("ana", "sessions @jane")
    assert answer.text.startswith("I'm still reading who and what is in Exec. Try again")
    await other.release("lists")
    assert table(await workspace.press("ana", answer, "Try again"))[1:]
