"""Stretches against their meaning: for each instant, the newest moment at which it was read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mirror.stretches import Stretch, clipped, gaps, laid_over, merged, unbroken


def some(*edges: tuple[int, int, int]) -> list[Stretch]:
    return [Stretch(*each) for each in edges]


@pytest.mark.parametrize(
    ("known", "new", "after"),
    [
        ([], (0, 5, 9), [(0, 5, 9)]),
        ([(0, 5, 8)], (5, 9, 9), [(0, 5, 8), (5, 9, 9)]),
        ([(0, 5, 9)], (5, 9, 9), [(0, 9, 9)]),
        ([(0, 9, 9)], (3, 5, 10), [(0, 3, 9), (3, 5, 10), (5, 9, 9)]),
        ([(0, 9, 10)], (3, 5, 9), [(0, 9, 10)]),
        ([(2, 4, 10), (6, 8, 8)], (0, 9, 9), [(0, 2, 9), (2, 4, 10), (4, 9, 9)]),
        ([(0, 2, 9), (4, 6, 9)], (2, 4, 9), [(0, 6, 9)]),
        ([(0, 4, 5)], (0, 4, 9), [(0, 4, 9)]),
    ],
)
def test_what_was_read_later_stays(
    known: list[tuple[int, int, int]],
    new: tuple[int, int, int],
    after: list[tuple[int, int, int]],
) -> None:
    assert laid_over(some(*known), Stretch(*new)) == some(*after)


edges = st.tuples(st.integers(0, 12), st.integers(1, 8), st.integers(20, 25))
stretches = edges.map(lambda edge: Stretch(edge[0], edge[0] + edge[1], edge[2]))


@given(st.lists(stretches, max_size=9), st.integers(0, 12), st.integers(0, 20))
def test_each_instant_has_its_newest_reading(read: list[Stretch], start: int, end: int) -> None:
    known: list[Stretch] = []
    for each in read:
        known = laid_over(known, each)
    meant = {
        at: max((each.as_of for each in read if each.start <= at < each.end), default=0)
        for at in range(22)
    }
    told = {at: each.as_of for each in known for at in range(each.start, each.end)}
    assert told == {at: as_of for at, as_of in meant.items() if as_of}
    assert known == merged(sorted(known, key=lambda each: each.start))
    missing = {at for a, b in gaps(known, start, end) for at in range(a, b)}
    assert missing == {at for at in range(start, end) if not meant[at]}
    cut = {at for each in clipped(known, start, end) for at in range(each.start, each.end)}
    assert cut == {at for at in range(start, end) if meant[at]}
    run = unbroken(known, end)
    if known and known[-1].end >= end:
        assert run[-1] == known[-1]
        assert gaps(run, run[0].start, run[-1].end) == []
        assert not meant.get(run[0].start - 1)
    else:
        assert run == []


@pytest.mark.parametrize("edge", [(5, 5, 9), (6, 5, 9), (0, 5, 4)])
def test_no_stretch_is_empty_or_read_before_it_was_over(edge: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="before it was read"):
        Stretch(*edge)
