"""Stretches against their meaning: for each instant, the newest moment at which it was read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.mirror.stretches import Stretch, clipped, gaps, laid_over, merged, unbroken

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
