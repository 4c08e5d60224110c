"""Facts that are given, not read: for examples and tests."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from bot.exec_api.models import Assignment, Session
from bot.language.query import Member, ResolvedQuery
from bot.language.sides import Sides
from bot.reports.facts import (
    Detail,
    Facts,
    Groups,
    InQuestion,
    InSkill,
    Listing,
    MembersAt,
    P,
    Practice,
    SelfOnly,
    T,
    Told,
)
from bot.reports.figures import figures
from bot.reports.intervals import Window

EVERYBODY, NO_GROUPS = ResolvedQuery(None), Groups()


@dataclass(frozen=True, slots=True)
class GivenFacts:
    """What `Facts` tells, each under its name; `practice` are the sessions, whatever is asked."""

    practice: Practice
    query: ResolvedQuery = EVERYBODY
    members: tuple[Member, ...] = ()
    members_at: MembersAt | None = None
    coaches: frozenset[str] = frozenset()
    in_groups: Groups = NO_GROUPS
    assignments: tuple[Assignment, ...] | None = None
    unnamed: frozenset[str] = frozenset()
    addresses: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    told: tuple[Told, ...] = ()
    unread: int = 0
    one: Detail | None = None
    in_skills: tuple[InSkill, ...] = ()
    only: SelfOnly | None = None
    sides: Sides | None = None
    other: Facts | None = None

    @property
    def window(self) -> Window:
        return self.practice.window

    async def people(self) -> InQuestion:
        ids = frozenset(each.id for each in self.members)
        return InQuestion(self.members, self.members_at or (lambda _moment: ids), self.coaches)

    async def groups(self) -> Groups:
        return self.in_groups

    async def sessions(
        self, *, of_people: bool = False, before: bool = False, history: bool = False
    ) -> Practice:
        return self.practice

    async def listing(self) -> Listing:
        rows = self.practice.rows
        return Listing(rows, len(rows), figures(rows))

    async def tasks(self) -> tuple[Assignment, ...] | None:
        return self.assignments

    async def opted_out(self) -> frozenset[str]:
        return self.unnamed

    async def links(self, rows: Iterable[Session | Assignment]) -> Mapping[str, str]:
        return self.addresses

    async def feedback(self, most: int) -> tuple[tuple[Told, ...], int]:
        return self.told, self.unread

    async def detail(self) -> Detail | None:
        return self.one

    async def skills(self) -> tuple[InSkill, ...]:
        return self.in_skills

    async def compute(self, arithmetic: Callable[P, T], /, *args: P.args, **more: P.kwargs) -> T:
        return arithmetic(*args, **more)


def at_once(asking: Coroutine[Any, Any, T]) -> T:
    """What a report makes of facts that are given: as nothing is read, it never waits."""
    try:
        asking.send(None)
    except StopIteration as done:
        found: T = done.value
        return found
    asking.close()
    raise RuntimeError("given facts are there at once")
