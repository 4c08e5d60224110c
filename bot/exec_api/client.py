"""The client of Exec's API. Every request is counted in the budget before it is sent."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from types import MappingProxyType
from typing import Any, Generic, TypeAlias, TypeVar
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter, ValidationError

from bot.errors import (
    Broken,
    BrokenKind,
    ExecError,
    Limited,
    Rejected,
    WorkspaceInactive,
    WrongKey,
)
from bot.exec_api.budget import Budget, Purpose
from bot.exec_api.models import Thing
from bot.tls import trusted

log = logging.getLogger(__name__)

T = TypeVar("T", bound=Thing)
T_co = TypeVar("T_co", bound=Thing, covariant=True)
Value: TypeAlias = str | bool | datetime | Iterable[str]
Pairs: TypeAlias = tuple[tuple[str, str], ...]
Filters: TypeAlias = Mapping[str, Value]
NO_FILTERS: Filters = MappingProxyType({})
# Called for each attempt with the path without ids, the outcome, and the seconds it took.
Observe: TypeAlias = Callable[[str, str, float], None]

PAGE_SIZE = 100
# The ids that fit into a request line of 8,190 bytes, a common limit of servers.
MOST_IDS = 400
ATTEMPTS = 3
BACKOFF_SECONDS = (0.2, 0.8)
CONNECT_SECONDS = 3.0
LIMIT_DEFAULT = timedelta(seconds=60)
LIMIT_SHORTEST, LIMIT_LONGEST = timedelta(seconds=1), timedelta(days=1)
UNREADABLE_FOR = timedelta(minutes=15)


def exec_http(
    base_url: str, key: str, *, transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """The HTTP client for `ExecClient`; the caller closes it. Raises WrongKey if the key can't be
    sent in a header."""
    key = key.strip()
    # httpx and h11 would quote an invalid key in their errors.
    if not key or not all("!" <= character <= "~" for character in key):
        raise WrongKey
    return httpx.AsyncClient(
        base_url=base_url,
        headers={"Authorization": f"Bearer {key}", "Accept": "application/json"},
        # ExecClient's deadline bounds the whole exchange.
        timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
        follow_redirects=False,
        transport=transport,
        verify=trusted(),
    )


@dataclass(frozen=True, slots=True)
class Page(Generic[T_co]):
    """A page of a list; `total` is the number of rows on all pages, `skipped` that of rows on this
    page that can't be read."""

    items: tuple[T_co, ...]
    total: int
    skipped: int = 0

    @property
    def is_full(self) -> bool:
        """Whether more rows may follow."""
        return len(self.items) + self.skipped >= PAGE_SIZE


class ExecClient:
    """Reads Exec: `get` returns a thing, `page` a page of a list, and `all` the whole list.

    A request has `deadline` seconds for all its attempts. All methods raise WrongKey,
    WorkspaceInactive, Rejected, Broken, Limited and StorageError.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        budget: Budget,
        *,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        random: Callable[[], float],
        deadline: float = 8.0,
        observe: Observe | None = None,
    ) -> None:
        self.budget = budget
        self._http = http
        self._clock = clock
        self._sleep = sleep
        self._random = random
        self._deadline = deadline
        self._observe = observe
        self._unreadable: dict[str, tuple[datetime, str]] = {}

    async def get(
        self,
        path: str,
        model: type[T],
        job: Purpose,
        filters: Filters = NO_FILTERS,
        *,
        id_: str | None = None,
    ) -> T:
        """One thing. `{id}` in the path stands for `id_`, which is kept out of logs."""
        body = await self._send(path, id_, query_string(filters), job)
        item = read_row(body, model)
        if isinstance(item, str):
            raise self._broken(path, item)
        self._unreadable.pop(path, None)
        return item

    async def page(
        self,
        path: str,
        model: type[T],
        job: Purpose,
        filters: Filters = NO_FILTERS,
        *,
        number: int = 1,
        id_: str | None = None,
    ) -> Page[T]:
        """One page of a list. Raises ValueError for an empty filter: Exec would drop it."""
        pairs = query_string(filters, page=str(number), page_size=str(PAGE_SIZE))
        body = await self._send(path, id_, pairs, job)
        rows, pagination = body.get("data"), body.get("pagination")
        total = pagination.get("total_count") if isinstance(pagination, dict) else None
        if not isinstance(rows, list) or not isinstance(total, int):
            raise self._broken(path, "data" if not isinstance(rows, list) else "pagination")
        found = [read_row(row, model) for row in rows]
        odd = [each for each in found if isinstance(each, str)]
        if odd and len(odd) == len(found):
            raise self._broken(path, f"data: {odd[0]}")
        if odd:
            log.warning("exec %s: %d rows can't be read (%s)", path, len(odd), odd[0])
        self._unreadable.pop(path, None)
        return Page(tuple(x for x in found if not isinstance(x, str)), total, len(odd))

    async def all(
        self,
        path: str,
        model: type[T],
        job: Purpose,
        filters: Filters = NO_FILTERS,
        *,
        id_: str | None = None,
    ) -> tuple[T, ...]:
        """All rows of a list, each id once. Background jobs wait for the limit of a minute to end.

        Raises Broken if the number of rows changes meanwhile or differs from Exec's total, because
        a row may have moved to a page that was read before.
        """
        page = await self.page(path, model, job, filters, id_=id_)
        found, number, total = {each.id: each for each in page.items}, 1, page.total
        read = len(page.items) + page.skipped
        while page.is_full and read < total == page.total:
            try:
                page = await self.page(path, model, job, filters, number=number + 1, id_=id_)
            except Limited as limit:
                # A list may have more pages than a job can read in a minute.
                if job.is_urgent or limit.source != "minute":
                    raise
                await self._sleep((limit.until - self._clock()).total_seconds())
                continue
            number += 1
            found |= {each.id: each for each in page.items}
            read += len(page.items) + page.skipped
        if not read == total == page.total:
            raise Broken("body", f"{path}: {read} rows instead of {total}")
        return tuple(found.values())

    async def check(self) -> None:
        """Raises Broken if a recent answer couldn't be read; sends no request."""
        for at, where in self._unreadable.values():
            if self._clock() - at < UNREADABLE_FOR:
                raise Broken("body", where)

    def _broken(self, path: str, where: str, kind: BrokenKind = "body") -> Broken:
        """The error for an answer that can't be read, stored for `check`."""
        where = f"{path}: {where}"
        log.warning("exec can't be read: %s", where)
        self._unreadable[path] = (self._clock(), where)
        return Broken(kind, where)

    async def _send(self, path: str, id_: str | None, pairs: Pairs, job: Purpose) -> dict[str, Any]:
        """The JSON object of the answer, after retries."""
        url = path if id_ is None else path.replace("{id}", _segment(id_))
        left = self._deadline
        for attempt in range(ATTEMPTS):
            await self.budget.spend(job)
            answer, seconds = await self._attempt(path, url, pairs, left)
            left -= seconds
            if isinstance(answer, dict):
                return answer
            if isinstance(answer, Limited):
                await self.budget.block(answer.until)
            if isinstance(answer, Broken) and answer.kind in {"html", "body"}:
                raise self._broken(path, "no JSON object", answer.kind)
            shortest, longest = BACKOFF_SECONDS
            pause = shortest + (longest - shortest) * self._random()
            can_retry = isinstance(answer, Broken) and answer.kind != "timeout" and pause < left
            if not can_retry or attempt == ATTEMPTS - 1:
                raise answer
            await self._sleep(pause)
            left -= pause
        raise AssertionError  # the last attempt returns or raises

    async def _attempt(
        self, path: str, url: str, pairs: Pairs, seconds: float
    ) -> tuple[dict[str, Any] | ExecError, float]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        answer = await self._exchange(url, pairs, seconds)
        took = loop.time() - began
        outcome = "ok" if isinstance(answer, dict) else _outcome(answer)
        if self._observe is not None:
            self._observe(path, outcome, took)
        level = logging.DEBUG if outcome == "ok" else logging.WARNING
        log.log(level, "exec %s: %s", path, outcome)
        return answer, took

    async def _exchange(self, url: str, pairs: Pairs, seconds: float) -> dict[str, Any] | ExecError:
        """The answer, or the error as a value: raised, it would have httpx's error as its context,
        with the key and addresses in the request."""
        try:
            # httpx's own read timeout restarts with every chunk.
            async with asyncio.timeout(seconds):
                async with self._http.stream("GET", url, params=dict(pairs)) as response:
                    status, headers = response.status_code, response.headers
                    try:
                        body = await response.aread()
                    except (httpx.RemoteProtocolError, httpx.DecodingError):
                        return Broken("reset")
        except (TimeoutError, httpx.TimeoutException):
            return Broken("timeout")
        except httpx.HTTPError:
            return Broken("reset")
        return decipher(status, headers, body, self._clock())


def query_string(filters: Filters, **more: str) -> Pairs:
    """Filters in Exec's format: lists with commas, moments in UTC with a Z.

    Raises ValueError for an empty value: Exec would drop the filter and answer with everyone.
    """
    pairs = tuple((name, _word(value)) for name, value in {**filters, **more}.items())
    if empty := [name for name, value in pairs if not value]:
        raise ValueError(f"no value for {', '.join(empty)}")
    return pairs


def _word(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        # A plus sign in a query string is a blank to many servers.
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value if isinstance(value, str) else ",".join(value)


def _segment(id_: str) -> str:
    """An id as a part of a path. Raises Rejected."""
    # Such an id would be another path: the list, or a parent.
    if id_ in {"", ".", ".."}:
        raise Rejected(404, "not_found")
    return quote(id_, safe="")


def decipher(
    status: int, headers: Mapping[str, str], body: bytes, now: datetime
) -> dict[str, Any] | ExecError:
    """The JSON object of an answer, or the error that it is."""
    try:
        # Python would read NaN and Infinity, which aren't JSON and would spoil every average.
        parsed = json.loads(body, parse_constant=lambda _name: None)
    except (ValueError, RecursionError):
        parsed = None
    if status == 200:
        is_html = body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        return parsed if isinstance(parsed, dict) else Broken("html" if is_html else "body")
    outer = parsed if isinstance(parsed, dict) else {}
    error = outer.get("error")
    inner = error if isinstance(error, dict) else {}
    if status == 429:
        return Limited(now + _retry_after(headers, outer, inner, now), "exec")
    if status == 401:
        return WrongKey()
    if status == 403:
        return WorkspaceInactive()
    if 400 <= status < 500:
        # The code is logged, so it has to be one word, not a sentence with an address.
        code = inner.get("code") or inner.get("type")
        if not isinstance(code, str) or not re.fullmatch(r"[\w.-]{1,64}", code):
            code = "unknown"
        return Rejected(status, code)
    return Broken("status")


def _retry_after(
    headers: Mapping[str, str], outer: Mapping[str, Any], inner: Mapping[str, Any], now: datetime
) -> timedelta:
    """How long Exec blocks requests, by the body or the header, in seconds or as an HTTP date."""
    header = headers.get("Retry-After", "")
    seconds = []
    for value in (outer.get("retry_after"), inner.get("retry_after"), header):
        try:
            number = float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            continue
        seconds += [] if math.isnan(number) else [number]
    try:
        moment = parsedate_to_datetime(header)
        seconds.append((moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
    except (ValueError, OverflowError):
        pass
    longest = max(seconds, default=LIMIT_DEFAULT.total_seconds())
    return max(LIMIT_SHORTEST, timedelta(seconds=min(longest, LIMIT_LONGEST.total_seconds())))


@cache
def _form(model: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(model)


def read_row(row: Any, model: type[T]) -> T | str:
    """A row as `model`, or the name of the first field that can't be read."""
    form: TypeAdapter[T] = _form(model)
    try:
        item = form.validate_python(row)
    except ValidationError as error:
        return ".".join(map(str, error.errors()[0]["loc"])) or "no object"
    return item if item.id else "id"


def _outcome(error: ExecError) -> str:
    match error:
        case WrongKey():
            return "wrong_key"
        case WorkspaceInactive():
            return "workspace_inactive"
        case Limited():
            return "limited"
        case Rejected():
            return f"rejected_{error.status}"
        case Broken():
            return f"broken_{error.kind}"
        case _:
            return "failed"
