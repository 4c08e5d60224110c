"""Reading page by page: every page counts, nothing is missed, and it always ends."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mirror.scope import ALL, Scope
from bot.mirror.walking import Ask, Fetch, Lesson, Row, Walk, reach, requests
from tests.mirror.model import PAGE, Exec, Mirror, assert_true, checked, read, truth

PAIR = ("u1", "s1")


def row(created_at: int, id: str = "") -> Row:
    return Row(id or f"r{created_at}", created_at, *PAIR, False)


def test_the_next_page_ends_at_the_oldest_row_of_the_one_before():
    walk = Walk(10, 90)
    step = walk.after([row(80), row(70), row(60)], is_last_page=False, as_of=100)
    assert step.lesson is not None
    assert (step.lesson.piece.start, step.lesson.piece.end) == (61, 90)
    assert [each.created_at for each in step.lesson.rows] == [80, 70]
    assert step.walk is not None
    assert step.walk.ask == Ask(10, 61)
    step = step.walk.after([row(60), row(20)], is_last_page=True, as_of=101)
    assert step.lesson is not None
    assert (step.lesson.piece.start, step.lesson.piece.end) == (10, 61)
    assert step.walk is None


@pytest.mark.parametrize("start", [70, 61])
def test_full_pages_are_asked_without_a_start_and_read_on_for_nothing(start):
    walk = Fetch(ALL, start, None, True, 1).walk
    assert walk.ask == Ask(None, None)
    step = walk.after([row(80), row(70), row(60)], is_last_page=False, as_of=100)
    assert step.lesson is not None
    assert (step.lesson.piece.start, step.lesson.piece.end) == (61, 100)
    assert step.walk is None


def test_one_instant_that_fills_a_page_is_read_by_position_until_two_readings_agree():
    walk: Walk | None = Walk(10, 61)
    instant = [row(60, id) for id in "abcd"]
    graded = [*instant[:3], replace(instant[3], content=(80,))]
    asked: list[Ask] = []
    lessons: list[Lesson] = []
    for n, rows in enumerate(
        [instant[:3], instant[:3], instant[3:], graded[:3], graded[3:], graded[:3], graded[3:]]
    ):
        assert walk is not None
        asked.append(walk.ask)
        step = walk.after(rows, is_last_page=len(rows) < 3, as_of=100 + n)
        lessons += [step.lesson] if step.lesson else []
        walk = step.walk
    assert asked == [Ask(10, 61), *[Ask(60, 61, 1), Ask(60, 61, 2)] * 3]
    (lesson,) = lessons
    assert lesson.rows == tuple(graded)
    # The third reading agrees with the second, so that all was so when it began.
    assert (lesson.piece.start, lesson.piece.end, lesson.piece.as_of) == (60, 61, 105)
    assert walk == Walk(10, 60)


@pytest.mark.parametrize("rows", [[row(95)], [row(5)]], ids=["newer", "older"])
def test_rows_that_were_not_asked_for_are_an_error(rows):
    with pytest.raises(ValueError, match="outside"):
        Walk(10, 90).after(rows, is_last_page=True, as_of=100)


def test_a_page_without_rows_that_is_not_the_last_ends_the_walk():
    step = Walk(10, 90).after([], is_last_page=False, as_of=100)
    assert step.lesson is None
    assert step.walk is None


def test_sessions_newer_than_the_moment_of_asking_teach_nothing_yet():
    step = Walk(10, None).after([row(102), row(101), row(50)], is_last_page=True, as_of=100)
    assert step.lesson is not None
    assert [each.created_at for each in step.lesson.rows] == [50]
    assert step.lesson.piece.end == 100


changes = st.lists(
    st.tuples(st.sampled_from(["grade", "delete", "create"]), st.integers(0, 40)), max_size=12
)


@checked
@given(
    st.lists(st.integers(1, 3 * PAGE), max_size=8),
    changes,
    st.booleans(),
    st.integers(0, 60),
    st.integers(0, 10),
    st.booleans(),
)
def test_a_walk_makes_all_of_its_interval_known_whatever_happens(
    crowds, changes, full, start, end, is_open
):
    exec_, mirror = Exec(), Mirror()
    for times in crowds:
        exec_.create(*[PAIR] * times)
        exec_.happens(lambda world: world, 2)
    # Two acts for each page, so that crowded instants change while they are read.
    left = iter(changes)

    def between() -> None:
        for what, number in (next(left, ("", 0)), next(left, ("", 0))):
            if what == "create":
                exec_.create(PAIR)
            elif what == "grade":
                exec_.grade(number, number)
            elif what == "delete":
                exec_.delete(number)

    now = exec_.now
    start, end = max(0, now - start), now - end
    if start >= end:
        return
    fetch = Fetch(Scope(users=frozenset({"u1"})), start, None if is_open else end, full, 1)
    read(exec_, mirror, fetch, between)
    assert mirror.known[fetch.scope].covers(start, end if fetch.end else now)
    assert_true(exec_, mirror)


@checked
@given(st.lists(st.integers(1, 2), min_size=1, max_size=30), st.integers(0, 40))
def test_a_walk_costs_what_was_expected(crowds, back):
    exec_, mirror = Exec(), Mirror()
    for times in crowds:
        exec_.create(*[PAIR] * times)
    start = max(0, exec_.now - back)
    rows = len(truth(exec_, ALL, start, exec_.now, exec_.now))
    read(exec_, mirror, Fetch(ALL, start, None, False, 1), lambda: None)
    # Rows of one instant are read again with the next page.
    assert exec_.requests <= requests(2 * rows, PAGE) + 1
    if max(crowds) == 1:
        assert exec_.requests <= requests(rows + 1, PAGE)


@pytest.mark.parametrize(
    ("rows", "cost"), [(0, 1), (0.4, 1), (99, 1), (99.5, 2), (100, 2), (198, 2), (199, 3)]
)
def test_requests(rows, cost):
    assert requests(rows) == cost


@checked
@given(st.lists(st.integers(0, 50)), st.integers(0, 50), st.integers(0, 20))
def test_reach(created, end, rows):
    def count(start: int, end: int) -> int:
        return sum(start <= each < end for each in created)

    start = reach(count, end, rows)
    assert count(start, end) <= rows
    assert start == 0 or count(start - 1, end) > rows
