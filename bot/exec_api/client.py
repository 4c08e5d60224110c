"""The Exec API: one method per endpoint.

Each request is taken from the budget, bounded by a deadline, tried again where that helps, waits
for short limits, and is shared by those who ask the same at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal, TypeVar
from urllib.parse import quote

import httpx

from bot.errors import Broken, ExecError, Limited, Rejected, WorkspaceInactive, WrongKey
from bot.exec_api import wire
from bot.exec_api.budget import Budget, urgency_of, waits
from bot.exec_api.models import (
    Assignment,
    Item,
    ListedScenario,
    Proficiency,
    Session,
    SessionDetail,
    Skill,
    Thing,
    Workspace,
    WorkspaceMember,
)
from bot.exec_api.single_flight import SingleFlight
from bot.exec_api.wire import MAX_PAGE_SIZE, Page, Pairs, Value
from bot.tls import trusted

M = TypeVar("M", bound=Thing)
T = TypeVar("T")

# Called for each attempt: the path (ids left out), the outcome in a word, the seconds it took.
Observe = Callable[[str, str, float], None]

ATTEMPTS = 3
# A 429 although our own count allowed the request: somebody else uses the key, or Exec counts
# otherwise. Asking on and on would spend the day's requests on refusals.
REFUSALS = 3
BACKOFF_SECONDS = (0.2, 0.8)
# Those who wait for the same moment set out over this long, not all at once.
SPREAD_SECONDS = 1.0
CONNECT_SECONDS = 3.0
MEMBERS = "/workspace/members"
# So long an endpoint that nobody asks again is taken for unreadable.
UNREADABLE_FOR = timedelta(minutes=15)

log = logging.getLogger(__name__)


def exec_http(
    base_url: str, key: str, *, transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """The HTTP client for `ExecClient`; whoever makes it closes it.

    Raises WrongKey when the key cannot be sent in a header at all.
    """
    key = key.strip()
    # httpx and h11 would quote such a key in their own errors.
    if not key or not all("!" <= character <= "~" for character in key):
        raise WrongKey
    return httpx.AsyncClient(
        base_url=base_url,
        headers={"Authorization": f"Bearer {key}", "Accept": "application/json"},
        # The whole is bounded by ExecClient's deadline.
        timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
        follow_redirects=False,
        # More than may wait at once: the budget lets 60 a minute through.
        limits=httpx.Limits(max_connections=100, max_keepalive_connections=10),
        transport=transport,
        verify=trusted(),
    )


@dataclass(frozen=True, slots=True)
class Get:
    """A GET request. `path` names it in logs; `url` and `parameters` may hold ids and e-mails."""

    path: str
    url: str
    parameters: Pairs = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The JSON object that answers, the requests it cost (0 when it was shared), and when the
    one that was answered left (aware)."""

    parsed: dict[str, Any]
    requests: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class SessionsPage:
    """A page of sessions, the requests it cost (0 if shared), and when it was asked for (aware)."""

    page: Page[Session]
    requests: int
    sent_at: datetime


class ExecClient:
    """Asks Exec. Every attempt is taken from the budget first.

    All methods take `purpose`, the word under which the requests are booked.

    Each request has `deadline` seconds over all its attempts, waits for limits left out. It
    waits for a limit that ends within `patience` seconds of its start. Identical requests
    in flight share one answer and the first one's purpose.

    All methods raise WrongKey, WorkspaceInactive, Rejected, Broken, Limited (a limit that lasts
    longer than `patience`) and StorageError (the budget cannot be reached).
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
        patience: float = 65.0,
        observe: Observe | None = None,
    ) -> None:
        self._http = http
        self._budget = budget
        self._clock = clock
        self._sleep = sleep
        self._random = random
        self._deadline = deadline
        self._patience = timedelta(seconds=patience)
        self._observe = observe
        self._flight: SingleFlight[Answer] = SingleFlight()
        self._unreadable: dict[str, tuple[datetime, str]] = {}

    async def workspace(self, *, purpose: str) -> Workspace:
        """GET /workspace."""
        get = Get("/workspace", "/workspace")
        return (await self._read(get, purpose, lambda parsed: wire.item_of(parsed, Workspace)))[0]

    async def members(
        self,
        group_ids: Sequence[str] = (),
        *,
        first: Page[WorkspaceMember] | None = None,
        purpose: str,
    ) -> tuple[WorkspaceMember, ...]:
        """GET /workspace/members: those in any of the groups; all when none is given.

        `first` is their first page, where it was just read.
        """
        groups = group_ids or None
        return await self._list(MEMBERS, WorkspaceMember, purpose, first=first, group_ids=groups)

    async def members_page(
        self, group_ids: Sequence[str], *, purpose: str
    ) -> Page[WorkspaceMember]:
        """The first page of `members`."""
        parameters = wire.list_parameters(1, MAX_PAGE_SIZE, group_ids=group_ids or None)
        page, _ = await self._page(MEMBERS, parameters, WorkspaceMember, purpose)
        return page

    async def groups(self, *, purpose: str) -> tuple[Item, ...]:
        """GET /workspace/groups."""
        return await self._list("/workspace/groups", Item, purpose)

    async def scenarios(self, *, purpose: str) -> tuple[ListedScenario, ...]:
        """GET /scenarios."""
        return await self._list("/scenarios", ListedScenario, purpose)

    async def skills(
        self,
        *,
        with_proficiency: bool = False,
        purpose: str,
    ) -> tuple[Skill, ...]:
        """GET /skills."""
        include = "proficiency" if with_proficiency else None
        return await self._list("/skills", Skill, purpose, include=include)

    async def proficiency(
        self,
        skill_id: str,
        *,
        user_ids: Sequence[str] | None = None,
        group_ids: Sequence[str] | None = None,
        include_system: bool = False,
        purpose: str,
    ) -> tuple[Proficiency, ...]:
        """GET /skills/{id}/proficiency: of these people, or of those in these groups, or of
        everybody. Raises ValueError for nobody."""
        path = f"/skills/{_segment(skill_id)}/proficiency"
        return await self._list(
            path,
            Proficiency,
            purpose,
            name="/skills/{id}/proficiency",
            user_ids=user_ids,
            group_ids=group_ids,
            exclude_system_users=not include_system,
        )

    async def collections(self, *, purpose: str) -> tuple[Item, ...]:
        """GET /collections."""
        return await self._list("/collections", Item, purpose)

    async def assignments(
        self,
        *,
        user_ids: Sequence[str] | None = None,
        max_pages: int | None = None,
        purpose: str,
    ) -> tuple[Assignment, ...]:
        """GET /scenarios/assignments, of these people. None is any; nobody, (), asks nothing."""
        if user_ids is not None and not user_ids:
            return ()
        return await self._list(
            "/scenarios/assignments", Assignment, purpose, max_pages, user_ids=user_ids
        )

    async def session(self, id: str, include: Sequence[str] = (), *, purpose: str) -> SessionDetail:
        """GET /sessions/{id}; `include` names "transcript" and "evaluations"."""
        parameters = (("include", ",".join(include)),) if include else ()
        get = Get("/sessions/{id}", f"/sessions/{_segment(id)}", parameters)
        read = await self._read(get, purpose, lambda parsed: wire.item_of(parsed, SessionDetail))
        return read[0]

    async def sessions_page(
        self,
        filters: Pairs,
        page: int,
        page_size: int,
        *,
        purpose: str,
    ) -> SessionsPage:
        """One page of GET /sessions. Raises ValueError for a page, size or value of no use."""
        parameters = wire.list_parameters(page, page_size, filters)
        found, answer = await self._page("/sessions", parameters, Session, purpose)
        return SessionsPage(found, answer.requests, answer.sent_at)

    async def _list(
        self,
        path: str,
        model: type[M],
        purpose: str,
        max_pages: int | None = None,
        first: Page[M] | None = None,
        name: str = "",
        **named: Value,
    ) -> tuple[M, ...]:
        """All rows of a list, or those of its first pages; each id once. `name` is what the path
        is called in logs, where it has an id in it."""
        found: dict[str, M] = {}
        number, pages = 0, 1
        while number < pages and number != max_pages:
            number += 1
            page = first
            if page is None or number > 1:
                parameters = wire.list_parameters(number, MAX_PAGE_SIZE, **named)
                page, _ = await self._page(path, parameters, model, purpose, name=name)
            for item in page.items:
                found.setdefault(item.id, item)
            # A list that ends before its count of pages says so must not cost a request for each.
            pages = page.total_pages if page.items else number
        return tuple(found.values())

    async def _page(
        self,
        path: str,
        parameters: Pairs,
        model: type[M],
        purpose: str,
        name: str = "",
    ) -> tuple[Page[M], Answer]:
        get = Get(name or path, path, parameters)
        page, answer = await self._read(get, purpose, lambda parsed: wire.page_of(parsed, model))
        if odd := page.unreadable:
            log.warning("exec %s: %d rows left out, unreadable (%s)", get.path, len(odd), odd[0])
        return page, answer

    async def _read(
        self,
        get: Get,
        purpose: str,
        read: Callable[[dict[str, Any]], T],
    ) -> tuple[T, Answer]:
        """What the answer to `get` says."""
        try:
            answer = await self._ask(get, purpose)
            found = read(answer.parsed)
        except Broken as error:
            broken = error
        else:
            self._unreadable.pop(get.path, None)
            return found, answer
        if broken.kind not in {"html", "body"}:
            raise broken
        where = f"{get.path}: {broken.where or 'no JSON object'}"
        log.warning("exec can't be read: %s", where)
        self._unreadable[get.path] = (self._clock(), where)
        raise Broken(broken.kind, where)

    async def check(self) -> None:
        """Raises the Broken of an answer that could not be read lately, if the same endpoint has
        given none since that could; asks nothing."""
        for at, where in self._unreadable.values():
            if self._clock() - at < UNREADABLE_FOR:
                raise Broken("body", where)

    async def _ask(self, get: Get, purpose: str) -> Answer:
        """The answer to `get`; those who ask the same at once, as urgently, share it."""

        # Not with the less urgent: those may have to wait for their share of the limits.
        key = (get, urgency_of(purpose))
        answer, started = await self._flight.join(key, partial(self._send, get, purpose))
        return answer if started else replace(answer, requests=0)

    async def _send(self, get: Get, purpose: str) -> Answer:
        latest = self._clock() + (self._patience if waits(purpose) else timedelta())
        left = self._deadline
        attempts = refusals = 0
        while True:
            limit = await self._take(purpose)
            if limit is None:
                attempts += 1
                sent_at = self._clock()
                answer, seconds = await self._attempt(get, left)
                left -= seconds
                if isinstance(answer, dict):
                    return Answer(answer, attempts, sent_at)
                if not isinstance(answer, Limited):
                    left -= await self._back_off(answer, attempts - refusals, left)
                    continue
                limit = answer
                refusals += 1
                await self._budget.block(limit.until)
            if limit.until > latest or refusals >= REFUSALS:
                raise limit
            if left <= 0:
                raise Broken("timeout")
            await self._wait(limit.until)

    async def _take(self, purpose: str) -> Limited | None:
        try:
            await self._budget.take(purpose)
        except Limited as limit:
            return limit
        return None

    async def _wait(self, until: datetime) -> None:
        seconds = max(0.0, (until - self._clock()).total_seconds())
        await self._sleep(seconds + SPREAD_SECONDS * self._random())

    async def _back_off(self, error: ExecError, attempts: int, left: float) -> float:
        """Sleep before the next attempt; the seconds slept. Raises `error` if none is worth it."""
        shortest, longest = BACKOFF_SECONDS
        pause = shortest + (longest - shortest) * self._random()
        fast = isinstance(error, Broken) and error.kind != "timeout"
        if not fast or attempts >= ATTEMPTS or pause >= left:
            raise error
        await self._sleep(pause)
        return pause

    async def _attempt(self, get: Get, seconds: float) -> tuple[dict[str, Any] | ExecError, float]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        answer = await self._exchange(get, seconds)
        took = loop.time() - began
        outcome = _outcome(answer)
        if self._observe is not None:
            self._observe(get.path, outcome, took)
        level = logging.DEBUG if outcome == "ok" else logging.WARNING
        log.log(level, "exec %s: %s", get.path, outcome)
        return answer, took

    async def _exchange(self, get: Get, seconds: float) -> dict[str, Any] | ExecError:
        """The answer or what went wrong: as a value, so that no error of httpx, which holds the
        request with the key and the e-mails in it, is attached to ours as its context."""
        try:
            # httpx's own read time-out starts again with every chunk.
            async with asyncio.timeout(seconds):
                received = await self._receive(get)
        except TimeoutError:
            return Broken("timeout")
        if isinstance(received, ExecError):
            return received
        response, body = received
        try:
            return wire.decipher(response.status_code, response.headers, body, self._clock())
        except ExecError as error:
            return error

    async def _receive(self, get: Get) -> tuple[httpx.Response, bytes] | Broken:
        kind: Literal["body", "reset", "timeout"]
        cut: Literal["body", "reset"] = "reset"
        try:
            async with self._http.stream("GET", get.url, params=list(get.parameters)) as response:
                cut = "body"
                return response, await response.aread()
        except httpx.TimeoutException:
            kind = "timeout"
        except (httpx.RemoteProtocolError, httpx.DecodingError):
            kind = cut
        except httpx.HTTPError:
            kind = "reset"
        return Broken(kind)


def _segment(id: str) -> str:
    """An id as a part of a path. Raises Rejected."""
    # Such an id would name another address: the list, or a path further up.
    if id in {"", ".", ".."}:
        raise Rejected(404, "not_found")
    return quote(id, safe="")


def _outcome(answer: dict[str, Any] | ExecError) -> str:
    match answer:
        case WrongKey():
            return "wrong_key"
        case WorkspaceInactive():
            return "workspace_inactive"
        case Limited():
            return "limited"
        case Rejected():
            return f"rejected_{answer.status}"
        case Broken():
            return f"broken_{answer.kind}"
        case _:
            return "ok"
