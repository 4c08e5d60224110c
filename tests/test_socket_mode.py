"""Socket Mode: the same bot without a public address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.app import App
from bot.demo.run import running
from bot.demo.slack_server import SlackServer
from bot.serve import NoSocket
from bot.settings import SlackSettings
from tests.conftest import FakeClock
from tests.workspace import Workspace, the_world, workspace_apart


class Here:
    """A bot in this process that is reached by a socket only."""

    def __init__(self, place: Workspace, bot: App) -> None:
        self.workspace = place
        self.slack = place.slack
        self.bot = bot
        assert place.slack.request_url is not None
        self.url = place.slack.request_url.removesuffix("/slack/events")
        # Whatever still arrives has come through a socket.
        place.slack.request_url = None


async def until(slack: SlackServer, fulfilled: Callable[[], bool], seconds: float = 30) -> None:
    with slack.watch() as changed:
        async with asyncio.timeout(seconds):
            while not fulfilled():
                changed.clear()
                await changed.wait()


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Here]:
    async with workspace_apart(tmp_path, socket=True) as place:
        settings = SlackSettings(**place.variables)
        clock = FakeClock(the_world().now)
        async with running(settings, place.slack, clock, by_clock=False) as bot:
            await until(place.slack, lambda: len(place.slack.sockets.open) == 1)
            yield Here(place, bot)


async def test_buttons_and_forms_work_too(here: Here) -> None:
    ana = here.workspace.user("ana@acme.com")
    answer = await here.workspace.ask("ana@acme.com", "sessions last 30d", "west-coast")
    label = "Post this every week here"
    view = await here.workspace.open_form("ana@acme.com", answer, label)
    sent = await here.slack.submit(ana, view.id)
    assert sent.ok
    saved = await here.workspace.heard("ana@acme.com", "west-coast", after=sent)
    assert saved.text.startswith("Saved")


async def test_messages_and_mentions_are_answered_too(here: Here) -> None:
    workspace, jane = here.workspace, here.workspace.user("jane@acme.com")
    answer = await workspace.tell("jane@acme.com", "sessions last 30d")
    assert ("Jane Smith" in answer.text, answer.channel) == (True, workspace.dm("jane@acme.com"))
    again = await workspace.press("jane@acme.com", answer, "Refresh")
    assert (again.ts, again.via) == (answer.ts, "chat.update")
    mention = await workspace.tell("jane@acme.com", "@exec sessions last 30d", "west-coast")
    assert mention.visible_to == jane
    # An envelope whose ack got lost comes again, and is answered once.
    for ack in list(here.slack.acks):
        assert (await here.slack.redeliver(ack)).ok
    await here.bot.drain()
    assert len(workspace.seen("jane@acme.com", workspace.dm("jane@acme.com"))) == 1
    assert len(workspace.seen("jane@acme.com", "west-coast")) == 1


async def test_home_is_heard_of_too(here: Here) -> None:
    slack, jane = here.slack, here.workspace.user("jane@acme.com")
    await slack.home_opened(jane)
    await here.bot.drain(30)
    assert "Your practice" in str(slack.homes[jane].blocks)


async def test_a_refresh_leads_to_a_new_connection_and_loses_nothing(here: Here) -> None:
    (old,) = here.slack.sockets.open

    await here.slack.sockets.disconnect()
    open_ = here.slack.sockets.open
    await until(here.slack, lambda: bool(open_) and old not in open_)
    assert "Jane Smith" in (await here.workspace.ask("jane@acme.com", "sessions last 30d")).text


async def test_a_socket_that_slack_does_not_open_ends_the_start(tmp_path: Path) -> None:
    async with workspace_apart(tmp_path, socket=True) as place:
        place.slack.fault("apps.connections.open", "invalid_auth", times=9)
        settings = SlackSettings(**place.variables)

        with pytest.raises(NoSocket) as raised:
            async with running(settings, place.slack, FakeClock(the_world().now)):
                raise AssertionError("it started")
    assert str(raised.value) == "invalid_auth"


async def test_a_process_of_its_own_serves_and_ends_in_order(tmp_path: Path) -> None:
    async with workspace_apart(tmp_path, socket=True) as place, place.started() as bot:
        await until(place.slack, lambda: len(place.slack.sockets.open) == 1)
        assert "Jane Smith" in (await place.ask("jane@acme.com", "sessions last 30d")).text
        assert "(Socket Mode)" in bot.output

        assert await bot.stop() == 0
        await until(place.slack, lambda: place.slack.sockets.open == [])
        assert "Traceback" not in bot.output
        assert place.variables["SLACK_APP_TOKEN"] not in bot.output


async def test_a_wrong_app_token_is_told_in_a_sentence(tmp_path: Path) -> None:
    async with workspace_apart(tmp_path, socket=True) as place:
        ended = await place.run("run", SLACK_APP_TOKEN="xapp-wrong")

    assert ended.code == 1
    assert ended.err == (
        "Slack opens no Socket Mode connection (invalid_auth). Check SLACK_APP_TOKEN, that Socket "
        "Mode is on, and that this machine reaches Slack. For more, run: execbot doctor\n"
    )
