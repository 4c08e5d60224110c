"""How many sessions an interval is likely to hold, so that plans can be compared by their cost.

Pure. Instants are milliseconds since 1970. An estimate only: a wrong one costs a request more
or less, never a wrong answer.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bot.mirror.coverage import Coverage
from bot.mirror.scope import ALL, Scope

HOUR = 3_600_000
WEEK_HOURS = 168
WEEK = WEEK_HOURS * HOUR
# Before anything is known: a small company.
UNKNOWN_PER_HOUR = 2.0
UNKNOWN_WEEKS = 52
# A scope of which nothing was seen yet is taken for this much of all; an estimate of nothing
# would make every question about it look free.
UNSEEN_SHARE = 0.02


@dataclass(frozen=True)
class Density:
    """Sessions per hour of the week in UTC, and which share of all belongs to some scopes.

    None are expected from before `begins`.
    """

    per_hour: tuple[float, ...]
    shares: Mapping[Scope, float]
    begins: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "_sums", (0.0, *accumulate(self.per_hour)))

    def __call__(self, scope: Scope, start: int, end: int) -> float:
        """About how many sessions of `scope` were created in [start, end)."""
        share = 1.0 if scope == ALL else self.shares.get(scope, UNSEEN_SHARE)
        start, end = max(start, self.begins), max(end, self.begins)
        return share * max(0.0, self._until(end) - self._until(start))

    def _until(self, instant: int) -> float:
        sums: Sequence[float] = self._sums  # type: ignore[attr-defined]
        weeks, rest = divmod(instant, WEEK)
        hour, part = divmod(rest, HOUR)
        return weeks * sums[-1] + sums[hour] + self.per_hour[hour] * part / HOUR


def density_of(
    counts: Mapping[int, int],
    coverage: Coverage,
    shares: Mapping[Scope, float],
    *,
    now: int,
    total: int | None,
) -> Density:
    """What the past tells: `counts` of sessions held by hour since 1970, of which those that
    `coverage` (everybody's) holds wholly are looked at; and Exec's `total`, if it told."""
    sums, seen = [0.0] * WEEK_HOURS, [0] * WEEK_HOURS
    for hour in _whole_hours(coverage):
        # The first of January 1970 was a Thursday; which hour is the first does not matter.
        sums[hour % WEEK_HOURS] += counts.get(hour, 0)
        seen[hour % WEEK_HOURS] += 1
    usual = sum(sums) / sum(seen) if any(seen) else _overall(counts, coverage)
    per_hour = (total / n if n else usual for total, n in zip(sums, seen, strict=True))
    weekly = tuple(per_hour)
    # As many weeks as all sessions of Exec's fill at the usual pace.
    weeks = UNKNOWN_WEEKS if total is None else total / max(sum(weekly), 0.001)
    return Density(weekly, shares, max(0, now - int(weeks * WEEK)))


def _overall(counts: Mapping[int, int], coverage: Coverage) -> float:
    """Sessions per hour where not a single hour is held wholly."""
    hours = sum(piece.end - piece.start for piece in coverage.held) / HOUR
    return sum(counts.values()) / hours if hours else UNKNOWN_PER_HOUR


def _whole_hours(coverage: Coverage) -> Iterable[int]:
    """The hours since 1970 that are held from end to end."""
    known_from = known_to = 0
    for piece in coverage.held:
        if piece.start != known_to:
            known_from = piece.start
        first = max(-(-known_from // HOUR), known_to // HOUR)
        known_to = piece.end
        yield from range(first, known_to // HOUR)


@dataclass(frozen=True, slots=True)
class Hourly:
    """About how many rows are held in an interval, by how many each of some hours since 1970 has.

    `sums` are those of all hours before.
    """

    hours: Sequence[int]
    sums: Sequence[int]

    @classmethod
    def of(cls, counts: Mapping[int, int]) -> Hourly:
        """From the counts of rows by hour."""
        hours = sorted(counts)
        return cls(hours, (0, *accumulate(counts[hour] for hour in hours)))

    def __call__(self, start: int, end: int) -> float:
        return max(0.0, self._until(end) - self._until(start))

    def _until(self, instant: int) -> float:
        hour, part = divmod(instant, HOUR)
        place = bisect_left(self.hours, hour)
        if place == len(self.hours) or self.hours[place] != hour:
            return self.sums[place]
        return self.sums[place] + (self.sums[place + 1] - self.sums[place]) * part / HOUR


@dataclass(frozen=True)
class Counted:
    """How many rows are held in an interval, from the sorted instants of all of them."""

    instants: Sequence[int]

    def __call__(self, start: int, end: int) -> int:
        return bisect_left(self.instants, end) - bisect_left(self.instants, start)
