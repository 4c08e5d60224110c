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
# Libraries log whole requests: an e-mail in a query string, a body with what people typed. So
# they are logged from WARNING on, whatever LOG_LEVEL says, and these from a level of their own.
# aiohttp.server reports with a traceback whatever a port scanner sends.
LOGGED_FROM = {"slack_bolt": logging.ERROR, "aiohttp.server": logging.CRITICAL}
SELDOM_SECONDS = 60.0

_SECRETS = re.compile(
    r"""
      \bxox[a-z]-[\w-]+ | \bxoxe\.[\w.-]+ | \bxapp-[\w-]+   # Slack tokens
    | \bexec_[a-z]+_[A-Za-z0-9]{8,}                        # Exec keys
    | (?<=://)[^\s/@:]*:\S+(?=@)                           # user:password of a URL
    | https?://hooks\.slack[^\s"'<>]+                      # a response_url, and a stand-in's
    | https?://[^\s/]+/(?:commands|actions|services|response)/[^\s"'<>]+
    | (?<=password=)[^\s&]+                                # as drivers write it
    | (?<=ticket=)[\w.-]+                                  # lets in to Socket Mode
    # An e-mail address. The first character has no such before it, or a long word takes for ever.
    | (?<![\w.+-])[\w.+-][\w.+'-]*(?:@|%40)[\w-]+\.[\w.-]+
    """,
    re.VERBOSE,
)


def redact(text: str) -> str:
    """`text` without anything that looks like a secret or an e-mail address."""
    return _SECRETS.sub("[redacted]", text)


class OwnRecords(logging.Filter):
    """Passes our own records, and those of libraries from their level on.

    A filter of the handler, since Bolt gives the level of the root to its own loggers.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        room = record.name.partition(".")[0]
        if room == "bot" and not record.name.startswith("bot.demo."):
            return True
        least = LOGGED_FROM.get(record.name, LOGGED_FROM.get(room, logging.WARNING))
        return record.levelno >= least


class Seldom(logging.Filter):
    """Passes once a minute what else would fill the log: records with the same `seldom` among their
    extras, and asyncio's at every try that no connection can be accepted."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        is_accept = record.name == "asyncio" and str(record.msg).startswith("socket.accept()")
        said = "socket.accept()" if is_accept else getattr(record, "seldom", None)
        if said is None:
            return True
        now = self._now()
        if now - self._said.get(said, -SELDOM_SECONDS) < SELDOM_SECONDS:
            return False
        self._said[said] = now
        return True


class TextFormatter(logging.Formatter):
    """One readable line; a traceback below it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s  %(message)s", "%Y-%m-%dT%H:%M:%S%z")

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))

    def formatException(self, ei: Any) -> str:
        return stack_of(ei[1])


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

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
            "filters": {"ours": {"()": OwnRecords}, "seldom": {"()": Seldom}},
            "handlers": {
                "out": {
                    "class": "logging.StreamHandler",
                    "stream": f"ext://sys.{stream}",
                    "formatter": "ours",
                    "filters": ["ours", "seldom"],
                }
            },
            # Libraries look at the level to decide whether to put together what they would print.
            "root": {"level": max(level, "WARNING", key=LEVELS.index), "handlers": ["out"]},
            "loggers": {"bot": {"level": level}},
        }
    )


def stack_of(error: BaseException) -> str:
    """Where an error came from, without its message: that may quote what people typed."""
    lines: list[str] = []
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        lines += [f"{type(cause).__name__}\n", *traceback.format_tb(cause.__traceback__)]
        cause = cause.__cause__ or cause.__context__
    return "".join(lines).rstrip()


def new_reference() -> str:
    """A short id that a person can read out."""
    return secrets.token_hex(4)


def unforeseen(log: logging.Logger, error: BaseException, what: str = "") -> str:
    """Log where an unexpected error came from, with a reference, which is returned.

    `what` was being done stands before it.
    """
    reference = new_reference()
    log.error("%sreference %s\n%s", f"{what}: " if what else "", reference, stack_of(error))
    return reference
