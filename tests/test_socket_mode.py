"""Socket Mode: the same listeners, by a connection that the bot opens itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import running
from bot.assembly import Bot, build_bot, utc_now
from bot.config import load
from bot.sandbox.slack_records import Message
from tests.processes import Town, bot_command, fetch, town


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Town]:
    async with town(tmp_path, socket=True) as here:
        yield here


@asynccontextmanager
async def serving(here: Town) -> AsyncIterator[tuple[Bot, str]]:
    """The bot in this process, connected; and the address of its probes."""
    stop = asyncio.Event()
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    settings = load(here.variables, slack=True, exec_api=True)
    async with build_bot(settings, clock=utc_now) as bot:
        task = asyncio.create_task(running.serve(bot, stop, started=port.set_result))
        try:
            yield bot, f"http://127.0.0.1:{await asyncio.wait_for(port, 5)}"
        finally:
            stop.set()
            await asyncio.wait_for(task, 20)


def button(message: Message, label: str) -> str:
    """The action id of the button with this label."""
    (found,) = [
        element["action_id"]
        for block in message.blocks
        for element in block.get("elements", ())
        if element.get("type") == "button" and element["text"]["text"] == label
    ]
    return str(found)


async def test_a_process_serves_slack_by_socket_and_probes_by_port(here: Town) -> None:
    async with here.bot() as bot:
        await here.connected()
        answer = await here.ask("jane@acme.com", "sessions last 7d")
        assert "session" in answer.text

        assert "Socket Mode" in bot.output
        assert await fetch(f"{bot.url}/healthz") == (200, '{"status": "up"}')
        status, body = await fetch(f"{bot.url}/readyz")
        assert (status, json.loads(body)["ready"]) == (200, True)
        status, body = await fetch(f"{bot.url}/metrics")
        assert (status, "execbot_answer_seconds_count" in body) == (200, True)
        assert (await fetch(f"{bot.url}/slack/events", data=b"command=/exec"))[0] == 404

        assert await bot.stop() == 0
        assert here.slack.sockets.open == []
        assert "Traceback" not in bot.output


async def test_buttons_and_forms_work_by_socket(here: Town) -> None:
    async with serving(here):
        await here.connected()
        answer = await here.ask("jane@acme.com", "sessions last 7d")
        jane = here.user("jane@acme.com")

        ack = await here.slack.click(jane, answer, button(answer, "Edit filters"))
        assert ack.ok
        view = await here.slack.wait_for_view(jane)
        ack = await here.slack.submit(jane, view.id)

        assert ack.ok
        assert here.slack.open_view(jane) is None
        assert "session" in (await here.heard("jane@acme.com", ack)).text


async def test_an_envelope_that_comes_twice_is_worked_on_once(here: Town) -> None:
    async with serving(here) as (bot, _):
        await here.connected()
        first = await here.say("jane@acme.com", "sessions last 7d")
        again = await here.slack.redeliver(first)
        await here.heard("jane@acme.com", first)
        await bot.work.drain()

        assert first.ok
        assert again.ok
        assert len(here.slack.messages) == 1


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_it_comes_back_when_slack_sends_it_away(here: Town, reason: str) -> None:
    async with serving(here):
        await here.connected()
        for _ in range(2):
            (before,) = here.slack.sockets.open
            await here.slack.disconnect(reason)
            await here.connected()
            assert before not in here.slack.sockets.open
            assert "session" in (await here.ask("jane@acme.com", "sessions last 7d")).text


async def test_two_processes_share_the_payloads(here: Town) -> None:
    async with here.bot() as one, here.bot() as two:
        await here.connected(count=2)
        first = await here.say("jane@acme.com", "sessions last 7d")
        again = await here.slack.redeliver(first)  # to the other one
        await here.heard("jane@acme.com", first)

        assert (first.ok, again.ok) == (True, True)
        assert [await bot.stop() for bot in (one, two)] == [0, 0]
        assert len(here.slack.messages) == 1
        assert "delivered again" in one.output + two.output


async def run_refused(here: Town) -> tuple[int, str, str]:
    ended = await bot_command("run", variables=here.variables, folder=here.folder)
    assert "Traceback" not in ended.out + ended.err
    return ended.code, ended.out, ended.err


async def test_a_wrong_app_token_ends_it_with_a_plain_sentence(here: Town) -> None:
    here.variables["SLACK_APP_TOKEN"] = "xapp-1-wrong"

    code, _, said = await run_refused(here)

    assert code == 1
    assert said.startswith("Slack opens no Socket Mode connection (invalid_auth). Check SLACK_APP")
    assert "xapp-1-wrong" not in said


async def test_a_slack_that_is_away_ends_it_with_a_plain_sentence(here: Town) -> None:
    here.variables["SLACK_API_URL"] = "http://127.0.0.1:1/api/"

    code, _, said = await run_refused(here)

    assert code == 1
    assert said.startswith("Slack opens no Socket Mode connection (ClientConnectorError).")


async def test_a_connection_that_stays_away_ends_it(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(running, "LOST_AFTER", 0.2)
    here.slack.fault("socket", "reset", times=1000)

    async with build_bot(load(here.variables, slack=True, exec_api=True)) as bot:
        with pytest.raises(running.Lost):
            await asyncio.wait_for(running.serve(bot, asyncio.Event()), 10)
