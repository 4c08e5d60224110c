"""Query parameters, read as strictly as the documents allow: what they do not say is an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

Parser = Callable[[str, str], Any]

DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})", re.ASCII)
WHOLE = re.compile(r"[1-9]\d{0,8}", re.ASCII)


class BadRequest(Exception):
    """A parameter that Exec would not take; `code` as in Exec's error object."""

    def __init__(self, message: str, code: str = "invalid_parameter") -> None:
        super().__init__(message)
        self.code = code


def text(name: str, value: str) -> str:
    if value != value.strip():
        raise BadRequest(f"{name} has spaces around it")
    return value


def words(name: str, value: str) -> tuple[str, ...]:
    """A comma-separated list without empty items or spaces."""
    items = tuple(value.split(","))
    if any(not item or item != item.strip() for item in items):
        raise BadRequest(f"{name} must be a comma-separated list without gaps")
    return items


def choices(*allowed: str) -> Parser:
    """A comma-separated list of the allowed words."""

    def parse(name: str, value: str) -> tuple[str, ...]:
        items = words(name, value)
        for item in items:
            if item not in allowed:
                raise BadRequest(f"{name} must be among {', '.join(allowed)}, not {item}")
        return items

    return parse


def one_of(*allowed: str) -> Parser:
    def parse(name: str, value: str) -> str:
        if value not in allowed:
            raise BadRequest(f"{name} must be one of {', '.join(allowed)}")
        return value

    return parse


def flag(name: str, value: str) -> bool:
    if value not in ("true", "false"):
        raise BadRequest(f"{name} must be true or false")
    return value == "true"


def moment(name: str, value: str) -> datetime:
    """An ISO 8601 date-time with offset; comes back in UTC."""
    try:
        if DATE_TIME.fullmatch(value):
            return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BadRequest(f"{name} must be an ISO 8601 date-time with offset")


def whole(most: int | None = None) -> Parser:
    """A whole number from 1 to `most`."""

    def parse(name: str, value: str) -> int:
        if not WHOLE.fullmatch(value) or (most is not None and int(value) > most):
            raise BadRequest("Invalid pagination parameters", "invalid_pagination")
        return int(value)

    return parse


PAGING: Mapping[str, Parser] = {"page": whole(), "page_size": whole(100)}


def parse(pairs: Iterable[tuple[str, str]], table: Mapping[str, Parser]) -> dict[str, Any]:
    """The values by name; parameters that were not sent are not there."""
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name not in table:
            raise BadRequest(f"Unknown parameter: {name}")
        if name in values:
            raise BadRequest(f"{name} was given more than once")
        if not value:
            raise BadRequest(f"{name} is empty")
        values[name] = table[name](name, value)
    return values
