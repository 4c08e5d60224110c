"""The names that Exec knows, for reading names without quotes and for offering the nearest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.language.query import Kind, Member, Named
from bot.language.text import fold, key

LONGEST = 12  # words of a name without quotes


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Known names: per kind (names, slugs and ids) and of people. Made by `Vocabulary.of`.

    Both map what spellings have in common (`text.key`) to the name as it is shown. `members` are
    the people, `offered` the names of each kind. All of it may be offered to the asker.
    """

    things: Mapping[Kind, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    people: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    members: tuple[Member, ...] = ()
    offered: Mapping[Kind, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(
        cls,
        things: Iterable[Named] = (),
        people: Iterable[Member] = (),
    ) -> Vocabulary:
        """The vocabulary of these things and of these people's names."""
        known: dict[Kind, dict[str, str]] = {}
        offered: dict[Kind, dict[str, None]] = {}
        for thing in things:
            for spelling in (thing.name, thing.slug, thing.id):
                if spelling:
                    known.setdefault(thing.kind, {})[key(spelling)] = thing.name
            if thing.name:
                offered.setdefault(thing.kind, {})[thing.name] = None
        members = tuple(people)
        names = {key(member.name): member.name for member in members if member.name}
        return cls(known, names, members, {kind: tuple(of) for kind, of in offered.items()})

    def longest(self, kind: Kind, words: Sequence[str]) -> int:
        """How many of the words make the longest name of that kind; 0 if they begin with none."""
        return _longest(self.things.get(kind, {}), words)[0]

    def longest_person(self, words: Sequence[str]) -> int:
        """How many of the words make the longest person's name; 0 if they begin with none."""
        return _longest(self.people, words)[0]

    def called(self, words: Sequence[str]) -> tuple[tuple[Member, ...], int]:
        """People of whose names the words are parts, as a user name is; and how many words are.

        It is as many words as belong to anybody's name, whatever their case and accents.
        """
        found, count = self.members, 0
        for word in words[:LONGEST]:
            part = fold(word.removesuffix("'s"))
            named = tuple(member for member in found if part and part in _parts(member))
            if not named:
                break
            found, count = named, count + 1
        return (found, count) if count else ((), 0)

    def known_as(self, words: Sequence[str]) -> tuple[tuple[Kind | None, str, int], ...]:
        """Things and people (kind None) whose name the words begin with, and its length."""
        of_kinds: list[tuple[Kind | None, Mapping[str, str]]] = [*self.things.items()]
        found = (
            (kind, *_longest(names, words)) for kind, names in (*of_kinds, (None, self.people))
        )
        return tuple((kind, name, count) for kind, count, name in found if count)


def _parts(member: Member) -> tuple[str, ...]:
    return (*fold(member.name).split(), fold(member.email.partition("@")[0]))


def _longest(names: Mapping[str, str], words: Sequence[str]) -> tuple[int, str]:
    best, joined = (0, ""), ""
    for count, word in enumerate(words[:LONGEST] if names else (), 1):
        joined += key(word)
        if joined in names:
            best = (count, names[joined])
    return best
