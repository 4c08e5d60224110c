"""The log: its form, and what it never holds."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import datetime

import pytest

from bot.observe.logs import redact, set_up, stack_of

SECRETS = {
    "a bot token": "xoxb-123456-7890-AbCdEf",
    "a user token": "xoxp-123456-7890-AbCdEf",
    "a rotated token": "xoxe.xoxb-1-Mi0yLTEyMw",
    "a refresh token": "xoxe-1-My0xLTEyMw",
    "an app token": "xapp-1-A0123-4567-0a1b2c",
    "a live key": "exec_live_" + "aB3" * 14,
    "a test key": "exec_test_" + "aB3" * 14,
    "an address": "jane.o'smith+x@mail.acme.co.uk",
    "an address in a URL": "jane.smith%40acme.com",
    "an address of elsewhere": "zoë@müller.example",
    "a response_url": "https://hooks.slack.com/commands/T0123/456/AbCdEf",
    "an interaction's": "https://hooks.slack.com/actions/T0123/456/AbCdEf",
    "GovSlack's": "https://hooks.slack-gov.com/commands/T0123/456/AbCdEf",
    "a stand-in's": "http://127.0.0.1:4567/commands/T0123/AbCdEf",
    "a webhook": "https://hooks.slack.com/services/T0123/B456/AbCdEf",
}


@pytest.fixture
def _as_it_was() -> Iterator[None]:
    """Restore the loggers, which `set_up` changes for the whole process."""
    root, bot = logging.getLogger(), logging.getLogger("bot")
    before = (root.handlers[:], root.level, bot.level)
    yield
    root.handlers[:], _, _ = before
    root.setLevel(before[1])
    bot.setLevel(before[2])


def fails(said: str) -> None:
    raise ValueError(said)


def failure(said: str) -> BaseException:
    """An error with a message, caused by another one with a message."""
    try:
        try:
            fails(said)
        except ValueError as error:
            raise RuntimeError(f"because of {said}") from error
    except RuntimeError as error:
        return error
    raise AssertionError


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_secrets_and_addresses_are_redacted(secret: str) -> None:
    for around in ["{}", "asked {} twice", "'{}'", "<{}>", "x={} y=1", '"{}",']:
        assert redact(around.format(secret)) == around.format("[redacted]")


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("postgresql+psycopg://me:hunter2@db:5432/x", "postgresql+psycopg://[redacted]@db:5432/x"),
        ("postgres://me:hun/t@er2@db/x", "postgres://[redacted]@db/x"),
        ("postgres://:hunter2@db/x", "postgres://[redacted]@db/x"),
        ("host=db password=hunter2 user=me", "host=db password=[redacted] user=me"),
        (
            "wss://wss.slack.com/link/?ticket=a1-b2&app_id=3",
            "wss://wss.slack.com/link/?ticket=[redacted]&app_id=3",
        ),
    ],
)
def test_passwords_and_tickets_are_redacted(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "listening on port 3000 (HTTP)",
        "exec /workspace/members: Broken reset",
        "reference 0a1b2c3d",
        "GET https://api.exec.com/rest/v1/sessions",
        "no answer: Limited limited by exec until 2026-03-20T10:00:00+00:00",
        "12 @ 3 o'clock",
    ],
)
def test_harmless_text_stays(text: str) -> None:
    assert redact(text) == text


def test_a_stack_has_no_messages() -> None:
    stack = stack_of(failure("jane typed this"))

    assert [line for line in stack.splitlines() if not line.startswith(" ")] == [
        "RuntimeError",
        "ValueError",
    ]
    assert "in fails" in stack
    assert "jane" not in stack


@pytest.mark.usefixtures("_as_it_was")
def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("INFO", "json")
    log = logging.getLogger("bot.x")
    log.info("hello %s,\nmétier", "jane@acme.com")
    log.error("it broke", exc_info=failure("jane typed this"))
    log.debug("not heard")

    hello, broke = map(json.loads, capsys.readouterr().out.splitlines())
    assert datetime.fromisoformat(hello.pop("at")).utcoffset() is not None
    assert hello == {"level": "info", "logger": "bot.x", "message": "hello [redacted],\nmétier"}
    assert (broke["level"], broke["message"]) == ("error", "it broke")
    assert broke["traceback"].startswith("RuntimeError\n")
    assert "jane" not in broke["traceback"]


@pytest.mark.usefixtures("_as_it_was")
def test_the_level_is_that_of_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("WARNING", "json", stream="stderr")
    for name in ("debug", "info", "warning", "error"):
        getattr(logging.getLogger("bot.slack.turn"), name)("x")

    said = capsys.readouterr()
    assert said.out == ""
    levels = [json.loads(line)["level"] for line in said.err.splitlines()]
    assert levels == ["warning", "error"]
