"""One session: which one, its place, and its feedback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.ask.question import require_supported
from bot.exec.models import Criterion, Graded, Quote, Session, SessionDetail
from bot.language.query import Query, Sort
from bot.reports.session import REPORT, SessionFigures, best_quotes, figures
from tests.reports.company import DAY, NOW, Company, in_channel
from tests.reports.prepare import asked_of_exec


@dataclass
class Feedbacks:
    """Stored feedback. `away`: Exec isn't available."""

    stored_one: tuple[SessionDetail, datetime] | None = None
    away: bool = False

    async def of_several(
        self, sessions: Sequence[Session], job: object
    ) -> list[tuple[SessionDetail, datetime]]:
        if self.away:
            return [self.stored_one] if self.stored_one else []
        names = [field.name for field in fields(Session)]
        return [
            (SessionDetail(**{name: getattr(session, name) for name in names}), NOW)
            for session in sessions
        ]


async def answer(
    company: Company, feedbacks: Feedbacks | None = None, **more: Any
) -> SessionFigures:
    """The figures of a question about Ann's sessions."""
    q = company.prepared(None, people=["ann"], **more)
    return await figures(await asked_of_exec(REPORT, q, feedbacks=feedbacks or Feedbacks()))


async def test_it_is_the_first_in_the_order_asked_for(company: Company) -> None:
    company.hire("ann")
    company.session("ann", 4, 60, seconds=900)
    company.session("ann", 3, 90, seconds=300)
    company.session("ann", 2, 50.05, seconds=200)
    company.session("ann", 1, seconds=None)
    scores = {}
    for sort in Sort:
        assert require_supported(Query(sort=sort), REPORT).sort is sort
        attempt = (await answer(company, sort=sort)).attempt
        assert attempt is not None
        scores[sort] = str(attempt.score)
    assert scores == {
        Sort.NEWEST: "None",
        Sort.OLDEST: "60.0",
        Sort.BEST: "90.0",
        Sort.WORST: "50.1",
        Sort.LONGEST: "60.0",
        Sort.SHORTEST: "50.1",
    }


async def test_its_place_is_among_the_graded_sessions_on_the_scenario(company: Company) -> None:
    company.hire("ann", "ben")
    company.sessions("ann", {9: 60, 8: 91, 7: 82, 6: 82, 5: 55})
    company.session("ann", 4)
    company.session("ann", 4, 99, "Renewal")
    company.session("ben", 4, 99)
    place = (await answer(company, attempt="s3")).place
    assert place is not None
    assert (place.inside, place.attempts) == (4, 5)
    scores = (place.first, place.last, place.best)
    assert [str(score) for score in scores] == ["60.0", "55.0", "91.0"]
    with company.known(since=NOW - 2 * DAY):
        computed = await answer(company, attempt="s3")
    assert computed.attempt is not None
    assert computed.place is None


async def test_stored_feedback_is_shown_if_exec_is_away_and_never_shared(company: Company) -> None:
    company.hire("ann")
    id_ = company.session("ann", 1, 80, rank="gold")
    away = Feedbacks(away=True)
    computed = await answer(company, away)
    assert (computed.unread, computed.feedback) == (True, None)
    assert computed.attempt is not None
    assert computed.attempt.rank == "gold"

    item = Graded(name="Open questions", grade="not_relevant")
    discovery = Criterion(criterion_name="Discovery", items=(item,))
    detail = SessionDetail(id=id_, created_at=NOW, evaluations=(discovery,))
    away.stored_one = (detail, NOW - timedelta(hours=2))
    computed = await answer(company, away)
    assert not computed.unread
    rows = [(row.criterion, row.item, row.grade) for row in computed.rows]
    assert rows == [("Discovery", "Open questions", "Not relevant")]

    shared = in_channel(REPORT, computed, own=True)
    assert shared.attempt == computed.attempt
    assert (shared.feedback, shared.rows, shared.place) == (None, (), None)
    assert REPORT.in_channel(computed, own=False) is None


def example(quote: str, better: str = "b", grade: str = "bad", salience: str = "high") -> Quote:
    return Quote(quote=quote, suggestion_quote=better, grade=grade, salience=salience)


@pytest.mark.parametrize(
    ("examples", "quotes"),
    [
        pytest.param([example("a", "")], [], id="without a better phrasing"),
        pytest.param([example("a"), example("a", "c")], ["a"], id="once each"),
        pytest.param(
            [example("m", salience="mid"), example("h"), example("x", salience="odd")],
            ["h", "m"],
            id="the most salient first",
        ),
        pytest.param(
            [example("g", grade="good"), example("o", grade="odd"), example("b")],
            ["b", "g"],
            id="the worst first",
        ),
    ],
)
def test_two_quotes_have_a_better_phrasing(examples: list[Quote], quotes: list[str]) -> None:
    items = (Graded(name="Item", grade="mid", feedback_examples=tuple(examples)),)
    criteria = (Criterion(criterion_name="Criterion", items=items),)
    feedback = SessionDetail(id="s", created_at=NOW, evaluations=criteria)
    assert [best.quote for best in best_quotes(feedback)] == quotes
