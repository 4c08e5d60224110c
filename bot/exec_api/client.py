"""The Exec API: one method per endpoint."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote

import httpx

from bot.errors import Rejected, WrongKey
from bot.exec_api import wire
from bot.exec_api.asking import Answer, Asker, Observe, Question
from bot.exec_api.budget import Budget
from bot.exec_api.flights import OnWait
from bot.exec_api.models import (
    Assignment,
    Item,
    ListedScenario,
    Model,
    Session,
    SessionDetail,
    Workspace,
    WorkspaceMember,
)
from bot.exec_api.wire import MAX_PAGE_SIZE, Page, Pairs, Value
from bot.tls import trusted

M = TypeVar("M", bound=Model)

CONNECT_SECONDS = 3.0
MEMBERS = "/workspace/members"

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
class SessionsPage:
    """A page of sessions, the requests it cost (0 if shared), and when it was asked for (aware)."""

    page: Page[Session]
    requests: int
    sent_at: datetime


class ExecClient:
    """Asks Exec. Every attempt is taken from the budget first.

    All methods take `purpose`, the word under which the requests are booked, and `on_wait`,
    which is called with the moment (aware) until which a limit makes the call wait; a failure of
    `on_wait` does not end the call.

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
        self._asker = Asker(
            http,
            budget,
            clock=clock,
            sleep=sleep,
            random=random,
            deadline=deadline,
            patience=patience,
            observe=observe,
        )

    async def workspace(self, *, purpose: str, on_wait: OnWait | None = None) -> Workspace:
        """GET /workspace."""
        question = Question("/workspace", "/workspace")
        answer = await self._asker.ask(question, purpose, on_wait)
        return wire.item_of(answer.parsed, Workspace)

    async def members(
        self,
        group_ids: Sequence[str] = (),
        *,
        first: Page[WorkspaceMember] | None = None,
        purpose: str,
        on_wait: OnWait | None = None,
    ) -> tuple[WorkspaceMember, ...]:
        """GET /workspace/members: those in any of the groups; all when none is given.

        `first` is their first page, where it was just read.
        """
        groups = group_ids or None
        return await self._list(
            MEMBERS, WorkspaceMember, purpose, on_wait, first=first, group_ids=groups
        )

    async def members_page(
        self, group_ids: Sequence[str], *, purpose: str, on_wait: OnWait | None = None
    ) -> Page[WorkspaceMember]:
        """The first page of `members`."""
        parameters = wire.list_parameters(1, MAX_PAGE_SIZE, group_ids=group_ids)
        page, _ = await self._page(MEMBERS, parameters, WorkspaceMember, purpose, on_wait)
        return page

    async def groups(self, *, purpose: str, on_wait: OnWait | None = None) -> tuple[Item, ...]:
        """GET /workspace/groups."""
        return await self._list("/workspace/groups", Item, purpose, on_wait)

    async def scenarios(
        self,
        *,
        collection_ids: Sequence[str] | None = None,
        with_skills: bool = False,
        with_archived: bool = False,
        purpose: str,
        on_wait: OnWait | None = None,
    ) -> tuple[ListedScenario, ...]:
        """GET /scenarios: those in any of the collections; all when none is given."""
        return await self._list(
            "/scenarios",
            ListedScenario,
            purpose,
            on_wait,
            collection_ids=collection_ids,
            include="skills" if with_skills else None,
            include_archived=True if with_archived else None,
        )

    async def skills(self, *, purpose: str, on_wait: OnWait | None = None) -> tuple[Item, ...]:
        """GET /skills."""
        return await self._list("/skills", Item, purpose, on_wait)

    async def collections(self, *, purpose: str, on_wait: OnWait | None = None) -> tuple[Item, ...]:
        """GET /collections."""
        return await self._list("/collections", Item, purpose, on_wait)

    async def assignments(
        self,
        *,
        user_ids: Sequence[str] | None = None,
        user_emails: Sequence[str] | None = None,
        scenario_ids: Sequence[str] | None = None,
        program_ids: Sequence[str] | None = None,
        status: Sequence[str] | None = None,
        max_pages: int | None = None,
        purpose: str,
        on_wait: OnWait | None = None,
    ) -> tuple[Assignment, ...]:
        """GET /scenarios/assignments. None is any; nobody, (), finds nothing and asks nothing.

        `user_ids` and `user_emails` are united, the others narrow each other.
        """
        people = [each for each in (user_ids, user_emails) if each is not None]
        others = [each for each in (scenario_ids, program_ids, status) if each is not None]
        if (people and not any(people)) or not all(others):
            return ()
        return await self._list(
            "/scenarios/assignments",
            Assignment,
            purpose,
            on_wait,
            max_pages,
            user_ids=user_ids or None,
            user_emails=user_emails or None,
            scenario_ids=scenario_ids,
            program_ids=program_ids,
            status=status,
        )

    async def session(
        self,
        id: str,
        include: Sequence[str] = (),
        *,
        purpose: str,
        on_wait: OnWait | None = None,
    ) -> SessionDetail:
        """GET /sessions/{id}; `include` names "transcript" and "evaluations"."""
        # Such an id would name another address: the list, or a path further up.
        if id in {"", ".", ".."}:
            raise Rejected(404, "session_not_found")
        parameters = (("include", ",".join(include)),) if include else ()
        question = Question("/sessions/{id}", f"/sessions/{quote(id, safe='')}", parameters)
        answer = await self._asker.ask(question, purpose, on_wait)
        return wire.item_of(answer.parsed, SessionDetail)

    async def sessions_page(
        self,
        filters: Pairs,
        page: int,
        page_size: int,
        *,
        purpose: str,
        on_wait: OnWait | None = None,
    ) -> SessionsPage:
        """One page of GET /sessions. Raises ValueError for a page, size or value of no use."""
        parameters = wire.list_parameters(page, page_size, filters)
        found, answer = await self._page("/sessions", parameters, Session, purpose, on_wait)
        return SessionsPage(found, answer.requests, answer.sent_at)

    async def sessions_total(
        self, filters: Pairs, *, purpose: str, on_wait: OnWait | None = None
    ) -> int:
        """How many sessions GET /sessions counts for these filters: one request, whatever it is."""
        parameters = wire.list_parameters(1, 1, filters)
        question = Question("/sessions", "/sessions", parameters)
        answer = await self._asker.ask(question, purpose, on_wait)
        return wire.total_of(answer.parsed)

    async def _list(
        self,
        path: str,
        model: type[M],
        purpose: str,
        on_wait: OnWait | None,
        max_pages: int | None = None,
        first: Page[M] | None = None,
        **named: Value,
    ) -> tuple[M, ...]:
        """All rows of a list, or those of its first pages; each id once."""
        found: dict[str, M] = {}
        number, pages = 0, 1
        while number < pages and number != max_pages:
            number += 1
            page = first
            if page is None or number > 1:
                parameters = wire.list_parameters(number, MAX_PAGE_SIZE, **named)
                page, _ = await self._page(path, parameters, model, purpose, on_wait)
            for item in page.items:
                found.setdefault(item.id, item)
            # A list that ends before its count of pages says so must not cost a request for each.
            pages = page.total_pages if page.items else number
        return tuple(found.values())

    async def _page(
        self, path: str, parameters: Pairs, model: type[M], purpose: str, on_wait: OnWait | None
    ) -> tuple[Page[M], Answer]:
        answer = await self._asker.ask(Question(path, path, parameters), purpose, on_wait)
        page = wire.page_of(answer.parsed, model)
        if page.unreadable:
            log.warning("exec %s: %d rows left out, unreadable", path, page.unreadable)
        return page, answer
