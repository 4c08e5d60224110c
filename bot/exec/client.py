"""The client of Exec's API. Every request is counted in the budget before it is sent."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any, Generic, TypeAlias, TypeVar
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter, ValidationError

from bot.errors import Broken, ExecError, Limited, Rejected, WorkspaceInactive, WrongKey
from bot.exec.budget import Budget, Purpose
from bot.exec.models import HasId
from bot.tls import trusted

log = logging.getLogger(__name__)

T = TypeVar("T", bound=HasId)
T_co = TypeVar("T_co", bound=HasId, covariant=True)
Value: TypeAlias = str | bool | datetime | Iterable[str]
Filters: TypeAlias = Mapping[str, Value]
NO_FILTERS: Filters = MappingProxyType({})
# Called for each attempt with the path without ids, the outcome, and the seconds it took.
Observe: TypeAlias = Callable[[str, str, float], None]

PAGE_SIZE = 100
# The ids that fit into a request line of 8,190 bytes, a common limit of servers.
MOST_IDS = 400
ATTEMPTS = 3
PAUSE_SECONDS = 0.5
CONNECT_SECONDS = 3.0
LIMIT_SECONDS, LONGEST_LIMIT = 60.0, 86_400.0  # if Exec doesn't say how long, and at most


def exec_http(
    base_url: str, key: str, *, transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """The HTTP client for `ExecClient`; the caller closes it."""
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


@dataclass(frozen=True, slots=True)
class Failing:
    """The kind of error that lasts, and when our first request met it (aware)."""

    error: type[ExecError]
    since: datetime


class ExecClient:
    """Reads Exec: `get` returns a thing, `page` a page of a list, and `all` the whole list.

    An attempt has `deadline` seconds. `is_well`: Exec answered the last request of this process,
    even with a rejection; `failing` is None unless it didn't. All methods raise WrongKey,
    WorkspaceInactive, Rejected, Broken, Limited and StorageError.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        budget: Budget,
        *,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        deadline: float = 8.0,
        observe: Observe = lambda _path, _outcome, _seconds: None,
    ) -> None:
        self.budget = budget
        self._http = http
        self._clock = clock
        self._sleep = sleep
        self._deadline = deadline
        self._observe = observe
        self.is_well = False
        self.failing: Failing | None = None

    async def get(
        self,
        path: str,
        model: type[T],
        job: Purpose,
        filters: Filters = NO_FILTERS,
        *,
        id_: str = "",
    ) -> T:
        """One thing. `{id}` in the path stands for `id_`, which is kept out of logs."""
        item = read_row(await self._send(path, id_, filters, job), model)
        if isinstance(item, str):
            raise Broken("body", f"{path}: {item}")
        return item

    async def page(
        self,
        path: str,
        model: type[T],
        job: Purpose,
        filters: Filters = NO_FILTERS,
        *,
        number: int = 1,
        id_: str = "",
    ) -> Page[T]:
        """One page of a list, without the rows that can't be read. Raises Broken if none can be,
        and ValueError for an empty filter."""
        paging = {"page": str(number), "page_size": str(PAGE_SIZE)}
        body = await self._send(path, id_, {**filters, **paging}, job)
        try:
            rows, total = list(body["data"]), int(body["pagination"]["total_count"])
        except (KeyError, TypeError, ValueError):
            raise Broken("body", f"{path}: data or pagination") from None
        items = [read_row(row, model) for row in rows]
        odd = [item for item in items if isinstance(item, str)]
        if odd:
            log.warning("exec %s: %d rows can't be read (%s)", path, len(odd), odd[0])
            if len(odd) == len(items):
                raise Broken("body", f"{path}: {odd[0]}")
        return Page(tuple(x for x in items if not isinstance(x, str)), total, len(odd))

    async def all_rows(
        self,
        path: str,
        model: type[T],
        job: Purpose,
        filters: Filters = NO_FILTERS,
        *,
        id_: str = "",
    ) -> tuple[T, ...]:
        """All rows of a list, each id once. Background jobs wait for the limit of a minute to end.

        Raises Broken if the number of rows changes meanwhile or differs from Exec's total, because
        a row may have moved to a page that was read before.
        """
        items: dict[str, T] = {}
        totals, read, number = set[int](), 0, 1
        while True:
            try:
                page = await self.page(path, model, job, filters, number=number, id_=id_)
            except Limited as limit:
                # A list may have more pages than a job can read in a minute.
                if number == 1 or job.is_urgent or limit.source != "minute":
                    raise
                await self._sleep((limit.until - self._clock()).total_seconds())
                continue
            items |= {item.id: item for item in page.items}
            totals.add(page.total)
            read += len(page.items) + page.skipped
            number += 1
            if not page.is_full or read >= page.total:
                break
        if totals != {read}:
            raise Broken("body", f"{path}: {read} rows instead of {page.total}")
        return tuple(items.values())

    async def _send(self, path: str, id_: str, filters: Filters, job: Purpose) -> dict[str, Any]:
        """The JSON object of the answer, after retries."""
        # Such an id would be another path: the list, or a parent.
        if "{id}" in path and not id_.strip("."):
            raise Rejected(404, "not_found")
        url, query = path.replace("{id}", quote(id_, safe="")), query_string(filters)
        loop = asyncio.get_running_loop()
        for attempt in range(ATTEMPTS):
            await self.budget.spend(job)
            began = loop.time()
            answer = await self._exchange(url, query)
            outcome = "answered" if isinstance(answer, dict) else type(answer).__name__
            self._observe(path, outcome, loop.time() - began)
            self.note(answer)
            if isinstance(answer, dict):
                log.debug("exec %s: ok", path)
                return answer
            log.warning("exec %s: %s", path, f"{outcome} {answer}".strip())
            if isinstance(answer, Limited):
                await self.budget.block(answer.until)
            may_pass = isinstance(answer, Broken) and answer.kind in {"status", "reset"}
            if not may_pass or attempt == ATTEMPTS - 1:
                raise answer
            await self._sleep(PAUSE_SECONDS)
        raise AssertionError  # the last attempt returns or raises

    def note(self, answer: dict[str, Any] | ExecError) -> None:
        """Note whether Exec answers."""
        self.is_well = not isinstance(answer, WrongKey | WorkspaceInactive | Broken)
        if isinstance(answer, dict) or self.is_well:
            self.failing = None
        elif self.failing is None or self.failing.error is not type(answer):
            self.failing = Failing(type(answer), self._clock())

    async def _exchange(self, url: str, query: dict[str, str]) -> dict[str, Any] | ExecError:
        """The answer, or the error as a value: raised, it would have httpx's error as its context,
        with the key and addresses in the request."""
        try:
            # httpx's own read timeout restarts with every chunk.
            async with asyncio.timeout(self._deadline):
                response = await self._http.get(url, params=query)
        except (TimeoutError, httpx.TimeoutException):
            return Broken("timeout")
        except httpx.HTTPError:
            return Broken("reset")
        return decipher(response.status_code, response.headers, response.content, self._clock())


def query_string(filters: Filters) -> dict[str, str]:
    """Filters in Exec's format: lists with commas, moments in UTC with a Z.

    Raises ValueError for an empty value: Exec would drop the filter and answer with everyone.
    """
    query = {name: _word(value) for name, value in filters.items()}
    if empty := [name for name, value in query.items() if not value]:
        raise ValueError(f"no value for {', '.join(empty)}")
    return query


def _word(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        # A plus sign in a query string is a blank to many servers.
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value if isinstance(value, str) else ",".join(value)


def decipher(
    status: int, headers: Mapping[str, str], body: bytes, now: datetime
) -> dict[str, Any] | ExecError:
    """The JSON object of an answer without its nulls, or the error that it is."""
    try:
        # Python would read NaN and Infinity, which aren't JSON and would spoil every average.
        parsed = json.loads(body, object_hook=_without_nulls, parse_constant=lambda _name: None)
    except (ValueError, RecursionError):
        parsed = None
    if status == 200:
        return parsed if isinstance(parsed, dict) else Broken("body")
    outer = parsed if isinstance(parsed, dict) else {}
    error = outer.get("error")
    inner = error if isinstance(error, dict) else {}
    if status == 429:
        said = (outer.get("retry_after"), inner.get("retry_after"), headers.get("Retry-After"))
        return Limited(now + _longest(said), "exec")
    if status == 401:
        return WrongKey()
    if status == 403:
        return WorkspaceInactive()
    if 400 <= status < 500:
        # The code is logged, so it has to be one word, not a sentence with an address.
        code = str(inner.get("code"))
        return Rejected(status, code if code.isidentifier() else "unknown")
    return Broken("status")


def _without_nulls(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _longest(values: Iterable[Any]) -> timedelta:
    """How long Exec refuses requests, by these seconds."""
    seconds = []
    for value in values:
        try:
            seconds.append(float(value))
        except (TypeError, ValueError, OverflowError):
            continue
    longest = max(seconds, default=LIMIT_SECONDS)
    return timedelta(seconds=min(max(1.0, longest), LONGEST_LIMIT))


@cache
def _form(model: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(model)


def read_row(row: Any, model: type[T]) -> T | str:
    """A row as `model`, or the name of the first field that can't be read."""
    form: TypeAdapter[T] = _form(model)
    try:
        return form.validate_python(row)
    except ValidationError as error:
        return ".".join(map(str, error.errors()[0]["loc"])) or "no object"
