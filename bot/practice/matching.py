"""Which things a typed name fits. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from rapidfuzz import fuzz, process

NEAR_ENOUGH = 60  # of 100; below it a suggestion surprises more than it helps


class HasName(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=HasName)


def fold(text: str) -> str:
    """Text as people compare it: without case, accents, punctuation and extra spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return " ".join(re.findall(r"\w+", letters.replace("_", " ")))


def matches(typed: str, things: Sequence[T], others: Callable[[T], Iterable[str]]) -> list[T]:
    """The things that `typed` fits, by the strictest rule that any thing satisfies.

    The rules, strictest first: the id; the name or one of its `others` (a slug, an e-mail)
    as they stand; the same without case, accents and punctuation; the beginning of the name
    or of its words; words of the name in any place.
    """
    wanted = fold(typed)
    exact = typed.strip().casefold()
    rules: list[Callable[[T], bool]] = [
        lambda thing: thing.id.casefold() == exact,
        lambda thing: exact in {thing.name.casefold(), *(o.casefold() for o in others(thing))},
        lambda thing: wanted in {fold(thing.name), *map(fold, others(thing))},
        lambda thing: f" {fold(thing.name)}".startswith(f" {wanted}"),
        lambda thing: f" {wanted}" in f" {fold(thing.name)}",
    ]
    # Nothing left of the name ("!!"): only a literal match can be meant.
    for rule in rules if wanted else rules[:2]:
        if found := [thing for thing in things if rule(thing)]:
            return found
    return []


def nearest(typed: str, things: Sequence[T], limit: int = 4) -> list[T]:
    """The things whose names look most like `typed`, best first."""
    names = [fold(thing.name) for thing in things]
    found = process.extract(
        fold(typed), names, scorer=fuzz.WRatio, limit=limit, score_cutoff=NEAR_ENOUGH
    )
    by_word = {index: _nearest_word(fold(typed), name) for name, _score, index in found}
    found.sort(key=lambda one: (one[1], by_word[one[2]]), reverse=True)
    return [things[index] for _name, _score, index in found]


def _nearest_word(typed: str, name: str) -> float:
    """How much the nearest word of a name looks like what was typed: "wst" is "west"."""
    return max((fuzz.ratio(typed, word) for word in name.split()), default=0.0)
