"""How old corrections are when the mirror has them: regraded, deleted, graded late."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from bot.mirror.store import Changes, SessionStore
from tests.bench.company import DAY, HOUR, Company, Content, Life
from tests.bench.figures import Table

# A grade that came later than the last look for it alone.
LATE = 4 * HOUR
RECENT = 14 * DAY


@dataclass(slots=True)
class Sightings:
    """When which rows of the mirror changed (ms), by session."""

    clock: Callable[[], int]
    seen: dict[str, list[int]] = field(default_factory=dict)

    def watch(self, store: SessionStore) -> None:
        """Note what changes from now on."""
        put: Callable[..., Awaitable[Changes]] = store.put

        async def put_and_note(*given: Any) -> Changes:
            changes = await put(*given)
            for id_ in (*changes.saved, *changes.gone):
                self.seen.setdefault(id_, []).append(self.clock())
            return changes

        store.put = put_and_note  # type: ignore[method-assign]

    def after(self, id_: str, instant: int) -> int | None:
        """The first change of a row at `instant` or later."""
        return next((at for at in self.seen.get(id_, ()) if at >= instant), None)


@dataclass(frozen=True, slots=True)
class Correction:
    """A session that changed in Exec when it was so `old` (ms); `age` is how long it took to be
    seen, or how long ago it was at the end if `missed`."""

    old: int
    in_totals: bool
    age: int
    missed: bool


def corrections(here: Company, sightings: Sightings, since: int, until: int) -> list[Correction]:
    """Those of an interval, of sessions that were held before."""
    return [
        _seen(life, at, before, after, sightings, until)
        for life in here.lives
        for at, before, after in _changes(life)
        if since <= at < until and _was_held(life, at, sightings, since)
    ]


def _changes(life: Life) -> Iterator[tuple[int, Content, Content | None]]:
    contents = [each for each in life.contents if life.gone is None or each[0] < life.gone]
    for (_, before), (at, after) in pairwise(contents):
        if before[0] is not None or at - life.created >= LATE:
            yield at, before, after
    if life.gone is not None:
        yield life.gone, contents[-1][1], None


def _was_held(life: Life, at: int, sightings: Sightings, since: int) -> bool:
    return life.listed < since - 3 * DAY or any(
        each < at for each in sightings.seen.get(life.id, ())
    )


def _seen(
    life: Life, at: int, before: Content, after: Content | None, sightings: Sightings, until: int
) -> Correction:
    seen = sightings.after(life.id, at)
    return Correction(
        old=at - life.created,
        in_totals=after is None or after[1] != before[1],
        age=(until if seen is None else seen) - at,
        missed=seen is None,
    )


def ages(found: Sequence[Correction]) -> Table:
    """Of corrections, when they are seen."""
    recent = [each for each in found if each.old <= RECENT and each.in_totals]
    rows = (
        _row("of the last 14 days: rank or existence", recent, "≤ 30 h"),
        _row("all others", [each for each in found if each not in recent], "≤ 14 d"),
    )
    heads = ("corrections", "n", "not yet seen", "median", "95 %", "worst", "goal")
    return Table("Age of a correction when it is seen (or at the end)", heads, rows)


def _row(what: str, found: Sequence[Correction], goal: str) -> tuple[str, ...]:
    known = sorted(each.age for each in found)
    missed = str(sum(each.missed for each in found))
    if not known:
        return (what, "0", missed, "", "", "", goal)
    picked = (known[len(known) // 2], known[-(-len(known) * 95 // 100) - 1], known[-1])
    return (what, str(len(known)), missed, *map(_told, picked), goal)


def _told(age: int) -> str:
    return f"{age / HOUR:.1f} h" if age < 2 * DAY else f"{age / DAY:.1f} d"
