"""Prepares questions with what stand-ins of Exec answer."""

from __future__ import annotations

from typing import Any, cast

from bot.ask.prepare import Mode, Preparer
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import AnyReport
from tests.reports.company import NOW


async def asked_of_exec(
    report: AnyReport, q: PreparedQuestion, *, feedbacks: Any = None, client: Any = None
) -> PreparedQuestion:
    """The question with the scores and the feedback that the report needs."""
    nothing = cast(Any, None)
    preparer = Preparer(q.db, nothing, nothing, nothing, nothing, feedbacks, client, lambda: NOW)
    return await preparer.with_answers_of_exec(q, report.needs, report.feedback_on, Mode.QUESTION)
