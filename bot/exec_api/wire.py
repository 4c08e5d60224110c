"""Requests and answers of the Exec API, without any input or output.

Source of the rules: Exec's API description (https://docs.exec.com, GET /sessions and the
shared error and pagination schemas); Retry-After is RFC 9110, section 10.2.3.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.errors import Broken, ExecError, Limited, Rejected, WorkspaceInactive, WrongKey
from bot.exec_api.models import Thing

MAX_PAGE_SIZE = 100
LIMIT_DEFAULT = timedelta(seconds=60)
LIMIT_LONGEST = timedelta(hours=24)
# "Retry after 0 seconds" would make us ask in a tight loop.
LIMIT_SHORTEST = timedelta(seconds=1)

Pairs = tuple[tuple[str, str], ...]
Value = str | bool | datetime | Iterable[str] | None
M = TypeVar("M", bound=Thing)
M_co = TypeVar("M_co", bound=Thing, covariant=True)


@dataclass(frozen=True, slots=True)
class Page(Generic[M_co]):
    """One page of a list. `total_count` is over all pages; pages are counted from 1.

    `unreadable` names a field of each row of this page that made no sense and is not among `items`.
    """

    items: tuple[M_co, ...]
    page: int
    page_size: int
    total_count: int
    total_pages: int
    unreadable: tuple[str, ...] = ()


def list_parameters(page: int, page_size: int, filters: Pairs = (), /, **named: Value) -> Pairs:
    """The query string of a list as pairs: `filters` as they are, then `named`, then the page.

    A named value may be text, a bool, an aware datetime or several texts (joined by commas);
    None leaves the parameter out and a name that is in `filters` too replaces it there.
    Raises ValueError for a page or size that Exec would refuse, and for an empty value:
    Exec would drop that filter, and so answer "nobody" with everyone.
    """
    if page < 1 or not 1 <= page_size <= MAX_PAGE_SIZE:
        raise ValueError(f"page {page} of {page_size} rows: pages start at 1 and hold 1 to 100")
    given = {name: _word(value) for name, value in named.items() if value is not None}
    kept = tuple(pair for pair in filters if pair[0] not in given)
    pairs = (*kept, *given.items())
    if empty := [name for name, value in pairs if not value]:
        raise ValueError(f"no value for {', '.join(empty)}")
    return (*pairs, ("page", str(page)), ("page_size", str(page_size)))


def _word(value: str | bool | datetime | Iterable[str]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return instant(value)
    return value if isinstance(value, str) else ",".join(value)


def instant(moment: datetime) -> str:
    """An aware moment as Exec reads it: ISO 8601 in UTC, with Z for the offset."""
    # Z and not +00:00: a plus sign in a query string is a blank to many servers.
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def decipher(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> dict[str, Any]:
    """The JSON object of a good answer. `now` is aware; so is the `until` of Limited.

    Raises WrongKey (401), WorkspaceInactive (403), Limited with `whose` "exec" (429), Rejected
    (any other 4xx) and Broken (everything else that is no JSON object with status 200).
    """
    # Errors are raised outside of every `except`: a JSON error holds the body, and so names
    # and e-mails, and would stay attached to ours as its context.
    parsed = _parsed(body)
    if status == 200:
        if isinstance(parsed, dict):
            return parsed
        raise Broken("html" if _is_html(headers, body) else "body")
    if status == 429:
        raise Limited(now + _limit(headers, parsed, now), "exec")
    raise _refusal(status, parsed)


def _refusal(status: int, parsed: Any) -> ExecError:
    if status == 401:
        return WrongKey()
    if status == 403:
        return WorkspaceInactive()
    if 400 <= status < 500:
        return Rejected(status, _code(parsed))
    return Broken("status")


def _parsed(body: bytes) -> Any:
    try:
        # NaN and Infinity are no JSON, but Python reads them, and one would spoil every average.
        return json.loads(body, parse_constant=lambda _name: None)
    except (ValueError, RecursionError):
        return None


def _is_html(headers: Mapping[str, str], body: bytes) -> bool:
    kind = _header(headers, "content-type").lower()
    return "html" in kind or body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _header(headers: Mapping[str, str], wanted: str) -> str:
    return next((value for name, value in headers.items() if name.lower() == wanted), "")


def _error(parsed: Any) -> dict[str, Any]:
    inner = parsed.get("error") if isinstance(parsed, dict) else None
    return inner if isinstance(inner, dict) else {}


def _code(parsed: Any) -> str:
    error = _error(parsed)
    # The published 404 has a type and no code.
    code = error.get("code") or error.get("type")
    # It goes into logs: let a word through, never a sentence with somebody's e-mail in it.
    return code if isinstance(code, str) and re.fullmatch(r"[\w.-]{1,64}", code) else "unknown"


def _limit(headers: Mapping[str, str], parsed: Any, now: datetime) -> timedelta:
    outer = parsed if isinstance(parsed, dict) else {}
    header = _header(headers, "retry-after")
    waits = (
        _seconds(outer.get("retry_after")),
        _seconds(_error(parsed).get("retry_after")),
        _seconds(header),
        _until_date(header, now),
    )
    known = [wait for wait in waits if wait is not None]
    wait = max(known) if known else LIMIT_DEFAULT.total_seconds()
    return max(LIMIT_SHORTEST, timedelta(seconds=min(wait, LIMIT_LONGEST.total_seconds())))


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return None if math.isnan(seconds) else max(0.0, seconds)


def _until_date(value: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    # RFC 9110 dates are GMT; Python leaves the zone out for "-0000".
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - now).total_seconds()


def page_of(parsed: Mapping[str, Any], model: type[M]) -> Page[M]:
    """A list's answer as a page of `model`. Rows that cannot be read are left out and counted.

    Raises Broken("body") when the answer is no page, or none of its rows can be read.
    """
    rows, pagination = parsed.get("data"), parsed.get("pagination")
    if not isinstance(rows, list):
        raise Broken("body", "data")
    number, size = _count(pagination, "page", 1), _count(pagination, "page_size", 1)
    total, pages = _count(pagination, "total_count", 0), _count(pagination, "total_pages", 0)
    items: list[M] = []
    odd: list[str] = []
    for row in rows:
        item = _read(row, model)
        if isinstance(item, str):
            odd.append(item)
        # A thing of a list without an id cannot be told from its neighbours.
        elif not item.id:
            odd.append("id")
        else:
            items.append(item)
    if odd and not items:
        raise Broken("body", f"data: {odd[0]}")
    return Page(tuple(items), number, size, total, pages, tuple(odd))


def _count(pagination: Any, name: str, least: int) -> int:
    if not isinstance(pagination, dict):
        raise Broken("body", "pagination")
    value = pagination.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise Broken("body", f"pagination.{name}")
    return value


@cache
def _form(model: type[M]) -> TypeAdapter[M]:
    return TypeAdapter(model)


def _read(row: Any, model: type[M]) -> M | str:
    """A row as `model`, or the first field that makes no sense."""
    form: TypeAdapter[M] = _form(model)
    try:
        return form.validate_python(row)
    except ValidationError as error:
        # Where it is, and nothing of what is there.
        return ".".join(map(str, error.errors()[0]["loc"])) or "no object"


def item_of(parsed: Mapping[str, Any], model: type[M]) -> M:
    """A single thing's answer as `model`. Raises Broken("body") when it cannot be read."""
    item = _read(parsed, model)
    if isinstance(item, str):
        raise Broken("body", item)
    return item
