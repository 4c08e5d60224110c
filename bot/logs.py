"""Logging: to standard output, without secrets and without personal data."""

from __future__ import annotations

import json
import logging
import logging.config
import re
import traceback
from datetime import UTC, datetime
from typing import Any

# These print whole requests: an e-mail in a query string, a body with what people typed.
TOO_TALKATIVE = {
    "httpx": "WARNING",
    "httpcore": "WARNING",
    "slack_sdk": "INFO",
    "slack_bolt": "ERROR",
    "aiohttp.access": "WARNING",
    "alembic": "WARNING",
    "apscheduler": "WARNING",
    "aiosqlite": "WARNING",
    "sqlalchemy": "WARNING",
    "asyncio": "WARNING",
    "bot.sandbox": "WARNING",
}

_SECRETS = re.compile(
    r"""
      \bxox[a-z]-[\w-]+ | \bxapp-[\w-]+                  # Slack tokens
    | \bexec_[a-z]+_[A-Za-z0-9]{8,}                       # Exec keys
    | (?<=://)[^\s/@:]+:[^\s/@]+(?=@)                     # user:password of a URL
    | https?://[^\s/]+/(?:commands|actions|services|response)/\S+  # a response_url
    | [\w.+'-]+@[\w-]+\.[\w.-]+                           # an e-mail address
    """,
    re.VERBOSE,
)


def redact(text: str) -> str:
    """`text` without anything that looks like a secret or an e-mail address."""
    return _SECRETS.sub("[redacted]", text)


class TextFormatter(logging.Formatter):
    """One readable line; a traceback below it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s  %(message)s", "%Y-%m-%dT%H:%M:%S%z")

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        if record.exc_info:
            entry["traceback"] = redact(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)


def set_up(level: str, form: str) -> None:
    """Send every log line to standard output at `level`; `form` is "text" or "json"."""
    formatter = JsonFormatter if form == "json" else TextFormatter
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"ours": {"()": formatter}},
            "handlers": {
                "out": {
                    "class": "logging.StreamHandler",
                    "stream": "ext://sys.stdout",
                    "formatter": "ours",
                }
            },
            "root": {"level": level, "handlers": ["out"]},
            "loggers": {name: {"level": quiet} for name, quiet in TOO_TALKATIVE.items()},
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
