"""The HTTP door under attack: what nobody signed costs nothing, what was signed counts once."""

from __future__ import annotations

import asyncio
import resource
import time
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.config import load
from bot.sandbox.demo import running
from bot.slack.http import SIGNATURE_SECONDS, SlackDoor
from tests.processes import BotProcess, fetch, modes
from tests.signed import FORM, Raw, fields, signed
from tests.workspace import SIGNING_SECRET, workspace_apart

MEGABYTE = 1_000_000


def bomb() -> bytes:
    """A deflate stream of 900 MB of zeros in less than a megabyte."""
    packer = zlib.compressobj(9)
    first = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * 899


HOSTILE: Mapping[str, tuple[dict[str, str], bytes]] = {
    "punycode": ({"Content-Type": f"{FORM}; charset=punycode"}, b"a-" + b"a" * 999_998),
    "idna": ({"Content-Type": f"{FORM}; charset=idna"}, b"xn--" + b"a" * 400_000),
    "deflate": ({"Content-Type": FORM, "Content-Encoding": "deflate"}, bomb()),
    "no gzip": ({"Content-Type": FORM, "Content-Encoding": "gzip"}, b"\x1f\x8b" + b"x" * 9_000),
    "too big": ({"Content-Type": FORM}, b"text=" + b"x" * 3 * MEGABYTE),
}


async def test_a_probe_and_a_command_are_answered_whatever_is_sent(
    tmp_path: Path,
) -> None:
    async with workspace_apart(tmp_path) as place, place.started() as bot:
        await place.say("jane@acme.com", "help")  # what is read and made once
        raws = [await Raw.open(bot.port, *hostile) for hostile in HOSTILE.values()]
        drips = await Raw.open(bot.port, {"Content-Type": FORM}, b"text=x" * 9)
        for raw in (*raws, drips):
            await raw.send(half=True)
        await answers_at_once(bot, 1)
        for raw in raws:
            await raw.send()
        await answers_at_once(bot, 2)

        statuses = dict(zip(HOSTILE, [await raw.status() for raw in raws], strict=True))
        assert statuses == dict.fromkeys(HOSTILE, 401) | {"too big": 413}
        drips.close()


async def answers_at_once(bot: BotProcess, number: int) -> None:
    body = fields(text="help", trigger_id=f"trigger {number}")
    # One that is held up is given up after ten seconds.
    (health, _), (ack, _) = await asyncio.gather(
        fetch(f"{bot.url}/healthz"),
        fetch(f"{bot.url}/slack/events", data=body, headers=signed(body)),
    )
    assert (health, ack) == (200, 200)


BODY = fields(text="help")
ODD: Mapping[str, Mapping[str, str]] = {
    "no timestamp": {"X-Slack-Request-Timestamp": ""},
    "a timestamp of letters": {"X-Slack-Request-Timestamp": "now"},
    "a superscript timestamp": {"X-Slack-Request-Timestamp": "²"},
    "a timestamp of 5,000 digits": {"X-Slack-Request-Timestamp": "1" * 5_000},
    "a negative timestamp": {"X-Slack-Request-Timestamp": "-1"},
    "a timestamp with a fraction": {"X-Slack-Request-Timestamp": "1.5"},
    "no signature": {"X-Slack-Signature": ""},
    "a signature in Greek": {"X-Slack-Signature": "v0=αβγ"},
    "a signature in no encoding": {"X-Slack-Signature": "v0=\udcff"},
}
NO_PAYLOAD: Mapping[str, tuple[bytes, Mapping[str, str]]] = {
    "no UTF-8": (b"text=\xff", {}),
    "gzip, or what calls itself so": (b"\x1f\x8b\x08", {"Content-Encoding": "gzip"}),
    "nested too deep": (b"payload=" + b"[" * 100_000, {}),
}


@asynccontextmanager
async def serving(tmp_path: Path) -> AsyncIterator[str]:
    """A bot in this process; where it hears Slack."""
    async with workspace_apart(tmp_path) as place:
        settings = load(place.variables, slack=True, exec_api=True)
        async with running(settings, place.slack, lambda: datetime.now(UTC), by_clock=False):
            assert place.slack.request_url is not None
            yield place.slack.request_url


@pytest.fixture
async def events(tmp_path: Path) -> AsyncIterator[str]:
    async with serving(tmp_path) as events:
        yield events


async def test_what_is_odd_is_turned_away_without_a_word_in_the_log(
    events: str, caplog: pytest.LogCaptureFixture
) -> None:
    for name, odd in ODD.items():
        status, _ = await fetch(events, data=BODY, headers={**signed(BODY), **odd})
        assert status == 401, name
    for name, (body, said) in NO_PAYLOAD.items():
        status, _ = await fetch(events, data=body, headers={**signed(body), **said})
        assert status == 400, name
    charset = {"Content-Type": f"{FORM}; charset=punycode"}
    assert (await fetch(events, data=BODY, headers={**signed(BODY), **charset}))[0] == 200
    assert logged(caplog) == []


async def test_a_form_of_very_many_fields_is_refused_before_it_is_read(events: str) -> None:
    many = BODY + b"&a=" * 250_000
    assert await fetch(events, data=many, headers=signed(many)) == (
        400,
        "These are more than 1,000 fields.",
    )
    long = fields(text="%" * 300_000)  # read in a thread
    assert (await fetch(events, data=long, headers=signed(long)))[0] == 200


async def test_who_sends_slowly_gives_way(events: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many connections somebody holds, Slack gets in."""
    monkeypatch.setattr("bot.slack.http.MOST_AT_ONCE", 2)
    slow = [await Raw.open(port_of(events), {"Content-Type": FORM}, b"text=x") for _ in range(5)]
    for raw in slow:
        await raw.send(half=True)
    assert [await raw.status() for raw in slow[:3]] == [408] * 3
    assert (await fetch(events, data=BODY, headers=signed(BODY)))[0] == 200
    for raw in slow[3:]:
        raw.close()


PROBE = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.mark.parametrize(
    ("patience", "says"),
    [
        pytest.param("FIRST_SECONDS", b"", id="nothing"),
        pytest.param("FIRST_SECONDS", b"GET /healthz HTTP/1.1\r\nHost: ", id="half its headers"),
        pytest.param("IDLE_SECONDS", PROBE, id="no more after an answer"),
        pytest.param("IDLE_SECONDS", PROBE + b"GET /healthz HTTP/1.1\r\n", id="half after one"),
    ],
)
async def test_a_connection_that_waits_for_nothing_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patience: str, says: bytes
) -> None:
    monkeypatch.setattr(f"bot.serve.{patience}", 0.2)
    async with serving(tmp_path) as events:
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(events))
        writer.write(says)
        said = await asyncio.wait_for(reader.read(), 100)
        assert said.startswith(b"HTTP/1.1 200") is says.startswith(PROBE)
        writer.close()


async def test_of_too_many_connections_the_one_that_waited_longest_gives_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.server.MOST_CONNECTIONS", 3)
    async with serving(tmp_path) as events:
        body = await Raw.open(port_of(events), {"Content-Type": FORM}, b"text=x")
        await body.send(half=True)
        silent = [await asyncio.open_connection("127.0.0.1", port_of(events)) for _ in range(6)]
        assert (await fetch(events, data=BODY, headers=signed(BODY)))[0] == 200

        for reader, _ in silent[:5]:
            assert await asyncio.wait_for(reader.read(), 100) == b""
        await body.send()
        assert await body.status() == 401
        for _, writer in silent:
            writer.close()


async def test_as_many_files_as_the_machine_allows_may_be_open(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft - 1, hard))
    try:
        async with serving(tmp_path):
            assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def port_of(events: str) -> int:
    return int(events.split(":")[2].partition("/")[0])


async def test_a_body_that_never_ends_lets_go_of_its_connection(
    events: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.slack.http.READ_SECONDS", 0.2)
    port = port_of(events)
    slow = await Raw.open(port, {"Content-Type": FORM}, b"text=x")
    await slow.send(half=True)
    assert await slow.status() == 408
    gone = await Raw.open(port, {"Content-Type": FORM}, b"text=x")
    await gone.send(half=True)
    gone.close()
    broken = await Raw.open(port, {"Transfer-Encoding": "chunked"}, b"no chunk\r\n")
    await broken.send()
    assert await broken.status() == 400
    assert logged(caplog) == []


async def test_what_is_on_the_disk_is_for_its_owner_alone(events: str, tmp_path: Path) -> None:
    assert (await fetch(events.replace("/slack/events", "/readyz")))[0] == 200
    assert modes(tmp_path) == dict.fromkeys(
        ("execbot.db", "execbot.db-wal", "execbot.db-shm"), 0o600
    )


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if record.name.startswith("bot")]


class Counting:
    """An app that counts what it is given."""

    def __init__(self) -> None:
        self.dispatched = 0

    async def async_dispatch(self, _request: object) -> BoltResponse:
        self.dispatched += 1
        return BoltResponse(status=200, body={"answer": self.dispatched})


async def test_a_signature_that_was_seen_is_answered_and_does_nothing() -> None:
    app, now = Counting(), [time.time()]
    door = SlackDoor(cast(AsyncApp, app), SIGNING_SECRET, lambda: now[0])
    server = web.Application()
    server.router.add_post("/slack/events", door.answer)
    # Signed by a clock that is ahead of ours as far as is let in: good for twice that time.
    headers = signed(BODY, at=now[0] + SIGNATURE_SECONDS)
    async with TestClient(TestServer(server)) as client:

        async def post(body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
            answer = await client.post("/slack/events", data=body, headers=headers)
            return answer.status, await answer.text()

        first, again = await asyncio.gather(post(BODY, headers), post(BODY, headers))
        assert first == again == (200, '{"answer": 1}')
        now[0] += 2 * SIGNATURE_SECONDS - 1
        other = fields(text="status")
        assert (await post(other, signed(other, at=now[0])))[1] == '{"answer": 2}'
        assert await post(BODY, headers) == first
        now[0] += 3
        assert (await post(BODY, headers))[0] == 401
