"""What Exec says of single attempts: asked once, and held while they are graded as they were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError

from bot.errors import Rejected
from bot.exec_api.client import ExecClient
from bot.exec_api.models import Feedback, Session, SessionDetail
from bot.exec_api.single_flight import OnWait
from bot.mirror.held import COLUMNS, session_of, stored_row
from bot.people.naming import names_of
from bot.reports.report import Told
from bot.storage.database import Database
from bot.storage.tables import practice_session
from bot.storage.tables import session_feedback as table


@dataclass(frozen=True, slots=True)
class Attempts:
    """All methods raise StorageError."""

    database: Database
    client: ExecClient
    clock: Callable[[], datetime]

    async def find(
        self, id_: str, *, purpose: str, on_wait: OnWait | None = None
    ) -> Session | None:
        """The attempt with this id: as it is held, else as Exec has it; None where there is none.

        Raises ExecError.
        """
        query = sa.select(*COLUMNS).where(practice_session.c.id == id_)
        async with self.database.transaction(reads=True) as connection:
            row = (await connection.execute(query)).one_or_none()
            if row is not None:
                held = stored_row(row)
                people, scenarios = await names_of(connection, [held.user_id], [held.scenario_id])
                return session_of(held, people, scenarios)
        try:
            detail = await self._ask(id_, purpose, on_wait)
        except Rejected as error:
            if error.status != 404:
                raise
            return None
        return _session(detail)

    async def feedback(
        self,
        attempt: Session,
        *,
        fresh: bool = False,
        purpose: str,
        on_wait: OnWait | None = None,
    ) -> tuple[Session, Told]:
        """An attempt as it is graded now, and what Exec says of it; with `fresh` it is asked again.

        Raises ExecError.
        """
        held = None if fresh else await self.held(attempt)
        if held is not None:
            return attempt, held
        detail = await self._ask(attempt.id, purpose, on_wait)
        told = Told(Feedback.model_validate(detail.model_dump()), self.clock())
        return _session(detail), told

    async def held(self, attempt: Session) -> Told | None:
        """The same as far as it is held; None where the attempt was graded anew since."""
        graded = {
            "score": attempt.score,
            "rank": attempt.rank,
            "is_valid": attempt.is_valid_attempt,
        }
        query = sa.select(table).where(table.c.session_id == attempt.id)
        async with self.database.transaction(reads=True) as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None or any(getattr(row, name) != value for name, value in graded.items()):
            return None
        try:
            return Told(Feedback.model_validate_json(row.body), row.read_at)
        except ValidationError:
            return None  # an earlier release kept it in another form

    async def _ask(self, id_: str, purpose: str, on_wait: OnWait | None) -> SessionDetail:
        """The attempt as Exec has it now, of which the feedback is kept."""
        detail = await self.client.session(id_, ("evaluations",), purpose=purpose, on_wait=on_wait)
        values: dict[str, Any] = {
            "created_at": detail.created_at,
            "user_id": detail.user.id,
            "score": detail.score,
            "rank": detail.rank,
            "is_valid": detail.is_valid_attempt,
            "body": Feedback.model_validate(detail.model_dump()).model_dump_json(),
            "read_at": self.clock(),
        }
        insert = self.database.insert(table).values(session_id=detail.id, **values)
        keep = insert.on_conflict_do_update(index_elements=[table.c.session_id], set_=values)
        async with self.database.transaction() as connection:
            await connection.execute(keep)
        return detail


def _session(detail: SessionDetail) -> Session:
    return Session.model_validate(detail.model_dump())
