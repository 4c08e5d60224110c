"""Logging: to standard output, without secrets and without personal data."""

from __future__ import annotations

import json
import logging
import logging.config
import re
import secrets
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
# Libraries log whole requests, with addresses and typed words, so they are logged from WARNING on,
# whatever LOG_LEVEL says; these from their own level. aiohttp.server logs a traceback for
# everything that a port scanner sends.
LOGGED_FROM = {"slack_bolt": logging.ERROR, "aiohttp.server": logging.CRITICAL}
REPEAT_SECONDS = 60.0

_SECRETS = re.compile(
    r"""
      \bxox[a-z]-[\w-]+ | \bxoxe\.[\w.-]+ | \bxapp-[\w-]+   # Slack tokens
    | \bexec_[a-z]+_[A-Za-z0-9]{8,}                        # Exec keys
    | (?<=://)[^\s/@:]*:\S+(?=@)                           # user:password of a URL
    | https?://hooks\.slack[^\s"'<>]+                      # a response_url, and a stand-in's
    | https?://[^\s/]+/(?:commands|actions|services|response)/[^\s"'<>]+
    | (?<=password=)[^\s&]+                                # in connection strings
    | (?<=ticket=)[\w.-]+                                  # a Socket Mode ticket
    # An e-mail address. The lookbehind keeps the scan of a long word linear.
    | (?<![\w.+-])[\w.+-][\w.+'-]*(?:@|%40)[\w-]+\.[\w.-]+
    """,
    re.VERBOSE,
)


def redact(text: str) -> str:
    """`text` without anything that looks like a secret or an e-mail address."""
    return _SECRETS.sub("[redacted]", text)


class OwnRecords(logging.Filter):
    """Passes our own records, and those of libraries from their level on.

    A filter on the handler, because Bolt sets the levels of its own loggers to that of the root.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        package = record.name.partition(".")[0]
        if package == "bot" and not record.name.startswith("bot.demo."):
            return True
        least = LOGGED_FROM.get(record.name, LOGGED_FROM.get(package, logging.WARNING))
        return record.levelno >= least


class OnceAMinute(logging.Filter):
    """Passes repeated records once a minute: those with the same `once_a_minute` in their extras,
    and asyncio's about failing to accept connections."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._last_logged: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        is_accept = record.name == "asyncio" and str(record.msg).startswith("socket.accept()")
        key = "socket.accept()" if is_accept else getattr(record, "once_a_minute", None)
        if key is None:
            return True
        now = self._now()
        if now - self._last_logged.get(key, -REPEAT_SECONDS) < REPEAT_SECONDS:
            return False
        self._last_logged[key] = now
        return True


class TextFormatter(logging.Formatter):
    """One readable line per record, with the traceback below it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s  %(message)s", "%Y-%m-%dT%H:%M:%S%z")

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))

    def formatException(self, ei: Any) -> str:
        return stack_of(ei[1])


class JsonFormatter(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        if record.exc_info and record.exc_info[1] is not None:
            entry["traceback"] = redact(stack_of(record.exc_info[1]))
        return json.dumps(entry, ensure_ascii=False)


def set_up(level: str, form: str, *, stream: str = "stdout") -> None:
    """Send every log line to `stream` at `level`; `form` is "text" or "json"."""
    formatter = JsonFormatter if form == "json" else TextFormatter
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"ours": {"()": formatter}},
            "filters": {"ours": {"()": OwnRecords}, "once_a_minute": {"()": OnceAMinute}},
            "handlers": {
                "out": {
                    "class": "logging.StreamHandler",
                    "stream": f"ext://sys.{stream}",
                    "formatter": "ours",
                    "filters": ["ours", "once_a_minute"],
                }
            },
            # The root's level, too: libraries check it before they format expensive messages.
            "root": {"level": max(level, "WARNING", key=LEVELS.index), "handlers": ["out"]},
            "loggers": {"bot": {"level": level}},
        }
    )


def stack_of(error: BaseException) -> str:
    """The traceback of an error without its message, which may quote what people typed."""
    lines: list[str] = []
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        lines += [f"{type(cause).__name__}\n", *traceback.format_tb(cause.__traceback__)]
        cause = cause.__cause__ or cause.__context__
    return "".join(lines).rstrip()


def new_reference() -> str:
    """A short id that people can read out loud."""
    return secrets.token_hex(4)


def log_unexpected(log: logging.Logger, error: BaseException, what: str = "") -> str:
    """Log an unexpected error with a new reference, and return the reference. `what` names the
    failed action in the log."""
    reference = new_reference()
    log.error("%sreference %s\n%s", f"{what}: " if what else "", reference, stack_of(error))
    return reference
