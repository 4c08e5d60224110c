"""Exec's feedback in a company's database."""

from __future__ import annotations

from typing import Any, cast

from bot.exec.feedback import Feedbacks
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import AnyReport
from bot.storage.tables import feedback
from tests.reports.company import DAY, MONDAY, NOW, Company
from tests.reports.prepare import asked_of_exec


async def with_feedback(report: AnyReport, q: PreparedQuestion) -> PreparedQuestion:
    """The question with stored feedback; Exec isn't available."""
    feedbacks = Feedbacks(q.db, cast(Any, None), lambda: NOW)
    return await asked_of_exec(report, q, feedbacks=feedbacks)


def practice(company: Company, days_ago: int, on: str, **grades: str) -> None:
    """Add a session of Ann's with feedback: the grades of its items by criterion."""
    id_, at = company.session("ann", days_ago, 70.0, on), MONDAY - days_ago * DAY
    body = {
        "id": id_,
        "created_at": at.isoformat(),
        "user": {"id": "ann"},
        "scenario": {"id": on.lower(), "name": on},
        "is_valid_attempt": True,
        "score": 70.0,
        "evaluations": [
            {"criterion_name": name, "items": [{"grade": grade} for grade in own.split()]}
            for name, own in grades.items()
        ],
    }
    row = {"session_id": id_, "member_id": "ann", "created_at": at, "body": body}
    company.put(feedback, **row, read_at=NOW)
