"""Which things a typed name fits. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from rapidfuzz import fuzz

from bot.query.text import fold

NEAR_ENOUGH = 65  # of 100; below it a suggestion surprises more than it helps


class HasName(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=HasName)


def matches(typed: str, things: Sequence[T], others: Callable[[T], Iterable[str]]) -> list[T]:
    """The things that `typed` fits, by the strictest rule that any thing satisfies.

    The rules, strictest first: the id; the name or one of its `others` (a slug, an e-mail)
    as they stand; the same without case, accents and punctuation; the beginning of the name
    or of its words; words of the name in any place.
    """
    return whole_matches(typed, things, others) or part_matches(typed, things)


def whole_matches(typed: str, things: Sequence[T], others: Callable[[T], Iterable[str]]) -> list[T]:
    """The same by the rules that take an id, a name or one of `others` as a whole."""
    wanted = fold(typed)
    exact = typed.strip().casefold()
    rules: list[Callable[[T], bool]] = [
        lambda thing: thing.id.casefold() == exact,
        lambda thing: exact in {thing.name.casefold(), *(o.casefold() for o in others(thing))},
        lambda thing: wanted in {fold(thing.name), *map(fold, others(thing))},
    ]
    # Nothing left of the name ("!!"): only a literal match can be meant.
    return _first(rules if wanted else rules[:2], things)


def part_matches(typed: str, things: Sequence[T]) -> list[T]:
    """The same by the rules that take parts of a name."""
    wanted = fold(typed)
    rules: list[Callable[[T], bool]] = [
        lambda thing: f" {fold(thing.name)}".startswith(f" {wanted}"),
        lambda thing: f" {wanted}" in f" {fold(thing.name)}",
    ]
    return _first(rules, things) if wanted else []


def _first(rules: Sequence[Callable[[T], bool]], things: Sequence[T]) -> list[T]:
    for rule in rules:
        if found := [thing for thing in things if rule(thing)]:
            return found
    return []


def nearest(typed: str, things: Sequence[T], limit: int = 4) -> list[T]:
    """The things whose names look most like `typed`, best first."""
    wanted = fold(typed)
    scored = [(_likeness(wanted, fold(thing.name)), place) for place, thing in enumerate(things)]
    near = sorted((-score, place) for score, place in scored if score >= NEAR_ENOUGH)
    return [things[place] for _score, place in near[:limit]]


def _likeness(typed: str, name: str) -> float:
    """As wholes, or word by word: "wst" is like "west coast" for one of its words."""
    words = name.split()
    best = [max((fuzz.ratio(word, other) for other in words), default=0) for word in typed.split()]
    return max(fuzz.ratio(typed, name), sum(best) / len(best) if best else 0)
