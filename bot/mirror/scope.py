"""A scope: which sessions a list holds, apart from when they were created.

Rows carry person, scenario and e-mail, so these filters can be applied to rows held here ("local"
filters). Rows do not say in which groups, skills, programs or collections Exec counts them: only
Exec can apply those ("remote" filters).
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, unquote

from bot.language.query import Kind, ResolvedQuery

Ids = frozenset[str] | None  # None is any
Members = Mapping[str, Set[str]]  # the people of groups, or the scenarios of skills, by id
_NONE: Members = {}


@dataclass(frozen=True, slots=True)
class Scope:
    """The server-side filters of GET /sessions without dates, rank and sorting, in ids.

    Several ids of one filter are a union; different filters narrow each other; None is any.
    `system`: Exec's own staff are in. `nothing`: no session can match. It stands alone, for Exec
    cannot be asked for it: a filter without values is one that Exec drops.
    """

    users: Ids = None
    scenarios: Ids = None
    groups: Ids = None
    skills: Ids = None
    programs: Ids = None
    collections: Ids = None
    system: bool = True
    nothing: bool = False

    def __post_init__(self) -> None:
        values = [getattr(self, name) for name in _PARAMETERS]
        if any(ids is not None and (not ids or "" in ids) for ids in values):
            raise ValueError("a filter is None for any, or names at least one id")
        if self.nothing and not (self.system and all(ids is None for ids in values)):
            raise ValueError("nothing stands alone")

    @property
    def remote(self) -> tuple[Ids, Ids, Ids, Ids]:
        """The filters that only Exec can apply."""
        return (self.groups, self.skills, self.programs, self.collections)

    @property
    def is_remote(self) -> bool:
        """Whether only Exec can say which sessions belong."""
        return any(ids is not None for ids in self.remote)

    @property
    def key(self) -> str:
        """A text that is the same for equal scopes only, in every process and release."""
        if self.nothing:
            return "nothing"
        pairs = ((name, getattr(self, name)) for name in _PARAMETERS)
        parts = [
            f"{name}={','.join(quote(each, safe='') for each in sorted(ids))}"
            for name, ids in pairs
            if ids is not None
        ]
        return "&".join(parts if self.system else [*parts, "-system"]) or "all"

    @classmethod
    def from_key(cls, key: str) -> Scope:
        """The scope with that `key`. Raises ValueError for any other text."""
        parts = key.split("&")
        filters = dict(part.split("=") for part in parts if "=" in part)
        if not filters.keys() <= _PARAMETERS.keys():
            raise ValueError("the key of no scope")
        ids = {
            name: frozenset(unquote(each) for each in text.split(","))
            for name, text in filters.items()
        }
        scope = cls(**ids, system="-system" not in parts, nothing=key == "nothing")
        if scope.key != key:
            raise ValueError("the key of no scope")
        return scope


# In the order in which Exec documents them.
_PARAMETERS = {
    "users": "user_ids",
    "scenarios": "scenario_ids",
    "collections": "collection_ids",
    "skills": "skill_ids",
    "programs": "program_ids",
    "groups": "group_ids",
}
ALL = Scope()
NOTHING = Scope(nothing=True)


def of_query(query: ResolvedQuery) -> Scope:
    """The scope that a question asks about. Raises ValueError for a person without an id."""

    def named(kind: Kind) -> Ids:
        return frozenset(thing.id for thing in query.names if thing.kind is kind) or None

    return Scope(
        users=None if query.people is None else frozenset(each.id for each in query.people),
        scenarios=named(Kind.SCENARIO),
        groups=named(Kind.GROUP),
        skills=named(Kind.SKILL),
        programs=named(Kind.PROGRAM),
        collections=named(Kind.COLLECTION),
        system=query.include_system,
    )


def parameters(scope: Scope) -> tuple[tuple[str, str], ...]:
    """The scope as parameters of GET /sessions, in the documented order.

    Raises ValueError for NOTHING, which cannot be asked.
    """
    if scope.nothing:
        raise ValueError("nothing cannot be asked for")
    pairs = ((name, getattr(scope, field)) for field, name in _PARAMETERS.items())
    sent = tuple((name, ",".join(sorted(ids))) for name, ids in pairs if ids is not None)
    return sent if scope.system else (*sent, ("exclude_system_users", "true"))


def widens(wide: Scope, narrow: Scope) -> bool:
    """Whether `narrow(rows, narrow)` of the rows of `wide` gives exactly those of `narrow`.

    That is so when the local filters of `wide` let through all that those of `narrow` do, and
    the remote ones are equal: of sessions with skill a or b, nobody here can say which have a.
    """
    if wide.nothing or narrow.nothing:
        return narrow.nothing
    return (
        wide.remote == narrow.remote
        and _within(narrow.users, wide.users)
        and _within(narrow.scenarios, wide.scenarios)
        and (wide.system or not narrow.system)
    )


def _within(ids: Ids, others: Ids) -> bool:
    return others is None or (ids is not None and ids <= others)


def related(one: Scope, other: Scope) -> bool:
    """Whether one session may belong to both scopes."""
    if one.nothing or other.nothing:
        return False
    pairs = ((one.users, other.users), (one.scenarios, other.scenarios))
    return not any(a is not None and b is not None and a.isdisjoint(b) for a, b in pairs)


def expand(
    scope: Scope, *, groups: Members = _NONE, skills: Members = _NONE, collections: Members = _NONE
) -> Scope:
    """A question about groups, skills and collections as one about the people and scenarios in
    them, which are given by the id of each.

    A filter stays as it is where that is not known of all its ids. It means what Exec would answer
    while these are in them: right for a question, and wrong for a scope that is held, whose rows
    are those of the people and scenarios that belonged to it at the time.
    """
    for name, members, inside in (
        ("groups", groups, "users"),
        ("skills", skills, "scenarios"),
        ("collections", collections, "scenarios"),
    ):
        ids: Ids = getattr(scope, name)
        if ids is None or not ids <= members.keys():
            continue
        within: Ids = getattr(scope, inside)
        both = frozenset(
            one for id_ in ids for one in members[id_] if within is None or one in within
        )
        if not both:
            return NOTHING
        changed: dict[str, Any] = {name: None, inside: both}
        scope = replace(scope, **changed)
    return scope


def keeps(scope: Scope, user_id: str, scenario_id: str, is_system: bool) -> bool:
    """Whether the local filters of `scope` let such a session through."""
    return (
        not scope.nothing
        and (scope.users is None or user_id in scope.users)
        and (scope.scenarios is None or scenario_id in scope.scenarios)
        and (scope.system or not is_system)
    )
