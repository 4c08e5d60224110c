"""Socket Mode: the same bot without a public address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, cast

import pytest

from bot.slack import server as serve
from tests.office import Office, open_office, open_place


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path, by_socket=True) as office:
        yield office


async def test_an_envelope_that_comes_again_is_answered_once(office: Office) -> None:
    await office.tell("jane", "sessions last 30d")
    for ack in list(office.slack.acks):
        assert (await office.slack.redeliver(ack)).ok
    await office.drain()
    assert len(office.dms("jane")) == 1


async def test_after_a_refresh_a_new_connection_serves(office: Office) -> None:
    (old,) = office.slack.sockets.open
    await office.slack.sockets.disconnect()
    with office.slack.watch() as changed:
        while not office.slack.sockets.open or old in office.slack.sockets.open:
            changed.clear()
            await changed.wait()
    assert "Jane Smith" in (await office.ask("jane", "sessions last 30d")).text


@pytest.mark.parametrize(
    ("connected", "is_lost"), [((False, True, False, True), False), ((True, False, False), True)]
)
async def test_the_bot_ends_only_if_its_connection_stays_lost(
    monkeypatch: pytest.MonkeyPatch, connected: tuple[bool, ...], is_lost: bool
) -> None:
    stop, left = asyncio.Event(), [*connected]

    class Client:
        async def is_connected(self) -> bool:
            state = left.pop(0)
            if not left:
                stop.set()
            return state

    monkeypatch.setattr(serve, "CHECK_EVERY", 0.001)
    monkeypatch.setattr(serve, "LOST_AFTER", 0.002)
    with pytest.raises(serve.CannotServe) if is_lost else nullcontext():
        await serve._watch(cast(Any, Client()), stop)


async def test_a_wrong_app_token_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    async with open_place(tmp_path, SLACK_APP_TOKEN="xapp-wrong") as place:
        ended = await place.run("run")

    assert ended.code == 1
    assert "invalid_auth" in ended.err
    assert "SLACK_APP_TOKEN" in ended.err
    assert len(ended.err.splitlines()) == 1
