"""The HTTP server under attack: unsigned requests cost nothing."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.demo.run import running
from bot.settings import SlackSettings
from tests.processes import BotProcess, fetch, modes
from tests.signed import FORM, Raw, fields, signed
from tests.workspace import workspace_apart

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


@pytest.fixture
async def events(tmp_path: Path) -> AsyncIterator[str]:
    """The address at which a bot in this process hears Slack."""
    async with workspace_apart(tmp_path) as place:
        settings = SlackSettings(**place.variables)
        async with running(settings, place.slack, lambda: datetime.now(UTC), by_clock=False):
            assert place.slack.request_url is not None
            yield place.slack.request_url


async def test_what_is_odd_is_turned_away_without_a_word_in_the_log(
    events: str, caplog: pytest.LogCaptureFixture
) -> None:
    for name, odd in ODD.items():
        status, _ = await fetch(events, data=BODY, headers={**signed(BODY), **odd})
        assert status == 401, name
    bytes_ = b"text=\xff"  # not UTF-8
    assert (await fetch(events, data=bytes_, headers=signed(bytes_)))[0] == 401
    assert logged(caplog) == []
    charset = {"Content-Type": f"{FORM}; charset=punycode"}
    assert (await fetch(events, data=BODY, headers={**signed(BODY), **charset}))[0] == 200


def port_of(events: str) -> int:
    return int(events.split(":")[2].partition("/")[0])


async def test_a_body_that_never_ends_lets_go_of_its_connection(
    events: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.serve.BODY_SECONDS", 0.2)
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
