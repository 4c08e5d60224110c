"""The log: two forms, no secrets, nobody's name, nothing of what people type."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import logs
from tests.processes import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, town

URL = "https://hooks.slack.com/commands/T0ACME/123/abcDEF"
Lines = Callable[[], str]


@pytest.fixture
def log_to(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], Lines]]:
    """Sets logging up and puts everything back afterwards; the result reads what was logged."""
    root = logging.getLogger()
    handlers, level, ours = root.handlers[:], root.level, logging.getLogger("bot").level

    def set_up(level: str, form: str) -> Lines:
        out = io.StringIO()
        monkeypatch.setattr(sys, "stdout", out)
        logs.set_up(level, form)
        return out.getvalue

    yield set_up
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("bot").setLevel(ours)


@pytest.mark.parametrize(
    "secret",
    [
        BOT_TOKEN,
        APP_TOKEN,
        "xoxp-1-2-3-abc",
        "xoxe.xoxb-1-MS0yLWFiYw",
        "exec_live_" + "a1B2" * 10,
        "exec_test_" + "a1B2" * 10,
        "jane.smith+team@acme.co.uk",
        "o'neil@acme.com",
        "jürgen@müller.de",
        "jane%40acme.com",
        URL,
        "https://hooks.slack.com/actions/T0/1/2",
        "https://hooks.slack.com/app/T0/1/2",
        "http://127.0.0.1:4000/commands/T0EXECDEMO/0123456789abcdef",
    ],
)
@pytest.mark.parametrize("around", ["{}", "<{}>", '"{}"', "email={}&x=1", "says {}, twice {}"])
def test_what_looks_like_a_secret_is_redacted(secret: str, around: str) -> None:
    redacted = logs.redact(around.replace("{}", secret))

    assert secret not in redacted
    assert "[redacted]" in redacted


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("postgres://me:pass@db:5432/x", "postgres://[redacted]@db:5432/x"),
        ("postgres://me:p@s/s@db/x", "postgres://[redacted]@db/x"),
        ("redis://:pass@db/0", "redis://[redacted]@db/0"),
        ("wss://wss.slack.com/link/?ticket=a-b.c&app_id=1", "?ticket=[redacted]&app_id=1"),
    ],
)
def test_of_a_url_only_the_secret_part_is_redacted(text: str, left: str) -> None:
    assert left in logs.redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "listening on port 3000 (HTTP)",
        "GET https://api.exec.com/rest/v1/sessions answered 503",
        "sqlite:///execbot.db",
        "reference 0a1b2c3d",
    ],
)
def test_the_rest_is_left_alone(text: str) -> None:
    assert logs.redact(text) == text


def test_text_is_a_line_with_time_level_and_name(log_to: Callable[[str, str], Lines]) -> None:
    read = log_to("INFO", "text")

    logging.getLogger("bot.running").info("for %s", "jane@acme.com")

    stamp, rest = read().split(" ", 1)
    assert stamp[4] == "-"
    assert rest == "INFO    bot.running  for [redacted]\n"


def test_json_is_an_object_a_line(log_to: Callable[[str, str], Lines]) -> None:
    read = log_to("INFO", "json")

    logging.getLogger("bot.running").warning('a "quoted"\nline for %s', "jane@acme.com")
    try:
        raise ValueError(BOT_TOKEN)
    except ValueError:
        logging.getLogger("bot.running").exception("it broke")

    first, second = map(json.loads, read().splitlines())
    assert first["at"].endswith("+00:00")
    assert {name: first[name] for name in ("level", "logger", "message")} == {
        "level": "warning",
        "logger": "bot.running",
        "message": 'a "quoted"\nline for [redacted]',
    }
    assert second["traceback"].startswith("ValueError\n  File ")
    assert BOT_TOKEN not in json.dumps(second)


def test_a_traceback_carries_no_message(log_to: Callable[[str, str], Lines]) -> None:
    read = log_to("INFO", "text")

    try:
        try:
            raise KeyError("Jane " + "typed")
        except KeyError as error:
            raise ValueError("Jane " + "asked") from error
    except ValueError as error:
        stack = logs.stack_of(error)
        logging.getLogger("bot.running").exception("it broke")

    for text in (stack, read()):
        assert "Jane typed" not in text
        assert "Jane asked" not in text
        assert text.index("ValueError") < text.index("KeyError")
        assert text.count("test_logs.py") == 2


def test_a_stack_that_goes_in_a_circle_ends() -> None:
    one, two = ValueError(), KeyError()
    one.__cause__, two.__cause__ = two, one

    assert logs.stack_of(one) == "ValueError\nKeyError"


def test_libraries_are_not_heard_whatever_the_level(log_to: Callable[[str, str], Lines]) -> None:
    read = log_to("DEBUG", "text")

    for name in ("httpx", "httpcore.http11", "slack_sdk.web", "aiosqlite", "apscheduler.x", "new"):
        logging.getLogger(name).debug("quiet")
        logging.getLogger(name).info("quiet")
        logging.getLogger(name).warning("loud %s", name)
    bolt = logging.getLogger("slack_bolt.AsyncApp")
    bolt.setLevel("DEBUG")  # as Bolt does to its own loggers
    bolt.warning("quiet: Unhandled request {'text': 'sessions @jane'}")
    bolt.error("loud bolt")
    logging.getLogger("aiohttp.server").error("quiet: Error handling request")
    logging.getLogger("bot.pipeline").debug("loud bot")
    logging.getLogger("bot.sandbox.slack").info("quiet")
    bolt.setLevel("NOTSET")

    text = read()
    assert "quiet" not in text
    assert text.count("loud") == 8


@pytest.mark.parametrize(
    ("level", "heard"), [("INFO", "iwe"), ("WARNING", "we"), ("ERROR", "e"), ("DEBUG", "diwe")]
)
def test_the_level_is_kept(log_to: Callable[[str, str], Lines], level: str, heard: str) -> None:
    read = log_to(level, "text")

    for name in ("debug", "info", "warning", "error"):
        getattr(logging.getLogger("bot.x"), name)(f"<{name[0]}>")
    logging.getLogger("slack_sdk").warning("<library>")

    text = read()
    assert "".join(letter for letter in "diwe" if f"<{letter}>" in text) == heard
    assert ("<library>" in text) is (level != "ERROR")


@pytest.mark.parametrize("socket", [False, True])
async def test_a_question_at_debug_leaves_nothing_of_it_in_the_log(
    tmp_path: Path, socket: bool
) -> None:
    async with town(tmp_path, socket=socket) as here:
        async with here.bot(LOG_LEVEL="DEBUG", LOG_FORMAT="json") as bot:
            if socket:
                await here.connected()
            for words in ("sessions me last 13d", "sessions @bob last 13d", "banana 13d"):
                await here.ask("jane@acme.com", words)
            here.exec.key = "exec_live_" + "Other" * 8
            await here.ask("ana@acme.com", "sessions last 12d bronze")
            assert await bot.stop() == 0

        for line in bot.output.splitlines():
            json.loads(line)
        assert "no answer: WrongKey" in bot.output
        jane, channel = here.slack.team.user_called("jane@acme.com"), here.channel()
        urls = list(here.slack.response_urls)
        assert urls
        secrets = (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, here.variables["EXEC_API_KEY"], *urls)
        typed = ("last 13", "last 12", "banana", "bronze", "sessions me", "@bob")
        people = ("@acme.com", "%40acme.com", jane.id, jane.real_name, jane.name, channel)
        asked = ("start_date", "/sessions?", "users.info", "auth.test", "response_type")
        leaks = [word for word in (*secrets, *typed, *people, *asked) if word in bot.output]
        assert leaks == []
