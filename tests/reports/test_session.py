"""One session: which one, its place, and its feedback."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.errors import Broken
from bot.exec_api.models import Criterion, Example, Feedback, Graded, SessionDetail
from bot.language.query import Query, Sort
from bot.question import fitting
from bot.reports._asked import Asked, Reads
from bot.reports.session import REPORT, best_quotes, figures
from tests.reports.company import NOW, Company


@dataclass
class Told:
    """Feedback as it is stored; `away`: Exec can't be asked."""

    rows: dict[str, Any] = field(default_factory=dict)
    away: bool = False

    async def of(self, one: Any, job: Any) -> Any:
        if self.away:
            raise Broken("reset")
        return self.rows.get(one.id) or (SessionDetail(**_fields(one)), NOW)

    async def stored(self, one: Any) -> Any:
        return self.rows.get(one.id)


def _fields(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def asked(company: Company, told: Told | None = None, **more: Any) -> Asked:
    reads: Any = Reads(told or Told(), None)  # type: ignore[arg-type]
    return company.asked(None, reads=reads, **more)


@pytest.mark.parametrize(
    ("sort", "score"),
    [
        (Sort.NEWEST, None),
        (Sort.OLDEST, "60.0"),
        (Sort.BEST, "90.0"),
        (Sort.WORST, "50.1"),
        (Sort.LONGEST, "60.0"),
        (Sort.SHORTEST, "50.1"),
    ],
)
async def test_it_is_the_first_in_the_order_asked_for(
    company: Company, sort: Sort, score: str | None
) -> None:
    await company.hire("ann")
    await company.session("ann", 4, 60.0, seconds=900)
    await company.session("ann", 3, 90.0, seconds=300)
    await company.session("ann", 2, 50.05, seconds=200)
    await company.session("ann", 1, seconds=None)
    # The question keeps its order, which used to be lost.
    assert fitting(Query(sort=sort), REPORT).sort is sort
    found = await figures(asked(company, people=["ann"], sort=sort))
    assert found.attempt is not None
    assert found.attempt.score == (None if score is None else Decimal(score))


async def test_its_place_is_among_the_graded_on_the_scenario(company: Company) -> None:
    await company.hire("ann", "ben")
    for days_ago, score in ((9, 60.0), (8, 91.0), (7, 82.0), (6, 82.0), (5, 55.0)):
        await company.session("ann", days_ago, score)
    await company.session("ann", 4)
    await company.session("ann", 4, 99.0, "Renewal")
    await company.session("ben", 4, 99.0)
    found = await figures(asked(company, people=["ann"], attempt="s3"))
    assert found.place is not None
    its = found.place.progress
    assert (found.place.by_time, its.attempts, found.place.by_score) == (4, 5, 2)
    assert [str(x) for x in (its.first, its.last, its.best)] == ["60.0", "55.0", "91.0"]
    assert found.place.since is None

    company.stored = type(company.stored)(NOW - timedelta(days=12), NOW)
    found = await figures(asked(company, people=["ann"], attempt="s3"))
    assert found.place is not None
    assert found.place.since == company.stored.start
    company.stored = type(company.stored)(NOW - timedelta(days=2), NOW)
    found = await figures(asked(company, people=["ann"], attempt="s3"))
    assert found.attempt is not None
    assert found.place is None


async def test_stored_feedback_is_shown_if_exec_is_away(company: Company) -> None:
    await company.hire("ann")
    id_ = await company.session("ann", 1, 80.0, rank="gold")
    away = Told(away=True)
    found = await figures(asked(company, away, people=["ann"]))
    assert found.unread
    assert found.feedback is None
    assert found.attempt is not None
    assert found.attempt.rank == "Gold"

    item = Graded(name="Open questions", grade="not_relevant")
    detail = SessionDetail(
        id=id_,
        created_at=NOW,
        positive_feedback="Calm.",
        evaluations=(Criterion(criterion_name="Discovery", items=(item,)),),
    )
    away.rows[id_] = (detail, NOW - timedelta(hours=2))
    found = await figures(asked(company, away, people=["ann"]))
    assert not found.unread
    assert found.read_at == NOW - timedelta(hours=2)
    assert [(row.criterion, row.item, row.grade) for row in found.rows] == [
        ("Discovery", "Open questions", "Not relevant")
    ]

    shared = REPORT.in_channel(found, own=True)
    assert shared is not None
    assert shared.attempt == found.attempt
    assert (shared.feedback, shared.rows, shared.place) == (None, (), None)
    assert REPORT.in_channel(found, own=False) is None


def example(quote: str, better: str = "b", grade: str = "bad", salience: str = "high") -> Example:
    return Example(quote=quote, suggestion_quote=better, grade=grade, salience=salience)


@pytest.mark.parametrize(
    ("examples", "told"),
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
def test_two_quotes_have_a_better_phrasing(examples: list[Example], told: list[str]) -> None:
    items = (Graded(name="Item", grade="mid", feedback_examples=tuple(examples)),)
    feedback = Feedback(evaluations=(Criterion(criterion_name="Criterion", items=items),))
    assert [each.quote for each in best_quotes(feedback)] == told
