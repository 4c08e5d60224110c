"""What is held of a scope: which intervals of creation time, and as of when.

Pure. Instants are whole milliseconds since 1970 in UTC, intervals are half-open: [start, end).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

# In milliseconds.
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """An interval of creation time, [start, end) in milliseconds; never empty."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"[{self.start}, {self.end}) is empty")


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """At the instant `as_of`, what is held of [start, end) was exactly what Exec held."""

    start: int
    end: int
    as_of: int

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"[{self.start}, {self.end}) is empty")
        if self.end > self.as_of:
            # Sessions of that interval could still be created after the look.
            raise ValueError("nothing is known about what comes after the look")


_START = attrgetter("start")
_END = attrgetter("end")


@dataclass(frozen=True)
class Coverage:
    """The pieces held of one scope: sorted, disjoint, neighbours of one as-of time joined.

    Build it with `of`, `learn` and `forget`; they give new ones. Questions about an interval cost
    the logarithm of the pieces held, plus the pieces or gaps inside it.
    """

    held: tuple[Piece, ...] = ()

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> Coverage:
        """The coverage that these pieces make together, whatever their order."""
        ordered = sorted(pieces)
        if all(one.end <= other.start for one, other in pairwise(ordered)):
            return cls(_joined(ordered))
        coverage = cls()
        for piece in ordered:
            coverage = coverage.learn(piece)
        return coverage

    def _among(self, start: int, end: int) -> tuple[Piece, ...]:
        """The pieces that have a part in [start, end), whole."""
        if start >= end:
            return ()
        low = bisect_right(self.held, start, key=_END)
        return self.held[low : bisect_left(self.held, end, lo=low, key=_START)]

    def learn(self, piece: Piece) -> Coverage:
        """With `piece` known too; where it meets another, the newer as-of time wins."""
        low = bisect_left(self.held, piece.start, key=_END)
        high = bisect_right(self.held, piece.end, key=_START)
        met = self.held[low:high]
        older = (rest for each in met if each.as_of <= piece.as_of for rest in _cut(each, piece))
        newer = tuple(each for each in met if each.as_of > piece.as_of)
        gaps = Coverage(newer).gaps(piece.start, piece.end)
        parts = (Piece(each.start, each.end, piece.as_of) for each in gaps)
        between = _joined(sorted((*older, *newer, *parts)))
        return Coverage((*self.held[:low], *between, *self.held[high:]))

    def forget(self, start: int, end: int) -> Coverage:
        """With nothing known of [start, end)."""
        low = bisect_right(self.held, start, key=_END)
        high = bisect_left(self.held, end, key=_START)
        if start >= end or low >= high:
            return self
        rests = (rest for each in self.held[low:high] for rest in _cut(each, Span(start, end)))
        return Coverage((*self.held[:low], *rests, *self.held[high:]))

    def pieces(self, start: int, end: int) -> tuple[Piece, ...]:
        """What is known of [start, end), cut to it, oldest sessions first."""
        inside = list(self._among(start, end))
        for edge in {0, len(inside) - 1} if inside else ():
            each = inside[edge]
            inside[edge] = Piece(max(each.start, start), min(each.end, end), each.as_of)
        return tuple(inside)

    def gaps(self, start: int, end: int) -> tuple[Span, ...]:
        """The parts of [start, end) of which nothing is known, oldest first."""
        gaps, known = [], start
        for each in self._among(start, end):
            if known < each.start:
                gaps.append(Span(known, each.start))
            known = each.end
        if known < end:
            gaps.append(Span(known, end))
        return tuple(gaps)

    def covers(self, start: int, end: int) -> bool:
        """Whether all of [start, end) is known; an empty interval always is."""
        return not self.gaps(start, end)

    def stale(self, start: int, end: int, older_than: int) -> tuple[Span, ...]:
        """The known parts of [start, end) that were last looked at before `older_than`."""
        parts = (each for each in self.pieces(start, end) if each.as_of < older_than)
        return joined(parts)

    @property
    def unbroken(self) -> tuple[int, int]:
        """The newest interval [start, end) of which all is known; (0, 0) where nothing is."""
        start = end = self.held[-1].end if self.held else 0
        for each in reversed(self.held):
            if each.end != start:
                break
            start = each.start
        return start, end

    def since(self, as_of: int) -> Coverage:
        """With only what was looked at then or later."""
        return Coverage(tuple(each for each in self.held if each.as_of >= as_of))


def _cut(piece: Piece, hole: Span | Piece) -> Iterator[Piece]:
    """What is left of `piece` outside of `hole`."""
    if piece.start < hole.start:
        yield Piece(piece.start, min(piece.end, hole.start), piece.as_of)
    if piece.end > hole.end:
        yield Piece(max(piece.start, hole.end), piece.end, piece.as_of)


def _joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    joined: list[Piece] = []
    for each in pieces:
        if joined and joined[-1].end == each.start and joined[-1].as_of == each.as_of:
            joined[-1] = Piece(joined[-1].start, each.end, each.as_of)
        else:
            joined.append(each)
    return tuple(joined)


def joined(parts: Iterable[Span | Piece]) -> tuple[Span, ...]:
    """The intervals of these parts, which are sorted and disjoint, with neighbours as one."""
    spans: list[Span] = []
    for each in parts:
        if spans and spans[-1].end == each.start:
            spans[-1] = Span(spans[-1].start, each.end)
        else:
            spans.append(Span(each.start, each.end))
    return tuple(spans)


def learned(
    created: Sequence[int], start: int, end: int | None, *, is_last_page: bool, as_of: int
) -> Piece | None:
    """What one page makes known; None when that is nothing.

    `created` are the creation times of its rows, newest first; [start, end) is what was asked
    (no end: None); `as_of` is when it was asked. A page that is not the last makes known only
    what is newer than its oldest row, as others of the same instant may follow; none makes known
    what was created after it was asked for. Raises ValueError when the rows are not sorted.
    """
    if any(older > newer for newer, older in pairwise(created)):
        raise ValueError("a page is read newest first")
    if not is_last_page:
        if not created:
            return None
        start = max(start, created[-1] + 1)
    last = as_of if end is None else min(end, as_of)
    return Piece(start, last, as_of) if start < last else None
