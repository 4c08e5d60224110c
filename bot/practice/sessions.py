"""Answer a ResolvedQuery with rows, for as few requests as will do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from bot.exec_api.client import ExecClient
from bot.exec_api.models import Session
from bot.exec_api.wire import with_latest_end
from bot.practice.reading import Reading
from bot.query.describe import keeps, narrowed_here, parameters
from bot.query.query import ResolvedQuery, Sort

PAGE_SIZE = 100
# Up to here the figures of all matching sessions are worth their requests unasked.
FEW_PAGES = 5
# A fifth of a day's requests, and as many rows as an answer can hold lightly.
ALL_PAGES = 200
BY_TIME = (Sort.NEWEST, Sort.OLDEST)

OnPage = Callable[[int, int], Awaitable[None]]
OnWait = Callable[[datetime], Awaitable[None]]


class Sessions:
    def __init__(self, client: ExecClient, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._clock = clock

    async def read(
        self, query: ResolvedQuery, *, everything: bool, on_page: OnPage, on_wait: OnWait
    ) -> Reading:
        """What matches `query` now.

        Unless `everything` is asked for, a question of more than FEW_PAGES pages is answered
        from its first page (which costs one request), or from the first few where rows must be
        looked through for a filter that Exec does not know. Raises ExecError.
        """
        as_of = self._clock()
        here = bool(narrowed_here(query))

        def worth(pages: int) -> int:
            return pages if everything or here or pages <= FEW_PAGES else 1

        found = await self._client.read_sessions(
            parameters(query, now=as_of),
            as_of=as_of,
            max_pages=ALL_PAGES if everything else FEW_PAGES,
            worth=worth,
            on_page=on_page,
            on_wait=on_wait,
            purpose="question",
        )
        rows = tuple(row for row in found.rows if _kept(query, row))
        total = found.total if not here else len(rows) if found.complete else None
        return Reading(
            rows=rows,
            total=total,
            complete=found.complete,
            scanned=len(found.rows),
            candidates=found.total,
            moved=found.moved,
            as_of=as_of,
            requests=found.requests,
        )

    async def read_on(self, query: ResolvedQuery, held: Reading, *, on_wait: OnWait) -> Reading:
        """`held` and the page of sessions that follows it, as they stood at `held.as_of`.

        When rows have moved up, the page before is read again, so that none slips through
        between the two. Exec's count tells of rows that went; one that was graded anew and now
        stands further back in an order by score or length changes no count.
        """
        filters = with_latest_end(parameters(query, now=held.as_of), held.as_of)
        number = held.scanned // PAGE_SIZE + 1
        page = await self._client.sessions_page(
            filters, page=number, page_size=PAGE_SIZE, purpose="question", on_wait=on_wait
        )
        items, requests, moved = list(page.items), 1, page.total_count != held.candidates
        perhaps_up = page.total_count < held.candidates or query.sort not in BY_TIME
        if perhaps_up and number > 1:
            before = await self._client.sessions_page(
                filters, page=number - 1, page_size=PAGE_SIZE, purpose="question", on_wait=on_wait
            )
            items, requests = [*before.items, *items], 2
        known = {row.id for row in held.rows}
        new: dict[str, Session] = {
            row.id: row for row in items if row.id not in known and _kept(query, row)
        }
        return replace(
            held,
            rows=(*held.rows, *new.values()),
            complete=number >= page.total_pages,
            scanned=min(number * PAGE_SIZE, page.total_count),
            moved=held.moved or moved,
            requests=held.requests + requests,
        )


def _kept(query: ResolvedQuery, row: Session) -> bool:
    return keeps(query, score=row.score, seconds=row.duration_seconds, valid=row.is_valid_attempt)
