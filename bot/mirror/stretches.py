"""Stretches of creation time, each with the moment at which it was read whole.

Pure. Instants are whole milliseconds since 1970 in UTC, intervals are half-open: [start, end).
Lists of stretches are sorted and do not overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

from bot.exec_api.models import Session

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stretch:
    """At the instant `as_of`, Exec had exactly these sessions of [start, end).

    They are in the database, or in `sessions` where Exec was asked directly; a part of a stretch
    still has all of those.
    """

    start: int
    end: int
    as_of: int
    sessions: tuple[Session, ...] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not self.start < self.end <= self.as_of:
            raise ValueError("a stretch has a length, and ends before it was read")


def gaps(stretches: Iterable[Stretch], start: int, end: int) -> list[Span]:
    """The parts of [start, end) that no stretch covers, oldest first."""
    found, known = [], start
    for each in stretches:
        if each.end <= known:
            continue
        if each.start >= end:
            break
        if each.start > known:
            found.append((known, each.start))
        known = each.end
    if known < end:
        found.append((known, end))
    return found


def clipped(stretches: Iterable[Stretch], start: int, end: int) -> list[Stretch]:
    """The parts of the stretches that lie in [start, end)."""
    return [
        replace(each, start=max(each.start, start), end=min(each.end, end))
        for each in stretches
        if max(each.start, start) < min(each.end, end)
    ]


def laid_over(stretches: Iterable[Stretch], new: Stretch) -> list[Stretch]:
    """The stretches with `new` among them: where two meet, what was read later stays."""
    known = list(stretches)
    later = [each for each in known if each.as_of > new.as_of]
    parts = [replace(new, start=a, end=b) for a, b in gaps(later, new.start, new.end)]
    for each in known:
        if each.as_of <= new.as_of:
            parts += clipped([each], each.start, min(each.end, new.start))
            parts += clipped([each], max(each.start, new.end), each.end)
    return merged(sorted([*later, *parts], key=attrgetter("start")))


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The stretches, with neighbours of one moment as one."""
    found: list[Stretch] = []
    for each in stretches:
        last = found[-1] if found else None
        if (
            last is not None
            and (last.end, last.as_of) == (each.start, each.as_of)
            and last.sessions is each.sessions
        ):
            found[-1] = replace(last, end=each.end)
        else:
            found.append(each)
    return found


def unbroken(stretches: Sequence[Stretch], end: int) -> list[Stretch]:
    """The newest stretches without a gap between them, if they reach up to `end` or further."""
    if not stretches or stretches[-1].end < end:
        return []
    first = len(stretches) - 1
    while first and stretches[first - 1].end == stretches[first].start:
        first -= 1
    return list(stretches[first:])
