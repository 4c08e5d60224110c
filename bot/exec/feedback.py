"""Exec's feedback on sessions: requested once, and stored until a session is graded again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import sqlalchemy as sa
from pydantic import TypeAdapter

from bot.errors import ExecError, Rejected
from bot.exec.budget import Purpose
from bot.exec.client import ExecClient
from bot.exec.models import Session, SessionDetail
from bot.exec.sessions import read_sessions
from bot.exec.sync import store_sessions
from bot.language.query import ResolvedQuery
from bot.storage.database import Database
from bot.storage.sessions import filters_of, thousandths
from bot.storage.tables import feedback

log = logging.getLogger(__name__)

_FORM = TypeAdapter(SessionDetail)
# A session with its feedback, and when that was read.
DatedFeedback: TypeAlias = tuple[SessionDetail, datetime]


@dataclass(frozen=True, slots=True)
class Feedbacks:
    """Reads and stores feedback. All methods raise StorageError."""

    database: Database
    client: ExecClient
    clock: Callable[[], datetime]

    async def find(self, session_id: str) -> Session | None:
        """A session by its id: the stored one, or else Exec's; None if neither has it.

        Raises ExecError.
        """
        filters = filters_of(ResolvedQuery(None, attempt=session_id, include_system=True))
        rows = await read_sessions(self.database, filters)
        if not rows:
            try:
                await self._request(session_id, Purpose.PEOPLE)
            except Rejected as error:
                if error.status != 404:
                    raise
            rows = await read_sessions(self.database, filters)
        return rows[0] if rows else None

    async def of(self, session: Session, *, job: Purpose = Purpose.PEOPLE) -> DatedFeedback:
        """The feedback on a session. Raises ExecError."""
        return await self.stored(session) or await self._request(session.id, job)

    async def of_several(self, sessions: Sequence[Session], job: Purpose) -> list[DatedFeedback]:
        """The feedback on these sessions, without those that can't be read."""
        dated = []
        for session in sessions:
            try:
                dated.append(await self.of(session, job=job))
            except ExecError as error:
                log.info("feedback can't be read: %s", type(error).__name__)
        return dated

    async def stored(self, session: Session) -> DatedFeedback | None:
        """The stored feedback on a session; None if it was graded again since."""
        row = await self.database.row(
            sa.select(feedback).where(feedback.c.session_id == session.id)
        )
        if row is None:
            return None
        detail = _FORM.validate_python(row.body)
        return (detail, row.read_at) if _grade(detail) == _grade(session) else None

    async def _request(self, session_id: str, job: Purpose) -> DatedFeedback:
        """Request a session from Exec, and store it."""
        detail = await self.client.get(
            "/sessions/{id}", SessionDetail, job, {"include": "evaluations"}, id_=session_id
        )
        now = self.clock()
        row = {
            "session_id": detail.id,
            "created_at": detail.created_at,
            "member_id": detail.user.id,
            "body": _FORM.dump_python(detail, mode="json"),
            "read_at": now,
        }
        async with self.database.transaction() as connection:
            await self.database.put(connection, feedback, [row])
            await store_sessions(connection, self.database, [detail])
        return detail, now


def _grade(session: Session) -> tuple[int | None, str | None, bool]:
    """The stored parts of a session's grade."""
    score = None if session.score is None else thousandths(session.score)
    return score, session.rank, session.is_valid_attempt
