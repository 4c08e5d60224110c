"""Reads sessions that the window doesn't cover directly from Exec, with Exec's own filters."""

from __future__ import annotations

from datetime import datetime

from bot.exec.budget import Purpose
from bot.exec.client import MOST_IDS, PAGE_SIZE, ExecClient
from bot.exec.models import Session
from bot.exec.sync import read_page, store_sessions
from bot.language.filters import parameters
from bot.language.query import ResolvedQuery
from bot.storage.database import Database
from bot.storage.sessions import span_of
from bot.storage.tables import to_ms

MOST_PAGES = 5
DIRECT_A_DAY = 150  # requests: more would leave the jobs too few


async def read_direct(
    database: Database, client: ExecClient, query: ResolvedQuery, now: datetime, job: Purpose
) -> list[str] | None:
    """The ids of the sessions that Exec returns for a question; None if they take more than five
    pages, or the day's direct requests are used up.

    The sessions are stored, so that the same SQL counts them. Raises ExecError and StorageError.
    """
    if query.people is not None and len(query.people) > MOST_IDS:
        return None
    if job is Purpose.DIRECT and await client.budget.used(job) >= client.budget.share(DIRECT_A_DAY):
        return None
    filters, span = dict(parameters(query, now=now)), span_of(query.period, to_ms(now))
    sessions: dict[str, Session] = {}
    at = span.start
    while at < span.end:
        page = await read_page(client, at, span.end - 1, job, filters)
        if page.total > MOST_PAGES * PAGE_SIZE:
            return None
        sessions |= {session.id: session for session in page.sessions}
        at = page.end + 1
    async with database.transaction() as connection:
        await store_sessions(connection, database, sessions.values())
    return list(sessions)
