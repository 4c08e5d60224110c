"""Coverage against its meaning: for each instant, the newest as-of time it was looked at."""

from __future__ import annotations

import timeit
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mirror.coverage import Coverage, Piece, Span, learned
from tests.mirror.model import checked

LINE = range(20)
Model = dict[int, int]

spans = st.tuples(st.integers(0, 19), st.integers(1, 8)).map(lambda t: (t[0], min(20, t[0] + t[1])))
pieces = st.builds(lambda span, age: Piece(*span, 20 + age), spans, st.integers(0, 5))
acts = st.lists(pieces | spans, max_size=12)


def both(acts: list[Piece | tuple[int, int]]) -> tuple[Coverage, Model]:
    coverage, model = Coverage(), Model()
    for act in acts:
        if isinstance(act, Piece):
            coverage = coverage.learn(act)
            for instant in range(act.start, act.end):
                model[instant] = max(act.as_of, model.get(instant, 0))
        else:
            coverage = coverage.forget(*act)
            for instant in range(*act):
                model.pop(instant, None)
    return coverage, model


def instants(spans: tuple[Span, ...]) -> list[int]:
    return [instant for span in spans for instant in range(span.start, span.end)]


@checked
@given(acts)
def test_what_was_learned_and_forgotten_is_what_is_held(acts):
    coverage, model = both(acts)
    assert {i: p.as_of for p in coverage.held for i in range(p.start, p.end)} == model


@checked
@given(acts)
def test_pieces_are_sorted_disjoint_and_as_few_as_can_be(acts):
    coverage, _ = both(acts)
    for one, other in pairwise(coverage.held):
        assert one.end < other.start or (one.end == other.start and one.as_of != other.as_of)


@checked
@given(acts, st.integers(0, 20), st.integers(0, 20), st.integers(19, 26))
def test_questions(acts, start, end, older_than):
    coverage, model = both(acts)
    asked = range(start, end)
    known = [instant for instant in asked if instant in model]
    assert [(i, p.as_of) for p in coverage.pieces(start, end) for i in range(p.start, p.end)] == [
        (instant, model[instant]) for instant in known
    ]
    assert instants(coverage.gaps(start, end)) == [i for i in asked if i not in model]
    assert coverage.covers(start, end) == (len(known) == len(asked))
    assert instants(coverage.stale(start, end, older_than)) == [
        instant for instant in known if model[instant] < older_than
    ]
    for parts in (coverage.gaps(start, end), coverage.stale(start, end, older_than)):
        assert all(one.end < other.start for one, other in pairwise(parts))


@checked
@given(st.lists(pieces, max_size=8), st.randoms())
def test_the_order_of_learning_does_not_matter(known, random):
    shuffled = random.sample(known, len(known))
    assert Coverage.of(known) == both(known)[0] == Coverage.of(shuffled) == both(shuffled)[0]


@pytest.mark.parametrize(("start", "end", "as_of"), [(5, 5, 9), (6, 5, 9), (5, 10, 9)])
def test_a_piece_is_not_empty_and_not_in_the_future(start, end, as_of):
    with pytest.raises(ValueError, match=r"empty|after the look"):
        Piece(start, end, as_of)


@pytest.mark.parametrize(
    ("created", "start", "end", "last", "known"),
    [
        pytest.param([80, 70, 60], 0, 90, True, (0, 90), id="the last page tells all"),
        pytest.param([], 0, 90, True, (0, 90), id="no rows, no sessions"),
        pytest.param([80, 70, 60], 0, 90, False, (61, 90), id="strictly newer than the oldest"),
        pytest.param([80, 60, 60], 0, 90, False, (61, 90), id="the instant may go on"),
        pytest.param([60, 60, 60], 0, 61, False, None, id="all of the last instant"),
        pytest.param([80, 70, 60], 0, None, False, (61, 100), id="up to the moment of asking"),
        pytest.param([80, 70], 0, 200, True, (0, 100), id="nothing of the future"),
        pytest.param([101, 100, 100], 0, None, False, None, id="only what came after asking"),
        pytest.param([], 100, 200, True, None, id="an interval of the future"),
        pytest.param([], 0, 90, False, None, id="a page that says nothing"),
    ],
)
def test_what_a_page_makes_known(created, start, end, last, known):
    piece = learned(created, start, end, is_last_page=last, as_of=100)
    assert piece == (known and Piece(*known, 100))


def test_a_page_in_another_order_is_refused():
    with pytest.raises(ValueError, match="newest first"):
        learned([1, 2], 0, 9, is_last_page=True, as_of=100)


def test_ten_thousand_pieces_answer_in_well_under_a_millisecond():
    coverage = Coverage.of(Piece(2 * i, 2 * i + 1, 10**6 + i % 2) for i in range(10_000))
    middle = 10_000
    questions = {
        "covers": lambda: coverage.covers(middle, middle + 40),
        "gaps": lambda: coverage.gaps(middle, middle + 40),
        "pieces": lambda: coverage.pieces(middle, middle + 40),
        "stale": lambda: coverage.stale(middle, middle + 40, 10**6 + 1),
        "learn": lambda: coverage.learn(Piece(middle, middle + 40, 10**7)),
        "forget": lambda: coverage.forget(middle, middle + 40),
    }
    for name, question in questions.items():
        seconds = min(timeit.repeat(question, number=10, repeat=20)) / 10
        assert seconds < 0.0005, f"{name}: {seconds * 1e6:.0f} µs"


@checked
@given(st.lists(pieces, max_size=8))
def test_unbroken_is_the_newest_interval_without_a_gap(learnt):
    coverage = Coverage.of(learnt)
    start, end = coverage.unbroken
    known = {i for each in coverage.held for i in range(each.start, each.end)}
    assert end == max(known, default=-1) + 1
    assert known.issuperset(range(start, end))
    assert start - 1 not in known
