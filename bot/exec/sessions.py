"""Reads stored sessions as Exec describes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bot.exec.models import Scenario, Session, User
from bot.language.query import Sort
from bot.storage.database import Database
from bot.storage.sessions import THOUSANDTHS
from bot.storage.tables import from_ms, member, scenario, session

ORDERS: dict[Sort, tuple[sa.Column[Any], bool]] = {
    Sort.NEWEST: (session.c.created_at, True),
    Sort.OLDEST: (session.c.created_at, False),
    Sort.BEST: (session.c.score, True),
    Sort.WORST: (session.c.score, False),
    Sort.LONGEST: (session.c.duration_ms, True),
    Sort.SHORTEST: (session.c.duration_ms, False),
}
COLUMNS = (
    session,
    member.c.name.label("member_name"),
    member.c.email,
    scenario.c.name.label("scenario_name"),
    scenario.c.slug,
)


async def read_sessions(
    database: Database,
    filters: Sequence[sa.ColumnElement[bool]],
    sort: Sort = Sort.NEWEST,
    *,
    offset: int = 0,
    limit: int | None = None,
) -> list[Session]:
    """Sessions in this order. Raises StorageError."""
    column, descending = ORDERS[sort]
    query = sa.select(*COLUMNS).select_from(
        session.outerjoin(member, member.c.id == session.c.member_id).outerjoin(
            scenario, scenario.c.id == session.c.scenario_id
        )
    )
    query = query.where(*filters).order_by(
        (column.desc() if descending else column.asc()).nulls_last(), session.c.id
    )
    return list(map(_session, await database.rows(query.offset(offset or None).limit(limit))))


def _session(row: sa.Row[Any]) -> Session:
    return Session(
        id=row.id,
        user=User(id=row.member_id, email=row.email or "", first_name=row.member_name or ""),
        scenario=Scenario(id=row.scenario_id, name=row.scenario_name or "", slug=row.slug or ""),
        score=None if row.score is None else row.score / THOUSANDTHS,
        rank=row.rank,
        duration_seconds=None if row.duration_ms is None else row.duration_ms / THOUSANDTHS,
        is_valid_attempt=row.is_valid,
        created_at=from_ms(row.created_at),
    )
