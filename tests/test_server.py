"""The HTTP door: who gets in, what a probe hears, what Prometheus reads."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.app import App
from bot.demo.exec_server import Fault
from bot.demo.run import running
from bot.settings import SlackSettings
from tests.conftest import FakeClock
from tests.processes import fetch
from tests.signed import FORM, fields, signed
from tests.workspace import SIGNING_SECRET, Workspace, workspace_apart

METRICS_TOKEN = "prometheus-reads-this"


class Here:
    """A bot that serves in this process, and the town around it."""

    def __init__(self, place: Workspace, bot: App, clock: FakeClock) -> None:
        self.workspace = place
        self.bot = bot
        self.clock = clock
        assert place.slack.request_url is not None
        self.events = place.slack.request_url
        self.url = self.events.removesuffix("/slack/events")

    async def post(
        self,
        body: bytes,
        *,
        secret: str = SIGNING_SECRET,
        at: float | None = None,
        kind: str = FORM,
    ) -> tuple[int, str]:
        """A signed request, as Slack sends it."""
        headers = signed(body, secret=secret, at=at, kind=kind)
        return await fetch(self.events, data=body, headers=headers)

    async def ready(self) -> tuple[int, dict[str, str]]:
        status, body = await fetch(f"{self.url}/readyz")
        answer = json.loads(body)
        assert answer["ready"] is (status == 200)
        checks: dict[str, str] = answer["checks"]
        return status, checks


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Here]:
    clock = FakeClock(datetime.now(UTC))
    async with workspace_apart(tmp_path) as place:
        settings = SlackSettings(**place.variables)
        async with running(settings, place.slack, clock, by_clock=False) as bot:
            yield Here(place, bot, clock)


async def test_a_probe_does_not_wait_for_an_exec_that_hangs(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.observe.health.LOOK_SECONDS", 0.2)
    here.workspace.exec.faults.append(Fault("hang", times=None))

    status, checks = await here.ready()

    assert (status, checks["exec"]) == (503, "no answer")


@asynccontextmanager
async def metrics_url(folder: Path, **variables: str) -> AsyncIterator[str]:
    """The address of `/metrics` of a bot with these settings."""
    async with workspace_apart(folder) as place:
        settings = SlackSettings(**place.variables, **variables)
        async with running(settings, place.slack, FakeClock(), by_clock=False):
            assert place.slack.request_url is not None
            url = place.slack.request_url.removesuffix("/slack/events")
            assert (await fetch(f"{url}/healthz"))[0] == 200
            yield f"{url}/metrics"


async def test_metrics_are_closed_without_a_token_in_the_settings(tmp_path: Path) -> None:
    async with metrics_url(tmp_path) as url:
        assert await fetch(url) == await fetch(url.replace("metrics", "nothing"))
        for token in ("", METRICS_TOKEN, "None"):
            assert (await fetch(url, headers={"Authorization": f"Bearer {token}"}))[0] == 404


async def test_metrics_answer_only_their_token(tmp_path: Path) -> None:
    async with metrics_url(tmp_path, EXECBOT_METRICS_TOKEN=METRICS_TOKEN) as url:
        status, text = await fetch(url, headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
        assert status == 200
        assert "# TYPE execbot_" in text
        refused = (
            f"Bearer {METRICS_TOKEN}x",
            f"Bearer {METRICS_TOKEN[:-1]}",
            f"Bearer {METRICS_TOKEN.upper()}",
            f"Basic {METRICS_TOKEN}",
            METRICS_TOKEN,
            "Bearer",
            "Bearer \u00e9\u03b1",
            "",
        )
        for header in refused:
            status, text = await fetch(url, headers={"Authorization": header})
            assert (status, "execbot" in text) == (401, False), header
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            assert response.status == 401
            assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_slacks_certificate_check_is_welcome_unsigned(here: Here) -> None:
    body = b"token=x&ssl_check=1"

    assert (await fetch(here.events, data=body, headers={"Content-Type": FORM}))[0] == 200


GARBAGE = (
    (b"", FORM),
    (b"\x00\x01", FORM),
    (b"payload=%7Bnot json", FORM),
    (b"{not json", "application/json"),
    (b"\xff\xfe", FORM),
    (b"text=x", f"{FORM}; charset=nonsense"),
)


async def test_unsigned_garbage_is_refused_and_leaves_no_traceback(
    here: Here, caplog: pytest.LogCaptureFixture
) -> None:
    for body, kind in GARBAGE:
        status, said = await fetch(here.events, data=body, headers={"Content-Type": kind})
        assert status == 401, body
        assert "Traceback" not in said
    assert not [record for record in caplog.records if record.exc_info]
    assert (await fetch(f"{here.url}/healthz"))[0] == 200


async def test_a_signed_command_without_its_fields_fails_and_is_logged_without_its_words(
    here: Here, caplog: pytest.LogCaptureFixture
) -> None:
    status, said = await here.post(b"command=/exec&text=jane")

    # Slack tells the person that the command failed.
    assert (status, said) == (500, "")
    (line,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert line.getMessage().startswith("a listener failed: reference ")
    assert "KeyError" in line.getMessage()
    assert "jane" not in caplog.text


async def test_what_is_no_http_is_refused_without_a_word_in_the_log(here: Here) -> None:
    host, _, port = here.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello over TLS\r\n\r\n")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()

    assert answer.startswith((b"HTTP/1.0 400", b"HTTP/1.1 400"))


async def test_other_paths_and_methods_are_not_there(here: Here) -> None:
    assert (await fetch(f"{here.url}/"))[0] == 404
    assert (await fetch(f"{here.url}/slack/install"))[0] == 404
    assert (await fetch(here.events))[0] == 405
    assert (await fetch(f"{here.url}/healthz", data=b""))[0] == 405


async def test_what_nobody_foresaw_gets_a_reference_and_no_traceback(
    here: Here, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        words = "typed " + "this"
        raise RuntimeError(words)

    monkeypatch.setattr(here.bot.bolt, "async_dispatch", broken)

    status, said = await here.post(fields(text="help"))

    assert status == 500
    assert json.loads(said)["reference"] in caplog.text
    assert "RuntimeError" in caplog.text
    assert "typed this" not in said + caplog.text
