"""What Exec says of single attempts: asked once, and stored while they are graded as they were."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError

from bot.errors import ExecError, Rejected
from bot.exec_api.client import ExecClient
from bot.exec_api.models import Feedback, Session, SessionDetail
from bot.mirror.names import names_of
from bot.mirror.rows import COLUMNS, sessions_of
from bot.reports.facts import Told
from bot.storage.database import Database
from bot.storage.tables import practice_session
from bot.storage.tables import session_feedback as table

log = logging.getLogger(__name__)

T = TypeVar("T", Session, Feedback)
_FORM = TypeAdapter(SessionDetail)


@dataclass(frozen=True, slots=True)
class _Kept:
    """An attempt as Exec told it in full, and when (aware, UTC)."""

    detail: SessionDetail
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Attempts:
    """All methods raise StorageError."""

    database: Database
    client: ExecClient
    clock: Callable[[], datetime]

    async def find(self, id_: str, *, purpose: str) -> Session | None:
        """The attempt with this id: as it is stored, else as Exec has it; None where there is none.

        Raises ExecError.
        """
        query = sa.select(*COLUMNS).where(practice_session.c.id == id_)
        async with self.database.transaction(reads=True) as connection:
            row = (await connection.execute(query)).one_or_none()
            if row is not None:
                people, scenarios = await names_of(connection, [row.user_id], [row.scenario_id])
                return sessions_of([row], people, scenarios)[0]
        if (kept := (await self._kept(id_)).get(id_)) is not None:
            return _part(Session, kept.detail)
        try:
            return _part(Session, await self._ask(id_, purpose))
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
        stored = None if fresh else await self.stored(attempt)
        return (attempt, stored) if stored is not None else await self._told(attempt, purpose)

    async def of_several(self, attempts: Sequence[Session], *, purpose: str) -> tuple[Told, ...]:
        """What Exec says of these, in their order, as far as it can be asked."""
        kept = await self._kept(*(attempt.id for attempt in attempts))
        found = []
        for attempt in attempts:
            told = _stored(kept, attempt)
            if told is None:
                try:
                    _, told = await self._told(attempt, purpose)
                except ExecError as error:
                    log.info("feedback can't be read: %s", type(error).__name__)
                    continue
            found.append(told)
        return tuple(found)

    async def stored(self, attempt: Session) -> Told | None:
        """The stored feedback on an attempt; None where there is none for its present grade."""
        return _stored(await self._kept(attempt.id), attempt)

    async def _kept(self, *ids: str) -> dict[str, _Kept]:
        """These attempts as Exec last told them in full, by id."""
        found = {}
        for row in await self.database.rows(sa.select(table).where(table.c.session_id.in_(ids))):
            # What another version stored in a form of its own is read from Exec again.
            with suppress(ValidationError):
                detail = _FORM.validate_json(row.body)
                found[row.session_id] = _Kept(detail, row.read_at)
        return found

    async def _told(self, attempt: Session, purpose: str) -> tuple[Session, Told]:
        """Ask Exec: the attempt as it is graded now, and its feedback."""
        detail = await self._ask(attempt.id, purpose)
        return _part(Session, detail), Told(_part(Feedback, detail), self.clock())

    async def _ask(self, id_: str, purpose: str) -> SessionDetail:
        """Ask Exec for the attempt as it is now, and store it."""
        detail = await self.client.session(id_, ("evaluations",), purpose=purpose)
        row = {
            "session_id": detail.id,
            "created_at": detail.created_at,
            "user_id": detail.user.id,
            "body": _FORM.dump_json(detail, exclude={"transcript"}).decode(),
            "read_at": self.clock(),
        }
        async with self.database.transaction() as connection:
            await self.database.put(connection, table, [row])
        return detail


def _stored(kept: Mapping[str, _Kept], attempt: Session) -> Told | None:
    found = kept.get(attempt.id)
    if found is None or _grade(found.detail) != _grade(attempt):
        return None
    return Told(_part(Feedback, found.detail), found.read_at)


def _grade(attempt: Session) -> tuple[float | None, str | None, bool]:
    return attempt.score, attempt.rank, attempt.is_valid_attempt


def _part(kind: type[T], detail: SessionDetail) -> T:
    return kind(**{each.name: getattr(detail, each.name) for each in fields(kind)})
