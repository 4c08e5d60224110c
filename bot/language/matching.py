"""Matches a typed name with things, and suggests things if several match or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from rapidfuzz import fuzz, process

from bot.errors import Ambiguous, Suggestion
from bot.language.query import Member, Named
from bot.language.text import fold, shortened

MAX_CHOICES = 4  # buttons that fit side by side on a phone
NEAR_ENOUGH = 65  # of 100: less similar suggestions would surprise people
# A longer text isn't a misspelled name.
MOST_WORDS = 12
LONGEST = 200  # characters


class HasName(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=HasName)


def matches(typed: str, things: Sequence[T], others: Callable[[T], Iterable[str]]) -> list[T]:
    """The things that match `typed` by the strictest rule that matches any.

    The rules, strictest first: the id; the name or one of its `others` (a slug, an e-mail); the
    same without case, accents and punctuation; the beginning of the name; words in the name.
    """
    return whole_matches(typed, things, others) or part_matches(typed, things)


def whole_matches(typed: str, things: Sequence[T], others: Callable[[T], Iterable[str]]) -> list[T]:
    """As `matches`, but only by whole ids, names and `others`."""
    wanted = fold(typed)
    exact = typed.strip().casefold()
    rules: list[Callable[[T], bool]] = [
        lambda thing: thing.id.casefold() == exact,
        lambda thing: exact in {thing.name.casefold(), *(o.casefold() for o in others(thing))},
        lambda thing: wanted in {fold(thing.name), *map(fold, others(thing))},
    ]
    # A name like "!!" folds to nothing, so only a literal match counts.
    return _first(rules if wanted else rules[:2], things)


def part_matches(typed: str, things: Sequence[T]) -> list[T]:
    """As `matches`, but only by parts of names."""
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


def nearest_things(typed: str, things: Sequence[T], limit: int = MAX_CHOICES) -> list[T]:
    """The things whose names are most similar to `typed`, best first; none if it can't be a name.

    Names are compared as a whole and word by word, so that "wst" is similar to "west coast".
    """
    wanted = fold(typed)
    words = wanted.split()
    if not words or len(words) > MOST_WORDS or len(wanted) > LONGEST:
        return []
    names = [fold(thing.name) for thing in things]
    by_word = _likeness_by_word(words, names)
    scored = {place: score for place, score in enumerate(by_word) if score >= NEAR_ENOUGH}
    for _name, score, place in process.extract_iter(
        wanted, names, scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH
    ):
        scored[place] = max(score, scored.get(place, 0))
    near = sorted((-score, place) for place, score in scored.items())
    return [things[place] for _score, place in near[:limit]]


def _likeness_by_word(words: Sequence[str], names: Sequence[str]) -> Iterator[float]:
    """The similarity of each name: the mean, over the typed words, of that to the nearest word in
    it.

    Names share words, so each distinct word is compared once.
    """
    known = list({word for name in names for word in name.split()})
    columns = (
        [score for _word, score, _ in process.extract_iter(word, known, scorer=fuzz.ratio)]
        for word in words
    )
    scores = dict(zip(known, zip(*columns, strict=True), strict=True))
    nothing = (0.0,) * len(words)
    for name in names:
        theirs = [scores[word] for word in name.split()]
        yield sum(map(max, nothing, *theirs)) / len(words) if theirs else 0.0


def slugs(thing: Named) -> Iterable[str]:
    """The other names of a thing, for `matches`."""
    return (thing.slug,) if thing.slug else ()


def addresses(person: Member) -> Iterable[str]:
    """The other names of a person, for `matches`: their e-mail address, and its local part."""
    # Not the domain: "acme" isn't a person.
    return (person.email, person.email.partition("@")[0])


def hint(near: Sequence[HasName], otherwise: str) -> str:
    """What to do about an unknown name: choose a near one, or use something else."""
    if not near:
        return f" Check the name, or use {otherwise}."
    return " Did you mean one of these?" if len(near) > 1 else " Did you mean this?"


def ask_which(typed: str, what: str, found: Sequence[T], command: Callable[[T], str]) -> Ambiguous:
    """An error that asks which of several matches is meant."""
    more = len(found) - MAX_CHOICES
    rest = f" There are {more} more. Type more of the name to find them." if more > 0 else ""
    return Ambiguous(
        f"Which {what} do you mean by *{{name}}*?{rest}",
        suggestions(found[:MAX_CHOICES], command),
        name=shortened(typed),
    )


def suggestions(things: Sequence[T], command: Callable[[T], str]) -> tuple[Suggestion, ...]:
    """A button for each of the things, with the whole command that names it."""
    names = [thing.name for thing in things]
    return tuple(
        Suggestion(
            thing.name if names.count(thing.name) == 1 else f"{thing.name} ({_mark(thing)})",
            command(thing),
        )
        for thing in things
    )


def _mark(thing: HasName) -> str:
    """What distinguishes namesakes: the e-mail address of people, otherwise the id."""
    return thing.email if isinstance(thing, Member) and thing.email else thing.id
