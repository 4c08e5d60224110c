"""What happened before all that is stored: asked of Exec directly, and kept for a while."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import ExecError
from bot.exec_api.client import ExecClient
from bot.exec_api.models import Session
from bot.exec_api.wire import MAX_PAGE_SIZE, instant

log = logging.getLogger(__name__)
KEPT_FOR, MOST_KEPT = timedelta(hours=1), 500


@dataclass(frozen=True, slots=True)
class TopSessions:
    """The sessions with the highest scores, and whether there are no others."""

    rows: tuple[Session, ...]
    is_all: bool
    read_at: datetime

    def has_all_above(self, score: float) -> bool:
        """Whether no session with a higher score than this is missing."""
        return self.is_all or any(row.score is None or row.score <= score for row in self.rows)


@dataclass(frozen=True, slots=True)
class Older:
    """Sessions from before all that is stored, at one request for each question not cached."""

    client: ExecClient
    clock: Callable[[], datetime]
    _kept: dict[tuple[str, str, datetime], TopSessions] = field(default_factory=dict)

    async def before(
        self,
        moment: datetime,
        *,
        people: Collection[str],
        scenarios: Collection[str] = (),
        purpose: str,
        ask_exec: bool = True,
    ) -> TopSessions | None:
        """The sessions of these people (at these scenarios, or at any) before a moment; None where
        Exec can't be asked."""
        users, places = ",".join(sorted(people)), ",".join(sorted(scenarios))
        key = (users, places, moment)
        found = self._kept.get(key)
        if found is not None and self.clock() - found.read_at < KEPT_FOR:
            return found
        if not ask_exec:
            return None
        filters = [("user_ids", users), ("sorting", "-score")]
        if scenarios:
            filters.append(("scenario_ids", places))
        filters.append(("end_date", instant(moment - timedelta(microseconds=1))))
        try:
            answer = await self.client.sessions_page(
                tuple(filters), 1, MAX_PAGE_SIZE, purpose=purpose
            )
        except ExecError as error:
            log.info("older sessions can't be read: %s", type(error).__name__)
            return None
        page = answer.page
        is_all = page.total_count <= len(page.items)
        while len(self._kept) >= MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = found = TopSessions(page.items, is_all, self.clock())
        return found
