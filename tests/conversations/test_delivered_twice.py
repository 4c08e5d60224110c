"""Every payload is worked on once, whichever process gets it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.demo.run import running, settle_in
from bot.demo.slack_workspace import Ack
from tests.conftest import MakeUrl
from tests.conversations.test_digests import filled
from tests.workspace import MakeOffice, Workspace, offered

pytestmark = pytest.mark.acquainted


async def test_a_press_delivered_again_counts_once(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions me last 7d", "west-coast")
    asked = await workspace.press("ana", answer, "Share in channel")
    ack = await workspace.press_only("ana", asked, "Post it")
    assert (await workspace.slack.redeliver(ack)).ok
    await workspace.bot.drain()
    assert len([m for m in workspace.seen("jane", "west-coast") if m.visible_to is None]) == 1


async def test_pressing_twice_runs_twice(workspace: Workspace) -> None:
    """Two presses of one button are two wishes, not one delivered twice."""
    answer = await workspace.ask("jane", "sessions last 7d")
    for _ in range(2):
        workspace.clock.tick(61)
        workspace.forget()
        answer = await workspace.press("jane", answer, "Refresh")
        assert workspace.paths()
        assert set(workspace.paths()) == {"/sessions"}


async def test_a_form_sent_again_is_done_once(open_workspace: MakeOffice) -> None:
    """With the signature it had or another one, here or at another process."""
    async with open_workspace() as workspace, second_bot(workspace) as addresses:
        await workspace.say("ana", 'digest "West Coast"', "west-coast")
        view = await filled(workspace, "ana")
        refused = await workspace.slack.submit(workspace.user("ana"), view.id, {"zone": "Atlantis"})
        values = {"rhythm": "every friday", "zone": "Europe/Berlin"}
        saved = await workspace.slack.submit(workspace.user("ana"), view.id, values)
        told = await workspace.heard("ana", "west-coast", after=saved)
        for address in addresses:
            workspace.slack.request_url = address
            for ack in (refused, saved):
                assert ack.delivery is not None
                assert (await workspace.act(ack.delivery)).body == ack.body
                assert (await workspace.slack.redeliver(ack)).body == ack.body
        await workspace.bot.drain()
        assert workspace.seen("ana", "west-coast") == [told]
        listed = await workspace.ask("ana", "digest list", "west-coast")
        assert offered(listed).count("Pause") == 1


@asynccontextmanager
async def second_bot(workspace: Workspace) -> AsyncIterator[tuple[str, str]]:
    """Another process on the same database; the addresses of both."""
    first, settings = workspace.slack.request_url, workspace.bot.settings
    assert first is not None
    async with running(settings, workspace.slack, workspace.clock, by_clock=False):
        second = workspace.slack.request_url
        assert second is not None
        assert second != first
        try:
            yield first, second
        finally:
            workspace.slack.request_url = first


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    make: MakeUrl = request.getfixturevalue(f"{request.param}_urls")
    return make()


async def test_two_processes_answer_once(open_workspace: MakeOffice, url: str) -> None:
    async with open_workspace(DATABASE_URL=url) as workspace, second_bot(workspace) as addresses:
        await settle_in(workspace.bot, workspace.world)
        acks: list[Ack] = []
        for number in range(4):
            delivery = workspace.command_of("jane", f"sessions last {number + 1}d")
            for address in addresses:
                workspace.slack.request_url = address
                acks.append(await workspace.act(delivery))
        await workspace.until(lambda: len(workspace.seen("jane")) >= 4)
        await workspace.bot.drain()
        assert len(acks) == 8
        assert len(workspace.seen("jane")) == 4


@pytest.mark.new_here
async def test_stopping_tells_those_who_wait(workspace: Workspace) -> None:
    await workspace.ask("jane", "sessions last 1d")
    with workspace.exec_held("/sessions"):
        ack = await workspace.say("jane", "sessions last 7d")
        await workspace.bot.drain(seconds=0.1)
        told = await workspace.heard("jane", after=ack)
        assert told.text.startswith("I was interrupted before I could answer.")
