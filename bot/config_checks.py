"""What the value of a variable must look like. Each check says it in words that end a sentence."""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr, ValidationInfo


def matches(pattern: str, hint: str) -> AfterValidator:
    """A check that a secret has the form `pattern`; `hint` says how it must look."""
    compiled = re.compile(pattern)

    def check(value: SecretStr) -> SecretStr:
        if not compiled.fullmatch(value.get_secret_value()):
            raise ValueError(hint)
        return value

    return AfterValidator(check)


def emails(value: object) -> object:
    """E-mail addresses in lower case, of a text with commas between them."""
    if not isinstance(value, str):
        return value
    words = tuple(word.lower() for word in re.split(r"[,;\s]+", value) if word)
    if any(not re.fullmatch(r"[^@]+@[^@]+", word) for word in words):
        raise ValueError("must be e-mail addresses with commas between them")
    if not value.isascii():
        raise ValueError("must be e-mail addresses in ASCII: others identify nobody")
    return words


def url(value: str) -> str:
    """An address of HTTP, without a query."""
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", value):
        raise ValueError("must be an address that starts with http:// or https://")
    try:
        urlsplit(value).port  # noqa: B018 - reading it is the check
    except ValueError:
        raise ValueError("must be an address with a port between 0 and 65535, or none") from None
    return value


def peer(value: str) -> str:
    """The IP address of a machine that may ask."""
    address = "127.0.0.1" if value == "localhost" else value
    try:
        ip_address(address)
    except ValueError:
        raise ValueError("must be localhost or an IP address such as 127.0.0.1") from None
    return address


def database_url(value: str) -> str:
    """The address of a database that outlives the process."""
    # Imported here: a command that opens no database does not wait for SQLAlchemy.
    from sqlalchemy.exc import ArgumentError

    from bot.storage.database import async_url

    try:
        parsed = async_url(value)
    except (ArgumentError, ValueError):
        raise ValueError(
            "must look like postgres://user:password@host/name or sqlite:///file.db"
        ) from None
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        # Each connection would see a database of its own, and none would outlive a restart.
        raise ValueError("must name a file, such as sqlite:///execbot.db")
    return value


def number(least: int, most: int) -> BeforeValidator:
    """A check and reading of a whole number from `least` to `most`."""
    hint = f"must be a number from {least} to {most}"

    def check(value: object) -> object:
        if not isinstance(value, str):
            return value
        # Few digits first: Python refuses to read thousands of them.
        plain = value.isascii() and value.isdigit() and len(value) <= len(str(most))
        if not plain or not least <= int(value) <= most:
            raise ValueError(hint)
        return int(value)

    return BeforeValidator(check)


def not_under_history(value: int, info: ValidationInfo) -> int:
    """A retention that keeps all that the history fills in."""
    # Absent when it is malformed itself, which is then told.
    if value < info.data.get("execbot_history_days", 0):
        raise ValueError(
            "must not be less than EXECBOT_HISTORY_DAYS, or what was filled in would be removed"
        )
    return value


def command(value: str) -> str:
    """The name of a slash command."""
    if not re.fullmatch(r"/[a-z0-9_-]{1,31}", value):
        raise ValueError("must look like /exec: lower case, no spaces, at most 32 characters")
    return value


def folder(value: Path) -> Path:
    """A folder that is there."""
    if not value.is_dir():
        raise ValueError("must name a folder that I can read")
    return value
