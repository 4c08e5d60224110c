"""The HTTP server: attacks, probes, and metrics."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

import pytest

from bot.demo.exec_server import ExecFault
from bot.demo.run import running
from bot.settings import SlackSettings, load
from tests.conftest import FakeClock
from tests.office import Place, open_place
from tests.processes import BotProcess, fetch
from tests.signed import FORM, Raw, fields, signed

MEGABYTE = 1_000_000
ODD = [
    {"X-Slack-Request-Timestamp": ""},
    {"X-Slack-Request-Timestamp": "now"},
    {"X-Slack-Request-Timestamp": "²"},
    {"X-Slack-Request-Timestamp": "1" * 5_000},
    {"X-Slack-Request-Timestamp": "-1"},
    {"X-Slack-Request-Timestamp": "1.5"},
    {"X-Slack-Signature": ""},
    {"X-Slack-Signature": "v0=αβγ"},
    {"X-Slack-Signature": "v0=\udcff"},
]
BODY = fields(text="help")


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """A bot that serves in this process."""
    async with open_place(tmp_path) as place:
        settings, clock = load(SlackSettings, **place.variables), FakeClock(datetime.now(UTC))
        async with running(settings, place.slack, clock, by_clock=False):
            yield place


def bomb() -> bytes:
    """A deflate stream of 900 MB of zeros in less than a megabyte."""
    packer = zlib.compressobj(9)
    first = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * 899


async def test_hostile_requests_do_not_hold_up_others(tmp_path: Path) -> None:
    hostile: Mapping[str, tuple[dict[str, str], bytes]] = {
        "punycode": ({"Content-Type": f"{FORM}; charset=punycode"}, b"a-" + b"a" * 999_998),
        "idna": ({"Content-Type": f"{FORM}; charset=idna"}, b"xn--" + b"a" * 400_000),
        "deflate": ({"Content-Type": FORM, "Content-Encoding": "deflate"}, bomb()),
        "no gzip": ({"Content-Type": FORM, "Content-Encoding": "gzip"}, b"\x1f\x8b" + b"x" * 9_000),
        "too big": ({"Content-Type": FORM}, b"text=" + b"x" * 3 * MEGABYTE),
    }
    async with open_place(tmp_path) as place, place.started() as bot:
        await place.ask("jane", "help")  # what is read and made once
        raws = [await Raw.open(bot.port, *request) for request in hostile.values()]
        slow = await Raw.open(bot.port, {"Content-Type": FORM}, b"text=x" * 9)
        for raw in (*raws, slow):
            await raw.send(half=True)
        await assert_answers(bot, 1)
        for raw in raws:
            await raw.send()
        await assert_answers(bot, 2)

        statuses = dict(zip(hostile, [await raw.status() for raw in raws], strict=True))
        assert statuses == dict.fromkeys(hostile, 401) | {"too big": 413}
        slow.close()


async def assert_answers(bot: BotProcess, number: int) -> None:
    body = fields(text="help", trigger_id=f"trigger {number}")
    # `fetch` gives up after ten seconds.
    (health, _), (ack, _) = await asyncio.gather(
        fetch(f"{bot.url}/healthz"),
        fetch(f"{bot.url}/slack/events", data=body, headers=signed(body)),
    )
    assert (health, ack) == (200, 200)


async def test_odd_headers_are_refused_and_not_logged(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    events = str(place.slack.request_url)
    for odd in ODD:
        status, _ = await fetch(events, data=BODY, headers={**signed(BODY), **odd})
        assert status == 401, odd
    not_utf8 = b"text=\xff"
    assert (await fetch(events, data=not_utf8, headers=signed(not_utf8)))[0] == 401
    assert logged(caplog) == []
    charset = {"Content-Type": f"{FORM}; charset=punycode"}
    assert (await fetch(events, data=BODY, headers={**signed(BODY), **charset}))[0] == 200


async def test_a_body_that_never_ends_is_given_up(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.slack.server.BODY_SECONDS", 0.2)
    port = urlsplit(place.slack.request_url).port or 0
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


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if record.name.startswith("bot")]


async def test_a_probe_does_not_wait_for_an_exec_that_hangs(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.observe.health.CHECK_SECONDS", 0.2)
    place.exec.faults.append(ExecFault("hang", times=None))

    status, body = await fetch(urljoin(str(place.slack.request_url), "/readyz"))

    assert (status, json.loads(body)["checks"]["exec"]) == (503, "no answer")


def form(payload: object) -> tuple[str, bytes]:
    return FORM, urlencode({"payload": json.dumps(payload)}).encode()


def event(value: object) -> tuple[str, bytes]:
    return JSON, json.dumps({"type": "event_callback", "team_id": "T1", "event": value}).encode()


JSON = "application/json"
USER = {"id": "U1", "team_id": "T1"}
ACTION = {"type": "block_actions", "user": USER, "trigger_id": "1"}
SUBMIT = {"type": "view_submission", "user": USER}
MALFORMED = {
    "no JSON": (JSON, b"{"),
    "an array": (JSON, b"[1]"),
    "a number": (JSON, b"7"),
    "null": (JSON, b"null"),
    "a text": (JSON, b'"x"'),
    "an empty object": (JSON, b"{}"),
    "an event that is a list": event([]),
    "an event that is null": event(None),
    "an event without a type": event({}),
    "no event": (JSON, b'{"type": "event_callback"}'),
    "an empty payload": (FORM, b"payload="),
    "a payload that is a list": form([]),
    "a payload that is null": form(None),
    "a payload that is no JSON": (FORM, b"payload=%7Bx"),
    "an empty body": (FORM, b""),
    "no user": form({"type": "block_actions", "actions": [{"action_id": "a"}]}),
    "a user that is a text": form({**ACTION, "user": "U1", "actions": [{"action_id": "a"}]}),
    "no actions": form(ACTION),
    "actions that are a text": form({**ACTION, "actions": "a"}),
    "an action that is null": form({**ACTION, "actions": [None]}),
    "an action without an id": form({**ACTION, "actions": [{}]}),
    "a view that is null": form({**SUBMIT, "view": None}),
    "a view without a state": form({**SUBMIT, "view": {"id": "V1"}}),
    "a view whose state is null": form({**SUBMIT, "view": {"id": "V1", "state": None}}),
    "a press in a view that is null": form(
        {**ACTION, "view": None, "actions": [{"action_id": "a"}]}
    ),
    "a shortcut of nobody": form({"type": "shortcut"}),
    "a command of nobody": (FORM, b"command=%2Fexec&team_id=T1&channel_id=C1"),
    "5,000 nested brackets": (JSON, b"[" * 5_000),
}


async def test_a_malformed_body_is_refused(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    events = str(place.slack.request_url)
    for name, (kind, body) in MALFORMED.items():
        caplog.clear()
        status, _ = await fetch(events, data=body, headers=signed(body, kind=kind))
        assert status == 400, name
        assert [record.levelname for record in caplog.records] == ["WARNING"], name
