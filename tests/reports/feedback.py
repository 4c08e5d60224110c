"""Feedback of Exec's in a company's database."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa

from bot.mirror.feedback import Feedbacks
from bot.reports._asked import Reads
from bot.storage.tables import feedback, from_ms, session
from tests.reports.company import NOW, Company


def reads(company: Company) -> Reads:
    """Reads what is stored; Exec is never there."""
    none = cast(Any, None)
    return Reads(Feedbacks(company.db, none, lambda: NOW), none)


async def grade(company: Company, session_id: str, **grades: str) -> None:
    """Store feedback on a session: a grade by criterion."""
    row = await company.db.row(sa.select(session).where(session.c.id == session_id))
    assert row is not None
    at = from_ms(row.created_at)
    body = {
        "id": row.id,
        "created_at": at.isoformat(),
        "user": {"id": row.member_id},
        "scenario": {"id": row.scenario_id, "name": row.scenario_id.title()},
        "is_valid_attempt": True,
        "score": row.score / 1000,
        "rank": row.rank,
        "evaluations": [
            {"criterion_name": name, "items": [{"grade": grade_}]}
            for name, grade_ in grades.items()
        ],
    }
    values = {"session_id": row.id, "member_id": row.member_id, "created_at": at, "body": body}
    await company.db.write(feedback.insert().values(**values, read_at=NOW))
