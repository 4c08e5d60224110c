"""One session: its place counted again, and which passages of the feedback are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exec_api.models import Criterion, Example, Feedback, Graded
from bot.reports.facts import Detail, Told
from bot.reports.session import REPORT, quotes
from tests.reports.given import NOW, days, facts, figures, session


def found(attempt, others=(), *, feedback=None, since=None, now=NOW):
    told = None if feedback is None else Told(feedback, NOW)
    rows = tuple(sorted(others, key=lambda row: row.created_at, reverse=True))
    detail = Detail(attempt, told, rows, since, now)
    return figures(REPORT, facts(one=detail, addresses={"cold call": "url"}))


def standing(attempt, others=(), **more):
    return found(attempt, others, **more).standing


def example(quote="q", better="b", grade="bad", salience="high"):
    return Example(quote=quote, suggestion_quote=better, grade=grade, salience=salience)


def feedback(*examples):
    items = (Graded(name="Item", grade="mid", feedback_examples=examples),)
    return Feedback(evaluations=(Criterion(criterion_name="Criterion", items=items),))


@given(
    st.lists(st.none() | st.integers(0, 100), min_size=1, max_size=8), st.integers(0, 7), st.data()
)
def test_its_place_is_counted_among_the_graded(scores, which, data):
    rows = [session(at=day, score=score) for day, score in enumerate(scores)]
    own = rows[which % len(rows)]
    # Whether the mirror has the attempt itself, too, makes no difference.
    held = data.draw(st.permutations(rows if data.draw(st.booleans()) else set_of(rows, own)))
    found = standing(own, held)
    known = [(row.created_at, row.score) for row in rows if row.score is not None]
    if own.score is None:
        assert found is None
        return
    assert found.number == 1 + sum(at < own.created_at for at, _ in known)
    assert found.place == 1 + sum(score > own.score for _, score in known)
    assert found.attempts == len(known)
    best = max(score for _, score in known)
    assert (found.first, found.last, found.best) == (known[0][1], known[-1][1], best)


def set_of(rows, own):
    return [row for row in rows if row.id != own.id]


@pytest.mark.parametrize(
    ("since", "known"),
    [
        pytest.param(None, True, id="all there ever were"),
        pytest.param(days(0), True, id="known from before it"),
        pytest.param(days(2), False, id="known from after it only"),
    ],
)
def test_without_what_was_before_there_is_no_place(since, known):
    assert (standing(session(at=1, score=60), since=since) is not None) is known


@pytest.mark.parametrize(
    ("examples", "told"),
    [
        pytest.param([example(better="")], [], id="without a better phrasing"),
        pytest.param([example("a"), example("a", "c")], ["a"], id="once each"),
        pytest.param(
            [example("m", salience="mid"), example("h"), example("x", salience="odd")],
            ["h", "m"],
            id="the salient first",
        ),
        pytest.param(
            [example("g", grade="good"), example("o", grade="odd"), example("b")],
            ["b", "g"],
            id="the worst first",
        ),
    ],
)
def test_two_passages_with_a_better_phrasing(examples, told):
    assert [each.quote for each in quotes(feedback(*examples))] == told


def test_a_channel_gets_score_and_rank_only():
    own = session(score=60, rank="silver")
    told = found(own, feedback=feedback(example()))
    assert told.quotes
    assert REPORT.public is None
    shared = REPORT.in_channel(told, own=True)
    kept = {"attempt", "link"}
    assert shared.attempt == own
    blank = type(shared)(None)
    assert all(
        getattr(shared, name) == getattr(blank, name)
        for name in type(shared).__dataclass_fields__
        if name not in kept
    )
    assert REPORT.table(shared).rows == ()
