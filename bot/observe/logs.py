"""Logging: to standard output, without secrets and without personal data."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
# Libraries log whole requests, with addresses and typed words, so they are logged from WARNING on,
# whatever LOG_LEVEL says; these from their own level. aiohttp.server logs a traceback for
# everything that a port scanner sends, and APScheduler warns of a job that takes longer than its
# interval.
LOGGED_FROM = {
    "slack_bolt": logging.ERROR,
    "aiohttp.server": logging.CRITICAL,
    "apscheduler": logging.ERROR,
}

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


def is_ours(record: logging.LogRecord) -> bool:
    """Whether a record is our own, or from a library that logs from its level on.

    A filter on the handler, because Bolt sets the levels of its own loggers to that of the root.
    """
    package = record.name.partition(".")[0]
    if package == "bot" and not record.name.startswith("bot.demo."):
        return True
    least = LOGGED_FROM.get(record.name, LOGGED_FROM.get(package, logging.WARNING))
    return record.levelno >= least


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
    handler = logging.StreamHandler(getattr(sys, stream))
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    handler.addFilter(is_ours)
    # The root's level, too: libraries check it before they format expensive messages.
    root = max(level, "WARNING", key=LEVELS.index)
    logging.basicConfig(level=root, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(level)


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
