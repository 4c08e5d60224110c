"""Long lists, a page or a first few at a time. Pure.

Pages are laid from the first entry on by one greedy rule, so the same entries stand on the same
page whether one comes to it by Next or by Previous.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Truncated(Generic[T]):
    """The first few of many, and how many `more` there are."""

    shown: tuple[T, ...]
    more: int

    @property
    def count(self) -> int:
        """The number of all of them."""
        return len(self.shown) + self.more


@dataclass(frozen=True, slots=True)
class Room(Generic[T]):
    """The most that a page takes: entries, and characters; `cost` counts those of one entry."""

    entries: int
    characters: int
    cost: Callable[[T], int]


@dataclass(frozen=True, slots=True)
class ShownPage(Generic[T]):
    """A page of a long list: `first` and `last` are 1-based positions among `loaded` entries.

    `next_start` and `previous_start` are the indexes at which those pages begin, None where there
    is no such page; `next_count` is how many entries the next page has.
    """

    shown: tuple[T, ...]
    first: int
    last: int
    loaded: int
    next_start: int | None
    previous_start: int | None
    next_count: int = 0

    @property
    def is_whole(self) -> bool:
        """All entries stand on this page."""
        return self.next_start is None and self.previous_start is None


def table_room(cost: Callable[[T], int], *, plain: bool) -> Room[T]:
    """The room on a page of a table: 9,000 of the 10,000 characters that its cells may have, as the
    whole message has 12,000. Of plain lines fewer can be read."""
    return Room(30, 6_000, cost) if plain else Room(100, 9_000, cost)


def truncated(items: Sequence[T], most: int) -> Truncated[T]:
    """At most `most` of the items; one more rather than "and 1 more"."""
    shown = tuple(items[: most + 1 if len(items) == most + 1 else most])
    return Truncated(shown, len(items) - len(shown))


def page(items: Sequence[T], start: int, room: Room[T], *, total: int = 0) -> ShownPage[T]:
    """The page that begins at index `start`; the last one if that is behind the end.

    `total` counts also the entries that are not among `items` yet; they make a next page.
    """
    loaded = len(items)
    total = max(total, loaded)
    start = max(start, 0)
    if start >= loaded:
        start = _starts(items, room, loaded)[-2] if loaded else 0
    starts = _starts(items, room, start, further=1)
    after = starts[bisect_right(starts, start)] if loaded else 0
    shown = tuple(items[start:after])
    beyond = next((each for each in starts if each > after), loaded)
    # How many fit of those that are not loaded yet is only known then: about as many as here.
    count = beyond - after if beyond < loaded or total == loaded else len(shown)
    return ShownPage(
        shown=shown,
        first=min(start + 1, loaded),
        last=after,
        loaded=loaded,
        next_start=after if loaded and after < total else None,
        # A start between two pages goes back to the nearer one.
        previous_start=starts[bisect_right(starts, start - 1) - 1] if start > 0 else None,
        next_count=min(count, total - after),
    )


def page_starts(items: Sequence[T], room: Room[T]) -> list[int]:
    """The index at which each page begins; [0] for no items."""
    return _starts(items, room, len(items))[:-1] or [0]


def _starts(items: Sequence[T], room: Room[T], reach: int, *, further: int = 0) -> list[int]:
    """Where pages begin, up to the first one after index `reach` and `further` ones; the end of
    all closes it."""
    starts = [0] if items else []
    used = 0
    for index, item in enumerate(items):
        cost = room.cost(item)
        full = index - starts[-1] == room.entries or used + cost > room.characters
        if full and index > starts[-1]:
            starts.append(index)
            used = 0
            if index > reach:
                if not further:
                    return starts
                further -= 1
        used += cost
    return [*starts, len(items)]
