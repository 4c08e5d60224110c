"""What Exec says of single attempts: asked once, and held while they are graded as they were."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from pydantic import ValidationError

from bot.errors import ExecError, Rejected
from bot.exec_api.client import ExecClient
from bot.exec_api.models import Feedback, Session, SessionDetail
from bot.mirror.rows import COLUMNS, session_of
from bot.people.naming import names_of
from bot.reports.report import Told
from bot.storage.database import Database
from bot.storage.tables import practice_session
from bot.storage.tables import session_feedback as table

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Attempts:
    """All methods raise StorageError."""

    database: Database
    client: ExecClient
    clock: Callable[[], datetime]

    async def find(self, id_: str, *, purpose: str) -> Session | None:
        """The attempt with this id: as it is held, else as Exec has it; None where there is none.

        Raises ExecError.
        """
        query = sa.select(*COLUMNS).where(practice_session.c.id == id_)
        async with self.database.transaction(reads=True) as connection:
            row = (await connection.execute(query)).one_or_none()
            if row is not None:
                people, scenarios = await names_of(connection, [row.user_id], [row.scenario_id])
                return session_of(row, people, scenarios)
        if (kept := await self._kept(id_)) is not None:
            return _session(kept[0])
        try:
            return _session(await self._ask(id_, purpose))
        except Rejected as error:
            if error.status == 404:
                return None
            raise

    async def feedback(
        self, attempt: Session, *, fresh: bool = False, purpose: str
    ) -> tuple[Session, Told]:
        """An attempt as it is graded now, and what Exec says of it; with `fresh` it is asked again.

        Raises ExecError.
        """
        held = None if fresh else await self.held(attempt)
        if held is not None:
            return attempt, held
        detail = await self._ask(attempt.id, purpose)
        return _session(detail), Told(_feedback(detail), self.clock())

    async def of_several(self, attempts: Sequence[Session], *, purpose: str) -> tuple[Told, ...]:
        """What Exec says of these, in their order, as far as it can be asked."""
        found = []
        for attempt in attempts:
            try:
                _, told = await self.feedback(attempt, purpose=purpose)
            except ExecError as error:
                log.info("feedback can't be read: %s", type(error).__name__)
                continue
            found.append(told)
        return tuple(found)

    async def held(self, attempt: Session) -> Told | None:
        """What is held of that; None where the attempt was graded anew since."""
        kept = await self._kept(attempt.id)
        if kept is None or _grade(kept[0]) != _grade(attempt):
            return None
        detail, read_at = kept
        return Told(_feedback(detail), read_at)

    async def _kept(self, id_: str) -> tuple[SessionDetail, datetime] | None:
        """An attempt as Exec last told it in full, and when."""
        row = await self.database.row(sa.select(table).where(table.c.session_id == id_))
        try:
            return row and (SessionDetail.model_validate_json(row.body), row.read_at)
        except ValidationError:
            return None  # an earlier release kept it in another form

    async def _ask(self, id_: str, purpose: str) -> SessionDetail:
        """The attempt as Exec has it now, which is kept."""
        detail = await self.client.session(id_, ("evaluations",), purpose=purpose)
        row = {
            "session_id": detail.id,
            "created_at": detail.created_at,
            "user_id": detail.user.id,
            "body": detail.model_dump_json(exclude={"transcript"}),
            "read_at": self.clock(),
        }
        async with self.database.transaction() as connection:
            await self.database.put(connection, table, [row])
        return detail


def _grade(attempt: Session) -> tuple[float | None, str | None, bool]:
    return attempt.score, attempt.rank, attempt.is_valid_attempt


def _session(detail: SessionDetail) -> Session:
    return Session.model_validate(detail.model_dump())


def _feedback(detail: SessionDetail) -> Feedback:
    return Feedback.model_validate(detail.model_dump())
