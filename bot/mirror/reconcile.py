"""What a lesson changes: which rows are kept or dropped, and what may still be claimed of them.

Pure. Scopes overlap and share their rows, so that a look at one may change rows of another,
which was looked at earlier and would then hold a mixture of two moments. Whatever can no longer
be vouched for is forgotten, so that each piece stays exactly what Exec held at its as-of time.

An answer may be late: another process asked after us and wrote before us. It is taken in as of
its own time, except where it contradicts what a newer look vouches for.

In one transaction, with `known` locked: `news`; read the rows held there; `compare`; read the
rows held at the instants of the changes; `agreed`, and `compare` within that; `follow`; write
both results.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from bot.mirror.coverage import Coverage, Piece, Span, joined
from bot.mirror.scope import Scope, keeps, related, widens
from bot.mirror.walking import Lesson, Row

Known = Mapping[Scope, Coverage]
# The ids of the rows held that belong to a remote scope.
Members = Mapping[Scope, Set[str]]


@dataclass(frozen=True, slots=True)
class Changes:
    """What to write: rows new or altered, rows that are gone from Exec, and, for a remote scope,
    which ids belong to it now and which no longer."""

    save: tuple[Row, ...] = ()
    gone: tuple[Row, ...] = ()
    joined: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()


def news(known: Known, scope: Scope, piece: Piece) -> tuple[Span, ...]:
    """The parts of `piece` that may count: those that no newer look at `scope`, or at a scope
    that answers for it, has made known already."""
    left = Coverage((piece,))
    for other, coverage in known.items():
        if widens(other, scope):
            for each in _newer(coverage, piece):
                left = left.forget(each.start, each.end)
    return joined(left.held)


def compare(
    scope: Scope, lesson: Lesson, spans: Iterable[Span], held: Iterable[Row], members: Set[str]
) -> Changes:
    """What `lesson` changes within `spans` (its `news`, or what is `agreed` of them).

    `held` are at least the rows held there that are in `scope` or in the lesson; `members` those
    of their ids that belong to `scope`, if it is remote. A row of the scope that the lesson does
    not bring is gone from Exec; of a remote scope it may have moved out only, and stays held.
    """
    inside = tuple(spans)
    brought = {row.id: row for row in lesson.rows if _within(row, inside)}
    before = {row.id: row for row in held if _within(row, inside)}
    save = tuple(row for row in brought.values() if before.get(row.id) != row)
    missing = [row for row in before.values() if row.id not in brought]
    if scope.is_remote:
        return Changes(
            save=save,
            joined=frozenset(brought.keys() - members),
            left=frozenset(row.id for row in missing if row.id in members),
        )
    return Changes(save=save, gone=tuple(row for row in missing if _keeps(scope, row)))


def agreed(
    known: Known, lesson: Lesson, spans: Iterable[Span], changes: Changes, members: Members
) -> tuple[Span, ...]:
    """The parts of `spans` where `changes` contradict no newer look at another scope.

    `changes` are those within `spans`, and `members` which of the rows held at their instants
    belong to the remote scopes. A newer look is contradicted at the instants where a row that
    belongs to its scope would be altered, added or dropped: these are left to the next look. The
    other changes are to rows that it told nothing of, and where nothing changes both looks hold,
    each as of its own time. That a row is not among those of a remote scope contradicts nothing:
    it may be one that was not in it.
    """
    left = Coverage.of(Piece(each.start, each.end, lesson.piece.as_of) for each in spans)
    altered = _by_instant((*changes.save, *changes.gone))
    for other, coverage in known.items():
        for each in _newer(coverage, lesson.piece):
            for instant, rows in altered.items():
                if each.start <= instant < each.end and _belonging(other, rows, members):
                    left = left.forget(instant, instant + 1)
    return joined(left.held)


def follow(
    known: Known,
    scope: Scope,
    lesson: Lesson,
    spans: Iterable[Span],
    changes: Changes,
    beside: Iterable[Row],
    members: Members,
) -> dict[Scope, Coverage]:
    """The coverages that a lesson alters, by scope; an empty one may be dropped.

    `spans` are what is `agreed`, and `changes` those within them. `beside` are at least the rows
    held at the instants of the changes before they were made, and `members` which of these belong
    to the remote scopes. Scopes that `scope` widens forget what it has just learned, except from
    newer looks: it answers for them.
    """
    inside, as_of = tuple(spans), lesson.piece.as_of
    ids = frozenset(row.id for row in lesson.rows)

    def tells_of(row: Row) -> bool:
        """Whether the lesson tells all about a row of another scope: it had to be among its own."""
        return row.id in ids or (not scope.is_remote and _keeps(scope, row))

    altered = _by_instant((*changes.save, *changes.gone))
    together = _by_instant((*beside, *changes.save))
    after: dict[Scope, Coverage] = {scope: known.get(scope, Coverage())}
    for span in inside:
        after[scope] = after[scope].learn(Piece(span.start, span.end, as_of))
    for other, coverage in known.items():
        if other == scope:
            continue
        if widens(scope, other):
            for span in inside:
                for old in coverage.stale(span.start, span.end, as_of + 1):
                    coverage = coverage.forget(old.start, old.end)
        elif related(scope, other):
            for instant, rows in altered.items():
                is_known = coverage.covers(instant, instant + 1)
                if not is_known or not _belonging(other, rows, members):
                    continue
                all_mine = _belonging(other, together[instant], members)
                if not other.is_remote and all(map(tells_of, all_mine)):
                    # No session is created in the past: `other` has none then but these.
                    coverage = coverage.learn(Piece(instant, instant + 1, as_of))
                else:
                    coverage = coverage.forget(instant, instant + 1)
        if coverage is not known[other]:
            after[other] = coverage
    return after


def _newer(coverage: Coverage, piece: Piece) -> Iterator[Piece]:
    """What `coverage` holds within `piece` from looks after it."""
    inside = coverage.pieces(piece.start, piece.end)
    return (each for each in inside if each.as_of > piece.as_of)


def _belonging(scope: Scope, rows: Iterable[Row], members: Members) -> Set[Row]:
    if scope.is_remote:
        ids = members.get(scope, frozenset())
        return {row for row in rows if row.id in ids}
    return {row for row in rows if _keeps(scope, row)}


def _by_instant(rows: Iterable[Row]) -> dict[int, list[Row]]:
    instants: dict[int, list[Row]] = {}
    for row in rows:
        instants.setdefault(row.created_at, []).append(row)
    return instants


def _keeps(scope: Scope, row: Row) -> bool:
    return keeps(scope, row.user_id, row.scenario_id, row.is_system)


def _within(row: Row, spans: Iterable[Span]) -> bool:
    return any(span.start <= row.created_at < span.end for span in spans)
