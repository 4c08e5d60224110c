"""Every payload is handled once, whichever process gets it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.demo.run import running
from bot.settings import SlackSettings
from tests.conftest import MakeUrl
from tests.conversations.acts import digest_form, dms
from tests.conversations.conftest import open_workspace
from tests.workspace import Workspace, offered


async def test_a_form_that_is_delivered_again_is_saved_once(workspace: Workspace) -> None:
    """With its old signature or a new one, to this process or another one."""
    async with second_bot(workspace) as addresses:
        await workspace.say("ana", 'digest "West Coast"', "west-coast")
        view = await digest_form(workspace, "ana")
        refused = await workspace.slack.submit(workspace.user("ana"), view.id, {"zone": "Atlantis"})
        values = {"rhythm": "every friday", "zone": "Europe/Berlin"}
        saved = await workspace.slack.submit(workspace.user("ana"), view.id, values)
        answer = await workspace.answer_to("ana", "west-coast", after=saved)
        for workspace.slack.request_url in addresses:
            for ack in (refused, saved):
                assert ack.delivery is not None
                assert (await workspace.act(ack.delivery)).body == ack.body
                assert (await workspace.slack.redeliver(ack)).body == ack.body
        await workspace.bot.drain()
        assert workspace.seen("ana", "west-coast") == [answer]
        listed = await workspace.ask("ana", "digest list", "west-coast")
        assert offered(listed).count("Pause") == 1


@asynccontextmanager
async def second_bot(workspace: Workspace) -> AsyncIterator[tuple[str, str]]:
    """Another process on the same database; the addresses of both."""
    first, settings = workspace.slack.request_url, workspace.bot.settings
    assert isinstance(settings, SlackSettings)
    async with running(settings, workspace.slack, workspace.clock, by_clock=False):
        try:
            yield first, workspace.slack.request_url
        finally:
            workspace.slack.request_url = first


async def test_two_processes_answer_a_message_once(postgres_urls: MakeUrl) -> None:
    async with open_workspace(postgres_urls()) as workspace:
        async with second_bot(workspace) as addresses:
            for days in (1, 2):
                delivery = workspace.message_of("jane", f"sessions last {days}d")
                for workspace.slack.request_url in addresses:
                    await workspace.act(delivery)
        await workspace.bot.drain()
        assert len(dms(workspace, "jane")) == 2
