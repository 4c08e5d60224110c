"""Names of people and things that stand in running text without quotes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from bot.language.cursor import LONGEST_NAME
from bot.language.filters.who import written_person
from bot.language.query import Kind, Member, Named, PersonKind, PersonRef
from bot.language.text import fold, quoted

Known = Named | Member
# Things that are also known by how their names begin: "cold call" for "Cold Call Opener".
_SHORTENED = frozenset({Kind.GROUP, Kind.SCENARIO})


@dataclass(frozen=True, slots=True)
class Names:
    """An index of names, by `joined` spelling: whole ones, and parts that stand for them.

    Parts are each word of a person's name, the user name of their address, and the first words of
    a group's or a scenario's name. `words` are those of all names. Made by `Names.of`, once for
    many texts.
    """

    whole: Mapping[str, Sequence[Known]]
    parts: Mapping[str, Sequence[Known]]
    words: Set[str] = frozenset()

    @classmethod
    def of(cls, things: Iterable[Named], people: Iterable[Member]) -> Names:
        """The index of these things and people."""
        whole: dict[str, list[Known]] = {}
        parts: dict[str, list[Known]] = {}
        each_word = set[str]()
        for thing in things:
            words = fold(thing.name).split()
            each_word.update(words)
            _add(whole, {"".join(words), joined(thing.slug)}, thing)
            if thing.kind in _SHORTENED:
                _add(parts, {"".join(words[:count]) for count in range(1, len(words))}, thing)
        for member in people:
            words = fold(member.name).split()
            each_word.update(words)
            _add(whole, {"".join(words), "".join(reversed(words))}, member)
            typed = member.name.split()
            if len(typed) != len(words):
                words += map(joined, typed)  # "O'Brien" is one word to those who type it
            words.append(joined(member.email.partition("@")[0]))
            _add(parts, {word for word in words if len(word) > 1}, member)
        return cls(whole, parts, each_word)

    def longest(
        self, words: Sequence[str], seen: Callable[[Known], bool]
    ) -> tuple[int, tuple[Known, ...]]:
        """How many of the `joined` words make the longest name that is `seen`, and whose it is.

        0 if they begin with none. A whole name goes before a part of another.
        """
        best: tuple[int, tuple[Known, ...]] = (0, ())
        spelling = ""
        for count, word in enumerate(words[:LONGEST_NAME], 1):
            if not word:
                break
            spelling += word
            found = self.called(spelling, seen)
            if not found and count > 1 and word.endswith("s"):
                found = self.called(spelling[:-1], seen)  # "alex kims last session"
                found = tuple(each for each in found if isinstance(each, Member))
            if found:
                best = (count, found)
        return best

    def called(self, spelling: str, seen: Callable[[Known], bool]) -> tuple[Known, ...]:
        """Whose name, or else part of a name, has this `joined` spelling, of those `seen`."""
        for index in (self.whole, self.parts):
            if found := tuple(each for each in index.get(spelling, ()) if seen(each)):
                return found
        return ()

    def reference(self, known: Known) -> str:
        """The words that name it in a question, and nothing else."""
        if isinstance(known, Member):
            if known.email:
                return written_person(PersonRef(PersonKind.EMAIL, known.email))
            return written_person(PersonRef(PersonKind.PERSON, known.id))
        alike = [
            each
            for each in self.whole.get(joined(known.name), ())
            if isinstance(each, Named) and each.kind is known.kind
        ]
        name = known.name if len(alike) < 2 else known.id
        return f"{known.kind.value}:{quoted(name)}"


def joined(text: str) -> str:
    """How a name is spelt, without case, accents, spaces and punctuation."""
    return "".join(fold(text).split())


def _add(index: dict[str, list[Known]], spellings: set[str], known: Known) -> None:
    for spelling in spellings - {""}:
        index.setdefault(spelling, []).append(known)


NO_NAMES = Names.of((), ())
