"""Socket Mode: the same bot without a public address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, cast

import pytest

from bot import serve
from bot.app import App
from tests.conftest import FakeClock
from tests.workspace import ApartWorkspace, separate_workspace, the_world

ANA, JANE = "ana@acme.com", "jane@acme.com"


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[ApartWorkspace]:
    async with separate_workspace(tmp_path, socket=True) as place:
        yield place


@pytest.fixture
async def bot(place: ApartWorkspace) -> AsyncIterator[App]:
    """A bot in this process that only a socket leads to."""
    async with place.served(FakeClock(the_world().now)) as bot:
        place.slack.request_url = ""
        await place.connected()
        yield bot


async def test_forms_mentions_and_home_work_too(place: ApartWorkspace, bot: App) -> None:
    answer = await place.ask(ANA, "sessions last 30d", "west-coast")
    view = await place.open_form(ANA, answer, "Post this every week here")
    sent = await place.slack.submit(place.user(ANA), view.id)
    assert sent.ok
    assert "Saved" in (await place.answer_to(ANA, "west-coast", after=sent)).text

    jane = place.user(JANE)
    mention = await place.tell(JANE, "@exec sessions last 30d", "west-coast")
    assert mention.visible_to == jane
    await place.slack.home_opened(jane)
    await bot.drain(30)
    assert place.slack.homes[jane].blocks


async def test_an_envelope_that_comes_again_is_answered_once(
    place: ApartWorkspace, bot: App
) -> None:
    await place.tell(JANE, "sessions last 30d")
    for ack in list(place.slack.acks):
        assert (await place.slack.redeliver(ack)).ok
    await bot.drain()
    assert len(place.seen(JANE, place.dm(JANE))) == 1


@pytest.mark.usefixtures("bot")
async def test_after_a_refresh_a_new_connection_serves(place: ApartWorkspace) -> None:
    (old,) = place.slack.sockets.open
    await place.slack.sockets.disconnect()
    await place.until(
        lambda: bool(place.slack.sockets.open) and old not in place.slack.sockets.open
    )
    assert "Jane Smith" in (await place.ask(JANE, "sessions last 30d")).text


@pytest.mark.parametrize(
    ("connected", "is_lost"), [((False, True, False, True), False), ((True, False, False), True)]
)
async def test_the_bot_ends_only_if_its_connection_stays_lost(
    monkeypatch: pytest.MonkeyPatch, connected: tuple[bool, ...], is_lost: bool
) -> None:
    stop, left = asyncio.Event(), [*connected]

    class Socket:
        async def is_connected(self) -> bool:
            state = left.pop(0)
            if not left:
                stop.set()
            return state

    monkeypatch.setattr(serve, "CHECK_EVERY", 0.001)
    monkeypatch.setattr(serve, "LOST_AFTER", 0.002)
    with pytest.raises(serve.CannotServe) if is_lost else nullcontext():
        await serve._wait(stop, cast(Any, Socket()))


async def test_a_wrong_app_token_ends_the_start_with_a_sentence(place: ApartWorkspace) -> None:
    ended = await place.run("run", SLACK_APP_TOKEN="xapp-wrong")

    assert ended.code == 1
    assert "invalid_auth" in ended.err
    assert "SLACK_APP_TOKEN" in ended.err
    assert len(ended.err.splitlines()) == 1
