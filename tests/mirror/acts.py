"""What may happen to a tiny Exec and its mirror: the acts of a history, and how often they come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from bot.mirror.scope import ALL, Scope
from tests.mirror.model import PAGE, REMOTE, SCENARIOS, USERS, local_scopes, scopes


@dataclass(frozen=True)
class Create:
    """Sessions of one instant, each of a person on a scenario."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Grade:
    number: int
    score: int


@dataclass(frozen=True)
class Delete:
    number: int


@dataclass(frozen=True)
class Move:
    """Somebody or something now belongs, or no longer belongs, to a group, skill, program …"""

    bundle: tuple[str, str]
    user: str
    scenario: str


@dataclass(frozen=True)
class Wait:
    ticks: int


Event = Create | Grade | Delete | Move | Wait


@dataclass(frozen=True)
class Question:
    scope: Scope
    back: tuple[int, int]  # start and end, before now
    freshness: int
    refresh: bool
    between: tuple[Event, ...]


@dataclass(frozen=True)
class Send:
    """Another process asks for a page; the answer waits to be delivered."""

    scope: Scope
    back: tuple[int, int]
    full: bool


@dataclass(frozen=True)
class Deliver:
    number: int


@dataclass(frozen=True)
class Forget:
    back: tuple[int, int]


pairs = st.tuples(st.sampled_from(USERS), st.sampled_from(SCENARIOS))
moves = st.builds(
    lambda bundle, pair: Move(bundle, *pair),
    st.sampled_from([(kind, name) for kind, names in REMOTE.items() for name in names]),
    pairs,
)
creations = st.builds(Create, st.lists(pairs, min_size=1, max_size=PAGE + 2).map(tuple))
grades = st.builds(Grade, st.integers(0, 9), st.integers(0, 100))
deletions = st.builds(Delete, st.integers(0, 9))
waits = st.builds(Wait, st.integers(1, 4))


def weighed(*choices: tuple[int, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """One of these, each as often as its number says."""
    bag = [choice for times, choice in choices for _ in range(times)]
    return st.integers(0, len(bag) - 1).flatmap(bag.__getitem__)


events = weighed((3, creations), (4, grades), (1, deletions), (1, moves), (1, waits))
starts = st.sampled_from([3, 10, 20, 40, 999, 999, 999])
ends = st.sampled_from([-3, 0, 0, 0, 5, 15])
backs = st.tuples(starts, ends).map(lambda t: (max(t), min(t)))
few_scopes = st.sampled_from(
    [
        ALL,
        Scope(system=False),
        Scope(users=frozenset({"u1"})),
        Scope(users=frozenset({"u1", "u2"}), scenarios=frozenset({"s1"})),
        Scope(scenarios=frozenset({"s1"})),
        Scope(groups=frozenset({"g1"})),
        Scope(skills=frozenset({"k1"})),
        Scope(skills=frozenset({"k1"}), users=frozenset({"u1"})),
    ]
)
asked = weighed((6, few_scopes), (1, local_scopes), (1, scopes))
questions = st.builds(
    Question,
    asked,
    backs,
    st.sampled_from([0, 3, 8]),
    st.booleans(),
    st.lists(events, max_size=4).map(tuple),
)
acts = weighed(
    (8, events),
    (4, questions),
    (4, st.builds(Send, asked, backs, st.booleans())),
    (5, st.builds(Deliver, st.integers(0, 3))),
    (1, st.builds(Forget, backs)),
)
