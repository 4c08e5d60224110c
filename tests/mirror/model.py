"""A tiny Exec with a memory of every moment, and a mirror of it that follows the rules.

Exec's filters are written out here once more, as documented and apart from bot.mirror.scope.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st

from bot.mirror.coverage import Coverage
from bot.mirror.planning import Part
from bot.mirror.reconcile import agreed, compare, follow, news
from bot.mirror.scope import Scope, keeps
from bot.mirror.walking import Ask, Count, Fetch, Lesson, Row, Walk

checked = settings(database=None, deadline=None, max_examples=60)

T = TypeVar("T")
PAGE = 3
USERS = ("u1", "u2", "u3", "x1")  # x1 is Exec's own staff
SCENARIOS = ("s1", "s2")
REMOTE = {
    "groups": ("g1", "g2"),
    "skills": ("k1", "k2"),
    "programs": ("p1",),
    "collections": ("c1",),
}


def narrow(rows: Iterable[Row], scope: Scope) -> set[Row]:
    """Those of the rows that the filters of `scope` let through which rows can be seen by."""
    return {row for row in rows if keeps(scope, row.user_id, row.scenario_id, row.is_system)}


def oldest_look(coverage: Coverage, start: int, end: int) -> int | None:
    """When the oldest look at a part of [start, end) was; None with gaps, or if empty."""
    if start >= end or not coverage.covers(start, end):
        return None
    return min(piece.as_of for piece in coverage.pieces(start, end))


@dataclass(frozen=True)
class World:
    """Exec at one moment. The bundles say who and what belongs to a group, skill, program …"""

    rows: frozenset[Row] = frozenset()
    groups: dict[str, frozenset[str]] = field(default_factory=dict)  # of users
    skills: dict[str, frozenset[str]] = field(default_factory=dict)  # of scenarios
    collections: dict[str, frozenset[str]] = field(default_factory=dict)  # of scenarios
    programs: dict[str, frozenset[tuple[str, str]]] = field(default_factory=dict)

    def select(self, scope: Scope) -> list[Row]:
        """What Exec lists, newest first."""
        rows = (row for row in self.rows if self.matches(scope, row))
        return sorted(rows, key=lambda row: (-row.created_at, row.id))

    def matches(self, scope: Scope, row: Row) -> bool:
        pair = (row.user_id, row.scenario_id)
        return (
            not scope.nothing
            and (scope.users is None or row.user_id in scope.users)
            and (scope.scenarios is None or row.scenario_id in scope.scenarios)
            and (scope.groups is None or row.user_id in _union(self.groups, scope.groups))
            and (scope.skills is None or row.scenario_id in _union(self.skills, scope.skills))
            and (
                scope.collections is None
                or row.scenario_id in _union(self.collections, scope.collections)
            )
            and (scope.programs is None or pair in _union(self.programs, scope.programs))
            and (scope.system or not row.user_id.startswith("x"))
        )


def _union(bundles: dict[str, frozenset[T]], ids: Iterable[str]) -> set[T]:
    return {one for each in ids for one in bundles.get(each, ())}


BEGINNING = World(
    groups={"g1": frozenset({"u1", "u2"}), "g2": frozenset({"u2", "x1"})},
    skills={"k1": frozenset({"s1"}), "k2": frozenset({"s1", "s2"})},
    collections={"c1": frozenset({"s2"})},
    programs={"p1": frozenset({("u1", "s1"), ("u2", "s2")})},
)


class Exec:
    """The world as it goes on: each event and each answer has an instant of its own."""

    def __init__(self) -> None:
        self.now = 10
        self.world = BEGINNING
        self.past = {self.now: self.world}
        self._created = 0
        self.requests = 0

    def happens(self, change: Callable[[World], World], ticks: int = 1) -> None:
        self.now += ticks
        self.world = change(self.world)
        self.past[self.now] = self.world

    def create(self, *pairs: tuple[str, str]) -> None:
        """Sessions of one instant, each of a person on a scenario."""

        def rows() -> Iterable[Row]:
            for user, scenario in pairs:
                self._created += 1
                id = f"r{self._created * 7919 % 1000:03}-{self._created}"
                yield Row(id, self.now, user, scenario, user.startswith("x"), (None,))

        self.happens(lambda world: replace(world, rows=world.rows | set(rows())))

    def grade(self, number: int, score: int) -> None:
        row = self._row(number)
        if row:
            graded = replace(row, content=(score,))
            self.happens(lambda world: replace(world, rows=world.rows - {row} | {graded}))

    def delete(self, number: int) -> None:
        row = self._row(number)
        if row:
            self.happens(lambda world: replace(world, rows=world.rows - {row}))

    def _row(self, number: int) -> Row | None:
        rows = sorted(self.world.rows, key=lambda row: row.id)
        return rows[number % len(rows)] if rows else None

    def answer(self, scope: Scope, ask: Ask) -> tuple[list[Row], bool, int]:
        """The rows of a page, whether it is the last one, and when it was asked for."""
        self.happens(lambda world: world)
        self.requests += 1
        found = [
            row
            for row in self.world.select(scope)
            if (ask.start or 0) <= row.created_at and (ask.end is None or row.created_at < ask.end)
        ]
        rows = found[(ask.page - 1) * PAGE : ask.page * PAGE]
        return rows, ask.page * PAGE >= len(found), self.now


class Mirror:
    """What is held, kept by the rules; the order of the steps is that of bot.mirror.reconcile."""

    def __init__(self) -> None:
        self.known: dict[Scope, Coverage] = {}
        self.rows: dict[str, Row] = {}
        self.members: dict[Scope, set[str]] = {}

    def learn(self, scope: Scope, lesson: Lesson) -> None:
        spans = news(self.known, scope, lesson.piece)
        mine = self.members.get(scope, set())
        held = [
            row
            for row in self.rows.values()
            if lesson.piece.start <= row.created_at < lesson.piece.end
        ]
        changes = compare(scope, lesson, spans, held, mine)
        instants = {row.created_at for row in (*changes.save, *changes.gone)}
        beside = [row for row in self.rows.values() if row.created_at in instants]
        spans = agreed(self.known, lesson, spans, changes, self.members)
        changes = compare(scope, lesson, spans, held, mine)
        after = follow(self.known, scope, lesson, spans, changes, beside, self.members)
        self.known.update(after)
        self.rows.update((row.id, row) for row in changes.save)
        for row in changes.gone:
            del self.rows[row.id]
            for ids in self.members.values():
                ids.discard(row.id)
        if scope.is_remote:
            self.members[scope] = (mine | changes.joined) - changes.left

    def held(self, scope: Scope, start: int, end: int) -> set[Row]:
        rows = [row for row in self.rows.values() if start <= row.created_at < end]
        if scope.is_remote:
            rows = [row for row in rows if row.id in self.members.get(scope, ())]
        return narrow(rows, scope)

    def shown(self, part: Part) -> set[Row]:
        return narrow(self.held(part.scope, part.start, part.end), part.narrow)


def read(exec_: Exec, mirror: Mirror, fetch: Fetch, between: Callable[[], None]) -> None:
    """Read a whole fetch; things happen between its pages."""
    walk: Walk | None = fetch.walk
    while walk:
        rows, is_last, as_of = exec_.answer(fetch.scope, walk.ask)
        between()
        step = walk.after(rows, is_last_page=is_last, as_of=as_of)
        if step.lesson:
            mirror.learn(fetch.scope, step.lesson)
        walk = step.walk


def truth(exec_: Exec, scope: Scope, start: int, end: int, as_of: int) -> set[Row]:
    """What Exec listed at an instant that was one of its moments."""
    world = exec_.past[as_of]
    rows = (row for row in world.rows if start <= row.created_at < end)
    return {row for row in rows if world.matches(scope, row)}


def assert_true(exec_: Exec, mirror: Mirror) -> None:
    """Piece by piece, what is held is exactly what Exec held at the piece's as-of time."""
    for scope, coverage in mirror.known.items():
        for piece in coverage.held:
            expected = truth(exec_, scope, piece.start, piece.end, piece.as_of)
            assert mirror.held(scope, piece.start, piece.end) == expected, (scope, piece)


def ids(names: Iterable[str]) -> st.SearchStrategy[frozenset[str] | None]:
    some = st.frozensets(st.sampled_from(list(names)), min_size=1, max_size=2)
    return st.none() | some


local_scopes = st.builds(Scope, users=ids(USERS), scenarios=ids(SCENARIOS), system=st.booleans())
scopes = local_scopes | st.builds(
    Scope,
    users=ids(USERS),
    scenarios=ids(SCENARIOS),
    system=st.booleans(),
    **{name: ids(values) for name, values in REMOTE.items()},
)


def counted(created: list[int], known: int | None = None) -> Count:
    """How many of these sorted instants, or of the first `known`, lie in an interval."""
    many = len(created) if known is None else known

    def before(instant: int) -> int:
        return bisect_left(created, instant, hi=many)

    return lambda start, end: before(end) - before(start)
