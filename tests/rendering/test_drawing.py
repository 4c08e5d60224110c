from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.drawing import Truncated, stretch, truncated


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

    def page(start):
        return stretch(entries, start, most=most, room=room, cost=lambda entry: entry[1])

    start, seen, last = 0, [], None
    while start is not None:
        found = page(start)
        assert len(found.shown) <= most
        assert len(found.shown) <= 1 or sum(cost for _, cost in found.shown) <= room
        assert (found.first, found.last) == (min(start + 1, len(costs)), start + len(found.shown))
        assert found.previous_start == last
        seen.extend(found.shown)
        last, start = start, found.next_start
    assert seen == entries
    # A start behind the end, or within a page, gives that page.
    assert page(len(costs) + 5) == page(last)
    assert page(-1) == page(0)
