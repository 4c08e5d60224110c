"""Finding what changed in an interval by Exec's totals: how many sessions of each rank it has.

Pure. A total that differs from what is held is followed: the interval is halved until it is few
enough pages to read. Nothing else comes of a total: which sessions are new, altered or gone only
a page that was read can tell. Sessions come and go meanwhile, and totals may contradict each
other: the worst that can come of it is a page that is read for nothing.

Two changes of rank may cancel each other in all totals, and then wait until they are read. Most
changes are of the newest sessions, so that their day is asked for by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.mirror.coverage import Span
from bot.mirror.settling import DAY
from bot.mirror.walking import PAGE_SIZE

# None is every session. Those without a rank are the rest.
RANKS: Sequence[str | None] = (None, "gold", "silver", "bronze", "unranked")
# To halve two pages costs a request, as the second of them does, which shows more.
FEW_ROWS = 2 * (PAGE_SIZE - 1)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Whether Exec's `total` of a rank in an interval, None until it is told, is what is held."""

    rank: str | None
    span: Span
    total: int | None = None


@dataclass(slots=True)
class Check:
    """A check of `span` under way, begun at `began` (ms); `doubts` are left, the next one last."""

    span: Span
    began: int
    spent: int = 0
    doubts: list[Doubt] = field(default_factory=list)

    @classmethod
    def of(cls, span: Span, now: int) -> Check:
        """A check at its beginning."""
        edge = span.end - DAY
        parts = [span]
        if span.start < edge:
            parts = [Span(span.start, edge), Span(edge, span.end)]
        doubts = [Doubt(rank, part) for part in parts for rank in reversed(RANKS)]
        return cls(span, now, doubts=doubts)

    def go_on(self, doubt: Doubt, middle: int, older: int) -> None:
        """Doubt both halves: Exec told the total of all, and how many are `older` than `middle`."""
        span, total = doubt.span, doubt.total or 0
        self.doubts += (
            replace(doubt, span=Span(span.start, middle), total=older),
            replace(doubt, span=Span(middle, span.end), total=total - older),
        )


def is_read(doubt: Doubt, rows: int) -> bool:
    """Whether to read the interval of a doubt, with so many rows held, and not halve it."""
    return rows <= FEW_ROWS or doubt.span.end - doubt.span.start == 1


def middle_of(span: Span, row: int) -> int:
    """Where to halve an interval, by when the `row` in the middle of it was created (ms)."""
    return min(max(row, span.start + 1), span.end - 1)
