from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.pages import Room, Truncated, page, page_starts, truncated


@pytest.mark.parametrize(
    ("count", "shown", "more"), [(0, 0, 0), (4, 4, 0), (5, 5, 0), (6, 4, 2), (41, 4, 37)]
)
def test_few(count, shown, more):
    found = truncated(range(count), 4)
    assert found == Truncated(tuple(range(shown)), more)
    assert found.count == count


@given(st.lists(st.integers(1, 40), max_size=60), st.integers(1, 12), st.integers(1, 100))
def test_pages_follow_each_other_and_lose_nothing(costs, most, room):
    entries = list(enumerate(costs))
    fitting = Room(most, room, lambda entry: entry[1])
    start, seen, begun, last = 0, [], [], None
    while start is not None:
        found = page(entries, start, fitting)
        assert len(found.shown) <= most
        assert len(found.shown) <= 1 or sum(cost for _, cost in found.shown) <= room
        assert (found.first, found.last) == (min(start + 1, len(costs)), start + len(found.shown))
        assert found.previous_start == last
        seen.extend(found.shown)
        begun.append(start)
        last, start = start, found.next_start
    assert seen == entries
    assert page_starts(entries, fitting) == begun
    # A start behind the end gives the last page; one within a page goes back to its beginning.
    assert page(entries, len(costs) + 5, fitting) == page(entries, last, fitting)
    assert page(entries, -1, fitting) == page(entries, 0, fitting)
    if len(costs) > 1 and begun[-1] < len(costs) - 1:
        assert page(entries, len(costs) - 1, fitting).previous_start == begun[-1]
