"""Matches a typed name with things, and suggests things if several match or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from rapidfuzz import fuzz

from bot.errors import Ambiguous, Suggestion
from bot.language.query import Member, Named
from bot.language.text import fold, shortened

MAX_CHOICES = 4  # buttons that fit side by side on a phone
NEAR_ENOUGH = 65  # of 100: less similar suggestions would surprise people
LONGEST = 200  # characters: a longer text isn't a misspelled name


class HasName(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=HasName)


def matches(typed: str, things: Sequence[T], others: Callable[[T], Iterable[str]]) -> list[T]:
    """The things that match `typed`: by whole names, or else by parts of them."""
    return whole_matches(typed, things, others) or part_matches(typed, things)


def whole_matches(typed: str, things: Sequence[T], others: Callable[[T], Iterable[str]]) -> list[T]:
    """The things with this id, name, or one of its `others` (a slug, an e-mail address); or else
    those that have it without case, accents and punctuation."""
    exact, wanted = typed.strip().casefold(), fold(typed)
    named = [(thing, (thing.name, *others(thing))) for thing in things]
    found = [
        thing
        for thing, names in named
        if exact in (thing.id.casefold(), *(name.casefold() for name in names))
    ]
    return found or [thing for thing, names in named if wanted and wanted in map(fold, names)]


def part_matches(typed: str, things: Sequence[T]) -> list[T]:
    """The things whose name begins with `typed`, or else has words that begin with it."""
    wanted = f" {fold(typed)}"
    named = [(thing, f" {fold(thing.name)}") for thing in things if wanted != " "]
    found = [thing for thing, name in named if name.startswith(wanted)]
    return found or [thing for thing, name in named if wanted in name]


def nearest_things(typed: str, things: Sequence[T], limit: int = MAX_CHOICES) -> list[T]:
    """The things whose names are most similar to `typed`, best first; none if it can't be a name.
    "wst" is similar to "west coast"."""
    wanted = fold(typed)
    if not wanted or len(wanted) > LONGEST:
        return []
    scored = [(_likeness(wanted, fold(thing.name)), thing) for thing in things]
    near = sorted((each for each in scored if each[0] >= NEAR_ENOUGH), key=lambda each: -each[0])
    return [thing for _score, thing in near[:limit]]


def _likeness(typed: str, name: str) -> float:
    """The similarity of two names as a whole, or word by word: the mean, over the typed words, of
    that to the nearest word in the name."""
    words, typed_words = name.split(), typed.split()
    if not words:
        return 0
    by_word = (max(fuzz.ratio(each, word) for word in words) for each in typed_words)
    return max(fuzz.ratio(typed, name), sum(by_word) / len(typed_words))


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

    def label(thing: T) -> str:
        if names.count(thing.name) == 1:
            return thing.name
        email = thing.email if isinstance(thing, Member) else ""
        return f"{thing.name} ({email or thing.id})"

    return tuple(Suggestion(label(thing), command(thing)) for thing in things)
