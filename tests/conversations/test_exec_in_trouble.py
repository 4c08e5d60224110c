"""When Exec is in trouble, people read soon and plainly what happened, and can go on."""

from __future__ import annotations

import pytest

from bot.demo.exec_server import Fault
from bot.mirror import lists
from bot.mirror.lists import LISTS
from bot.storage.leases import TURN, Leases
from tests.workspace import Workspace, labels, table


async def test_buttons_and_refusals_work_from_what_is_stored(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions last 20d")
    workspace.exec.faults.append(Fault("wrong_key", None))
    workspace.clock.tick(7 * 3600)  # the list of members is old by then
    assert table(await workspace.press_still("ana", answer, "Next"))[1:]
    fresh = await workspace.press_still("ana", answer, "Refresh")
    assert "sessions, Everyone, last 20 days" in fresh.text
    assert "As of 09:59: Exec doesn't accept my key; the admins know." in fresh.text
    refused = await workspace.ask("jane", "sessions @bob")
    assert refused.text.startswith("You can see only your own practice")


@pytest.mark.new_here
async def test_a_used_up_day_says_until_when(workspace: Workspace) -> None:
    await workspace.leave(0)
    refused = await workspace.ask("jane", "sessions last 7d")
    assert refused.text.startswith("Today's requests to Exec are used up until Sat 21 Mar 07:01.")
    assert labels(refused) == ["Try again"]


@pytest.mark.new_here
async def test_a_question_waits_for_another_process_that_reads_the_lists(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "ENSURE_AGAIN", 0)
    other = Leases(workspace.bot.db, workspace.clock, "another process")
    assert await other.acquire_once(LISTS, TURN) is None
    answer = await workspace.ask("ana", "sessions @jane")
    assert answer.text.startswith("I'm still loading the people and groups in Exec")
    await other.release("lists")
    assert table(await workspace.press("ana", answer, "Try again"))[1:]
