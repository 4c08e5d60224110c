"""When Exec is in trouble: people are told soon, plainly, and with a way on that works."""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox.exec_server import Fault
from tests.workspace import Workspace, labels, table

TROUBLE = "Exec is having trouble right now. Nothing is lost: try again in a minute."
SILENT = "Exec is not answering right now. Nothing is lost: try again in a minute."
FAULTS = [
    pytest.param(Fault("status", None), TROUBLE, id="503"),
    pytest.param(Fault("html", None), TROUBLE, id="HTML"),
    pytest.param(Fault("cut", None, chunked=True), TROUBLE, id="half a body in chunks"),
    pytest.param(
        Fault(
            "garbage",
            None,
            path="/sessions",
            body={
                "data": [],
                "pagination": {"page": 1, "page_size": 100, "total_count": 80, "total_pages": 1},
            },
        ),
        TROUBLE,
        id="no row of 80",
    ),
    pytest.param(Fault("hang", None), SILENT, id="hang"),
    pytest.param(
        Fault("limited", None, seconds=3600),
        "Exec takes no more requests just now. Ask again at 11:00.",
        id="limited for an hour",
    ),
    pytest.param(Fault("wrong_key", None), "Exec doesn't accept my key any more.", id="wrong key"),
    pytest.param(
        Fault("inactive", None),
        "Your Exec workspace is inactive. Ask an Exec admin to reactivate it.",
        id="inactive",
    ),
]


async def jane_asked(workspace: Workspace) -> None:
    await workspace.ask("jane", "sessions last 1d")


COLD = [param for param in FAULTS if param.id in ("503", "HTML", "wrong key", "reset")]


@pytest.mark.parametrize(("fault", "heard"), COLD)
async def test_the_first_question_of_all_meets_trouble(
    workspace: Workspace, fault: Fault, heard: str
) -> None:
    workspace.exec.faults.append(fault)
    told = await workspace.ask("jane", "sessions last 7d")
    assert told.text.startswith(heard)
    workspace.exec.faults.clear()
    assert table(await workspace.press("jane", told, "Try again"))[1:]


@pytest.mark.parametrize("label", ["Refresh", "Next", "Read further back"])
async def test_a_button_meets_trouble_and_offers_its_question_again(
    workspace: Workspace, label: str
) -> None:
    answer = await workspace.ask(
        "ana", "sessions" if label == "Read further back" else "sessions last 20d"
    )
    workspace.exec.faults.append(Fault("wrong_key", None))
    workspace.clock.tick(7 * 3600)  # by now the members are asked for again, and cannot be had
    told = await workspace.press("ana", answer, label)
    if label == "Next":  # what is stored needs no Exec
        assert table(told)[1:]
        return
    if label == "Refresh":  # the same, and that it is old is said
        assert told.text.startswith("298 sessions: Everyone")
        assert "As of 10:00: Exec does not accept my key; the admins have been told." in told.text
        return
    assert told.text.startswith("Exec doesn't accept my key")
    workspace.exec.faults.clear()
    assert table(await workspace.press("ana", told, "Try again"))[1:]


async def test_a_single_slip_is_not_even_noticed(workspace: Workspace) -> None:
    workspace.exec.faults.append(Fault("status", 1, path="/sessions"))
    assert table(await workspace.ask("ana", "sessions last 7d"))


async def test_a_short_limit_is_waited_out(workspace: Workspace) -> None:
    await workspace.ask("jane", "sessions last 1d")
    workspace.clock.tick(61)
    over = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        await over.wait()

    workspace.bot.core.exec_client._sleep = sleep
    workspace.exec.faults.append(Fault("limited", 1, path="/sessions", seconds=5))
    ack = await workspace.say("jane", "sessions last 7d")
    told = await workspace.told("jane", after=ack)
    assert told.text == "Looking…"
    workspace.clock.tick(6)
    over.set()
    answer = await workspace.heard("jane", after=told)
    assert table(answer)[1:]
    assert workspace.seen("jane")[-1] == answer
    assert len(workspace.seen("jane")) == 2


async def test_names_that_are_held_outlive_an_exec_that_is_down(workspace: Workspace) -> None:
    """Hours later the list of members is old, and still good enough to say no by."""
    await workspace.ask("ana", "sessions last 1d")
    workspace.clock.tick(7 * 3600)
    workspace.exec.faults.append(Fault("status", None))
    refusal = await workspace.ask("jane", "sessions @bob")
    assert refusal.text.startswith("I can't show you Bob Jones")


@pytest.mark.begins(after=jane_asked)
async def test_a_day_that_is_used_up(workspace: Workspace) -> None:
    await workspace.leave(0)
    told = await workspace.ask("jane", "sessions last 7d")
    assert told.text.startswith(
        "Today's requests to Exec are used up; the next one is free at Sat 21 Mar 07:01."
    )
    assert labels(told) == ["Try again"]
